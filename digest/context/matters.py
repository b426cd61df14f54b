"""What a story is about, as a question names it: "the lawsuit", "the bridge", "Bo Li"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from digest.context.paragraphs import SUFFIX, TITLES_BEFORE, Known, Paragraph
from digest.context.speakers import NAME, NO_NAME
from digest.words.text import listed
from digest.words.wording import possessive

#: What goes on, or is disputed: it has a background.
_MATTERS = listed(
    "agreement allegation allegations arrest arrests attack attacks ban battle bid bill boycott campaign "
    "case ceasefire clash clashes conflict contest controversy coup crackdown crash crisis cuts deal "
    "debate decision demonstration demonstrations dispute election elections embargo eruption evacuation "
    "execution expansion feud fire flood floods hack hearing impeachment inquiry investigation killing "
    "killings law lawsuit layoffs leak lockout merger mission mutiny negotiations nomination outage "
    "outbreak plan plans plot policy project prosecution protest protests raid rally rebellion recall "
    "referendum reform reforms resignation revolt riot riots rivalry row ruling sanctions scandal scheme "
    "shooting shortage shutdown siege standoff strike strikes suit summit takeover talks tariff tariffs "
    "treaty trial truce unrest uprising violence vote war withdrawal"
)
#: What stands or is kept up: it has a history.
_THINGS = listed(
    "airport archive award band bridge building camp canal castle cathedral cemetery chapel church clinic "
    "collection dam factory ferry festival garden harbor harbour hospital hotel island lake library "
    "lighthouse manuscript market memorial mill mine monastery monument mosque museum orchestra painting "
    "palace parade park pier prison prize railway reactor refinery reservoir shipyard shrine stadium "
    "station statue synagogue temple theater theatre tomb tower tunnel university volcano"
)
_NOT_THE_SAME = r"\b(?:an?|another|other|similar|two|three|four|five|several|many|some|such)"
#: Before a noun, it is no phrase's like "in case of" or "on strike".
_DETERMINED = r"(?:\b(?:the|an?|this|its|his|her|their|[A-Z][\w.]+[’']s?)|\w[’']s|\b[A-Z][\w.]+)"
#: "since the flood" tells when, and not of the flood.
_NO_TIME = r"(?<!\bsince )(?<!\bafter )(?<!\bbefore )(?<!\bduring )(?<!\bin )(?<!\bat )"
_PRONOUN = re.compile(r"\b(?:[Hh]e|[Ss]he|[Hh]is|[Hh]er)\b")


def background_of(paragraph: Paragraph, known: Known, *, died: bool) -> str:
    """The question after the background that *paragraph* tells; "" where what it is of has no name.

    It is that of somebody with whom it begins and goes on; else of the matter that the paragraph and what is
    *known* both name, or of the one that the headline names; else of whoever is in each of its sentences,
    who is no more if somebody *died*.
    """
    own = [line.own for line in paragraph.lines]
    name = _somebody(own, known)
    noun = _shared(own[0], known) or _only_one(known.headline)
    if name and (not noun or re.match(rf"(?:[A-Z][\w’-]+\.? )*{_last(name)}\b(?![’'])", own[0])):
        return f"What {'was' if died else 'is'} {possessive(name)} background?"
    return f"What is the {'history of' if noun in _THINGS else 'background to'} the {noun}?" if noun else ""


def _somebody(own: list[str], known: Known) -> str:
    """Whom the reader knows and each sentence speaks of, the first or second from its beginning; or ""."""
    for name in re.findall(rf"{NAME}\b(?![’'])", own[0]):
        surname = name.rpartition(" ")[2]
        full = "" if NO_NAME.match(name) else known.in_full(surname)
        named = rf"\b{re.escape(surname)}\b"
        begun = any(re.match(rf"(?:[A-Z][\w’-]+\.? )*{re.escape(surname)}\b", each) for each in own[:2])
        in_each = all(re.search(named, each) or _PRONOUN.search(each) for each in own)
        if full and begun and in_each and not _is_a_body(full) and _is_nobody_else(name, full, known):
            return TITLES_BEFORE.sub("", full)
    return ""


def _is_nobody_else(name: str, full: str, known: Known) -> bool:
    """Whether all of *name* is said of them already: "President Ode" may be the mayor's husband."""
    return name in known.text or all(word in full.split() for word in name.split())


def said_about(paragraph: Paragraph, known: Known) -> str:
    """ "about the plan", where somebody's words name it as what is *known* does; else ""."""
    for noun in _nouns(paragraph.text):
        spoken_of = re.search(rf"{_NO_TIME}\b(?:[Tt]he|this) (?:[\w’-]+ )?{noun}\b", paragraph.text)
        if spoken_of and _is_known(noun, known):
            return f"about the {noun}"
    return ""


def _is_known(noun: str, known: Known) -> bool:
    """Whether a matter is in the headline or summary, or a thing in the headline."""
    read = known.headline if noun in _THINGS else known.text
    return re.search(rf"{_DETERMINED} (?:[\w’'-]+ ){{0,2}}{noun}\b", read) is not None


def _last(name: str) -> str:
    return re.escape(re.sub(rf"{SUFFIX}\Z", "", name).rpartition(" ")[2])


def _is_a_body(name: str) -> bool:
    """Whether *name* has something before it that people have not: "the Salt Road", "a Salt Cup"."""
    return any(word.casefold() in _THINGS | _MATTERS for word in name.split())


def _shared(own: str, known: Known) -> str:
    """The first noun of *own* that is one matter there and in what is *known*; a thing is in the headline."""
    for noun in _nouns(own):
        other = re.search(rf"{_NOT_THE_SAME} (?:[\w’'-]+ ){{0,2}}{noun}\b", own, re.IGNORECASE)
        if not other and _is_known(noun, known):
            return noun
    return ""


def _only_one(headline: str) -> str:
    found = set(_nouns(headline))
    return found.pop() if len(found) == 1 else ""


def _nouns(text: str) -> Iterator[str]:
    return (
        word for word in re.findall(r"(?<![\w-])[a-z]+(?![\w-])", text) if word in _MATTERS or word in _THINGS
    )
