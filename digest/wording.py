"""The desk's small wording: headline, byline, subject and preheader, all in the house's form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from digest.terms import spellings
from digest.text import shorten

SUBJECT, PREHEADER = 60, 90


class Headline(NamedTuple):
    text: str
    #: The publisher called it an update.
    update: bool


_LABEL = re.compile(
    r"\W*(?:(?P<update>updated?(?: ?\d+)?)|breaking(?: news)?|just in|developing|watch(?: live)?"
    r"|live(?: updates?| blog)?|video|photos?|pictures|in pictures|exclusive|listen|read|urgent"
    r"|alert|news alert)\s*(?:[:|\]]|[-–—]+\s)\s*",
    re.IGNORECASE,
)
_CLOSING_LABEL = re.compile(
    r"\s*(?:[\[(](?P<update>updated?)[\])]|[\[(](?:video|photos?|watch|pictures|live|exclusive)[\])]"
    r"|[|–—-] (?:video|photos|live updates))\Z",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"\s+(?:[|»·•–—-]|::|--)\s+")
#: What outlets and their feeds are called, besides their names.
_COMMON = frozenset(
    ["the", "news", "rss", "feed", "feeds", "top", "stories", "latest", "headlines", "online", "com", "world"]
)
_MASTHEAD = re.compile(
    r"(?:the )?(?:[\w.'’&-]+ ){0,4}(?:news|times|post|herald|tribune|journal|gazette|guardian|telegraph"
    r"|chronicle|magazine|daily|weekly|press|observer|review|mail|mirror|express|today|radio|tv|online"
    r"|[\w-]+\.(?:com|org|net|co\.uk|de|fr))"
    r"|bbc|bbc \w+|cnn|npr|reuters|bloomberg|politico|axios|ap|cbc|abc|nbc|cbs|dw|rte|the hill|vox|wired",
    re.IGNORECASE,
)
_FINAL_STOP = re.compile(r"(?<![.…])(?<!\b[A-Z])(?<!\b(?:Jr|Sr|St|Co))(?<!\b(?:Inc|Ltd))(?<!Corp)\.\Z")
_WORD = re.compile(r"[^\W\d_][\w’'.-]*")
_SHOUTING = 0.7
_KEPT_CAPITALS = re.compile(
    r"(?:U\.?[SKN]\.?A?\.?|EU|NATO|NASA|FBI|CIA|WHO|UNICEF|UNESCO|IMF|OPEC|FIFA|UEFA|NBA|NFL|MLB|NHL|BBC"
    r"|CNN|AP|AI|GDP|CEO|GOP|COVID|HIV|AIDS|DNA|LGBT\w*|TV|UFO|ISIS|NSA|EPA|FDA|CDC|IRS|DOJ|NYPD|LAPD"
    r"|NHS|MP|MPS|PM|UAE|NYC|LA|DC|D\.C\.|WTO|G7|G20|II|III|IV)(?:['’]?S)?\Z"
)
_SMALL = re.compile(
    r"an?|and|as|at|but|by|for|from|in|into|is|of|off|on|or|over|the|to|up|with|after|before|amid|are|be"
    r"|he|she|it|its|his|her|their|not|out|was|were"
)


def headline(title: str, outlet: str, *, text: str = "") -> Headline:
    """*title* without the outlet's name, "BREAKING:" and their like, shouting capitals and a final stop.

    *text* is the article's: from it a shouted headline learns which of its words are names. A title of
    nothing but such labels is kept; only of an empty one nothing is left.
    """
    whole = " ".join(title.split())
    words, update = _without_labels(_without_outlet(whole, outlet))
    words = _FINAL_STOP.sub("", words).strip()
    if not any(map(str.isalnum, words)):
        return Headline(whole, update)
    words = lowered(words, text) if _is_shouted(words) else words
    return Headline(words[0].upper() + words[1:] if re.match(r"[a-z]+\b", words) else words, update)


def byline(authors: Sequence[str]) -> str:
    """ "By A", "By A & B", "By A, B & C", from four on "By A, B & others"; "" without a name."""
    names = list(dict.fromkeys(filter(None, map(_name, authors))))
    if len(names) > 3:
        names = [*names[:2], "others"]
    if not names:
        return ""
    return "By " + " & ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def subject(words: str) -> str:
    """A mail's subject of a headline: at most 60 characters, cut between words."""
    return shorten(words, SUBJECT)


