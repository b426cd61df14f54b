"""What the last editions ran, as today's is told it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from kit.builders import NOW, newsletter
from kit.kept import KEY, deliver, record

from digest import editions
from digest.model import Blurb, Edition, EditionKey, Outcome, Window
from digest.pipeline import Desk
from digest.pipeline.recalling import recall
from digest.ports import Store
from digest.stores.files import DiskEditionFiles

DAY = timedelta(days=1)


def run(store: Store, days_ago: int) -> None:
    """The edition of that day, with one item, went out."""
    key = EditionKey(newsletter=KEY.newsletter, day=KEY.day - days_ago * DAY)
    until = NOW - days_ago * DAY
    item = Blurb(
        id=f"b{days_ago}",
        section="World",
        headline=f"News of {days_ago} days ago",
        summary="It was close.",
        outlet="Example Times",
        url=f"https://example.com/{days_ago}",
    )
    edition = Edition(
        key=key,
        number=1,
        window=Window(since=until - DAY, until=until),
        subject=item.headline,
        preheader="And what comes of it",
        blurbs=(item,),
    )
    text = editions.write(edition, newsletter())
    store.editions.save(record(key.day, window=edition.window, composed=text, provenance={}))
    deliver(store, key, Outcome.SENT)


def desk(store: Store, folder: Path) -> Desk:
    nobody = cast("Any", None)  # is asked for a page
    return Desk(store=store, files=DiskEditionFiles(folder), fetcher=nobody, summarizers=())


@pytest.mark.slow
def test_a_week_of_editions_is_looked_back_on(store: Store, tmp_path: Path) -> None:
    for days_ago in range(1, 9):
        run(store, days_ago)

    past = recall(newsletter(), KEY, desk(store, tmp_path))

    assert [ran.article.id for ran in past.ran] == ["b1", "b2", "b3", "b4", "b5"]
    assert past.window == Window(since=NOW - 2 * DAY, until=NOW - DAY)
    assert past.since == NOW - 6 * DAY
    assert past.last is not None
    assert past.last.subject == "News of 1 days ago"


def test_before_the_first_edition_there_is_nothing_to_look_back_on(store: Store, tmp_path: Path) -> None:
    past = recall(newsletter(), KEY, desk(store, tmp_path))

    assert (past.window, past.last, past.ran) == (None, None, ())


@pytest.mark.parametrize("text", ["items: [", ""])
def test_an_edition_whose_file_is_broken_is_recalled_as_it_was_composed(
    store: Store, tmp_path: Path, text: str
) -> None:
    run(store, 1)
    day = KEY.day - DAY
    (file := tmp_path / "editions" / KEY.newsletter / f"{day}.yaml").parent.mkdir(parents=True)
    file.write_text(text)

    past = recall(newsletter(), KEY, desk(store, tmp_path))

    assert [ran.article.title for ran in past.ran] == ["News of 1 days ago"]
