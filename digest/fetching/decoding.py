"""Decodes content codings piece by piece, so that a bomb costs time but no memory.

httpx's own decoders expand a whole chunk at once: 64 kB of gzip become 65 MB, of brotli far more.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

import brotli  # type: ignore[import-untyped]  # ships no types
import zstandard

#: What we say we understand.
ACCEPT_ENCODING = "gzip, deflate, br, zstd"
#: About how many bytes a decoder makes at a time.
PIECE = 64 * 1024
#: zstandard has no limit on what a call makes, but a block takes four bytes at least and makes at most
#: 128 kB (RFC 8878 3.1.1.2): this many bytes make at most 2 MB.
ZSTD_SLICE = 64
#: RFC 9659: what a browser takes, and so what servers use.
ZSTD_WINDOW = 8 * 1024 * 1024
#: More layers than this is nobody's configuration.
MAX_CODINGS = 2

Chunks = Iterable[bytes]


class BodyError(Exception):
    """A body that cannot be used; its words complete "the body …"."""


def decoded(chunks: Chunks, content_encoding: str, *, limit: int) -> Iterator[bytes]:
    """*chunks* as they were before the codings of a Content-Encoding header, in pieces of 2 MB or less.

    Raises:
        BodyError: There is more than *limit* at any stage, the bytes are damaged or cut off, or the
            coding is one that we did not offer.
    """
    names = [name for name in content_encoding.lower().replace(" ", "").split(",") if name]
    codings = [name.removeprefix("x-") for name in names if name != "identity"]
    if len(codings) > MAX_CODINGS or not all(coding in DECODERS for coding in codings):
        raise BodyError(f"comes with the encoding {content_encoding[:40]!r}; understood: {ACCEPT_ENCODING}")
    pieces = _limited(chunks, limit)
    for coding in reversed(codings):
        pieces = _limited(_undone(coding, pieces), limit)
    return pieces


def _limited(pieces: Chunks, limit: int) -> Iterator[bytes]:
    total = 0
    for piece in pieces:
        total += len(piece)
        if total > limit:
            raise too_large(limit)
        yield piece


def too_large(limit: int) -> BodyError:
    return BodyError(f"is larger than {limit:,} bytes; max_bytes under [fetching] sets that limit")


def _undone(coding: str, chunks: Chunks) -> Iterator[bytes]:
    try:
        yield from DECODERS[coding](chunks)
    except (zlib.error, brotli.error, zstandard.ZstdError) as exc:
        raise BodyError(f"is not valid {coding}: {exc}") from exc
    except EOFError:
        raise BodyError(f"ends in the middle of its {coding} data") from None


def _gunzipped(chunks: Chunks) -> Iterator[bytes]:
    return _inflated(chunks, zlib.MAX_WBITS | 16)


def _undeflated(chunks: Chunks) -> Iterator[bytes]:
    """RFC 9110 8.4.1.2 means zlib's format; some servers send the bare stream, which has no header."""
    chunks = iter(chunks)
    head = b""
    for chunk in chunks:
        head += chunk
        if len(head) > 1:
            break
    has_header = len(head) > 1 and head[0] & 15 == 8 and int.from_bytes(head[:2], "big") % 31 == 0
    return _inflated(chain([head], chunks), zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS)


def _inflated(chunks: Chunks, wbits: int) -> Iterator[bytes]:
    decoder = zlib.decompressobj(wbits)
    members = 0
    seen = False
    for chunk in chunks:
        data = chunk
        while data:
            seen = True
            if decoder.eof:
                members += 1
                decoder = zlib.decompressobj(wbits)
            try:
                piece = decoder.decompress(data, PIECE)
            except zlib.error:
                if members:
                    return  # padding after the last member, as gzip itself ignores
                raise
            yield piece
            data = decoder.unconsumed_tail or decoder.unused_data
    yield decoder.flush()
    if seen and not decoder.eof and not members:
        raise EOFError


def _unbrotlied(chunks: Chunks) -> Iterator[bytes]:
    decoder = brotli.Decompressor()
    seen = False
    for chunk in chunks:
        seen = True
        piece = decoder.process(chunk, output_buffer_limit=PIECE)
        # More may lie in its window than fits a piece, after all input was taken: until nothing comes.
        while piece or not decoder.can_accept_more_data():
            yield piece
            piece = decoder.process(b"", output_buffer_limit=PIECE)
    if seen and not decoder.is_finished():
        raise EOFError


def _unzstd(chunks: Chunks) -> Iterator[bytes]:
    frames = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW)
    decoder = frames.decompressobj()
    seen = False
    for chunk in chunks:
        for start in range(0, len(chunk), ZSTD_SLICE):
            data = chunk[start : start + ZSTD_SLICE]
            while data:
                seen = True
                if decoder.eof:
                    decoder = frames.decompressobj()
                yield decoder.decompress(data)
                data = decoder.unused_data
    if seen and not decoder.eof:
        raise EOFError


DECODERS: dict[str, Callable[[Chunks], Iterator[bytes]]] = {
    "gzip": _gunzipped,
    "deflate": _undeflated,
    "br": _unbrotlied,
    "zstd": _unzstd,
}
