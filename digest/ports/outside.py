"""Where pages and summaries come from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from digest.errors import FetchError, SummaryError
from digest.model import Fetched, Request, Story, Summary, Unchanged


class Fetcher(Protocol):
    def fetch(
        self, requests: Sequence[Request], *, at: datetime
    ) -> Iterator[tuple[Request, Fetched | Unchanged | FetchError]]:
        """Every request with its answer, in the order in which they come in.

        A failure is an answer, never an exception: one address cannot spoil another.
        """
        ...


class Summarizer(Protocol):
    name: str

    def summarize(
        self, stories: Sequence[Story], *, words: int, at: datetime
    ) -> Iterator[Summary | SummaryError]:
        """An answer for each story, in order: a summary of about *words* words, or why there is none.

        A story that cannot be told is an answer, never an exception: the next summarizer is asked for it.
        """
        ...


class Answers(Protocol):
    """Remembered answers of language models, so that none is asked the same thing twice."""

    def get(self, key: str) -> str | None: ...

    def put(self, key: str, text: str, *, at: datetime) -> None: ...
