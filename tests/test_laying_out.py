"""What a story in words becomes in the day's file."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from kit.builders import NOW, article, newsletter

from digest.model import Article, Blurb, EditionKey, Image, Story, Summary, Window
from digest.pipeline.draft.laying_out import Told, lay_out, remarks
from digest.pipeline.recalling import Recalled

PICTURE = Image(url="https://example.com/bridge.jpg", credit="Example")


def told(lead: Article, **given: Any) -> Told:
    return Told(
        story=Story(lead=lead, section="World", score=1.0, **given),
        summary=Summary(text="The bridge is open.", written_by="extractive"),
        dig_deeper="",
        target="",
        pending=False,
    )


def laid(item: Told) -> Blurb:
    edition = lay_out(
        [item],
        newsletter(),
        EditionKey(newsletter="the-example", day=NOW.date()),
        number=1,
        window=Window(since=NOW - timedelta(days=1), until=NOW),
        hits=(),
        past=Recalled(),
    )
    [blurb] = edition.blurbs
    return blurb


def picture_of(title: str, image: Image) -> Image:
    """The picture of an item of which the publisher says so much."""
    picture = laid(told(article(title=title, image=image))).image
    assert picture is not None
    return picture


@pytest.mark.parametrize(
    ("alt", "caption", "expected"),
    [
        ("", "", "Bridge is open"),
        ("Bridge is open | Example Times", "", "Bridge is open"),
        ("", "Bridge is open | Example Times.", "Bridge is open"),
        ("A red bridge", "", "A red bridge"),
        ("", "A red bridge", "A red bridge"),
    ],
)
def test_a_picture_is_described_and_never_by_the_name_of_a_site(alt: str, caption: str, expected: str):
    image = Image(url=PICTURE.url, credit=PICTURE.credit, alt=alt, caption=caption)

    assert picture_of("Bridge is open | Example Times", image).alt == expected


def test_a_caption_that_repeats_the_title_is_none():
    image = Image(url=PICTURE.url, credit=PICTURE.credit, caption="Bridge is open | Example Times")

    assert picture_of("Bridge is open | Example Times", image).caption == ""


def test_an_update_is_of_what_readers_had_and_the_publishers_own_is_only_remarked():
    lead = article(title="UPDATE: Bridge falls")

    assert not laid(told(lead)).update
    assert laid(told(lead, update=True)).update
    assert "its publisher’s update" in remarks([told(lead)])[lead.id]
    assert "its publisher’s update" not in remarks([told(lead, update=True)])[lead.id]
