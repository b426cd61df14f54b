"""An article's sentences as a blurb may quote them: without datelines, each with what rules it out."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from digest.sentences.datelines import dateline, stamp
from digest.sentences.faults import fault, is_credited, is_labelled, is_quoted, promotes
from digest.sentences.leaning import adds, answers, continues, points_back, starts_midway
from digest.sentences.naming import Introductions, known_from
from digest.sentences.splitting import spans
from digest.words.terms import terms
from digest.words.text import word_count

#: News says first what matters: no sentence behind so many is looked at.
FIRST = 30
#: Words of a sentence; the first one of an article says all of its news in one breath.
_SHORTEST, _LONGEST, _LONGEST_FIRST = 5, 55, 70
#: A sentence with so much of the headline, and hardly more, says it again.
_SAID_AGAIN = 0.8
#: So much of the headline, where that asks whether something is so: what it asks about, and no news.
_ASKED_ABOUT = 0.85
_ASKS_WHETHER = re.compile(
    r"(?:fact[ -]check: ?)?(?:are|can|could|did|do|does|had|has|have|is|should|was|were|will|would) .*\?",
    re.IGNORECASE,
)
#: Characters of a headline that is known where it opens the text; a shorter one may be any words.
_SHORTEST_TITLE = 20
#: A later paragraph of at most so many characters that promotes anything does nothing else.
_PROMOTED_AT_MOST = 400
#: "F.B.I.": where it ends a sentence is told by what stands behind it.
_INITIALS = re.compile(r"(?:[A-Z]\.){2,}")
#: Words with a capital within a sentence: names, and what is written like one.
_WITHIN = re.compile(r"(?<=[a-z,;] )[A-Z][\w-]+")
#: Characters in which a stamp or a dateline is looked for.
_STAMPED = 200
#: Characters in which a picture's credit is looked for.
_CREDIT = 40


@dataclass(frozen=True, slots=True)
class Sentence:
    start: int
    end: int
    text: str
    #: In words.
    length: int
    terms: tuple[str, ...]
    #: Why it cannot stand in a blurb; "" when it can.
    fault: str
    #: It makes sense behind the sentence before it only.
    leans: bool = False
    #: It cannot come first, unless it does in the article.
    points_back: bool = False
    #: Words of the names that it gives, and of those that only an earlier sentence gives in full.
    names: frozenset[str] = frozenset()
    presumes: frozenset[str] = frozenset()


def read(text: str, title: str, *, forgiven: Collection[str] = (), first: int = FIRST) -> list[Sentence]:
    """The *first* sentences of *text* without datelines, with what keeps them out of a blurb.

    Faults that are *forgiven* keep none out.
    """
    headline = frozenset(terms(title))
    asks = _ASKS_WHETHER.match(title) is not None
    known = known_from(title)
    introductions = Introductions()
    capitals: set[str] = set()
    seen: set[tuple[str, ...]] = set()
    found: list[Sentence] = []
    for start, end, outer in _pieces(text, title, first):
        words = text[start:end]
        own = tuple(terms(words))
        length = word_count(words)
        problem = outer or fault(words) or ("a caption" if found and _is_labelled(words, title) else "")
        problem = problem if problem not in forgiven else ""
        problem = problem or _misplaced(
            length, own, headline, seen, most=_LONGEST if found else _LONGEST_FIRST
        )
        if not problem and (_opens_with(words, title) or (asks and _is_asked_about(own, headline))):
            problem = "the headline again"
        seen.add(own)
        capitals.update(_WITHIN.findall(words))
        names, presumes = introductions.read_on(words)
        if problem:
            found.append(Sentence(start, end, words, length, own, problem, names=names))
            continue
        # The first one of an article has nothing before it that it could need.
        midway = starts_midway(words) or adds(words) or is_quoted(words) if not found else None
        found.append(
            Sentence(
                start,
                end,
                words,
                length,
                own,
                "",
                leans=midway
                if midway is not None
                else continues(words, capitals) or (found[-1].text.endswith("?") and answers(words)),
                points_back=points_back(words) or is_quoted(words),
                names=names,
                presumes=frozenset(name for name in presumes if name.casefold() not in known),
            )
        )
    return found


def _pieces(text: str, title: str, first: int) -> Iterator[tuple[int, int, str]]:
    """Where each sentence begins and ends, and a fault that only its surroundings show."""
    line_end = -1  # of the line that the last sentence stands on
    opening = 0  # where that line's preliminaries end, which may hold stops: "ST. LOUIS (AP) — "
    promoting = ""  # the fault of all sentences of that line, if it has one
    met = False
    for begin, end in islice(_whole(text, title), first):
        if begin > line_end:
            line_end = text.find("\n", begin) % (len(text) + 1)
            opening = _behind_preliminaries(text, begin, title)
            promoting = _promoting(text[begin:line_end]) if met else ""
        start = max(begin, opening)
        start += dateline(text[start:end]) if text.startswith("(", start) else 0
        if start < end:
            met = True
            yield start, end, "a caption" if is_credited(text[end : end + _CREDIT]) else promoting


def _whole(text: str, title: str) -> Iterator[tuple[int, int]]:
    """The sentences, joined where a name of the headline has a stop: "… the ID. Space is …"."""
    begun = -1
    for start, end in spans(text):
        begun = start if begun < 0 else begun
        if not _breaks_a_name(text[begun:end], title):
            yield begun, end
            begun = -1
    if begun >= 0:
        yield begun, end


def _promoting(line: str) -> str:
    """Why no sentence of a paragraph behind the first can be taken; "" when there is no such reason."""
    return "boilerplate" if len(line) <= _PROMOTED_AT_MOST and promotes(line) else ""


def _behind_preliminaries(text: str, start: int, title: str) -> int:
    """Where a paragraph's first sentence begins, behind the headline, stamps and datelines before it."""
    opening = text[start : start + len(title) + 1]
    if len(title) > _SHORTEST_TITLE and opening.casefold() == f"{title} ".casefold():
        behind = start + len(opening)
        dated = behind + 3 * text.startswith("on ", behind)  # "… on Nov 20, 2026"
        dated += stamp(text[dated : dated + _STAMPED]) or behind - dated
        start = dated if dated > behind or text[behind : behind + 1].isupper() else start
    start += stamp(text[start : start + _STAMPED])
    for _ in range(2):  # "LONDON (Reuters) - (Reuters) - "
        start += dateline(text[start : start + _STAMPED])
    return start


