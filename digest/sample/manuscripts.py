"""The sample's articles, in ``articles/``: TOML between ``+++`` lines, then the text.

Paragraphs are parted by empty lines; one that is wholly in ``**`` is a question of an interview. Days
are written as ``{weekday}``, the day on which the article appears, or ``{weekday-1}``, ``{weekday+3}``;
months as ``{month}`` or ``{month-2}``. So the sample is always of today.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

WEEKDAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
}
MONTHS = {
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    "fr": (
        *("janvier", "février", "mars", "avril", "mai", "juin"),
        *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
    ),
}

_FOLDER = Path(__file__).parent
_PLACEHOLDER = re.compile(r"\{(weekday|month)([+-]\d+)?\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    slug: str
    title: str
    tagline: str
    feed: Literal["rss", "atom", "json"]
    #: What an entry of the feed holds: the whole text, or the description only.
    content: Literal["full", "excerpt"]
    #: Which of the templates its pages are made with.
    design: Literal["wire", "paper", "review"]
    accent: str

    @property
    def feed_path(self) -> str:
        return f"/{self.slug}/feed.{'json' if self.feed == 'json' else 'xml'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    #: A scene and a light that ``pictures.draw`` knows.
    scene: str
    light: str
    caption: str
    credit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manuscript:
    """One article of the sample."""

    slug: str
    outlet: str
    title: str
    authors: tuple[str, ...]
    section: str
    description: str
    #: Before the cutoff of the edition; below 0 it is dated ahead. None: the publisher gives no date.
    hours_before: float | None = None
    kind: str = "report"
    language: str = "en"
    #: Articles with the same word tell of the same event.
    event: str = ""
    #: What this article is in the sample for.
    traits: tuple[str, ...] = ()
    paywalled: bool = False
    #: The feed's link has tracking parameters.
    tracking: bool = False
    #: The manuscript whose text this one repeats, word for word.
    same_text_as: str = ""
    picture: Picture | None = None
    #: "00:34:20" for a podcast.
    duration: str = ""
    text: str = field(repr=False)

    @property
    def paragraphs(self) -> tuple[str, ...]:
        return tuple(self.text.split("\n\n"))

    @property
    def audio_path(self) -> str:
        return f"/{self.outlet}/audio/{self.slug}.wav" if self.duration else ""

    @property
    def picture_path(self) -> str:
        return f"/pictures/{self.slug}.png" if self.picture else ""

    def moment(self, now: datetime) -> datetime:
        """When it appears, for an edition whose cutoff is *now*; undated ones appear with it."""
        return now - timedelta(hours=self.hours_before or 0)

    def path(self, now: datetime) -> str:
        dated = "" if self.hours_before is None else f"{self.moment(now):%Y/%m/%d}/"
        return f"/{self.outlet}/{dated}{self.slug}"


def load_outlets() -> Mapping[str, Outlet]:
    """The outlets by slug, in the order of their file."""
    tables = tomllib.loads((_FOLDER / "outlets.toml").read_text(encoding="utf-8"))
    return {slug: Outlet(slug=slug, **table) for slug, table in tables.items()}


def load_manuscripts(now: datetime) -> tuple[Manuscript, ...]:
    """All articles with the days' and months' names of *now* filled in, latest first, undated ones last."""
    paths = sorted((_FOLDER / "articles").glob("*.md"))
    dated = [_filled(_parse(path.stem, path.read_text(encoding="utf-8")), now) for path in paths]
    by_slug = {manuscript.slug: manuscript for manuscript in dated}
    whole = (replace(one, text=by_slug[one.same_text_as].text) if one.same_text_as else one for one in dated)
    return tuple(sorted(whole, key=lambda one: (one.hours_before is None, one.hours_before or 0, one.slug)))


def _parse(slug: str, content: str) -> Manuscript:
    _, head, text = content.split("+++\n", 2)
    table: dict[str, Any] = tomllib.loads(head)
    picture = table.pop("picture", None)
    audio = table.pop("audio", {})
    table["authors"] = tuple(table["authors"])
    table["traits"] = tuple(table["traits"])
    return Manuscript(
        slug=slug,
        picture=Picture(**picture) if picture else None,
        duration=audio.get("duration", ""),
        text=text.strip(),
        **table,
    )


def _filled(manuscript: Manuscript, now: datetime) -> Manuscript:
    appears, language = manuscript.moment(now), manuscript.language

    def name(match: re.Match[str]) -> str:
        offset = int(match[2] or 0)
        if match[1] == "weekday":
            return WEEKDAYS[language][(appears.weekday() + offset) % 7]
        return MONTHS[language][(appears.month - 1 + offset) % 12]

    return replace(manuscript, text=_PLACEHOLDER.sub(name, manuscript.text))
