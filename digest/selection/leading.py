"""Which article leads a story: an ordered rule, each part with the words that explain it.

What serves readers comes first (a report that they can open, with enough in it), then what is fair to who
did the work, then the picture, the desk's own preference, and at last length and time.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from digest.model import Article
from digest.selection.scoring import is_report
from digest.words.text import breadth

#: Characters of a text, and of a description, that a summary can be made of.
_ENOUGH_TEXT = 500
_ENOUGH_DESCRIPTION = 80
#: Words by which one text has to be longer to count as longer, and beyond which none does.
_STEP, _LONGEST = 200, 1000

_AGENCY = (
    r"Associated Press|AP|Reuters|Agence France-Presse|AFP|dpa|PA Media|Press Association|Xinhua|EFE|ANSA"
    r"|Press Trust of India|PTI|IANS|ANI|Canadian Press|Australian Associated Press|AAP|UPI|Kyodo"
)
_BY_AGENCY = re.compile(rf"\b(?:{_AGENCY})\b")
#: "SPRINGFIELD (AP) —", "(Reuters) -": how an agency's text begins.
_FROM_AGENCY = re.compile(rf"[^a-z\n]{{0,60}}?[^()\n]{{0,40}}\((?:{_AGENCY})\)\s*[-–—]")


class Standing(NamedTuple):
    """What the tellings of a story are sorted by, the weightiest first: the less, the better."""

    beside_the_news: bool
    paywalled: bool
    #: 0 with a text to write a summary from, 1 with a description that can stand for it, 2 with neither.
    lacking: int
    agency_copy: bool
    without_picture: bool
    lightness: float
    shortness: int
    when: float
    id: str


#: For each part of a standing, why the better one leads.
_WHY = (
    "which is a report",
    "which is open to all",
    "which says more",
    "which is no agency copy",
    "which has a picture with its credit",
    "whose feed weighs more",
    "which is longer",
    "which came first",
    "told alike",
)


def standing(article: Article, weight: float) -> Standing:
    """Where *article*, of a feed of *weight*, stands among the tellings of its story; the least leads."""
    return Standing(
        beside_the_news=not is_report(article),
        paywalled=article.paywalled,
        lacking=_lacking(article),
        agency_copy=is_agency_copy(article),
        without_picture=article.image is None or not article.image.credit,
        lightness=-weight,
        shortness=-(min(len(article.text.split()), _LONGEST) // _STEP),
        when=article.when.timestamp(),
        id=article.id,
    )


def precedence(lead: Standing, rival: Standing) -> str:
    """Why *lead* leads, as in "which is open to all"; "" if by the rule the rival would."""
    if lead > rival:
        return ""
    return next(why for why, one, other in zip(_WHY, lead, rival, strict=True) if one != other)


def is_agency_copy(article: Article) -> bool:
    """Whether another outlet's agency wrote it."""
    if _BY_AGENCY.search(article.outlet):
        return False
    signed = any(_BY_AGENCY.search(author) for author in article.authors)
    return signed or any(_FROM_AGENCY.match(text) for text in (article.description, article.text))


def _lacking(article: Article) -> int:
    if breadth(article.text) >= _ENOUGH_TEXT:
        return 0
    return 1 if breadth(article.description) >= _ENOUGH_DESCRIPTION else 2
