"""A newsletter with pages, and editions that were really sent: files, ledger, outbox."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from test_rendering import load

from digest import editions
from digest.model import Edition, EditionKey
from digest.settings import Newsletter
from kit.builders import NOW
from kit.linekit import Project

SETTINGS = """\
[newsletters.the-sift]
title = "The Sift"
timezone = "UTC"
days = "mon-sun"
sections = ["World", "Nation", "Culture"]
web = "https://news.example.org/sift"
from = "The Sift <sift@example.org>"
postal_address = "12 Station Road, Springfield"

[[newsletters.the-sift.feeds]]
url = "https://feeds.example.org/rss.xml"
"""

TODAY = NOW.date()
DAY = timedelta(days=1)


def full() -> tuple[Edition, Newsletter]:
    return load(Path(__file__).parents[1] / "data/editions/full.yaml")


def begin(folder: Path, *readers: str) -> Project:
    """A project with those readers, and no edition."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "schedules.toml").write_text(SETTINGS)
    project = Project(folder)
    for reader in readers or ("ada@example.com", "bo@example.net"):
        project.ok("subscribers", "add", "the-sift", reader)
    return project


def lay_down(project: Project, day: date = TODAY, **changes: object) -> Path:
    """The file of that day's edition, as editors would have it."""
    edition, newsletter = full()
    edition = replace(edition, key=EditionKey(newsletter="the-sift", day=day), **changes)
    file = project.folder / "editions/the-sift" / f"{day}.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(editions.write(edition, newsletter), encoding="utf-8")
    return file


def send(project: Project, day: date = TODAY, *words: str) -> None:
    project.ok("send", "--date", str(day), *words, now=at(day))


def at(day: date) -> str:
    return f"{day}T10:00:00+00:00"
