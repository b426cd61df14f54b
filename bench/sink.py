"""An SMTP server on loopback that counts mails and keeps none: ``sink.py [MILLISECONDS]``.

It prints its port, and after its standard input was closed the number of mails. With MILLISECONDS every reply
comes that much later, as over a network of that round trip.
"""

from __future__ import annotations

import selectors
import socket
import sys
import time
from collections import deque

END = b"\r\n.\r\n"
GREETING = b"220 sink.example.org ESMTP\r\n"
HELLO = b"250-sink.example.org\r\n250-PIPELINING\r\n250-SIZE 0\r\n250 8BITMIME\r\n"
#: All connections are read into one buffer; its first bytes repeat what a connection had before.
BUFFER = bytearray(1 << 18)
VIEW = memoryview(BUFFER)


class Client:
    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.rest = b""
        self.in_data = False
        #: (when it is due, the reply)
        self.replies: deque[tuple[float, bytes]] = deque()


class Sink:
    def __init__(self, delay: float) -> None:
        self.delay = delay
        self.mails = 0
        self.selector = selectors.DefaultSelector()
        self.waiting: deque[Client] = deque()
        self.server = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.selector.register(self.server, selectors.EVENT_READ, self.accept)

    def run(self) -> None:
        self.open = True
        self.selector.register(sys.stdin, selectors.EVENT_READ, self.stop)
        while self.open:
            for key, _ in self.selector.select(self.pause()):
                key.data() if callable(key.data) else self.read(key.data)
            self.speak()

    def stop(self) -> None:
        self.open = False

    def accept(self) -> None:
        connection, _ = self.server.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client = Client(connection)
        self.selector.register(connection, selectors.EVENT_READ, client)
        self.reply(client, GREETING)

    def read(self, client: Client) -> None:
        start = len(client.rest)
        BUFFER[:start] = client.rest
        try:
            count = client.connection.recv_into(VIEW[start:])
        except OSError:
            count = 0
        if not count:
            self.selector.unregister(client.connection)
            client.connection.close()
            return
        said = self.heard(client, start + count)
        if said:
            self.reply(client, said)

    def heard(self, client: Client, end: int) -> bytes:
        """What is answered to the buffer's bytes up to *end*."""
        at, replies = 0, b""
        while True:
            if client.in_data:
                found = BUFFER.find(END, at, end)
                if found < 0:
                    client.rest = bytes(BUFFER[max(at, end - 4) : end])
                    return replies
                at = found + len(END)
                client.in_data = False
                self.mails += 1
                replies += b"250 2.0.0 taken\r\n"
            found = BUFFER.find(b"\r\n", at, end)
            if found < 0:
                client.rest = bytes(BUFFER[at:end])
                return replies
            command = bytes(BUFFER[at : at + 4]).upper()
            at = found + 2
            client.in_data = command == b"DATA"
            replies += {b"DATA": b"354 go on\r\n", b"EHLO": HELLO, b"QUIT": b"221 bye\r\n"}.get(
                command, b"250 ok\r\n"
            )

    def reply(self, client: Client, words: bytes) -> None:
        if self.delay:
            client.replies.append((time.monotonic() + self.delay, words))
            self.waiting.append(client)
        else:
            client.connection.sendall(words)

    def pause(self) -> float | None:
        if not self.waiting:
            return None
        return max(0.0, self.waiting[0].replies[0][0] - time.monotonic())

    def speak(self) -> None:
        while self.waiting and self.waiting[0].replies[0][0] <= time.monotonic():
            client = self.waiting.popleft()
            _, words = client.replies.popleft()
            if client.connection.fileno() >= 0:
                client.connection.sendall(words)


if __name__ == "__main__":
    sink = Sink(float(sys.argv[1]) / 1000 if sys.argv[1:] else 0.0)
    print(sink.server.getsockname()[1], flush=True)
    sink.run()
    print(sink.mails, flush=True)
