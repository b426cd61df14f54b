"""What stores keep of what builds heard."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kit.builders import HOUR, NOW, article
from kit.kept import DAY, EVER, FEED, KEY, PREMISES, STATE, begun

from digest.model import (
    Article,
)
from digest.ports import Store
from digest.stores import open_store
from digest.tapes import Heard, Remembered, Said


def as_of(store: Store, tape: int, *ids: str, since: datetime = EVER.since) -> dict[str, Remembered]:
    found = store.tapes.remembered(tape, [FEED], since=since, ids=ids)
    return {one.article.id: one for one in found}


def test_a_tape_has_what_was_put_on_it(store: Store) -> None:
    tape = begun(store)
    fetched = Heard(
        url=FEED, outcome="fetched", at=NOW, headers={"etag": '"1"'}, sha256=sha256(b"news").hexdigest()
    )
    failed = Heard(url="https://x.example/", outcome="failed", at=NOW, reason="answered 503", status=503)
    said = [Said(story="a1", problem="llm: too late")]

    store.tapes.hear(tape, [(fetched, b"news")])
    store.tapes.hear(tape, [(failed, b"")])
    store.tapes.hear(tape, [])
    store.tapes.end(tape, composed="edition", said=said, code=0, words="", at=NOW)

    [kept] = store.tapes.of(KEY)
    assert (kept.id, kept.code, kept.at) == (tape, 0, NOW)
    assert store.tapes.body(kept.composed) == b"edition"
    assert store.tapes.body("0" * 64) is None
    assert store.tapes.premises(tape) == PREMISES
    assert store.tapes.heard(tape) == [fetched, failed]
    assert store.tapes.body(fetched.sha256) == b"news"
    assert store.tapes.said(tape) == said


@pytest.mark.slow
def test_articles_are_as_they_were_when_a_tape_began(store: Store) -> None:
    """Whatever came, changed and was read since, once or several times, with tapes in between."""
    store.feeds.keep(STATE, [article(id="old", text="first", feed_url=FEED)])
    first = begun(store)
    one = article(id="old", text="second", feed_url=FEED)
    store.feeds.keep(STATE, [one, article(id="new", feed_url=FEED)])
    store.feeds.read([(one, replace(one, text="page"))])
    store.feeds.keep(STATE, [replace(one, text="third")])
    second = begun(store, NOW + HOUR)
    store.feeds.keep(STATE, [replace(one, text="fourth"), article(id="newer", feed_url=FEED)])
    store.feeds.read([(one, replace(one, text="page again"))])
    third = begun(store, NOW + 2 * HOUR)

    found = [as_of(store, tape) for tape in (first, second, third)]

    assert [set(each) for each in found] == [{"old"}, {"old", "new"}, {"old", "new", "newer"}]
    assert [each["old"].article.text for each in found] == ["first", "third", "fourth"]
    pages = [each["old"].page for each in found]
    assert [page and page[1].text for page in pages] == [None, "page", "page again"]
    assert store.feeds.find(["old"])["old"][1].text == "page again"


def test_what_is_old_comes_without_its_texts_unless_it_is_asked_for(store: Store) -> None:
    store.feeds.keep(STATE, [article(id=id_, text="words", feed_url=FEED) for id_ in ("a", "b")])
    tape = begun(store)

    found = as_of(store, tape, "b", since=NOW + DAY)

    assert (found["a"].article.text, found["b"].article.text) == ("", "words")
    assert set(as_of(store, tape)) == {"a", "b"}
    only = store.tapes.remembered(tape, [], since=EVER.since, ids=["a"])
    assert {one.article.id for one in only} == {"a", "b"}  # its whole feed: others may be known by their page


@pytest.mark.slow
def test_old_tapes_are_forgotten_with_what_only_they_had(store: Store) -> None:
    heard = Heard(url=FEED, outcome="fetched", at=NOW, sha256=sha256(b"old").hexdigest())
    again = Heard(url=FEED, outcome="fetched", at=NOW, sha256=sha256(b"both").hexdigest())
    first = begun(store)
    store.tapes.hear(first, [(heard, b"old"), (again, b"both")])
    store.feeds.keep(STATE, [article(id="a", feed_url=FEED)])
    second = begun(store, NOW + DAY)
    store.tapes.hear(second, [(replace(again, at=NOW + DAY), b"both")])

    assert store.tapes.prune(NOW) == 0
    assert store.tapes.prune(NOW + HOUR) == 1

    assert [tape.id for tape in store.tapes.of(KEY)] == [second]
    assert store.tapes.body(heard.sha256) is None
    assert store.tapes.body(again.sha256) == b"both"
    assert store.tapes.premises(second) == PREMISES
    assert set(as_of(store, second)) == {"a"}
    assert store.tapes.prune(NOW + 2 * DAY) == 1
    assert store.tapes.body(again.sha256) is None


@pytest.mark.slow
@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("keep"), st.sampled_from("abc"), st.integers(0, 3)),
            st.tuples(st.just("read"), st.sampled_from("abc"), st.integers(0, 3)),
            st.tuples(st.just("tape"), st.just(""), st.just(0)),
        ),
        max_size=14,
    )
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_past_can_be_read_backwards(
    made: Path, tmp_path: Path, steps: list[tuple[str, str, int]]
) -> None:
    """Against the simplest way: a whole copy whenever a tape begins."""
    shutil.copy(made, tmp_path / "digest.db")
    for leftover in ("digest.db-wal", "digest.db-shm"):
        (tmp_path / leftover).unlink(missing_ok=True)
    store = open_store("sqlite:///digest.db", project=tmp_path)
    copies: dict[int, dict[str, tuple[Article, Article]]] = {}
    for what, id_, number in steps:
        one = article(id=id_, feed_url=FEED, title=f"Title {number}", text=f"{number}")
        if what == "keep":
            store.feeds.keep(STATE, [one])
        elif what == "read":
            store.feeds.read([(one, replace(one, text=f"page {number}"))])
        else:
            copies[begun(store)] = dict(store.feeds.find("abc"))
    for tape, copy in copies.items():
        found = as_of(store, tape, *"abc")
        assert {id_: one.article for id_, one in found.items()} == {
            id_: then for id_, (then, _) in copy.items()
        }
        texts = {id_: (one.page[1] if one.page else one.article).text for id_, one in found.items()}
        assert texts == {id_: read.text for id_, (_, read) in copy.items()}
    store.close()
