"""The project, asked as its pipeline asks it: the only module here that knows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from bench.quality.data import Page, Piece, Telling
from digest import extraction, related
from digest.errors import SummaryError
from digest.model import Article, Fetched, Story
from digest.pipeline.draft.summarizing import summarize
from digest.selection.grouping import same_story
from digest.sentences import split
from digest.settings import ExtractiveSettings
from digest.summarizers import open_summarizers

#: The moment that all articles are of: the material has no times.
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
WORDS = 60


@dataclass(frozen=True, slots=True)
class Made:
    """A blurb by its sentences, and who wrote it; without sentences where nobody could."""

    sentences: tuple[str, ...]
    #: "extractive", "publisher", …, or why there is none.
    written_by: str

    @property
    def text(self) -> str:
        return " ".join(self.sentences)


def read(page: Page) -> Article:
    """What is known of an article whose feed said nothing but its address."""
    bare = Article(id=page.id, feed_url="", outlet="", url=page.url, title="", first_seen=NOW)
    return extraction.read(
        bare,
        Fetched(
            url=page.url,
            final_url=page.url,
            headers={"content-type": "text/html"},
            body=page.html,
            body_sha256=sha256(page.html).hexdigest(),
            at=NOW,
        ),
    )


def blurb(article: Article) -> Made:
    """By the first of the summarizers that has one."""
    story = Story(lead=article, section="", score=0)
    [summary] = summarize([story], open_summarizers(ExtractiveSettings()), words=WORDS, at=NOW)
    if isinstance(summary, SummaryError):
        return Made((), str(summary))
    spans = [(span.start, span.end) for span in summary.spans]
    text = article.text if spans else summary.text
    return Made(tuple(text[start:end] for start, end in spans or split(text)), summary.written_by)


def of_piece(piece: Piece) -> Article:
    return _article(piece.id, piece.title, piece.text)


def of_telling(telling: Telling) -> Article:
    return _article(telling.id, telling.title, telling.text)


def _article(id_: str, title: str, text: str) -> Article:
    return Article(
        id=id_,
        feed_url="https://example.com/feed",
        outlet="Example",
        url=f"https://example.com/{id_}",
        canonical_url=f"https://example.com/{id_}",
        title=title,
        text=text,
        first_seen=NOW,
    )


def groups(tellings: Sequence[Telling]) -> list[list[str]]:
    return [[article.id for article in group] for group in same_story(list(map(of_telling, tellings)))]


def deeper(tellings: Sequence[Telling]) -> Mapping[str, str]:
    """For each id that is answered, the id to dig deeper with: among all, rivals being those of its group."""
    articles = list(map(of_telling, tellings))
    archive = related.Archive(articles)
    found: dict[str, str] = {}
    for group in same_story(articles):
        for lead in group:
            rivals = tuple(article for article in group if article is not lead)
            story = Story(lead=lead, rivals=rivals, section="", score=0)
            target = related.find(story, archive, language="en", used=(), now=NOW)
            if target is not None:
                found[lead.id] = target.id
    return found
