"""The terms of a text, as they are weighed when texts are compared."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import sqrt

from digest.words.text import CONTINUOUS, listed

_WORD = re.compile(r"\d[\d.,:]*\d|[^\W_]+(?:[’'-][^\W_]+)*")
_WITHIN = re.compile(r"(?<=[a-z,;] )[^\W\d_][^\W_’']*(?:-[^\W_]+)*")
_POSSESSIVE = re.compile(r"[’']s?$")


#: Words that say nothing about what a text is about: English first, then German, French, Spanish.
STOPWORDS = listed(
    "a about above according across after again against ago all along also although always am among an "
    "and another any are aren't around as at away back be because been before being below between both "
    "but by came can can't cannot come comes could couldn't did didn't do does doesn't doing don't down "
    "due during each either else even ever every few first for from further get gets getting given go "
    "goes going gone got had hadn't has hasn't have haven't having he he's her here hers herself him "
    "himself his how however i i'm i've if in instead into is isn't it it's its itself just last later "
    "least less let like made make makes many may me might mine more most mr mrs ms much must my myself "
    "near never next no nor not nothing now of off often on once one only onto or other others our ours "
    "ourselves out over own per put quite rather really said same say saying says see seen several shall "
    "she she's should shouldn't since so some soon still such take taken than that that's the their "
    "theirs them themselves then there there's these they they're this those though through thus till to "
    "together told too took toward two under until up upon us use used very via was wasn't way we we're "
    "well went were weren't what when where whether which while who whom whose why will with within "
    "without won't would wouldn't yet you you're your yours yourself "
    "aber als am an auch auf aus bei bis das dass dem den der des die durch ein eine einem einen einer "
    "eines er es für haben hat hatte ich ihr ihre im in ist kann mehr mit nach nicht noch nur oder seine "
    "sich sie sind so über um und unter vom von vor war werden wie wird wurde wurden zu zum zur au aux "
    "avec ce ces cette dans de des du elle en est et il ils la le les leur leurs mais même ne nous ou par "
    "pas plus pour que qui sa se ses son sont sur un une vous al como con cuando del desde donde e el "
    "ella ellos entre era es esta este está fue ha han hasta las lo los más muy no o para pero por que se "
    "según ser si sin sobre son su sus también un una uno unos y ya "
)


@lru_cache(maxsize=256)  # a sentence's are asked for when it is read, and when it is weighed
def words(text: str) -> tuple[str, ...]:
    """The words and numbers of *text* in order, as they are written."""
    return tuple(parted(_WORD.findall(text)))


def parted(found: Sequence[str]) -> Sequence[str]:
    """*found*, where a run of words that are written without spaces is its characters two by two."""
    if not CONTINUOUS.search("".join(found)):
        return found
    return [piece for word in found for piece in _pairs(word)]


def _pairs(word: str) -> list[str]:
    if not CONTINUOUS.search(word):
        return [word]
    return [word[place : place + 2] for place in range(max(1, len(word) - 1))]


@lru_cache(maxsize=65_536)
def term(word: str) -> str:
    """*word* as it is compared: without case, possessive and the commonest endings; "" for a stop word.

    The endings are cut alike wherever they occur, which is all that comparing asks for; the result is
    no word to show.
    """
    folded = word.casefold().replace("’", "'")
    if folded in STOPWORDS:
        return ""
    folded = _POSSESSIVE.sub("", folded)
    if not folded or folded in STOPWORDS or (len(folded) == 1 and not folded.isdigit()):
        return ""
    return folded if folded[0].isdigit() else _stem(folded)


def terms(text: str) -> list[str]:
    """The terms of *text* in order, stop words left out."""
    return [found for found in map(term, words(text)) if found]


def tokens(text: str) -> list[str]:
    """All words of *text* in order as they are compared; a stop word is itself, without case."""
    return [term(word) or word.casefold() for word in words(text)]


def spellings(text: str) -> dict[str, str]:
    """How *text* writes its words within sentences, by casefolded word: in small letters if it ever does."""
    spelled: dict[str, str] = {}
    for match in _WITHIN.finditer(text):
        word = match.group()
        key = word.casefold()
        if word == key or (key not in spelled and not word.isupper()):
            spelled[key] = word
    return spelled


def norm(vector: Mapping[str, float]) -> float:
    return sqrt(sum(weight * weight for weight in vector.values()))


def _stem(word: str) -> str:
    if len(word) > 4:
        for ending in ("ies", "ied"):
            if word.endswith(ending):
                return word[:-3] + "y"
        if word.endswith("sses"):
            return word[:-2]
    if len(word) > 5 and word.endswith("ing"):
        return word[:-3]
    if len(word) > 4 and word.endswith("ed"):
        return word[:-2]
    if len(word) > 4 and word.endswith("es"):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and word[-2] not in "su":
        return word[:-1]
    return word[:-1] if len(word) > 4 and word.endswith("e") else word
