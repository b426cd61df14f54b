"""What a run of the line works with: every port, in one place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from digest.ports import EditionFiles, Fetcher, Progress, Step, Store, Summarizer


def silent(step: Step) -> None:
    """A ``Progress`` that tells nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    store: Store
    files: EditionFiles
    fetcher: Fetcher
    #: Each story is offered to them in turn until one has a summary.
    summarizers: Sequence[Summarizer]
    progress: Progress = silent
