"""Cleans what is printed: text without control characters and slots, valid links that track nobody."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import fields, is_dataclass, replace
from typing import Any

from digest.model import Image, Sponsor
from digest.urls import untracked
from digest.words import marks
from digest.words.text import clean

#: Spaces, and what would end an attribute, a tag or a link in plain text.
UNSAFE_IN_URL = re.compile(r'[\s<>"`\\^{|}]')
#: The address of a link in marked text.
LINKED = re.compile(rf"(?<=\]){marks.TARGET.pattern}", re.IGNORECASE)

#: Invisible letters of the two directions of writing.
LEFT_TO_RIGHT, RIGHT_TO_LEFT = "\u200e", "\u200f"
#: The blocks of scripts that are written from right to left: Hebrew to Arabic, their forms, rarer ones.
_FROM_THE_RIGHT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


def cleaned(value: Any, *, booked: bool = False) -> Any:
    """*value* (text, a tuple, a dataclass of ``model``) with all text in it fit to be printed.

    A field that is called ``url`` is "" afterwards unless it is an http or https address. Links lose the
    parameters that say how a reader came. Those in what is *booked* do not: a sponsor's link is as it was
    agreed upon, and a picture's address may be signed.
    """
    if type(value) is str:  # not its subclasses: a StrEnum is no text
        return directed(printable(value) if booked else _unfollowed(printable(value)))
    if type(value) is tuple:
        return tuple(cleaned(item, booked=booked) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        booked = booked or isinstance(value, Sponsor | Image)
        parts = {}
        for field in fields(value):
            given = getattr(value, field.name)
            if field.name == "url":
                parts["url"] = web_address(given) if booked else _direct(web_address(given))
            elif field.name == "section":  # a name, by which items are put together
                parts["section"] = printable(given)
            else:
                parts[field.name] = cleaned(given, booked=booked)
        return replace(value, **parts)
    return value


def printable(text: str) -> str:
    """*text* with each line clean: among other things without U+E000–U+E00F, which slots are made of."""
    if "\n" not in text and "\r" not in text:
        return clean(text)
    return "\n".join(map(clean, re.split(r"\r\n|\r|\n", text)))


def directed(text: str) -> str:
    """*text*, each line of it with a mark in front where its first letter would turn it the wrong way round.

    Programs lay a text out as its first letter is written (dir="auto", plain text, a subject): an Arabic
    headline that begins with "UN:" would have its words in a wrong order.
    """
    if text.isascii() or not _FROM_THE_RIGHT.search(text):
        return text
    return "\n".join(map(_line_directed, text.split("\n")))


def _line_directed(line: str) -> str:
    kinds = list(filter(None, map(_DIRECTIONS.get, map(unicodedata.bidirectional, LINKED.sub("", line)))))
    from_left, from_right = kinds.count(LEFT_TO_RIGHT), kinds.count(RIGHT_TO_LEFT)
    if from_left == from_right or line.startswith((LEFT_TO_RIGHT, RIGHT_TO_LEFT)):
        return line
    mark = LEFT_TO_RIGHT if from_left > from_right else RIGHT_TO_LEFT
    return line if kinds[0] == mark else mark + line


#: By the bidirectional class of a letter (UAX 9, 3.2); others have no direction of their own.
_DIRECTIONS = {"L": LEFT_TO_RIGHT, "R": RIGHT_TO_LEFT, "AL": RIGHT_TO_LEFT}


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
