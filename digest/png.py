"""PNG (ISO 15948): a picture written without any metadata. Standard library only."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable

#: What a pixel is: red, green and blue; or its colour's place in the palette.
TRUE_COLOUR, INDEXED = 2, 3


def png(
    width: int, rows: Iterable[bytes | bytearray], *, depth: int, kind: int, palette: bytes = b""
) -> bytes:
    """A picture of *rows*, from the top, with *depth* bits a sample."""
    # Each row begins with its filter: 0, none, serves flat colours as well as any.
    scanlines = [b"\0" + row for row in rows]
    header = struct.pack(">IIBBBBB", width, len(scanlines), depth, kind, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"PLTE", palette), (b"IDAT", zlib.compress(b"".join(scanlines), 8))]
    written = (_chunk(name, data) for name, data in (*chunks, (b"IEND", b"")) if data or name != b"PLTE")
    return b"\x89PNG\r\n\x1a\n" + b"".join(written)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
