"""How whoever speaks in a paragraph is named and asked for."""

from __future__ import annotations

import pytest
from kit.builders import article

from digest.context import answer
from digest.context.paragraphs import Known
from digest.context.speakers import speaker
from digest.model import Span, Story, Summary

IDLE = "The river is brown at this time of year, and two herons stand where the old bridge had its piers."
THEFT = (
    "The man who took copper from the bridge of Springfield was arrested on Friday. Police have said that he "
    "sold nine tons of it."
)


def question(paragraph: str, summary: str) -> str:
    lead = article(
        title="Copper of the bridge is found", text=f"{summary}\n{IDLE}\n{paragraph}", language="en"
    )
    told = Story(lead=lead, section="Nation", score=1.0)
    spans = (Span(article_id=lead.id, start=0, end=len(summary)),)
    found = answer(told, Summary(text=summary, spans=spans, written_by="extractive"))
    return found.question if found else ""


@pytest.mark.parametrize(
    ("summary", "full"),
    [
        ("Bo Salt Jr. spoke.", "Bo Salt Jr."),
        ("Bo Salt, Jr., spoke, and Mr. Salt left.", "Bo Salt, Jr."),
        ("Bo Salt III spoke. Bo Salt left.", "Bo Salt III"),
        ("Bo Salt spoke of Ivy Ek.", "Bo Salt"),
    ],
)
def test_a_name_in_full_has_its_suffix(summary: str, full: str):
    assert Known.of("Salt speaks", summary).in_full("Salt") == full


def test_what_somebody_had_said_before_is_no_reaction():
    before = speaker("On Saturday, in the hall, Bo Salt had dismissed the plan.")
    now = speaker("On Monday, in the hall, Bo Salt dismissed the plan.")

    assert before is not None
    assert now is not None
    assert (before.verb, now.verb) == ("said", "dismissed")


def test_whose_words_the_summary_has_is_asked_what_else():
    words = (
        "“The man drove a van over the bridge without lights, and nobody saw him for weeks,” said Sgt. Ada "
        "Berg, a police spokeswoman. “We ask whoever bought copper of it from a man with a van to call "
        "us in Springfield, and to keep what he sold them in a dry place.”"
    )

    assert question(words, THEFT) == "What else have police said?"
