"""What may be printed: text without control characters and slots, links that are links."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from typing import Any

from digest.text import clean

#: Spaces, and what would end an attribute, a tag or a link in plain text.
UNSAFE_IN_URL = re.compile(r'[\s<>"`\\^{|}]')


def cleaned(value: Any) -> Any:
    """*value* (text, a tuple, a dataclass of ``model``) with all text in it fit to be printed.

    A field that is called ``url`` is "" afterwards unless it is an http or https address.
    """
    if type(value) is str:  # not its subclasses: a StrEnum is no text
        return printable(value)
    if type(value) is tuple:
        return tuple(cleaned(item) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        given = {each.name: getattr(value, each.name) for each in fields(value)}
        parts = {name: web_address(part) if name == "url" else cleaned(part) for name, part in given.items()}
        return replace(value, **parts)
    return value


def printable(text: str) -> str:
    """*text* with each line clean: among other things without U+E000–U+E00F, which slots are made of."""
    return "\n".join(map(clean, re.split(r"\r\n|\r|\n", text)))


def web_address(url: str) -> str:
    """*url* when it leads to a host by http or https, fit for an attribute and for plain text; else ""."""
    url = clean(url)
    if re.match(r"https?://[^\s/?#]", url, re.IGNORECASE) is None:
        return ""
    return UNSAFE_IN_URL.sub(lambda char: f"%{ord(char[0]):02X}", url)
