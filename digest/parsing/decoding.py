"""From bytes to text, whatever their headers claim."""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\x00?\x00", "utf-16-le"),
    (b"\x00<\x00?", "utf-16-be"),
)
_CHARSET = re.compile(r"""charset\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE | re.ASCII)
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([\w.:-]+)["']""", re.IGNORECASE)
#: As browsers read these names (WHATWG Encoding).
_MEANT = {
    "iso-8859-1": "windows-1252",
    "latin-1": "windows-1252",
    "latin1": "windows-1252",
    "us-ascii": "windows-1252",
    "ascii": "windows-1252",
    "iso-8859-9": "windows-1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
}
#: Codecs of Python that no document is in; Punycode would take minutes.
_REFUSED = frozenset(("idna", "punycode", "raw_unicode_escape", "undefined", "unicode_escape", "utf_7"))
#: Characters that XML 1.0 does not allow, as a space each.
_SPACES = bytes(32 if byte < 32 and byte not in b"\t\n\r" else byte for byte in range(256))


def decode(body: bytes, content_type: str) -> str:
    """*body* as text without control characters and byte order mark.

    A byte order mark counts most; what is valid UTF-8 is UTF-8 whatever is said of it; then comes the
    charset of the HTTP header, then the document's own (RFC 7303). What none of them explains is
    Windows-1252, with U+FFFD where that has no character.
    """
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return _tidy(body.decode(encoding, "replace"))
    # ISO-2022-JP hides behind ASCII and escapes.
    declared = _declared(body, content_type)
    for encoding in (*declared, "utf-8") if b"\x1b" in body else ("utf-8", *declared):
        try:
            return _tidy(body.decode(encoding))
        except (UnicodeError, LookupError):
            continue
    return _tidy(body.decode("windows-1252", "replace"))


def _declared(body: bytes, content_type: str) -> list[str]:
    names = [match[1] for match in [_CHARSET.search(content_type)] if match]
    names += [match[1].decode("ascii") for match in [_DECLARED.match(body[:1024])] if match]
    meant = (_MEANT.get(name.lower(), name.lower()) for name in names)
    # What begins in ASCII, one byte a character, is not in UTF-16 or UTF-32, whatever is said.
    wide = b"\0" in body[:4]
    return [
        name
        for name in meant
        if name.replace("-", "_") not in _REFUSED and (wide or not name.startswith(("utf-16", "utf-32")))
    ]


def _tidy(text: str) -> str:
    data = text.encode("utf-8", "replace").translate(_SPACES)
    return data.decode("utf-8").removeprefix("\ufeff")
