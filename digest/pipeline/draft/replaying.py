"""Replay: an edition made again from its tape, without network, as the machine made it then.

::

    reel_of(tape) -> Reel           what the build knew, heard and was told
    restore                         an empty store is filled with what it knew
    make                            by the very function that made it
    same?                           byte for byte

Neither the editors' file nor anything else in the project is touched: all writes go to that store.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from digest import editions
from digest.errors import FetchError, NothingToDo, SummaryError
from digest.model import (
    CAMPAIGN,
    Correction,
    EditionKey,
    EditionRecord,
    FeedState,
    Outcome,
    Receipt,
    Request,
    Selection,
    Story,
    Summary,
    Window,
)
from digest.pipeline.desk import Desk, unheard
from digest.pipeline.draft.building import make
from digest.pipeline.draft.composing import Composed
from digest.pipeline.draft.relating import ARCHIVE
from digest.pipeline.draft.taping import versions
from digest.ports import Store, Summarizer
from digest.settings import Newsletter
from digest.tapes import Answer, Heard, PastEdition, Reel, Said, Tape, answer_of
from digest.urls import shown

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    reel: Reel
    composed: Composed
    #: Addresses that were requested now, but not then.
    strange: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether it is the edition that was made then, byte for byte."""
        return self.composed.text == self.reel.composed

    @property
    def others(self) -> Mapping[str, tuple[str, str]]:
        """What has another version now than then: (then, now)."""
        then, now = self.reel.premises.versions, versions()
        return {name: (then[name], now.get(name, "none")) for name in then if then[name] != now.get(name)}


def tape_of(key: EditionKey, store: Store, run: int | None = None) -> Tape:
    """The tape of that run, or else of the last build that made the edition, or tried to.

    Raises:
        NothingToDo: There is none.
    """
    tapes = store.tapes.of(key)
    if not tapes:
        raise NothingToDo(
            f"{key}: nothing is kept of its build: it was made elsewhere, or longer ago than replay.days"
        )
    if run is not None:
        found = [tape for tape in tapes if tape.id == run]
        if not found:
            known = ", ".join(str(tape.id) for tape in tapes)
            raise NothingToDo(f"{key}: run {run} is not among its builds that are kept: {known}")
        return found[0]
    return next((tape for tape in tapes if tape.composed), tapes[0])


def reel_of(tape: Tape, store: Store) -> Reel:
    """Everything that belongs to *tape*.

    Raises:
        NothingToDo: A part of it is no longer kept.
    """
    premises, heard = store.tapes.premises(tape.id), store.tapes.heard(tape.id)
    names = {one.sha256 for one in heard if one.sha256} | ({tape.composed} if tape.composed else set())
    bodies = {name: body for name in names if (body := store.tapes.body(name)) is not None}
    if missing := names - set(bodies):
        raise NothingToDo(f"{tape.key}: {len(missing)} of its {len(names)} answers are no longer kept")
    remembered = store.tapes.remembered(
        tape.id,
        [state.url for state in premises.states],
        since=min([tape.at - ARCHIVE, *(one.window.until for one in premises.past)]) - DAY,
        ids=_behind(tape.key, premises.past),
    )
    return Reel(
        tape=tape,
        premises=premises,
        remembered=tuple(remembered),
        heard=heard,
        said=store.tapes.said(tape.id),
        composed=bodies.pop(tape.composed).decode() if tape.composed else "",
        bodies=bodies,
    )


def replay(
    newsletter: Newsletter,
    reel: Reel,
    *,
    empty: Store,
    summarizers: Sequence[Summarizer],
    chosen: Callable[[Selection], object] = unheard,
) -> Replayed:
    """The edition again. *newsletter* is as the reel's settings have it, *empty* a store with nothing in it,
    and *summarizers* those that need no network. *chosen*: as a ``Desk`` has it.

    Raises:
        DigestError: As the build did, or would have: see ``make``.
    """
    key, at = reel.tape.key, reel.tape.at
    restore(reel, empty)
    fetcher = PlayingFetcher(reel.heard, reel.bodies)
    files = FilesInMemory()
    if newsletter.summarizer.kind == "llm":
        summarizers = (SayingSummarizer(reel.said), *summarizers)
    desk = Desk(store=empty, files=files, fetcher=fetcher, summarizers=summarizers, chosen=chosen)
    composed = make(newsletter, key, desk, now=at).composed
    return Replayed(reel=reel, composed=composed, strange=tuple(fetcher.strange))


