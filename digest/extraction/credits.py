"""Who made a picture, in a newsroom's form, whatever the form it was given in.

The form is "Associated Press / Photo by Ariel Schalit", "Photo by Ana Sá" or "Reuters".
"""

from __future__ import annotations

import re
from typing import NamedTuple

from digest.text import clean


class Words(NamedTuple):
    caption: str
    credit: str


_AGENCIES = {
    "ap": "Associated Press",
    "ap photo": "Associated Press",
    "ap images": "Associated Press",
    "the associated press": "Associated Press",
    "getty": "Getty Images",
    "gettyimages": "Getty Images",
    "reuters": "Reuters",
    "afp": "AFP",
    "epa": "EPA",
    "upi": "UPI",
    "dpa": "dpa",
    "pa": "PA Media",
    "istock": "iStock",
    "shutterstock": "Shutterstock",
}
_BODY = re.compile(
    r"\b(?:images?|news|press|photos?|pictures?|agency|media|stock|times|post|herald|tribune|journal|gazette"
    r"|magazine|office|department|ministry|university|police|museum|government|service|network|television|tv"
    r"|radio|wire|wikimedia|commons|archives?|library|shutterstock|reuters|afp|epa|upi|dpa|ansa|xinhua|kyodo"
    r"|tass|bloomberg|unsplash|pexels|alamy|zuma|sipa|inc|ltd|llc|gmbh|the|courtesy)\b",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"^(?:©|\(c\)\s|(?:image|photo|picture|video|photograph|foto|credit|source|copyright)s?"
    r"(?:\s+(?:credits?|source|copyright))?\s*(?:[:,.]+|\bvia\b|(?=\bby\b))"
    r"|(?:image|photo)\s+(?:source|credit|copyright)\s)\s*",
    re.IGNORECASE,
)
_BY = re.compile(
    r"^(?:photo(?:graph)?s?\s+|photography\s+|photographed\s+)?by\s+|^photographer:?\s+", re.IGNORECASE
)
_DRAWN = re.compile(r"^(illustration|graphic|drawing|map|collage|video)s?\s+by\s+", re.IGNORECASE)
_COURTESY = re.compile(r"^(?:photo\s+)?courtesy(?:\s+of|:)?\s+", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*/\s*|\s+\|\s+|\s+for\s+|\s+via\s+|,\s+|\s+-\s+", re.IGNORECASE)
#: Says when or how the picture came, not from whom.
_NO_MAKER = frozenset({"file", "file photo", "pool", "pool photo", "handout", "archive photo"})

_AT_THE_END = re.compile(
    r"\s*(?:[(\[]\s*(?P<inside>[^()\[\]]{2,90})\s*[)\]]"
    r"|(?P<behind>(?:(?:photo|image|picture)s?(?:\s+credit)?\s*:|©|photo(?:graph)? by\s)[^.()]{2,90}))\.?$",
    re.IGNORECASE,
)
_SOUNDS_LIKE_CREDIT = re.compile(
    r"\b(?:photo|images?|getty|reuters|afp|epa|credit|courtesy|handout|via|shutterstock|upi|dpa)\b|\bAP\b|/|©",
    re.IGNORECASE,
)
_LONGEST = 120
#: Words of a name, at most.
_WORDS = 6


def split_credit(text: str) -> Words:
    """A caption and the credit at its end: "A bridge. (AP Photo/Ana Sá)" has both."""
    text = clean(text)
    found = _AT_THE_END.search(text)
    if not found or (found["inside"] and not _SOUNDS_LIKE_CREDIT.search(found["inside"])):
        return Words(text, "")
    return Words(text[: found.start()].strip(), normal_credit(found["inside"] or found["behind"]))


def normal_credit(text: str) -> str:
    """A credit in the house form; "" where *text* is none. Doing it twice changes nothing."""
    text = clean(text).strip(" ()[]|.,;")
    if not text or len(text) > _LONGEST:
        return ""
    persons: list[str] = []
    bodies: list[str] = []
    others: list[str] = []
    works: list[str] = []
    for part in _BETWEEN.split(_NOTICE.sub("", text)):
        name, work = _name(part)
        if not name or name.casefold() in _NO_MAKER:
            continue
        if _is_body(name):
            bodies.append(_AGENCIES.get(name.casefold(), name))
        else:
            (persons if work else others).append(name)
            works += [work] if work else []
    # Of two names the person stands first ("Ana Sá / Morning Star"), unless we know better.
    while others:
        (bodies if persons and not bodies else persons).append(others.pop(0))
    if any(len(name.split()) > _WORDS for name in (*persons, *bodies)):
        return ""  # a sentence
    work = works[0] if works else "Photo"
    photo = [f"{work} by {' and '.join(persons)}"] if persons else []
    return " / ".join([" via ".join(dict.fromkeys(bodies)), *photo] if bodies else photo)


def _name(part: str) -> tuple[str, str]:
    """The name in a part of a credit, and what the part says that this one made ("Photo"), or ""."""
    part = part.strip(" ,.:")
    work = ""
    while True:
        if by := _BY.match(part):
            part, work = part[by.end() :], work or "Photo"
        elif drawn := _DRAWN.match(part):
            part, work = part[drawn.end() :], drawn[1].capitalize()
        elif notice := _NOTICE.match(part):
            part = part[notice.end() :]
        elif (courtesy := _COURTESY.match(part)) and not part.startswith("Courtesy of "):
            part = f"Courtesy of {part[courtesy.end() :]}"
        else:
            name = part.strip(" ,.:")
            return name.title() if " " in name and name.isupper() else name, work


def _is_body(name: str) -> bool:
    one_word = " " not in name
    return name.casefold() in _AGENCIES or (one_word and name.isupper()) or bool(_BODY.search(name))
