"""Names and articles in a headline: what keeps its capital within a sentence, and what needs "a" or "the".

The article's text tells both. Where it does not, nothing is said rather than something odd: "about Poet
winning a prize" takes a poet for somebody of that name.
"""

from __future__ import annotations

import re

from digest.topics.lexicon import (
    BEGINS_WITH_A,
    COMMON,
    DONE,
    NAMES_A_BODY,
    ONE_OF_A_PLACE,
    PLURALS,
    SMALL,
    TAKES_A,
    TAKES_NONE,
    TAKES_THE,
    bare_form,
)
from digest.words.casing import NAMES
from digest.words.terms import spellings

_WORD = re.compile(r"[^\W_]+(?:[’'.&-][^\W_]+)*(?:[’'](?!\w))?")
_POSSESSIVE = re.compile(r"['’]s?\Z")
_SMALL_WHEN_FIRST = (COMMON | PLURALS) - {"democrats", "republicans"}
_VOWEL = re.compile(r"[AEIOaeio]|[FHLMNRSX](?:[A-Z]|\.)")
#: A headline's first words that are a name, or a title of somebody, whatever the text has.
_KNOWN = re.compile(
    rf"(?:{TAKES_THE.pattern})\b|New [A-Z]"
    r"|(?:Adm|Capt|Col|Dr|Gen|Gov|Lt|Mrs?|Ms|Prof|Rep|Rev|Sen|Sgt|St|Supt)\. [A-Z]"
)
_PREPOSITION = r"about|against|at|behind|by|for|from|in|near|of|on|over|to|with"
#: Words that may stand between an article and a noun: "a former city official".
_BETWEEN = r"(?:[\w’'-]+ ){0,3}?"


def in_sentence_case(words: str, text: str) -> str:
    """*words* as they stand within a sentence; "" when *text* does not tell which of them are names."""
    text = text.replace(words, " ")
    spelled = spellings(text)
    found = _WORD.findall(words)
    later = [word for word in found[1:] if word.casefold() not in SMALL]
    capitals = [word for word in later if word[:1].isupper()]
    has_small_verb = any(word.islower() and (bare_form(word) or word in DONE) for word in later)
    is_title_case = not has_small_verb and len(capitals) > 2 and len(capitals) > 0.6 * len(later)
    unknown: list[str] = []

    def cased(match: re.Match[str]) -> str:
        word, small = match.group(), match.group().casefold()
        if not re.fullmatch(r"[A-Z][a-z’'-]*", word) or (match.start() and not is_title_case):
            return word
        if small in SMALL:
            return small
        if _is_in_a_name(words, match, text) or (
            not match.start() and not is_title_case and _leads_a_name(words, match, spelled)
        ):
            return word
        stem = _POSSESSIVE.sub("", small)
        if not match.start() and small.startswith("ex-"):
            return small
        is_common = bare_form(small) if match.start() else small in _SMALL_WHEN_FIRST or _is_there(stem, text)
        if _is_small(stem, spelled, is_common):
            return small
        if stem not in spelled and stem not in NAMES and (match.start() or not _is_one(word, text)):
            unknown.append(word)
        return word

    sentence = _WORD.sub(cased, words)
    return "" if unknown else re.sub(r"\AEx-(?=\w)", "ex-", sentence)  # "Ex-FBI agent", as well


def _is_small(stem: str, spelled: dict[str, str], is_common: object) -> bool:
    """Whether a word is written small: as the text does, else where it is no name by its meaning."""
    return spelled.get(stem, stem if is_common else "") == stem


def _is_there(stem: str, text: str) -> bool:
    return re.search(rf"\b{re.escape(stem)}\b", text) is not None


def _is_one(word: str, text: str) -> bool:
    """Whether *text* has *word* in its dateline, or begins a sentence with it as with a name.

    "Putin said …" does, but not "Poet Bo Li said …".
    """
    name = re.escape(_POSSESSIVE.sub("", word))
    if re.match(rf"\W*{name.upper()}\b", text):
        return True
    return re.search(rf"(?:\A|[.!?]\W+|\n\s*){name}(?:[’']s?)?,? (?![A-Z])", text) is not None


def _is_in_a_name(words: str, match: re.Match[str], text: str) -> bool:
    """Whether a capital belongs to a name of several words: "New York", "General Motors"."""
    if not match.start() and _KNOWN.match(words):
        return True
    behind = re.match(r" ([A-Z][\w’'-]*)", words[match.end() :])
    before = re.search(r"([A-Z][\w’'-]*) \Z", words[: match.start()])
    pairs = [
        f"{match.group()} {_POSSESSIVE.sub('', behind[1])}" if behind else "",
        f"{before[1]} {_POSSESSIVE.sub('', match.group())}" if before else "",
    ]
    return any(pair and pair in text for pair in pairs)


def _leads_a_name(words: str, match: re.Match[str], spelled: dict[str, str]) -> bool:
    """Whether a name of the text stands behind the first word, which the text has not in small letters."""
    behind = re.match(r" ([A-Z][\w-]*)", words[match.end() :])
    name = spelled.get(behind[1].casefold(), "") if behind else ""
    return name[:1].isupper() and not spelled.get(match.group().casefold(), name).islower()


def with_article(subject: str, text: str) -> str:
    """ "council" → "the council": headlines leave out what a sentence needs; "" where that is not sure."""
    first, last = subject.partition(" ")[0], subject.rpartition(" ")[2]
    if not first.islower():
        return _of_a_name(subject, first, last, text)
    if first in TAKES_NONE or first in ("the", "a", "an", "one", "no") or first.isdigit():
        return subject
    if last in ONE_OF_A_PLACE:
        return f"the {subject}"
    head = re.split(rf" (?:{_PREPOSITION}) ", subject)[0]
    if last[0].isupper() and head == subject:  # "pizza chain Lantern", "former boss Bo Li"
        return subject
    noun = head.rpartition(" ")[2]
    article = _first_article(subject, text) or _first_article(noun, text, between=_BETWEEN)
    if not article and (subject in TAKES_A or BEGINS_WITH_A.match(subject)):
        article = "a"
    if not article:
        return ""
    return f"{'an' if article != 'the' and _VOWEL.match(subject) else article} {subject}"


def _of_a_name(subject: str, first: str, last: str, text: str) -> str:
    is_known = TAKES_THE.fullmatch(subject) or last in ONE_OF_A_PLACE
    is_body = " " in subject and last in NAMES_A_BODY
    owned = re.search(r"[’'](?:s|(?<=s[’'])) ", subject)
    article = "the " if is_known or (is_body and not owned) or _is_called_the(subject, text) else ""
    if not article and last in TAKES_A:  # "a Springfield man"
        article = "an " if _VOWEL.match(first) else "a "
    return f"{article}{subject}" if article or owned or not last.islower() else ""


def _first_article(noun: str, text: str, *, between: str = "") -> str:
    """ "a" or "the", as *text* has it where it first speaks of *noun*; "" without, and where it does not."""
    words = re.escape(noun)
    mention = re.search(rf"\b{words}\b", text, re.IGNORECASE)
    if mention is None:
        return ""
    found = re.search(rf"\b(an?|the) {between}\Z", text[: mention.start()], re.IGNORECASE)
    return found[1].casefold().replace("an", "a") if found else ""


def _is_called_the(name: str, text: str) -> bool:
    """Whether *text* mostly has the article before *name*: "the Indian Navy", but not "the Trump …"."""
    found = re.findall(rf"\b(the )?{re.escape(name)}\b", text, re.IGNORECASE)
    return 2 * sum(map(bool, found)) > len(found)
