"""A form's fields: urlencoded as browsers send it, or multipart as mail providers may (RFC 8058, 3.2)."""

from __future__ import annotations

import asyncio
from email import message_from_bytes
from email.message import Message
from typing import cast
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

#: Bytes of a form; the longest has some hundreds.
LARGEST = 20_000
#: Fields of a form, topics and newsletters among them.
MOST_FIELDS = 300
#: Seconds that a form's bytes may take.
PATIENCE = 10


class FormError(Exception):
    """The form is too long, or does not come; the words are the status of the answer."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(status)


async def body_of(request: Request, *, largest: int = LARGEST) -> bytes:
    """The body as it came.

    Raises:
        FormError: It is too large, or did not come in time.
    """
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(PATIENCE):
            async for part in request.stream():
                size += len(part)
                if size > largest:
                    raise FormError(413)
                parts.append(part)
    except (TimeoutError, ClientDisconnect):
        raise FormError(408) from None
    return b"".join(parts)


class Form:
    """The fields of a form."""

    def __init__(self, body: bytes, content_type: str = "") -> None:
        is_multipart = content_type.strip().lower().startswith("multipart/")
        self._fields = _multipart(body, content_type) if is_multipart else _urlencoded(body)

    def one(self, name: str) -> str:
        """The first value of that name; "" when there is none."""
        return next((value for key, value in self._fields if key == name), "")

    def all(self, name: str) -> frozenset[str]:
        return frozenset(value for key, value in self._fields if key == name)


def is_one_click(body: bytes) -> bool:
    """Whether that is RFC 8058's body, in whichever form.

    It is searched for, not parsed: a provider's malformed form should not keep a reader from unsubscribing.
    """
    small = body.lower()
    return b"list-unsubscribe" in small and b"one-click" in small


def _urlencoded(body: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            body.decode("utf-8", "replace"),
            keep_blank_values=True,
            errors="replace",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError:  # too many fields
        raise FormError(413) from None


def _multipart(body: bytes, content_type: str) -> list[tuple[str, str]]:
    """RFC 7578, parsed by the library that reads mails."""
    head = f"Content-Type: {' '.join(content_type.split())}\r\n\r\n".encode("latin-1", "replace")
    message = message_from_bytes(head + body)
    if not message.is_multipart():
        return []
    fields: list[tuple[str, str]] = []
    for part in cast("list[Message]", message.get_payload())[:MOST_FIELDS]:
        name = part.get_param("name", header="content-disposition")
        value = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(value, bytes):
            fields.append((name, value.decode("utf-8", "replace")))
    return fields
