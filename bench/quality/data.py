"""The material that quality is measured on: files in one folder, none of which come with the project.

::

    pages-news.tar.xz               news pages, each `<id>.html`
    pages-news-truth.jsonl.gz       id, url, body: the page's own text, a paragraph a line
    blurbs.jsonl.gz                 id, set, title, text, refs: an article, and summaries that people wrote
    stories.jsonl.gz                id, set, title, text, story, topic: one label for one story, and one for
                                    what is related to it
"""

from __future__ import annotations

import gzip
import json
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

FILES = ("pages-news.tar.xz", "pages-news-truth.jsonl.gz", "blurbs.jsonl.gz", "stories.jsonl.gz")

_Any = TypeVar("_Any")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    id: str
    url: str
    html: bytes = field(repr=False)
    body: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """An article with the summaries that people wrote of it."""

    id: str
    set: str
    title: str
    text: str = field(repr=False)
    refs: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """An article that tells a *story*; others of the same *topic* are related to it."""

    id: str
    set: str
    title: str
    text: str = field(repr=False)
    story: str
    topic: str


def missing(folder: Path) -> list[str]:
    """The files that *folder* lacks."""
    return [name for name in FILES if not (folder / name).is_file()]


def pages(folder: Path) -> list[Page]:
    found: dict[str, bytes] = {}
    with tarfile.open(folder / "pages-news.tar.xz") as archive:
        for member in archive:
            content = archive.extractfile(member)
            if content is not None:
                found[PurePosixPath(member.name).stem] = content.read()
    return [
        Page(id=row["id"], url=row["url"], html=found[row["id"]], body=row["body"])
        for row in _rows(folder / "pages-news-truth.jsonl.gz")
    ]


def pieces(folder: Path) -> list[Piece]:
    return [
        Piece(id=row["id"], set=row["set"], title=row["title"], text=row["text"], refs=tuple(row["refs"]))
        for row in _rows(folder / "blurbs.jsonl.gz")
    ]


def tellings(folder: Path) -> list[Telling]:
    names = ("id", "set", "title", "text", "story", "topic")
    return [Telling(**{name: row[name] for name in names}) for row in _rows(folder / "stories.jsonl.gz")]


def sample(rows: Sequence[_Any], step: int) -> list[_Any]:
    """Every *step*-th of *rows*, so that each set keeps its share."""
    return list(rows[::step])


def _rows(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]