def restore(reel: Reel, empty: Store) -> None:
    """Put into *empty* what the build found."""
    key, premises = reel.tape.key, reel.premises
    states = {state.url: state for state in premises.states}
    by_feed = defaultdict(list)
    for one in reel.remembered:
        by_feed[one.article.feed_url].append(one.article)
    for url in {**states, **by_feed}:
        empty.feeds.keep(states.get(url, FeedState(url=url)), by_feed.get(url, []))
    empty.feeds.read([one.page for one in reel.remembered if one.page])
    yesterday = EditionKey(newsletter=key.newsletter, day=key.day - DAY)
    for day in {past.day for past in premises.past} | ({yesterday.day} if premises.targets else set()):
        _send(EditionKey(newsletter=key.newsletter, day=day), reel.tape.at, empty)
    for past in premises.past:
        empty.editions.save(_record(key.newsletter, past, reel.tape.at))
    # The number that it had then; the one in its file does not matter.
    present = PastEdition(
        day=key.day, number=premises.number, window=Window(since=reel.tape.at, until=reel.tape.at), text=""
    )
    empty.editions.save(_record(key.newsletter, present, reel.tape.at))
    empty.editions.link(yesterday, premises.targets)
    for place, words in enumerate(premises.corrections):
        # Of an edition that the archive does not have, the text is all that is said.
        at = datetime.fromtimestamp(place, UTC)
        empty.archive.correct(Correction(key=yesterday, item=str(place), text=words, at=at))


def _send(key: EditionKey, at: datetime, store: Store) -> None:
    """Make it count as sent to somebody."""
    store.editions.begin(key, at=at)
    store.ledger.claim(key, [(CAMPAIGN, "<tape@invalid>")], sha256="", at=at)
    store.ledger.record(key, [Receipt(subscriber_id=CAMPAIGN, outcome=Outcome.SENT)], at=at)


def _record(newsletter: str, past: PastEdition, at: datetime) -> EditionRecord:
    return EditionRecord(
        key=EditionKey(newsletter=newsletter, day=past.day),
        number=past.number,
        window=past.window,
        composed=past.text,
        composed_at=at,
        provenance=past.provenance,
    )


def _behind(key: EditionKey, past: Sequence[PastEdition]) -> frozenset[str]:
    """The ids of all articles that those editions rest on."""
    ids: set[str] = set()
    for one in past:
        of_its_own = EditionKey(newsletter=key.newsletter, day=one.day)
        edition = editions.parse(one.text, source=str(of_its_own), key=of_its_own)
        ids.update(blurb.id for blurb in edition.used)
        ids.update(id_ for rests in one.provenance.values() for id_ in rests.articles)
    return frozenset(ids)


class PlayingFetcher:
    """Implements ``ports.Fetcher`` from a tape, in its order."""

    def __init__(self, heard: Sequence[Heard], bodies: Mapping[str, bytes]) -> None:
        self._heard, self._bodies = deque(heard), bodies
        #: What was requested but is not on the tape.
        self.strange: list[str] = []

    def fetch(
        self,
        requests: Sequence[Request],
        *,
        at: datetime,  # noqa: ARG002 - the tape has its own
    ) -> Iterator[tuple[Request, Answer]]:
        waiting: defaultdict[str, deque[Request]] = defaultdict(deque)
        for request in requests:
            waiting[request.url].append(request)
        passed: deque[Heard] = deque()
        while self._heard:
            one = self._heard.popleft()
            if asking := waiting.get(one.url):
                yield asking.popleft(), answer_of(one, self._bodies)
            else:
                passed.append(one)
        self._heard = passed
        for request in (request for asking in waiting.values() for request in asking):
            self.strange.append(shown(request.url))
            yield request, FetchError(shown(request.url), "was not asked for in that run")


class SayingSummarizer:
    """Implements ``ports.Summarizer`` with what a model said then."""

    name = "llm"

    def __init__(self, said: Sequence[Said]) -> None:
        self._said = {one.story: one for one in said}

    def summarize(
        self,
        stories: Sequence[Story],
        *,
        words: int,  # noqa: ARG002 - what was said then was as long
        at: datetime,  # noqa: ARG002
    ) -> Iterator[Summary | SummaryError]:
        for story in stories:
            one = self._said.get(story.lead.id)
            if one is None:
                yield SummaryError("was not asked for it in that run")
            else:
                yield one.summary or SummaryError(one.problem)


class FilesInMemory:
    """Implements ``ports.EditionFiles`` in memory: no file exists, and none is touched."""

    def __init__(self) -> None:
        self._texts: dict[EditionKey, str] = {}
        self._gone_out: dict[EditionKey, int] = {}

    def path(self, key: EditionKey) -> str:
        return f"replay of {key}"

    def read(self, key: EditionKey) -> str | None:
        return self._texts.get(key)

    def write(self, key: EditionKey, text: str, *, over: str | None) -> bool:
        if self.read(key) != over:
            return False
        self._texts[key] = text
        return True

    def gone_out(self, key: EditionKey) -> int | None:
        return self._gone_out.get(key)

    def note_gone_out(self, key: EditionKey, count: int, *, at: datetime) -> None:  # noqa: ARG002 - as the port has it
        self._gone_out[key] = count
