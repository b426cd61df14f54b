"""Which language an article is in, and whether the newsletter wants it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.words.languages import detect, speaks

ENGLISH = (
    "The council voted on Tuesday to rebuild the old bridge over the river, after two years of debate "
    "about its cost. Work will begin in spring, and the ferry will run for free until the bridge is open."
)
FRENCH = (
    "Le conseil municipal a décidé mardi de reconstruire le vieux pont sur la rivière, après deux ans de "
    "débats sur son coût. Les travaux commenceront au printemps, et le bac sera gratuit jusque-là."
)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (ENGLISH, "en"),
        (FRENCH, "fr"),
        ("Der Bundestag hat am Donnerstag ein neues Gesetz beschlossen", "de"),
        ("El presidente anuncia nuevas medidas contra la inflación", "es"),
        ("Правительство объявило о новых мерах против инфляции", "ru"),
        ("政府は火曜日、物価高に対する新しい経済対策を発表しました。", "ja"),
    ],
)
def test_a_sentence_gives_its_language_away(text: str, language: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize("text", ["", "   ", "Iran", "Macron", "3,000", "🎉🎉🎉", "Eurovision 2026"])
def test_a_few_names_are_in_any_language(text: str) -> None:
    assert detect(text) == ""


def test_capitals_change_nothing() -> None:
    assert detect(ENGLISH.upper()) == "en"


@pytest.mark.parametrize("declared", ["en", "en-GB", "EN_us", "en-Latn-US"])
def test_the_declared_language_counts_whatever_its_region(declared: str) -> None:
    assert speaks(declared, "Iran", {"en"})
    assert not speaks(declared, "Iran", {"fr"})


def test_a_long_text_is_believed_against_its_declaration() -> None:
    assert not speaks("en-US", FRENCH, {"en"})
    assert speaks("en-US", FRENCH, {"fr"})


def test_a_short_text_is_not() -> None:
    assert speaks("en", "Bundestag beschließt neues Gesetz", {"en"})


def test_without_a_declaration_the_text_decides() -> None:
    assert speaks("", ENGLISH, {"en"})
    assert not speaks("", FRENCH, {"en"})


def test_when_unsure_the_article_is_taken() -> None:
    assert speaks("", "Macron, Merz, Meloni", {"en"})


def test_a_list_of_names_is_in_no_language() -> None:
    names = "Macron, Merz, Meloni, Starmer, Sánchez, Tusk"
    many = f"{names}; {names.replace(', ', ' – ')}; {names.replace(', ', ' / ')}; {names}"

    assert detect(names) == ""
    assert speaks("", names, {"en"})
    assert speaks("en", many, {"en"})


def test_a_feed_may_bring_other_languages() -> None:
    assert speaks("fr", FRENCH, ("en", "fr-CA"))
    assert speaks("", FRENCH, ("en", "*"))


def test_norwegian_has_several_tags() -> None:
    assert speaks("nb", "", {"no"})
    assert speaks("no", "", {"nn"})


@given(st.text())
def test_any_text_has_an_answer(text: str) -> None:
    assert isinstance(detect(text), str)
    assert isinstance(speaks("", text + ENGLISH, {"en"}), bool)


def test_half_a_character_is_no_reason_to_stop() -> None:
    assert detect("\ud83d " + ENGLISH + "\x00\n") == "en"
