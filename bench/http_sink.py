"""An HTTP server on loopback in a provider's place: it counts mails, keeps none, and says it took them.

It prints its port, and after its standard input was closed the number of mails.
"""

from __future__ import annotations

import json
import socketserver
import sys
import threading

TAKEN = {"ErrorCode": 0, "Message": "OK", "MessageID": "x"}
lock = threading.Lock()
#: How many mails each request held.
mails: list[int] = []


def answer(path: str, body: bytes) -> tuple[int, int, object]:
    """How many mails a request holds, and what is answered to it."""
    if path == "/email/batch":
        count = body.count(b'"HtmlBody"')
        return count, 200, [TAKEN] * count
    if path == "/emails/batch":
        count = body.count(b'"html":')
        return count, 200, {"data": [{"id": "x"}] * count}
    if path == "/v3/mail/send":
        return body.count(b'"to":'), 202, None
    singles = {
        "/email": (200, TAKEN),
        "/emails": (200, {"id": "x"}),
        "/v3/smtp/email": (201, {"messageId": "<x>"}),
        "/v2/email/outbound-emails": (200, {"MessageId": "x"}),
        "/v3/mg.example.org/messages.mime": (200, {"id": "<x>", "message": "Queued. Thank you."}),
        "/v3/mg.example.org/messages": (200, {"id": "<x>", "message": "Queued. Thank you."}),
    }
    return 1, *singles[path]


class Handler(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True

    def handle(self) -> None:
        while first := self.rfile.readline():
            size = 0
            while (line := self.rfile.readline()) not in (b"\r\n", b""):
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    size = int(value)
                elif name.lower() == b"expect":
                    self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            count, status, said = answer(first.split()[1].decode(), self.rfile.read(size))
            with lock:
                mails.append(count)
            body = b"" if said is None else json.dumps(said).encode()
            self.wfile.write(
                b"HTTP/1.1 %d OK\r\nContent-Type: application/json\r\nX-Message-Id: x\r\n"
                b"Content-Length: %d\r\n\r\n%s" % (status, len(body), body)
            )


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64


if __name__ == "__main__":
    with Server(("127.0.0.1", 0), Handler) as server:
        print(server.server_address[1], flush=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        sys.stdin.read()
        print(sum(mails), flush=True)
        server.shutdown()
