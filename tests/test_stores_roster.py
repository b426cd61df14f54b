"""Who is at what, in every store, and what is forgotten."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date

import pytest
from kit.builders import HOUR, NOW, article
from kit.kept import DAY, EVER, FEED, KEY, STATE

from digest.model import (
    Duty,
    Run,
    Stage,
    Watch,
)
from digest.ports import Store


def test_a_duty_is_one_owners_until_it_is_left(store: Store) -> None:
    with store.roster.owned() as one, store.roster.owned() as other:
        fresh = store.roster.take(KEY, Stage.BUILD, owner=one, at=NOW)

        assert fresh == Duty(key=KEY, stage=Stage.BUILD, settled=False, at=NOW, tries=0, code=0, words="")
        assert store.roster.take(KEY, Stage.BUILD, owner=other, at=NOW) is None
        [begun] = store.roster.duties(KEY.newsletter, since=KEY.day)
        assert (begun.settled, begun.tries, begun.code, begun.words) == (
            False,
            1,
            75,
            "begun, and not ended",
        )
        assert begun.begun
        done = replace(begun, settled=True, code=0, words="6 items", begun=False)
        store.roster.leave(done, owner=other)
        assert store.roster.duties(KEY.newsletter, since=KEY.day) == [begun]
        store.roster.leave(done, owner=one)
        assert store.roster.duties(KEY.newsletter, since=KEY.day) == [done]
        assert store.roster.take(KEY, Stage.BUILD, owner=other, at=NOW + HOUR) == done
        assert store.roster.take(KEY, Stage.SEND, owner=one, at=NOW) is not None


def test_what_a_dead_one_was_at_is_free(store: Store) -> None:
    with store.roster.owned() as dead:
        store.roster.take(KEY, Stage.SEND, owner=dead, at=NOW)

    with store.roster.owned() as heir:
        before = store.roster.take(KEY, Stage.SEND, owner=heir, at=NOW + HOUR)
        store.roster.leave(replace(before or NOBODY, words="the dead one's"), owner=dead)
        [held] = store.roster.duties(KEY.newsletter, since=KEY.day)

    assert before is not None
    assert (before.settled, before.tries) == (False, 1)
    assert (held.tries, held.at, held.words) == (2, NOW + HOUR, "begun, and not ended")


NOBODY = Duty(key=KEY, stage=Stage.SEND, settled=False, at=NOW, tries=0, code=0, words="")


def test_of_many_at_once_one_has_the_duty(store: Store) -> None:
    won: list[str] = []

    def take() -> None:
        with store.roster.owned() as owner:
            if store.roster.take(KEY, Stage.SEND, owner=owner, at=NOW) is not None:
                won.append(owner)
            barrier.wait(timeout=60)

    barrier = threading.Barrier(5)
    threads = [threading.Thread(target=take) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(won) == 1


def test_it_is_known_since_when_and_when_last_a_newsletter_was_minded(store: Store) -> None:
    first = store.roster.watch("the-example", at=NOW)
    second = store.roster.watch("the-example", at=NOW + HOUR)
    third = store.roster.watch("the-example", at=NOW + 2 * HOUR)
    anew = store.roster.watch("the-example", at=NOW + 3 * HOUR, anew=True)

    assert first == second == Watch(since=NOW, last=NOW)
    assert third == Watch(since=NOW, last=NOW + HOUR)
    assert anew == Watch(since=NOW + 3 * HOUR, last=NOW + 3 * HOUR)
    assert store.roster.watch("another", at=NOW) == Watch(since=NOW, last=NOW)


@pytest.mark.slow
def test_what_is_old_is_forgotten_and_what_matters_is_not(store: Store) -> None:
    old, young = NOW - 400 * DAY, NOW - 30 * DAY
    first = article(id="old", published=old, first_seen=old, text="Long.", description="Long, too.")
    second = article(id="young", published=young, first_seen=young, text="Long.", url="https://example.com/2")
    store.feeds.keep(STATE, [first, second])
    store.feeds.read([(first, replace(first, text="The page."))])
    store.answers.put("old", "an answer", at=old)
    store.answers.put("young", "an answer", at=young)
    for at in (old, young):
        store.journal.note(Run(newsletter=KEY.newsletter, day=KEY.day, stage="send", at=at, code=0, words=""))
        with store.roster.owned() as owner:
            store.roster.take(replace(KEY, day=at.date()), Stage.SEND, owner=owner, at=at)
    long_ago = replace(KEY, day=old.date())
    store.ledger.claim(long_ago, [("s1", "<1@example.org>")], sha256="", at=old)

    forgotten = store.prune(before=NOW - 365 * DAY)

    kept = {one.id: one for one in store.feeds.articles([FEED], EVER)}
    assert forgotten == 2
    assert kept == {
        "old": replace(first, text="", description="", enclosures=(), image=None),
        "young": second,
    }
    assert store.feeds.known(FEED).ids == {"old", "young"}, "its feed may still have it: it is not new"
    assert store.feeds.pages([first]) == {}
    assert (store.answers.get("old"), store.answers.get("young")) == (None, "an answer")
    assert [run.at for run in store.journal.latest(KEY.newsletter)] == [young]
    assert [duty.at for duty in store.roster.duties(KEY.newsletter, since=date(2000, 1, 1))] == [young]
    assert store.ledger.tally(long_ago).total == 1
    assert store.prune(before=NOW - 365 * DAY) == 0
