"""Bylines in the forms that newsrooms give them, in feeds and on pages."""

from __future__ import annotations

from time import process_time

import pytest

from digest.parsing.people import names
from digest.words.bylines import split_authors

FORMS = [
    ("By Ana Post and Bo Press", ["Ana Post", "Bo Press"]),
    ("Ana Sá and Associated Press", ["Ana Sá"]),
    ("José Ortega y Gasset", ["José Ortega y Gasset"]),
    ("Ruby Tuesday", ["Ruby Tuesday"]),
    ("By Von Miller", ["Von Miller"]),
    ("Von Ana Sá und Bo Ek", ["Ana Sá", "Bo Ek"]),
    ("Ana Sá - Wednesday Addams", ["Ana Sá", "Wednesday Addams"]),
    ("By Ana Sá, Monday", ["Ana Sá"]),
    ("By Ana Sá | Monday, May 4, 2026", ["Ana Sá"]),
    ("By Ana Sá on Monday", ["Ana Sá"]),
    ("Cy Guest and Di Null", ["Cy Guest", "Di Null"]),
    ("By Ana Sá, Bo Ek and Cy Oduya / Photos by Di Roe", ["Ana Sá", "Bo Ek", "Cy Oduya"]),
    ("Words by Ana Sá; photos by Bo Ek", ["Ana Sá"]),
    ("Story by Ana Sá | Photos by Bo Ek", ["Ana Sá"]),
    ("Story by Ana Sá Photos by Bo Ek", ["Ana Sá"]),
    ("Text: Ana Sá Fotos: Bo Ek", ["Ana Sá"]),
    ("Reporting by Ana Sá; Editing by Bo Ek", ["Ana Sá"]),
    ("Updated by Ana Sá", ["Ana Sá"]),
    ("By Ana Sá | Special to the Echo", ["Ana Sá"]),
    ("By Ana Sá • asa@example.org", ["Ana Sá"]),
    ("By Ana Sá asa@example.org", ["Ana Sá"]),
    ("By Ana Sá | asa@example.org | Salt River Echo", ["Ana Sá"]),
    ("Ana Sá @anasa", ["Ana Sá"]),
    ("By ANA SÁ and BO EK, Associated Press", ["Ana Sá", "Bo Ek"]),
    ("By ANA SÁ The Associated Press", ["Ana Sá"]),
    ("Ana Sá - BBC News", ["Ana Sá"]),
    ("Ana Sá in Berlin and Bo Ek in Paris", ["Ana Sá", "Bo Ek"]),
    ("Ana Sá for the Echo", ["Ana Sá"]),
    ("By Ana Sá of the Salt River Echo", ["Ana Sá"]),
    ("By Ana Sá (Salt River Echo)", ["Ana Sá"]),
    ("Ana Sá, Echo Business Editor", ["Ana Sá"]),
    ("Ana Sá, Environment correspondent in Springfield", ["Ana Sá"]),
    ("By Ana Sá, Staff Writer, and Bo Ek, Staff Writer", ["Ana Sá", "Bo Ek"]),
    ("By Ana Sá and Bo Ek Staff Reporters", ["Ana Sá", "Bo Ek"]),
    ("Ana Sá Senior Political Correspondent", ["Ana Sá"]),
    ("By Ana Sá with Bo Ek", ["Ana Sá", "Bo Ek"]),
    ("By Ana Sá and Agencies", ["Ana Sá"]),
    ("Ludwig van der Ek in Bonn", ["Ludwig van der Ek"]),
    ("Ana Sá, BBC Sport, Springfield", ["Ana Sá"]),
    ("Ana Sá, Associate Professor of Law, Alder University", ["Ana Sá"]),
    ("By Ana Sá CNN Business", ["Ana Sá"]),
    ("By Ana Sá, Data by Bo Ek", ["Ana Sá"]),
    ("Ana Sá / AFP", ["Ana Sá"]),
    ("Ana Sá | 22.11.2026", ["Ana Sá"]),
    ("By Ana Sá Published: Nov. 22", ["Ana Sá"]),
    ("Ana Sá Jr.", ["Ana Sá Jr."]),
    ("Guest Author: Ana Sá", ["Ana Sá"]),
    ("Editorial Board", []),
    ("Web Desk", []),
    ("Redacción", []),
    ("Dr. Ana Sá", ["Dr. Ana Sá"]),
    ("Friends of the Earth", ["Friends of the Earth"]),
    ("Institute for Fiscal Studies", ["Institute for Fiscal Studies"]),
    ("The Associated Press", ["The Associated Press"]),
]


@pytest.mark.parametrize(("byline", "people"), FORMS)
def test_a_page_names_whoever_wrote_it(byline: str, people: list[str]) -> None:
    assert list(split_authors(byline)) == people


@pytest.mark.parametrize(("byline", "people"), FORMS)
def test_a_feed_does_so_too(byline: str, people: list[str]) -> None:
    assert list(names([byline])) == people


@pytest.mark.parametrize("byline", ["Salt River Echo", "By Salt River Echo", "Salt River Echo Staff"])
def test_an_outlets_staff_is_the_outlet(byline: str) -> None:
    assert names([byline], outlet="Salt River Echo") == ()


@pytest.mark.parametrize(
    ("byline", "people"),
    [("김민지 기자", ["김민지"]), ("记者 李明", ["李明"]), ("Por Ana Sá, corresponsal", ["Ana Sá"])],
)
def test_roles_have_a_word_in_every_language(byline: str, people: list[str]) -> None:
    assert list(split_authors(byline)) == people


@pytest.mark.parametrize("piece", [", ", "a@", "Ana ", "by ", "Ana Sá, x / ", "photos by "])
def test_an_endless_byline_takes_no_time(piece: str) -> None:
    before = process_time()
    list(split_authors(piece * 100_000))
    names([piece * 100_000])

    assert process_time() - before < 1


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Santiago Ramón y Cajal, Ana Sá", ["Santiago Ramón y Cajal", "Ana Sá"]),
        ("Ana Sá y Bo Ek", ["Ana Sá", "Bo Ek"]),
        ("Ana Sá e Bo Ek", ["Ana Sá", "Bo Ek"]),
        ("Sá, Ana", ["Sá, Ana"]),
        ("Sá, Ana; Ek, Bo", ["Sá, Ana", "Ek, Bo"]),
        ("Bo Ek, Jr. and Ana Sá", ["Bo Ek, Jr.", "Ana Sá"]),
        ("By Sunday Night", []),
        ("Guest User", []),
    ],
)
def test_what_parts_two_names_may_stand_within_one(said: str, expected: list[str]) -> None:
    assert list(split_authors(said)) == expected
