"""A real HTTP server on loopback that speaks the OpenAI-compatible chat API, and misbehaves on order."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any, NamedTuple, Self


class Question(NamedTuple):
    path: str
    #: Names in lower case.
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def instructions(self) -> str:
        return "\n".join(m["content"] for m in self.body["messages"] if m["role"] in ("system", "developer"))

    @property
    def message(self) -> str:
        """What the user's message shows: the article, behind its fence."""
        [content] = [m["content"] for m in self.body["messages"] if m["role"] == "user"]
        return content if isinstance(content, str) else "".join(part["text"] for part in content)


class Connection:
    """What a behaviour answers through."""

    def __init__(self, handler: BaseHTTPRequestHandler, over: Event) -> None:
        self._handler = handler
        #: Set when the test is over: who waits, waits for this.
        self.over = over

    def reply(self, status: int, body: bytes, **headers: str) -> None:
        self.head(status, content_length=str(len(body)), **headers)
        self.write(body)

    def head(self, status: int, **headers: str) -> None:
        self._handler.send_response(status)
        for name, value in ({"content_type": "application/json"} | headers).items():
            self._handler.send_header(name.replace("_", "-"), value)
        self._handler.end_headers()

    def write(self, body: bytes) -> None:
        self._handler.wfile.write(body)
        self._handler.wfile.flush()


Behaviour = Callable[[Question, Connection], None]


class LlmServer:
    """Answers each question with its behaviours, one after the other; the last one stays."""

    def __init__(self, *behaviours: Behaviour) -> None:
        self.questions: list[Question] = []
        #: The most questions that were under way at once.
        self.at_once = 0
        self._under_way = 0
        self._behaviours = list(behaviours)
        self._lock = Lock()
        self._over = Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.host = f"127.0.0.1:{self._server.server_port}"
        self.url = f"http://{self.host}/v1"
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.001}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                headers = {name.lower(): value for name, value in self.headers.items()}
                with suppress(OSError):
                    server._answer(Question(self.path, headers, body), Connection(self, server._over))
                self.close_connection = True

            def do_GET(self) -> None:
                server.questions.append(Question(self.path, {}, {}))
                self.send_error(405)

            def log_message(self, *args: object) -> None:
                """Nothing: the tests' output is theirs."""

        return Handler

    def _answer(self, question: Question, connection: Connection) -> None:
        with self._lock:
            self.questions.append(question)
            self._under_way += 1
            self.at_once = max(self.at_once, self._under_way)
            behaviour = self._behaviours.pop(0) if len(self._behaviours) > 1 else self._behaviours[0]
        try:
            behaviour(question, connection)
        finally:
            with self._lock:
                self._under_way -= 1


def completion(content: str | None, *, tokens: int = 300, **message: object) -> bytes:
    """A chat completion whose message is *content*."""
    return json.dumps(
        {
            "id": "c1",
            "object": "chat.completion",
            "created": 1,
            "model": "scripted",
            "choices": [
                {
                    "index": 0,
                    "finish_reason": "stop",
                    "message": {"role": "assistant", "content": content, **message},
                }
            ],
            "usage": {"prompt_tokens": tokens, "completion_tokens": 0, "total_tokens": tokens},
        }
    ).encode()


def says(answer: Mapping[str, object] | str, *, tokens: int = 300) -> Behaviour:
    """Answers with a JSON object, or with just these words."""
    content = answer if isinstance(answer, str) else json.dumps(answer)
    return lambda question, connection: connection.reply(200, completion(content, tokens=tokens))


def sends(body: bytes, *, status: int = 200, **headers: str) -> Behaviour:
    """Answers with these bytes, whatever they are."""
    return lambda question, connection: connection.reply(status, body, **headers)


def after(seconds: float, behaviour: Behaviour) -> Behaviour:
    def late(question: Question, connection: Connection) -> None:
        connection.over.wait(seconds)
        behaviour(question, connection)

    return late


def silent(question: Question, connection: Connection) -> None:
    """Takes the question, and never answers."""
    connection.over.wait()


def drips(question: Question, connection: Connection) -> None:
    """Answers a byte at a time, just often enough to look alive."""
    connection.head(200, content_length="100000")
    while not connection.over.wait(0.05):
        connection.write(b" ")


def endless(question: Question, connection: Connection) -> None:
    """Answers without an end, as fast as it can."""
    connection.head(200, connection="close")
    while not connection.over.is_set():
        connection.write(b" " * 65536)


def hangs_up(question: Question, connection: Connection) -> None:
    """Closes the connection in the middle of an answer."""
    connection.head(200, content_length="1000")
    connection.write(b'{"choices": [')


def compressed(question: Question, connection: Connection) -> None:
    """Answers with a few kilobytes that are many megabytes."""
    connection.reply(200, gzip.compress(b" " * 50_000_000), content_encoding="gzip")


def redirects(to: str) -> Behaviour:
    return lambda question, connection: connection.reply(307, b"", location=to)
