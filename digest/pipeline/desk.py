"""What a run of the line works with: every port, in one place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from digest import editions
from digest.errors import EditionError
from digest.model import Edition, EditionKey, EditionRecord, Selection
from digest.ports import EditionFiles, Fetcher, Progress, Step, Store, Summarizer
from digest.settings import BouncesSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """What is kept of each build, besides what it hears."""

    #: The newsletter's settings, as ``config.portable`` writes them, and what they take from the environment.
    settings: str
    environment: Mapping[str, str] = field(repr=False)
    #: How long it is kept.
    days: int


def silent(step: Step) -> None:
    """A ``Progress`` that tells nobody."""


def unheard(_: Selection) -> None:
    """For whoever asks for no reasons."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    store: Store
    files: EditionFiles
    fetcher: Fetcher
    #: Each story is offered to them in turn until one has a summary.
    summarizers: Sequence[Summarizer]
    progress: Progress = silent
    #: Hears what was chosen from, also on a day that ends without an edition.
    chosen: Callable[[Selection], object] = unheard
    #: How a build is recorded, so that it can be made again; None: it is not.
    recording: Callable[[], Recording] | None = None
    #: When readers who get no mail are given up.
    bounces: BouncesSettings = field(default_factory=BouncesSettings)


def composed_edition(record: EditionRecord) -> Edition:
    """The edition as it was composed, whatever became of its file."""
    return editions.parse(record.composed, source=str(record.key), key=record.key)


def read_edition(key: EditionKey, files: EditionFiles) -> Edition:
    """The edition as its file says.

    Raises:
        EditionError: There is no file, or it is wrong: nothing may be sent.
    """
    text = files.read(key)
    if text is None:
        raise EditionError(
            files.path(key),
            f"there is no such edition; make it with: digest build {key.newsletter} --date {key.day}",
        )
    return editions.parse(text, source=files.path(key), key=key)
