"""An SMTP server on loopback that says what a test tells it to, and remembers what it heard, by packets.

``aiosmtpd`` (in ``smtpserver``) is the server that behaves; this one is for those that do not.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

#: Instead of a reply: the connection is closed.
CUT = b""
#: The content is asked for, and the connection closed before it is there.
TORN = b"354 come"


@dataclass
class Script:
    """*answer* gives the reply to a command, or to "." with the mail's content; None is the usual one."""

    answer: Callable[[str, bytes], bytes | None] = lambda command, content: None
    extensions: tuple[str, ...] = ("PIPELINING",)
    port: int = 0
    connections: int = 0
    #: The commands, as they came together; "." is the end of a content.
    packets: list[list[str]] = field(default_factory=list)
    #: Contents that are not empty and were answered with 250.
    taken: list[bytes] = field(default_factory=list)

    @property
    def said(self) -> list[str]:
        return [command for packet in self.packets for command in packet]


USUAL = {"DATA": b"354 go on", "QUIT": b"221 bye"}


@contextmanager
def scripted(script: Script) -> Iterator[Script]:
    server = socket.create_server(("127.0.0.1", 0))
    script.port = server.getsockname()[1]
    threads: list[threading.Thread] = []
    open_ones: list[socket.socket] = []

    def accept() -> None:
        with suppress(OSError):
            while True:
                connection, _ = server.accept()
                open_ones.append(connection)
                script.connections += 1
                threads.append(threading.Thread(target=_talk, args=(connection, script)))
                threads[-1].start()

    threads.append(threading.Thread(target=accept))
    threads[0].start()
    try:
        yield script
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        threads[0].join()
        for connection in open_ones:  # a sender that forgets one would keep us here for ever
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in threads[1:]:
            thread.join()


def _talk(connection: socket.socket, script: Script) -> None:
    heard, content, in_data = b"", b"", False
    with connection, suppress(OSError):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(b"220 script ESMTP\r\n")
        while packet := connection.recv(1 << 20):
            heard += packet
            commands: list[str] = []
            script.packets.append(commands)
            while b"\r\n" in heard:
                line, _, heard = heard.partition(b"\r\n")
                if in_data and line != b".":
                    content += line + b"\r\n"
                    continue
                verb, space, rest = line.decode().partition(" ")
                command = verb.upper() + space + rest
                commands.append(command)
                reply = script.answer(command, content)
                if reply is None:
                    reply = _hello(script) if command.startswith("EHLO") else USUAL.get(command, b"250 ok")
                if reply == TORN:
                    connection.sendall(TORN + b"\r\n")
                if reply in (CUT, TORN):
                    return
                if in_data and content and reply.startswith(b"250"):
                    script.taken.append(content)
                content, in_data = b"", reply.startswith(b"354")
                connection.sendall(reply + b"\r\n")


def _hello(script: Script) -> bytes:
    words = ["script", *script.extensions]
    return "\r\n".join([*(f"250-{word}" for word in words[:-1]), f"250 {words[-1]}"]).encode()
