"""try: what would be made of a page or a feed, before anyone adds it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from digest.cli.session import Session, json_option, now_option, say, say_json

if TYPE_CHECKING:
    from digest.model import Article, Fetched, Image


@click.command("try")
@click.argument("sources", nargs=-1, required=True, metavar="URL|FILE...")
@click.option("--base", default="", metavar="URL", help="Address to resolve a file's relative links against.")
@click.option("--words", default=60, show_default=True, help="About how many words a summary may have.")
@click.option("--allow-private", is_flag=True, help="Allow private addresses.")
@now_option
@json_option
def try_(
    sources: tuple[str, ...], base: str, words: int, allow_private: bool, now: datetime, as_json: bool
) -> None:
    """Show what would be made of a page or a feed.

    With --json, one line of JSON for each.
    """
    session = Session(project=Path(), now=now, as_json=as_json)
    failed = 0
    for source, got in _contents(sources, base, allow_private, now):
        answer = {
            "source": source,
            **({"problem": str(got)} if isinstance(got, Exception) else _made(got, words, now)),
        }
        failed += "problem" in answer
        if as_json:
            say_json(answer)
        else:
            say("\n".join(_lines(answer)) + "\n")
    if not as_json:
        session.done(f"{len(sources)} tried, {failed} failed", code=1 if failed else 0)
    elif failed:
        raise SystemExit(1)


def _contents(
    sources: tuple[str, ...], base: str, allow_private: bool, now: datetime
) -> Iterator[tuple[str, Fetched | Exception]]:
    """Each source in order; all addresses are fetched at once."""
    from digest.errors import FetchError
    from digest.fetching import HttpFetcher
    from digest.model import Request, Unchanged
    from digest.settings import FetchingSettings

    requests = [Request(url=url, allow_private=allow_private) for url in sources if "://" in url]
    answers: dict[str, Fetched | Exception] = {}
    if requests:
        with HttpFetcher(FetchingSettings()) as fetcher:
            for request, answer in fetcher.fetch(requests, at=now):
                problem = FetchError(request.url, "has no content")
                answers[request.url] = problem if isinstance(answer, Unchanged) else answer
    for source in sources:
        yield source, answers[source] if source in answers else _file(source, base, now)


def _file(source: str, base: str, now: datetime) -> Fetched | Exception:
    from hashlib import sha256

    from digest.errors import FetchError
    from digest.model import Fetched

    try:
        body = Path(source).read_bytes()
    except OSError as exc:
        return FetchError(source, f"cannot be read: {exc.strerror}")
    return Fetched(url=base, final_url=base, body=body, body_sha256=sha256(body).hexdigest(), at=now)


def _made(fetched: Fetched, words: int, now: datetime) -> dict[str, Any]:
    """A feed's articles, or a page's text and blurb."""
    from digest import parsing
    from digest.errors import ParseError
    from digest.settings import Feed

    try:
        parsed = parsing.parse(
            fetched.body,
            feed=Feed(url=fetched.url or "file:"),
            content_type=fetched.headers.get("content-type", ""),
            location=fetched.final_url,
            identity="",
            at=now,
        )
    except ParseError as exc:
        if b"<html" not in fetched.body[:4096].lower() and b"<body" not in fetched.body[:65536].lower():
            return {"problem": exc.reason}
        return {"type": "page", **_page(fetched, words, now)}
    return {
        "type": "feed",
        "title": parsed.title,
        "language": parsed.language,
        "identity": parsed.identity,
        "articles": [_article(article) for article in parsed.articles],
        "left_out": list(parsed.left_out),
    }


def _page(fetched: Fetched, words: int, now: datetime) -> dict[str, Any]:
    from digest import extraction
    from digest.errors import SummaryError
    from digest.model import Article, Story
    from digest.pipeline.draft.summarizing import summarize
    from digest.settings import ExtractiveSettings
    from digest.summarizers import open_summarizers
    from digest.words import wording

    empty = Article(id="page", feed_url="", outlet="", url=fetched.final_url, title="", first_seen=now)
    article = extraction.read(empty, fetched)
    made: dict[str, Any] = {**_article(article), "text": article.text}
    headline, update = "", False
    if article.title:
        headline, update = wording.headline(article.title, article.outlet, text=article.text)
    made |= {"headline": headline, "update": update, "byline": wording.byline(article.authors)}
    story = Story(lead=article, section="", score=0)
    [summary] = summarize([story], open_summarizers(ExtractiveSettings(words=words)), words=words, at=now)
    if isinstance(summary, SummaryError):
        return made | {"no_summary": str(summary)}
    spans = [[span.start, span.end] for span in summary.spans]
    return made | {"summary": summary.text, "spans": spans, "written_by": summary.written_by}


def _article(article: Article) -> dict[str, Any]:
    return {
        "id": article.id,
        "title": article.title,
        "url": article.url,
        "canonical_url": article.canonical_url,
        "authors": list(article.authors),
        "published": article.published.isoformat() if article.published else None,
        "language": article.language,
        "kind": str(article.kind),
        "description": article.description,
        "paywalled": article.paywalled,
        "image": _image(article.image),
        "categories": list(article.categories),
    }


def _image(image: Image | None) -> dict[str, Any] | None:
    if image is None:
        return None
    return {"url": image.url, "alt": image.alt, "caption": image.caption, "credit": image.credit}


def _lines(answer: dict[str, Any]) -> Iterator[str]:
    yield answer["source"]
    if "problem" in answer:
        yield f"  problem: {answer['problem']}"
    elif answer["type"] == "feed":
        count = len(answer["articles"])
        yield f"  feed “{answer['title']}”, {count} articles, told apart by {answer['identity']}"
        for article in answer["articles"]:
            yield f"  - {article['published'] or 'no date'}  {article['title']}"
            yield f"    {article['url'] or 'no link'}"
        yield from (f"  left out: {line}" for line in answer["left_out"])
    else:
        yield f"  page “{answer['headline']}” {answer['byline']}".rstrip()
        yield f"  {answer.get('summary') or answer.get('no_summary', '')}"
        credit = (answer["image"] or {}).get("credit")
        picture = answer["image"]["url"] if answer["image"] else "none"
        yield f"  picture: {picture} ({credit or 'no credit'})"
        yield f"  {len(answer['text'])} characters of text; {'paywalled' if answer['paywalled'] else 'free'}"
