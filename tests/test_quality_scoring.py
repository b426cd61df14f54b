"""The scores and the checklist of `make quality`: known answers, and what holds for any text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.quality.data import missing
from bench.quality.faults import Source, faults, hard
from bench.quality.report import US, Figure, Table
from bench.quality.scoring import (
    Counts,
    added,
    b_cubed,
    longest_common,
    macro_f1,
    pairs,
    rouge,
    shingles,
    tokens,
)
from bench.quality.stemming import stem

TEXT = st.lists(st.sampled_from(["the", "mayor", "opened", "a", "bridge", "on", "monday"])).map(" ".join)
WORDS = st.lists(st.sampled_from("abcd"), max_size=12)


# --- pages --------------------------------------------------------------------------------------------


def test_a_page_is_scored_by_its_shingles_of_four_words():
    counts = shingles("Menu one two three four five", "One two three four five".lower())
    assert counts == Counts(right=2, found=3, wanted=2)


def test_only_the_opening_counts_when_it_is_asked_for():
    assert shingles("a b c d x", "a b c d y", words=4).f1 == 1


def test_a_short_text_is_one_shingle():
    assert shingles("two words", "two words") == Counts(1, 1, 1)


def test_an_empty_page_is_right_when_nothing_was_wanted():
    assert (shingles("", "").f1, shingles("", "some words").f1) == (1, 0)


def test_a_long_page_counts_no_more_than_a_short_one():
    assert macro_f1([Counts(100, 100, 100), Counts(0, 1, 1)]) == 0.5


@pytest.mark.slow
@given(TEXT, TEXT)
def test_shingles_are_within_bounds_and_symmetric(one, other):
    there, back = shingles(one, other), shingles(other, one)
    assert 0 <= there.f1 <= 1
    assert (there.precision, there.recall) == (back.recall, back.precision)
    assert shingles(one, one).f1 == 1


# --- blurbs -------------------------------------------------------------------------------------------


def test_rouge_counts_stemmed_words_and_their_longest_common_run():
    # mayor open bridg / the mayor open the bridg: 3 of 3 and 3 of 5, in the same order
    assert rouge("Mayor opening bridges", ["The mayors opened the bridge."]) == pytest.approx((0.75, 0.75))


def test_rouge_l_minds_the_order():
    assert rouge("dog bites man", ["man bites dog"]) == pytest.approx((1, 1 / 3))


def test_rouge_is_the_mean_over_the_references():
    assert rouge("a dog", ["a dog", "no cat"]) == pytest.approx((0.5, 0.5))


def test_tokens_are_letters_and_digits_without_case():
    assert tokens("The U.S. spent $3.5 million—again!") == [
        "the",
        "u",
        "s",
        "spent",
        "3",
        "5",
        "million",
        "again",
    ]


@pytest.mark.parametrize(
    ("word", "stemmed"),
    [
        ("caresses", "caress"),
        ("ponies", "poni"),
        ("ties", "tie"),
        ("agreed", "agre"),
        ("plastered", "plaster"),
        ("hopping", "hop"),
        ("filing", "file"),
        ("happy", "happi"),
        ("enjoy", "enjoy"),
        ("relational", "relat"),
        ("electrical", "electr"),
        ("adjustment", "adjust"),
        ("probate", "probat"),
        ("controlling", "control"),
        ("dying", "die"),
        ("news", "news"),
    ],
)
def test_words_are_stemmed_as_by_porter(word, stemmed):
    assert stem(word) == stemmed


@pytest.mark.slow
@given(WORDS, WORDS)
def test_the_longest_common_subsequence_is_the_table_s(one, other):
    table = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for n, word in enumerate(one):
        for m, against in enumerate(other):
            longest = max(table[n][m + 1], table[n + 1][m])
            table[n + 1][m + 1] = table[n][m] + 1 if word == against else longest
    assert longest_common(one, other) == table[-1][-1]


@pytest.mark.slow
@given(TEXT, st.lists(TEXT, min_size=1, max_size=3))
def test_rouge_is_within_bounds_and_rouge_l_at_most_rouge_1(blurb, references):
    unigrams, sequence = rouge(blurb, references)
    assert 0 <= sequence <= unigrams <= 1


# --- groups -------------------------------------------------------------------------------------------

LABELS = {"a": "fire", "b": "fire", "c": "fire", "d": "vote", "e": "vote"}


def test_pairs_within_a_group_are_right_when_they_share_a_label():
    counts = pairs([["a", "b"], ["c", "d"], ["e"]], LABELS)
    assert counts == Counts(right=1, found=2, wanted=4)


def test_b_cubed_weighs_each_article_alike():
    # precision (1+1+½+½+1)/5, recall (⅔+⅔+⅓+½+½)/5
    precision, recall = 4 / 5, 8 / 15
    expected = 2 * precision * recall / (precision + recall)
    assert b_cubed([["a", "b"], ["c", "d"], ["e"]], LABELS) == pytest.approx(expected)


def test_pools_are_added_up_before_they_are_scored():
    assert added([Counts(1, 2, 4), Counts(2, 2, 2)]) == Counts(3, 4, 6)


@given(st.lists(st.sampled_from("xyz"), min_size=1, max_size=8))
def test_perfect_groups_score_one(stories):
    labels = {str(n): story for n, story in enumerate(stories)}
    groups = [[id_ for id_ in labels if labels[id_] == story] for story in set(stories)]
    assert b_cubed(groups, labels) == pairs(groups, labels).f1 == 1


# --- faults -------------------------------------------------------------------------------------------

FIRST = (
    "The council of Harrow on Monday approved a plan to rebuild the bridge that a flood swept away in the "
    "spring, after three months of debate."
)
SECOND = "The work is to begin in March and will cost 12 million euros, half of it paid by the state."
BLURB = [FIRST, SECOND]


def found(*sentences: str, source: str = "", headline: str = "") -> set[str]:
    """The names of the faults of a blurb, of a source that has its sentences as they are."""
    text = source or "\n".join(sentences)
    return {fault.name for fault in faults(sentences, source=Source(text), headline=headline)}


def test_a_sound_blurb_has_no_fault():
    assert found(*BLURB, headline="Harrow rebuilds its bridge") == set()


@pytest.mark.parametrize(
    "opening",
    [
        "WASHINGTON (AP) — ",
        "(CNN) ",
        "New Delhi, Jul 27 (PTI) ",
        "LONDON, March 3 (Reuters) - ",
        "SPRINGFIELD, Ill. — ",
        "Paris (AFP) – ",
    ],
)
def test_a_dateline_left_in(opening):
    assert "dateline" in found(opening + FIRST, SECOND)


@pytest.mark.parametrize(
    "sentence",
    [
        "The Brihanmumbai Electric Supply and Transport (BEST) is to buy 40 buses.",
        "IBM - the computer giant - fell by two percent.",
        "NASA (the space agency) said the probe had landed.",
    ],
)
def test_what_only_looks_like_a_dateline(sentence):
    assert "dateline" not in found(sentence)


@pytest.mark.parametrize(
    "opener",
    [
        "He also said the work would begin in March.",
        "But the state will pay half of it.",
        "The mayor also promised a new school.",
        "“We are glad,” she said of the plan.",
        "According to him, the work is to begin in March.",
        "It was swept away in the spring.",
    ],
)
def test_a_dangling_opener(opener):
    assert "dangling opener" in found(opener, SECOND)
    assert "dangling opener" not in found(FIRST, opener)


@pytest.mark.parametrize(
    "opener",
    [
        "This week the council approved a plan.",
        "It is clear that the bridge was too old.",
        "“We are glad,” Mayor Ana Sá said of the plan.",
        "Those who live by the river were told to leave.",
    ],
)
def test_openers_that_point_back_at_nothing(opener):
    assert "dangling opener" not in found(opener, SECOND)


@pytest.mark.parametrize(
    "sentence",
    [
        "“We are glad of it.",
        "We are glad of it,” the mayor said.",
        '"We are glad of it, the mayor said.',
        "'We are glad of it.",
    ],
)
def test_a_quotation_cut_open(sentence):
    assert "quotation cut open" in found(FIRST, sentence)


def test_a_quotation_may_go_on_in_the_next_sentence_of_the_source():
    opened, closed = "“The bridge was old.", "It had to go,” the mayor said."
    assert "quotation cut open" not in found(FIRST, opened, closed)
    assert "quotation cut open" in found(opened, closed, source=f"{opened}\n{FIRST}\n{closed}")


def test_marks_of_german_quotations_are_known():
    assert "quotation cut open" not in found("Das Wort „Brücke“ steht da. „So ist es“, sagt sie.")
    assert "quotation cut open" in found("Das Wort „Brücke steht da.")


def test_apostrophes_are_no_quotations():
    assert "quotation cut open" not in found("The workers’ union won’t strike in the ’90s’ best-known yard.")


@pytest.mark.parametrize(
    "sentence",
    [
        "The council of Harrow on Monday approved",
        "The council of Harrow approved a plan to …",
        "approved a plan to rebuild the bridge.",
        "The plan was opposed by Sen.",
        "The plan was made by John F.",
    ],
)
def test_a_sentence_cut_short_by_its_looks(sentence):
    assert "cut short" in found(sentence)


def test_a_sentence_cut_short_in_its_source():
    source = "The plan of the U.S. Army was approved on Monday. It was late."
    assert "cut short" in found("Army was approved on Monday.", source=source.replace("U.S.", "US"))
    assert "cut short" in found("What now?", source="What now? asked the mayor.")
    assert "cut short" not in found("It was late.", source=source)


def test_a_sentence_behind_its_dateline_is_whole():
    assert "cut short" not in found("The plan was approved.", source="PARIS (AP) — The plan was approved.")


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("The mayor, Ana Sá (left), opens the bridge.", "caption"),
        ("The bridge in a file photo from May.", "caption"),
        ("Photo by Ana Sá.", "caption"),
        ("By Ana Sá and Bo Li.", "byline"),
        ("Reporting by Ana Sá; Editing by Bo Li.", "byline"),
        ("Updated at 7.43am BST.", "byline"),
        ("Read more about the bridge in our archive.", "boilerplate"),
        ("Sign up for our newsletter here.", "boilerplate"),
        ("This website uses cookies to serve you.", "boilerplate"),
        ("Please log in to leave a comment.", "boilerplate"),
        ("The bridge <b>opened</b> on Monday.", "markup"),
        ("The bridge &amp; the road opened.", "markup"),
        ("You have {{ remainingArticles }} left.", "markup"),
        ("The bridge opened.The road did not.", "glued words"),
        ("Kenny (CNN)French striker Gomis fell.", "glued words"),
    ],
)
def test_what_is_not_the_story(sentence, name):
    assert name in found(FIRST, sentence)


def test_words_glued_on_the_way_are_told_from_names():
    source = "The mayor uses YouTube. Then the road opened."
    assert "glued words" not in found("The mayor uses YouTube.", source=source)
    assert "glued words" in found("Then the roadOpened again.", source=source)


def test_the_headline_said_again():
    headline = "Council of Harrow approves plan to rebuild bridge"
    assert "headline again" in found(f"{headline}.", SECOND, headline=headline)
    assert "headline again" not in found(*BLURB, headline=headline)


def test_a_sentence_twice():
    assert "said twice" in found(FIRST, SECOND, FIRST)


def test_a_sentence_that_is_not_in_the_source():
    assert "not verbatim" in found(FIRST, SECOND.replace("12", "15"), source=f"{FIRST} {SECOND}")


def test_white_space_quotes_and_dashes_may_differ():
    assert (
        found(*BLURB, "“I won’t — ever,” he said.", source=f'{FIRST}  {SECOND}\n"I won\'t - ever," he said.')
        == set()
    )


@pytest.mark.parametrize(
    ("sentences", "name"),
    [
        (["The plan was approved.", "It was late."], "length"),
        ([f"{FIRST[:-1]}, and {SECOND}"], "one sentence"),
        ([FIRST, "We asked the mayor."], "first person"),
        (["Will the bridge hold?", SECOND], "question as an opener"),
        ([FIRST, "“We are glad of it.”"], "only a quotation"),
    ],
)
def test_soft_faults(sentences, name):
    text = "\n".join(sentences)
    each = faults(sentences, source=Source(text))
    assert name in {fault.name for fault in each}
    assert hard(each) == []


def test_a_pronoun_torn_from_its_sentence_before():
    torn = "He will open it himself."
    assert "torn from its sentence before" in found(FIRST, torn, source=f"{FIRST} {SECOND} {torn}")
    assert "torn from its sentence before" not in found(FIRST, torn, source=f"{FIRST} {torn} {SECOND}")


def test_first_person_is_for_quotations():
    assert "first person" not in found("“We are glad,” Mayor Ana Sá told World War I veterans.")


@pytest.mark.slow
@given(st.lists(st.text(max_size=40), max_size=4), st.text(max_size=80), st.text(max_size=40))
def test_any_text_can_be_judged(sentences, text, headline):
    for fault in faults(sentences, source=Source(text), headline=headline):
        assert fault.name


# --- what is printed ----------------------------------------------------------------------------------


def test_a_table_says_what_was_reached():
    table = Table(
        "speed", (Figure("rate", above=150, decimals=0), Figure("ms", below=100)), {US: [188.4, 120.0]}
    )
    title, names, reach, us = table.lines()
    assert (title, names.split(), reach.split()) == (
        "speed",
        ["rate", "ms"],
        ["reach", ">", "150", "<", "100"],
    )
    assert us.split() == [US, "188✓", "120.0✗"]


def test_a_folder_without_the_material_is_told_what_it_lacks(tmp_path):
    (tmp_path / "blurbs.jsonl.gz").touch()
    assert missing(tmp_path) == ["pages-news.tar.xz", "pages-news-truth.jsonl.gz", "stories.jsonl.gz"]
