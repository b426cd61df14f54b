"""From bytes to a tree: the character set, and limits that protect the parser from hostile pages."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping

from lxml import etree, html

#: Bytes of a page that are read. Real news pages have 0.1 to 1.5 MB, most of it script.
LIMIT = 3_000_000

#: More elements than this are an attack or a data dump: metadata is read, no text. Real news pages have 800,
#: long ones 3,000.
MOST_ELEMENTS = 15_000

# The labels of the Encoding Standard (encoding.spec.whatwg.org) that browsers read as windows-1252.
_WINDOWS = frozenset({"iso-8859-1", "iso8859-1", "latin-1", "latin1", "us-ascii", "ascii", "windows-1252"})
# Python's codecs that make no text of bytes, or take for ever.
_NO_CHARSETS = frozenset(
    {"base64", "bz2", "hex", "quopri", "rot13", "uu", "zlib", "idna", "punycode", "unicode-escape"}
    | {"raw-unicode-escape", "undefined", "mbcs", "oem"}
)
_COUNT = etree.XPath("count(//*)")
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_META_CHARSET = re.compile(rb"<meta[^>]{0,400}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
#: A tag longer than this is no markup: pictures inside ``src``, data, or an attack (libxml2 takes hours for
#: a hundred thousand attributes).
_HUGE = 20_000
_HUGE_TAG = re.compile(rf"<[a-zA-Z][^<>]{{{_HUGE},}}>?")
# What XML forbids, and lone surrogates: libxml2 would stop at them.
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def is_html(headers: Mapping[str, str], body: bytes) -> bool:
    """Whether it is worth parsing: the type says so, or the bytes do where it says nothing."""
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in {"text/html", "application/xhtml+xml"}:
        return True
    start = body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return kind in {"", "text/plain", "application/octet-stream", "text/xml", "application/xml"} and (
        start.startswith((b"<!doctype html", b"<html")) or b"<html" in start
    )


def decode(body: bytes, headers: Mapping[str, str]) -> str:
    """The page's text, in the character set that it is really in.

    A byte order mark wins, then valid UTF-8 whatever is declared (no other text is valid UTF-8 by
    chance), then the declaration of header or page, then windows-1252.
    """
    whole, body = len(body) <= LIMIT, body[:LIMIT]
    for mark, charset in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(charset, "replace")
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(body, final=whole)
    except UnicodeDecodeError:
        pass
    text = body.decode(_declared(body, headers), "replace")
    if "�" in text and not any(letter > "\x7f" and letter != "�" for letter in text):
        return body.decode("windows-1252", "replace")  # it is not what it says: nothing came out right
    return text


def _declared(body: bytes, headers: Mapping[str, str]) -> str:
    in_header = _CHARSET.search(headers.get("content-type", ""))
    in_page = _META_CHARSET.search(body[:4096])
    labels = [in_header[1]] if in_header else []
    labels += [in_page[1].decode("ascii", "ignore")] if in_page else []
    for label in labels:
        name = label.lower()
        if name in _WINDOWS:
            return "windows-1252"
        try:
            info = codecs.lookup(name)
        except (LookupError, ValueError):
            continue
        # No UTF-16 without its mark: such a page would not have a readable "<meta".
        if info.name not in _NO_CHARSETS and not info.name.startswith(("utf-16", "utf-32")):
            return info.name
    return "windows-1252"


def parse(text: str) -> html.HtmlElement | None:
    """The page's tree, or None if there is none.

    libxml2 itself stops at 256 nested elements and at texts of 10 MB, unless ``huge_tree`` is set:
    it is not, so recursion over the tree is safe.
    """
    parser = html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False, no_network=True
    )
    try:
        readable = _UNREADABLE.sub(" ", text)
        if max(map(len, readable.split("<"))) > _HUGE:
            readable = _HUGE_TAG.sub(" ", readable)
        tree = html.document_fromstring(readable.encode(), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    return tree


def elements(tree: html.HtmlElement) -> int:
    """How many elements the page has."""
    return int(_COUNT(tree))
