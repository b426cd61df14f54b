"""The journal and the notices of every store."""

from __future__ import annotations

import multiprocessing
from dataclasses import replace
from datetime import datetime, timedelta
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import pytest
from kit.builders import HOUR, NOW
from kit.kept import DAY, KEY

from digest.model import (
    Notice,
    NoticeKind,
    Run,
)
from digest.ports import Store
from digest.stores import open_store


def test_the_latest_runs_come_newest_first(store: Store) -> None:
    runs = [
        Run(
            newsletter="the-example",
            day=KEY.day,
            stage="build",
            at=NOW + at * HOUR,
            code=0,
            words=f"run {words}",
        )
        for words, at in enumerate([0, 2, 1, 1])
    ]
    for one in (*runs, replace(runs[0], newsletter="another")):
        store.journal.note(one)

    assert [runs[1], runs[3], runs[2], runs[0]] == store.journal.latest("the-example")
    assert [runs[1], runs[3]] == store.journal.latest("the-example", limit=2)


def test_a_models_answer_is_remembered(store: Store) -> None:
    assert store.answers.get("key") is None

    store.answers.put("key", "One answer.", at=NOW)
    store.answers.put("key", "Another answer.", at=NOW)

    assert store.answers.get("key") == "Another answer."


def test_the_secret_is_made_once(url: str, store: Store, tmp_path: Path) -> None:
    secret = store.secret()
    again = open_store(url, project=tmp_path)

    assert len(secret) == 32
    assert secret == store.secret() == again.secret()
    again.close()


def open_and_tell(url: str, project: Path, start: Barrier, found: Any) -> None:
    start.wait(30)
    store = open_store(url, project=project)
    found.put(store.secret())
    store.close()


@pytest.mark.slow
def test_two_processes_make_the_same_tables_and_secret(url: str, tmp_path: Path) -> None:
    (tmp_path / "digest.db").unlink(missing_ok=True)  # SQLite's is made already
    spawn = multiprocessing.get_context("spawn")
    start, found = spawn.Barrier(2), spawn.Queue()
    both = [spawn.Process(target=open_and_tell, args=(url, tmp_path, start, found)) for _ in range(2)]
    for one in both:
        one.start()
    first, second = found.get(timeout=60), found.get(timeout=60)
    for one in both:
        one.join()

    assert first == second


def notice(**given: Any) -> Notice:
    values: dict[str, Any] = {
        "kind": NoticeKind.SENT,
        "newsletter": "the-example",
        "day": KEY.day,
        "headline": "It is out",
        "lines": ("to 4",),
        "at": NOW,
    }
    return Notice(**(values | given))


def test_a_notice_is_claimed_once(store: Store) -> None:
    assert store.notices.claim(notice())
    assert not store.notices.claim(notice(headline="In other words"))
    store.notices.settle(notice())
    assert not store.notices.claim(notice(at=NOW + DAY))

    others: list[dict[str, Any]] = [{"day": None}, {"kind": NoticeKind.MISSED}, {"about": "x"}]
    assert all(store.notices.claim(notice(**other)) for other in others)
    assert not any(store.notices.claim(notice(**other)) for other in others)


def test_a_notice_that_reached_nobody_is_free_again(store: Store) -> None:
    store.notices.claim(notice())
    store.notices.release(notice(), why="the server is away")

    [untold] = store.notices.untold("the-example", now=NOW)
    assert untold == (NoticeKind.SENT, KEY.day, "", "It is out", NOW, "the server is away", ("to 4",))
    assert store.notices.untold("another", now=NOW) == []
    assert store.notices.claim(notice(at=NOW + HOUR))
    store.notices.settle(notice())
    assert store.notices.untold("the-example", now=NOW + DAY) == []


def test_what_was_told_is_not_taken_back(store: Store) -> None:
    store.notices.claim(notice())
    store.notices.settle(notice())
    store.notices.release(notice(), why="too late")

    assert store.notices.untold("the-example", now=NOW) == []
    assert not store.notices.claim(notice())


def test_the_claim_of_a_telling_that_died_is_free_after_a_while(store: Store) -> None:
    store.notices.claim(notice(day=None))

    assert not store.notices.claim(notice(day=None, at=NOW + timedelta(minutes=14)))
    assert store.notices.untold("the-example", now=NOW + timedelta(minutes=14)) == []
    assert len(store.notices.untold("the-example")) == 1
    [untold] = store.notices.untold("the-example", now=NOW + timedelta(minutes=15))
    assert (untold.day, untold.why) == (None, "")
    assert store.notices.claim(notice(day=None, at=NOW + timedelta(minutes=15)))


def test_what_was_told_of_is_open_until_it_recovers(store: Store) -> None:
    def told(kind: NoticeKind, about: str, at: datetime) -> None:
        assert store.notices.claim(notice(kind=kind, about=about, at=at, day=at.date()))
        store.notices.settle(notice(kind=kind, about=about, at=at, day=at.date()))

    told(NoticeKind.FEED_ILL, "one", NOW)
    told(NoticeKind.FEED_ILL, "two", NOW)
    store.notices.claim(notice(kind=NoticeKind.FEED_ILL, about="never told"))
    assert set(store.notices.unanswered("the-example", NoticeKind.FEED_ILL)) == {"one", "two"}
    assert set(store.notices.unanswered("the-example", NoticeKind.TROUBLE)) == set()
    assert set(store.notices.unanswered("another", NoticeKind.FEED_ILL)) == set()

    told(NoticeKind.RECOVERED, "one", NOW + HOUR)
    assert set(store.notices.unanswered("the-example", NoticeKind.FEED_ILL)) == {"two"}
    told(NoticeKind.FEED_ILL, "one", NOW + DAY)
    assert set(store.notices.unanswered("the-example", NoticeKind.FEED_ILL)) == {"one", "two"}
