"""What may be printed: text without control characters and slots, links that are links and track nobody."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from typing import Any

from digest import marks
from digest.model import Image, Sponsor
from digest.text import clean
from digest.urls import untracked

#: Spaces, and what would end an attribute, a tag or a link in plain text.
UNSAFE_IN_URL = re.compile(r'[\s<>"`\\^{|}]')
#: The address of a link in marked text.
LINKED = re.compile(rf"(?<=\]){marks.TARGET.pattern}", re.IGNORECASE)


def cleaned(value: Any, *, booked: bool = False) -> Any:
    """*value* (text, a tuple, a dataclass of ``model``) with all text in it fit to be printed.

    A field that is called ``url`` is "" afterwards unless it is an http or https address. Links lose the
    parameters that say how a reader came. Those in what is *booked* do not: a sponsor's link is as it was
    agreed upon, and a picture's address may be signed.
    """
    if type(value) is str:  # not its subclasses: a StrEnum is no text
        return printable(value) if booked else _unfollowed(printable(value))
    if type(value) is tuple:
        return tuple(cleaned(item, booked=booked) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        booked = booked or isinstance(value, Sponsor | Image)
        parts = {}
        for field in fields(value):
            given = getattr(value, field.name)
            if field.name != "url":
                parts[field.name] = cleaned(given, booked=booked)
            else:
                parts["url"] = web_address(given) if booked else _direct(web_address(given))
        return replace(value, **parts)
    return value


def printable(text: str) -> str:
    """*text* with each line clean: among other things without U+E000–U+E00F, which slots are made of."""
    if "\n" not in text and "\r" not in text:
        return clean(text)
    return "\n".join(map(clean, re.split(r"\r\n|\r|\n", text)))


def web_address(url: str) -> str:
    """*url* when it leads to a host by http or https, fit for an attribute and for plain text; else ""."""
    url = clean(url)
    if re.match(r"https?://[^\s/?#]", url, re.IGNORECASE) is None:
        return ""
    return UNSAFE_IN_URL.sub(lambda char: f"%{ord(char[0]):02X}", url)


def _unfollowed(text: str) -> str:
    """Marked *text*, its links without what says how a reader came."""
    if "](" not in text or "?" not in text:
        return text
    return LINKED.sub(lambda link: f"({_direct(link[1])})", text)


def _direct(url: str) -> str:
    if "?" not in url:
        return url
    try:
        return untracked(url)
    except ValueError:  # a broken bracket in what looks like a host
        return url