def _misplaced(
    length: int,
    own: tuple[str, ...],
    headline: frozenset[str],
    seen: Collection[tuple[str, ...]],
    *,
    most: int,
) -> str:
    """What keeps a sentence out that has no fault by itself; "" when nothing does."""
    if not _SHORTEST <= length <= most:
        return "too short" if length < _SHORTEST else "too long"
    if own in seen:
        return "said before"
    return "the headline again" if _repeats(frozenset(own), headline) else ""


def _opens_with(sentence: str, title: str) -> bool:
    """Whether it begins with the whole headline, and goes on: "Ferry sinks off the coast 8:05 pm …"."""
    return len(title) > _SHORTEST_TITLE and sentence.casefold().startswith(title.casefold())


def _is_asked_about(own: Sequence[str], headline: frozenset[str]) -> bool:
    """Whether a sentence says what the headline asks, as a claim does that is about to be checked."""
    return len(headline.intersection(own)) >= _ASKED_ABOUT * len(headline)


def _breaks_a_name(sentence: str, title: str) -> bool:
    """Whether it ends within a name that the headline gives in full: "… the ID." of "the ID. Space"."""
    last = sentence.rpartition(" ")[2]
    return last.endswith(".") and not _INITIALS.fullmatch(last) and f" {last} " in f" {title}"


def _is_labelled(sentence: str, title: str) -> bool:
    """Whether it stands behind a label, and not behind a name of the headline: "Salt War: The Siege is …"."""
    return is_labelled(sentence) and sentence.partition(":")[0] not in title


def _repeats(own: frozenset[str], headline: frozenset[str]) -> bool:
    return bool(headline) and len(own & headline) >= _SAID_AGAIN * len(own | headline)
