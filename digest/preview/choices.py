"""What an editor can ask about an item: where its words come from, and where else it could lead."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from digest import pipeline, related
from digest.errors import EditionError
from digest.model import Article, Story
from digest.preview.exhibit import Exhibit, View
from digest.words.marks import link


def candidates(exhibit: Exhibit, id_: str) -> dict[str, Any]:
    """Dig-deeper sentences that the item could have instead of its own, the most related first.

    Raises:
        EditionError: There is no such item, or it came from no feed.
    """
    view, app, now = _view(exhibit), exhibit.app(), exhibit.clock()
    found = app.store.feeds.find([id_])
    if id_ not in found:
        raise EditionError(
            str(exhibit.key), f'item "{id_}" did not come from a feed: there is nothing to relate to it'
        )
    story = Story(lead=found[id_][1], section="", score=0)
    archive = pipeline.archive(view.newsletter, app.store, until=view.edition.window.until, now=now)
    others = related.nearby(story, archive, language=view.newsletter.language, now=now)
    items = (*view.edition.blurbs, *view.edition.pending)
    own = next((blurb.dig_deeper for blurb in items if blurb.id == id_), "")
    offered = [_candidate(story, article) for article in (*others, None)]
    # Only the link's address counts: editors change its words.
    return {"candidates": [one for one in offered if link("", one["url"]).removeprefix("[]") not in own]}


def _candidate(story: Story, article: Article | None) -> dict[str, Any]:
    """*article*, or the item's own source."""
    sentence, _ = related.sentence(replace(story, deeper=article))
    target = article or story.lead
    return {
        "sentence": sentence,
        "title": target.title,
        "outlet": target.outlet,
        "url": target.url,
        "kind": str(target.kind),
        "published": target.when.isoformat(),
    }


def sources(exhibit: Exhibit, id_: str) -> dict[str, Any]:
    """The articles that an item's words rest on, with the places that are quoted."""
    view = _view(exhibit)
    known = view.record.provenance.get(id_) if view.record else None
    ids = known.articles if known else (id_,)
    found = exhibit.app().store.feeds.find(ids)
    spans = known.spans if known else ()
    return {
        "sources": [
            {
                "title": article.title,
                "outlet": article.outlet,
                "url": article.url,
                "text": article.text or article.description,
                "spans": [[span.start, span.end] for span in spans if span.article_id == article_id],
            }
            for article_id in ids
            if article_id in found
            for article in [found[article_id][1]]
        ]
    }


def _view(exhibit: Exhibit) -> View:
    if exhibit.view is None:
        raise exhibit.problem or EditionError(str(exhibit.key), "there is no edition yet; compose it first")
    return exhibit.view