def preheader(headlines: Iterable[str]) -> str:
    """ "Plus: …" with as many whole headlines as fit into 90 characters; "" without any."""
    line = ""
    for words in headlines:
        longer = f"{line}; {words}" if line else f"Plus: {words}"
        if len(longer) > PREHEADER:
            return line or shorten(longer, PREHEADER)
        line = longer
    return line


def possessive(name: str) -> str:
    """ "Ana Sá’s", "James’", as the Associated Press writes it."""
    return f"{name}’" if name.endswith(("s", "S")) else f"{name}’s"


# --- the parts of a headline ------------------------------------------------------------------------------


def _without_labels(words: str) -> tuple[str, bool]:
    update = False
    for pattern in (_LABEL, _LABEL, _CLOSING_LABEL):
        match = pattern.match(words) if pattern is _LABEL else pattern.search(words)
        if match:
            update = update or match["update"] is not None
            words = words[: match.start()] + words[match.end() :]
    return words.strip(), update


def _without_outlet(words: str, outlet: str) -> str:
    """*words* without the names of outlet and section that stand behind or before it."""
    for _ in range(3):
        parts = list(_SEPARATOR.finditer(words))
        if not parts:
            break
        first, last = parts[0], parts[-1]
        if _is_name(words[last.end() :], outlet, last.group().strip(), words[: last.start()]):
            words = words[: last.start()]
        elif _is_same(words[: first.start()], outlet):
            words = words[first.end() :]
        else:
            break
    before, colon, behind = words.partition(": ")
    return behind if colon and behind and before.casefold() == outlet.casefold() else words


def _is_name(part: str, outlet: str, separator: str, rest: str) -> bool:
    """Whether *part*, behind *separator*, names where *rest* was published."""
    if _is_same(part, outlet) or _MASTHEAD.fullmatch(part):
        return True
    return separator in "|»::·" and len(part.split()) <= 3 < len(rest.split())


def _is_same(part: str, outlet: str) -> bool:
    mine, theirs = _key(part), _key(outlet)
    if not mine or not theirs:
        return part.casefold() == outlet.casefold()
    initials = "".join(word[0] for word in re.findall(r"\w+", outlet.casefold()) if word != "the")
    return mine <= theirs or theirs <= mine or mine == {initials}


def _key(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", name.casefold())) - _COMMON


def _is_shouted(words: str) -> bool:
    long = [word for word in _WORD.findall(words) if len(word) > 1]
    return len(long) > 2 and sum(map(str.isupper, long)) > _SHOUTING * len(long)


def lowered(words: str, text: str) -> str:
    """*words* out of capitals: as *text* writes them, else as a title ("Stacy Keibler Is Married")."""
    spelled = spellings(text)

    def lower(match: re.Match[str]) -> str:
        word = match.group()
        if _KEPT_CAPITALS.match(word) or not word.isupper():
            return word
        known = spelled.get(word.casefold())
        if known:
            return known
        small = word.lower()
        return small if _SMALL.fullmatch(small) and match.start() else small[0].upper() + small[1:]

    return _WORD.sub(lower, words)


def _name(author: str) -> str:
    """*author* as a byline has it; "" when it is no name."""
    name = re.sub(r"\A(?:by|von|par|por)\s+", "", " ".join(author.split()), flags=re.IGNORECASE).strip(
        " ,;.|"
    )
    if "@" in name or "://" in name or not any(map(str.isalpha, name)):
        return ""
    return name.title() if name.isupper() and " " in name else name
