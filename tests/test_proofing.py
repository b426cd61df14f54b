"""An edition held against its record and the articles behind it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from kit.builders import NOW, article, newsletter
from kit.linekit import Project

from digest.model import (
    Blurb,
    Edition,
    EditionKey,
    EditionRecord,
    FeedState,
    Finding,
    Outcome,
    Provenance,
    Receipt,
    Rendered,
    Slotted,
    Window,
)
from digest.pipeline.draft.proofing import proof
from digest.ports import Store
from digest.stores import open_store

KEY = EditionKey(newsletter="the-example", day=NOW.date())
WINDOW = Window(since=NOW - timedelta(days=1), until=NOW)
LEAD = article(
    description="A vote on Harrow Bridge.",
    text="The council voted 7–2 to rebuild Harrow Bridge. “It will stand by May,” Mayor Ana Sá said.",
)
SUMMARY = (
    "The council voted 7–2 to rebuild Harrow Bridge. “It will stand by May,” Mayor Ana Sá said. "
    "The council voted 7–2 to rebuild Harrow Bridge."
)
POSTAL = newsletter().postal_address
RENDERED = Rendered(
    key=KEY,
    subject="",
    html=Slotted(pieces=(f'<body>{POSTAL} <a href="', '">x</a></body>'), slots=("unsubscribe",)),
    text=Slotted(pieces=(f"{POSTAL} ", ""), slots=("unsubscribe",)),
    web="",
    sha256="",
)


def blurb(**changes: Any) -> Blurb:
    plain = Blurb(id=LEAD.id, section="World", headline=LEAD.title, url=LEAD.url, summary=SUMMARY)
    return replace(plain, **changes)


def edition(*blurbs: Blurb, **changes: Any) -> Edition:
    plain = Edition(
        key=KEY, number=1, window=WINDOW, subject="The bridge", preheader="Plus: more", blurbs=blurbs
    )
    return replace(plain, **changes)


# --- against the sources ------------------------------------------------------------------------------


@pytest.fixture
def store(made: Path, tmp_path: Path) -> Iterator[Store]:
    shutil.copy(made, tmp_path)
    opened = open_store("sqlite:///digest.db", project=tmp_path)
    opened.feeds.keep(FeedState(url=LEAD.feed_url), [LEAD])
    yield opened
    opened.close()


def record(**provenance: tuple[str, ...]) -> EditionRecord:
    return EditionRecord(
        key=KEY,
        number=1,
        window=WINDOW,
        composed="",
        composed_at=NOW,
        provenance={id_: Provenance(articles=ids) for id_, ids in provenance.items()},
    )


def findings(store: Store, *blurbs: Blurb, known: EditionRecord | None = None) -> list[Finding]:
    """Without the note on the size."""
    known = known or record(a1=("a1",))
    found = proof(newsletter(), edition(*blurbs), RENDERED, known, store)
    return [finding for finding in found if finding.key != "html"]


@pytest.mark.slow
def test_what_the_sources_say_has_no_finding(store: Store):
    assert findings(store, blurb()) == []


def test_a_draft_whose_number_went_out_with_another_edition_is_to_be_built_again(store: Store):
    tomorrow = EditionKey(newsletter=KEY.newsletter, day=KEY.day + timedelta(days=1))
    store.editions.save(replace(record(), key=tomorrow))
    claimed = [("s1", "<m@example.org>")]
    store.editions.begin(tomorrow, at=NOW)
    with store.ledger.owned() as owner:
        store.ledger.claim(tomorrow, claimed, sha256="", at=NOW, owner=owner)
    store.ledger.record(tomorrow, [Receipt(subscriber_id="s1", outcome=Outcome.SENT)], at=NOW)

    [found] = findings(store, blurb())

    assert (found.level, found.key) == ("warning", "number")
    assert found.words == "another edition went out as number 1: build this one again"


@pytest.mark.slow
def test_a_number_that_no_source_holds_is_an_error_at_its_place(store: Store):
    summary = SUMMARY.replace("7–2", "*9*–2", 1)
    errors = [finding for finding in findings(store, blurb(summary=summary)) if finding.level == "error"]

    assert [(finding.item, finding.key) for finding in errors] == [("a1", "summary")]
    assert "9" in summary[errors[0].start : errors[0].end]


def test_a_quotation_that_nobody_said_is_an_error(store: Store):
    [finding] = findings(store, blurb(summary=SUMMARY.replace("It will stand", "It will fall")))[:1]

    assert finding.level == "error"
    assert "It will fall" in finding.words


@pytest.mark.slow
def test_a_name_that_no_source_holds_is_a_warning_until_it_is_vouched_for(store: Store):
    spoilt = blurb(summary=SUMMARY.replace("Ana Sá", "Olga Brandt"))
    [finding] = (finding for finding in findings(store, spoilt) if finding.level == "warning")

    name = spoilt.summary[finding.start : finding.end]
    assert "Brandt" in name
    vouched = findings(store, replace(spoilt, vouched=(name.upper(),)))
    assert "warning" not in {finding.level for finding in vouched}


@pytest.mark.slow
def test_headline_and_context_are_compared_too(store: Store):
    spoilt = blurb(headline="Council spends 12 million", question="How?", context="It has 35 days.")

    assert {finding.key for finding in findings(store, spoilt) if finding.level == "error"} == {
        "headline",
        "context",
    }


@pytest.mark.slow
def test_every_article_behind_an_item_is_its_source(store: Store):
    rival = article(
        id="b2",
        url="https://example.com/b2",
        canonical_url="https://example.com/b2",
        text="It cost 35 million.",
    )
    store.feeds.keep(FeedState(url=LEAD.feed_url), [LEAD, rival])
    more = blurb(question="How much?", context="It cost 35 million.")

    assert "error" in {finding.level for finding in findings(store, more)}
    assert findings(store, more, known=record(a1=("a1", "b2"))) == []


@pytest.mark.slow
def test_an_article_is_compared_as_its_feed_has_it_and_as_its_page_was_read(store: Store):
    page = replace(LEAD, text="Work takes 18 months.")
    store.feeds.read([(LEAD, page)])

    assert findings(store, blurb(question="How long?", context="Work takes 18 months.")) == []


@pytest.mark.slow
@pytest.mark.parametrize("day", ["Monday", "Nov. 23", "Monday, November 23"])
def test_the_outlet_its_authors_and_the_day_are_no_strangers(store: Store, day: str):
    summary = SUMMARY.replace("Mayor Ana Sá said", f"Mayor Ana Sá told Example Times on {day}")

    levels = {finding.level for finding in findings(store, blurb(summary=summary))}
    assert levels <= {"note"}


@pytest.mark.slow
def test_the_beginning_of_a_sentence_is_not_that_sentence(store: Store):
    page = replace(LEAD, text=f"{LEAD.text}\nThe bridge is 720 metres long.")
    store.feeds.read([(LEAD, page)])

    def levels(context: str) -> set[str]:
        return {finding.level for finding in findings(store, blurb(question="How long?", context=context))}

    assert "error" not in levels("The bridge is 720 metres long.")
    assert "error" in levels("The bridge is 72")


@pytest.mark.slow
def test_an_item_of_the_editors_own_is_a_note_once(store: Store):
    own = blurb(id="mine", headline="Our summer party", summary=f"{SUMMARY} It cost 35 million.")

    [note] = findings(store, own)
    assert (note.level, note.item) == ("note", "mine")
    assert "is your own" in note.words


@pytest.mark.slow
def test_an_item_whose_articles_are_gone_says_so(store: Store):
    [note] = findings(store, blurb(id="old"), known=record(old=("gone",)))

    assert "no longer kept" in note.words


@pytest.mark.slow
def test_an_item_that_was_held_is_compared_with_its_article(store: Store):
    held = blurb(summary=SUMMARY.replace("7–2", "8–2"))

    assert "error" in {finding.level for finding in findings(store, held, known=record())}


@pytest.mark.slow
def test_a_dig_deeper_target_of_the_last_days_is_told_until_the_edition_is_out(store: Store):
    before = replace(KEY, day=KEY.day - timedelta(days=3))
    deeper = blurb(dig_deeper="Read the [report](https://example.com/plans).")
    for number, key in enumerate((before, KEY)):
        store.editions.save(replace(record(), key=key, number=number))
        store.editions.link(key, ["https://example.com/plans"])

    def send(key: EditionKey) -> None:
        store.editions.begin(key, at=NOW)
        store.ledger.claim(key, [("s1", "m1")], sha256="", at=NOW)
        store.ledger.record(key, [Receipt(subscriber_id="s1", outcome=Outcome.SENT)], at=NOW)

    assert findings(store, deeper) == []
    send(before)
    assert [finding.key for finding in findings(store, deeper)] == ["dig_deeper"]
    send(KEY)
    assert findings(store, deeper) == []


@pytest.mark.slow
def test_the_weightiest_comes_first(store: Store):
    spoilt = blurb(url="", summary=SUMMARY.replace("7–2", "8–2"))
    levels = [finding.level for finding in findings(store, spoilt, blurb(id="mine", url="https://x.example"))]

    assert levels == sorted(levels, key=["error", "warning", "note"].index)
    assert set(levels) == {"error", "warning", "note"}


def test_check_fails_on_an_error_and_not_on_a_warning(built: Project):
    clean = built.edition.read_text()

    assert "note: html: " in built.ok("check").stdout
    built.edition.write_text(clean.replace("preheader: ", 'preheader: "" # '))
    warned = built.ok("check").stdout
    assert re.search(r"^warn edition .*: preheader: there is none", warned, re.MULTILINE), warned
    built.edition.write_text(
        clean.replace("    summary: >-\n", "    summary: >-\n      It cost 8,131 pounds.\n", 1)
    )
    result = built.run("check")

    assert result.exit_code == 1
    assert "8,131" in result.stdout, result.stdout
