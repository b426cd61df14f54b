"""Content codings: the same bytes come back however they are cut, and never many at a time."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from digest.fetching.decoding import BodyError, decoded

pytestmark = pytest.mark.slow  # servers that are slow on purpose, and bombs


def raw_deflate(data: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return compressor.compress(data) + compressor.flush()


COMPRESS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("x-gzip", gzip.compress),
    "deflate": ("deflate", zlib.compress),
    "bare deflate": ("deflate", raw_deflate),
    "br": ("br", lambda data: brotli.compress(data, quality=5)),
    "zstd": ("zstd", zstandard.ZstdCompressor().compress),
}
codings = pytest.mark.parametrize(("coding", "compress"), COMPRESS.values(), ids=COMPRESS.keys())


def cut(data: bytes, size: int) -> Iterator[bytes]:
    return (data[start : start + size] for start in range(0, len(data), size))


def whole(data: bytes, coding: str, *, size: int = 1000, limit: int = 10**7) -> bytes:
    return b"".join(decoded(cut(data, size), coding, limit=limit))


@codings
@given(
    data=st.binary(max_size=300), repeat=st.integers(1, 1000), size=st.sampled_from([1, 2, 7, 64, 100_000])
)
def test_what_was_compressed_comes_back_however_it_is_cut(coding, compress, data, repeat, size):
    body = data * repeat

    assert whole(compress(body), coding, size=size) == body


@codings
def test_a_bomb_comes_in_small_pieces(coding, compress):
    bomb = compress(bytes(20_000_000))  # more than any decoder's window holds

    sizes = [len(piece) for piece in decoded([bomb], coding, limit=10**8)]

    assert sum(sizes) == 20_000_000
    assert max(sizes) <= 2 * 1024 * 1024


@codings
def test_a_body_that_is_cut_off_is_refused(coding, compress):
    body = compress(b"".join(b"%d" % n for n in range(9999)))

    with pytest.raises(BodyError, match="ends in the middle of its"):
        whole(body[:-20], coding)


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", "deflate"])
@given(data=st.binary(min_size=1, max_size=200))
def test_damaged_bytes_are_refused_or_read_but_never_crash(coding, data):
    with suppress(BodyError):
        whole(data, coding)


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", "deflate", "identity", ""])
def test_nothing_is_nothing(coding):
    assert whole(b"", coding) == b""


def test_gzip_may_have_several_members_and_padding():
    assert whole(gzip.compress(b"one ") + gzip.compress(b"two") + bytes(100), "gzip", size=7) == b"one two"


def test_zstd_may_have_several_frames():
    compress = zstandard.ZstdCompressor().compress

    assert whole(compress(b"one ") + compress(b"two"), "zstd") == b"one two"


def test_codings_may_be_layered():
    assert whole(brotli.compress(gzip.compress(b"both")), "gzip, br") == b"both"


def test_a_zstd_window_of_gigabytes_is_refused():
    parameters = zstandard.ZstdCompressionParameters(window_log=27)
    compressor = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    frame = compressor.compress(bytes(1000)) + compressor.flush()

    with pytest.raises(BodyError, match="zstd"):
        whole(frame, "zstd")


@pytest.mark.parametrize("coding", ["compress", "exi", "gzip, gzip, gzip", "gzip;q=1"])
def test_a_coding_that_was_not_offered_is_refused(coding):
    with pytest.raises(BodyError, match="understood: gzip, deflate, br, zstd"):
        whole(b"x", coding)


@pytest.mark.parametrize("coding", ["", "identity"])
def test_the_limit_counts_every_byte(coding):
    assert whole(b"x" * 100, coding, limit=100) == b"x" * 100
    with pytest.raises(BodyError, match="larger than 99 bytes"):
        whole(b"x" * 100, coding, limit=99)


def test_the_limit_holds_between_two_layers():
    inner = bytes(1_000_000) + gzip.compress(b"")

    with pytest.raises(BodyError, match="larger than 1,000 bytes"):
        whole(gzip.compress(inner), "gzip, gzip", limit=1000)
