"""Porter's stemmer with the departures that NLTK makes from it, which ROUGE figures are stemmed with.

M. F. Porter, An algorithm for suffix stripping, Program 14 (1980); the departures are those of
``nltk.stem.PorterStemmer`` in its default mode.
"""

from __future__ import annotations

import re
from functools import lru_cache

_IRREGULAR = {
    form: stem
    for stem, forms in {
        "sky": "sky skies",
        "die": "dying",
        "lie": "lying",
        "tie": "tying",
        "news": "news",
        "inning": "innings inning",
        "outing": "outings outing",
        "canning": "cannings canning",
        "howe": "howe",
        "proceed": "proceed",
        "exceed": "exceed",
        "succeed": "succeed",
    }.items()
    for form in forms.split()
}


def _rules(pairs: str) -> tuple[tuple[str, str], ...]:
    """ "ational:ate ness:" → (("ational", "ate"), ("ness", ""))."""
    return tuple((ending, instead) for ending, _, instead in (pair.partition(":") for pair in pairs.split()))


_STEP_2 = _rules(
    "ational:ate tional:tion enci:ence anci:ance izer:ize bli:ble alli:al entli:ent eli:e ousli:ous "
    "ization:ize ation:ate ator:ate alism:al iveness:ive fulness:ful ousness:ous aliti:al iviti:ive "
    "biliti:ble fulli:ful"
)
_STEP_3 = _rules("icate:ic ative: alize:al iciti:ic ical:ic ful: ness:")
_STEP_4 = [
    ending
    for ending, _ in _rules("al ance ence er ic able ible ant ement ment ent ion ou ism ate iti ous ive ize")
]

_MEASURE = re.compile("vc")
_DOUBLED = re.compile(r"([^aeiou])\1\Z")


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """*word*, in small letters, without its endings."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) <= 2:
        return word
    for step in (_plural, _past, _final_y, _second, _third, _fourth, _final_e):
        word = step(word)
    return word


def _shape(word: str) -> str:
    """Each letter as "v" or "c"; y is a vowel behind a consonant."""
    shape = ""
    for letter in word:
        vowel = letter in "aeiou" or (letter == "y" and shape[-1:] == "c")
        shape += "v" if vowel else "c"
    return shape


def _measure(word: str) -> int:
    return len(_MEASURE.findall(_shape(word)))


def _has_vowel(word: str) -> bool:
    return "v" in _shape(word)


def _is_short(word: str) -> bool:
    """Consonant, vowel, consonant other than w, x, y; or a vowel and a consonant."""
    shape = _shape(word)
    return (shape.endswith("cvc") and word[-1] not in "wxy") or shape == "vc"


def _plural(word: str) -> str:
    if word.endswith("ies"):
        return word[:-1] if len(word) == 4 else word[:-2]
    if word.endswith("sses"):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _past(word: str) -> str:
    if word.endswith("ied"):
        return word[:-1] if len(word) == 4 else word[:-2]
    if word.endswith("eed"):
        return word[:-1] if _measure(word[:-3]) else word
    for ending in ("ed", "ing"):
        if word.endswith(ending):
            cut = word[: -len(ending)]
            return _mended(cut) if _has_vowel(cut) else word
    return word


def _mended(cut: str) -> str:
    if cut.endswith(("at", "bl", "iz")):
        return cut + "e"
    if _DOUBLED.search(cut):
        return cut if cut[-1] in "lsz" else cut[:-1]
    return cut + "e" if _measure(cut) == 1 and _is_short(cut) else cut


def _final_y(word: str) -> str:
    if word.endswith("y") and len(word) > 2 and _shape(word[:-1]).endswith("c"):
        return word[:-1] + "i"
    return word


def _second(word: str) -> str:
    if word.endswith("alli") and _measure(word[:-4]):
        return _second(word[:-4] + "al")
    if word.endswith("logi") and _measure(word[:-3]):
        return word[:-1]
    return _replaced(word, _STEP_2)


def _third(word: str) -> str:
    return _replaced(word, _STEP_3)


def _replaced(word: str, rules: tuple[tuple[str, str], ...]) -> str:
    """The first rule whose ending fits has the word, whether its stem is long enough or not."""
    for ending, instead in rules:
        if word.endswith(ending):
            cut = word[: -len(ending)]
            return cut + instead if _measure(cut) else word
    return word


def _fourth(word: str) -> str:
    for ending in _STEP_4:
        if word.endswith(ending):
            cut = word[: -len(ending)]
            sound = ending != "ion" or cut.endswith(("s", "t"))
            return cut if sound and _measure(cut) > 1 else word
    return word


def _final_e(word: str) -> str:
    if word.endswith("e"):
        cut = word[:-1]
        if _measure(cut) > 1 or (_measure(cut) == 1 and not _is_short(cut)):
            word = cut
    return word[:-1] if word.endswith("ll") and _measure(word[:-1]) > 1 else word
