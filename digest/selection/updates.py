"""What ran before is not run again, unless the story has moved on and says so where readers look first."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from digest.model import Article, Ran
from digest.selection.eligibility import Verdicts, named
from digest.selection.facts import Fact, Known, facts, folded, known, titled

#: Words of the text that count as its opening: a new name in paragraph nine is no news.
OPENING = 60
#: How much younger another piece on the same event must be than what ran.
LATER = timedelta(hours=3)
#: New facts that a reason names.
_NAMED = 3


@dataclass(frozen=True, slots=True)
class News:
    """The new facts of an article's opening."""

    #: Those that its headline says, too.
    in_title: tuple[Fact, ...]
    others: tuple[Fact, ...]

    def __str__(self) -> str:
        """ "new 47, Bo Li"."""
        return "new " + ", ".join(fact.words for fact in (*self.in_title, *self.others)[:_NAMED])


class Past:
    """What the last editions ran."""

    def __init__(self, recent: Iterable[Ran]) -> None:
        self._ran: dict[str, list[Ran]] = defaultdict(list)
        #: Each page once, as it was when it ran last.
        self.articles: list[Article] = []
        for ran in sorted(recent, key=_recency, reverse=True):
            if not self.of([ran.article]):
                self.articles.append(ran.article)
            for mark in _marks(ran.article):
                self._ran[mark].append(ran)

    def of(self, articles: Iterable[Article]) -> list[Ran]:
        """The times that one of these pages ran, the last first."""
        found = {
            id(ran): ran
            for article in articles
            for mark in _marks(article)
            for ran in self._ran.get(mark, ())
        }
        return sorted(found.values(), key=_recency, reverse=True)

    def without(self, articles: Iterable[Article]) -> list[Article]:
        """The pages that ran, but for those that are among *articles* anyway."""
        there = {mark for article in articles for mark in _marks(article)}
        return [article for article in self.articles if there.isdisjoint(_marks(article))]


def sift(
    tellings: Sequence[Article], ran: Sequence[Ran], *, past: Past, outlets: Collection[str], today: date
) -> tuple[dict[str, News], Verdicts]:
    """Of the *tellings* of a story that *ran*, those that are updates with what is new, and why the others
    are none; both by id."""
    said = [
        (one.words, *(part for source in (one.article, *one.sources) for part in _said(source)))
        for one in ran
    ]
    before = known(itertools.chain.from_iterable(said), today)
    updates: dict[str, News] = {}
    verdicts: Verdicts = {}
    for article in tellings:
        same_page = bool(past.of([article]))
        found = news(article, before, outlets=outlets, today=today)
        if is_material(found, article, ran, same_page=same_page):
            updates[article.id] = found
        else:
            day = f"{ran[0].day:%A} ({ran[0].day})"
            verdicts[article.id] = (
                f"ran on {day}" if same_page else f"same story as {named(ran[0].article)}, which ran on {day}"
            )
    return updates, verdicts


def news(article: Article, before: Known, *, outlets: Collection[str], today: date) -> News:
    """What *article* says in its opening (or, without one, in its headline) that was not said *before*.

    Names of *outlets* and of its authors are no news, nor are days and years that are past.
    """
    silent = _silent([*outlets, article.outlet, *article.authors])
    title, description, text = (
        silent.sub("", part) for part in (article.title, article.description, article.text)
    )
    opening = f"{description}\n{_first_words(text)}".strip()
    if not opening and titled(title):
        return News((), ())
    small = before.small | known([description, text], today).small
    found = {
        fact.words: fact
        for fact in facts(opening or title, today)
        if not before.has(fact) and _tells(fact, today, small)
    }
    said = known([title], today)
    in_title = tuple(fact for fact in found.values() if said.has(fact))
    return News(in_title, tuple(fact for fact in found.values() if fact not in in_title))


def is_material(found: News, article: Article, ran: Sequence[Ran], *, same_page: bool) -> bool:
    """Whether the facts *found* are reason enough to run again what *ran*.

    Of the page itself any is. But another piece on the event always has some name that the first had not:
    it has to be later, and to have a new number in its headline, or a name there with another fact behind.
    """
    if same_page:
        return bool(found.in_title or found.others)
    telling = any(not isinstance(fact.value, str) for fact in found.in_title) or (
        bool(found.in_title) and len(found.in_title) + len(found.others) > 1
    )
    return telling and all(article.when >= one.article.when + LATER for one in ran)


def _said(article: Article) -> tuple[str, str, str]:
    return article.title, article.description, article.text


def _marks(article: Article) -> set[str]:
    return {article.id, article.canonical_url or article.url} - {""}


def _recency(ran: Ran) -> tuple[date, str, str]:
    return (ran.day, ran.article.id, ran.words)


def _tells(fact: Fact, today: date, small: Collection[str]) -> bool:
    """Not so: one of anything, a day or a year that has come, what others write in small letters."""
    if isinstance(fact.value, date):
        return fact.value > today
    if isinstance(fact.value, float):
        begun = re.fullmatch(r"(?:19|20)\d\d", fact.words) and fact.value <= today.year
        return fact.value > 1 and not begun
    return not all(folded(word) in small for word in fact.value.split())


def _first_words(text: str) -> str:
    match = re.match(rf"\s*(?:\S+\s+){{0,{OPENING - 1}}}\S*", text)
    return match[0] if match else ""


def _silent(sayings: Iterable[str]) -> re.Pattern[str]:
    """Finds the names that are no news wherever they stand."""
    wanted = sorted({saying.strip() for saying in sayings if saying.strip()}, key=len, reverse=True)
    return re.compile("|".join(rf"\b{re.escape(each)}\b" for each in wanted) or r"(?!)")
