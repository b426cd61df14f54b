"""Inline marks: what an editor writes between stars and brackets; a feed's words are not taken for it."""

from __future__ import annotations

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.words.marks import escape_marks, html, link, plain, read


def test_a_link_reads_back_as_its_words_and_address():
    marked = link("A [b] *c*", "https://x.example/a(b)*c d")

    assert html(read(marked)) == '<a href="https://x.example/a%28b%29%2Ac%20d">A [b] *c*</a>'


MARKED = [
    ("no marks", "no marks", "no marks"),
    ("", "", ""),
    ("*one* two", "<em>one</em> two", "one two"),
    ("**one** two", "<strong>one</strong> two", "one two"),
    ("***one***", "<strong><em>one</em></strong>", "one"),
    ("**one *two* three**", "<strong>one <em>two</em> three</strong>", "one two three"),
    ("*one **two***", "<em>one <strong>two</strong></em>", "one two"),
    ("这是**重点**内容", "这是<strong>重点</strong>内容", "这是重点内容"),
    ("[a](https://x.example)", '<a href="https://x.example">a</a>', "a (https://x.example)"),
    ("[*a* b](http://x.example)", '<a href="http://x.example"><em>a</em> b</a>', "a b (http://x.example)"),
    (
        "*in [a](https://x.example)*",
        '<em>in <a href="https://x.example">a</a></em>',
        "in a (https://x.example)",
    ),
    ("[a](mailto:desk@x.example)", '<a href="mailto:desk@x.example">a</a>', "a (mailto:desk@x.example)"),
    (
        "[a](https://x.example/A_(b)).",
        '<a href="https://x.example/A_(b)">a</a>.',
        "a (https://x.example/A_(b)).",
    ),
    (
        "[a [sic] b](https://x.example)",
        '<a href="https://x.example">a [sic] b</a>',
        "a [sic] b (https://x.example)",
    ),
    (
        "[https://x.example](https://x.example)",
        '<a href="https://x.example">https://x.example</a>',
        "https://x.example",
    ),
    ('[a](https://x.example?q="b"&c)', '<a href="https://x.example?q=&quot;b&quot;&amp;c">a</a>', None),
    ("< & >", "&lt; &amp; &gt;", "< & >"),
]

LITERAL = [
    "5 * 3 * 2",
    "*one",
    "one*",
    "**one",
    "* one *",
    "****one****",
    "*",
    "[a]",
    "[a](",
    "[a](javascript:alert(1))",
    "[a](/relative)",
    "[a](https://x.example b)",
    "[](https://x.example)",
    "a [b c",
    "a ] b",
    "C:\\temp",
]


@pytest.mark.parametrize(("text", "as_html", "as_text"), MARKED, ids=[case[0] for case in MARKED])
def test_marks_become_elements_or_words(text, as_html, as_text):
    assert html(read(text)) == as_html
    assert as_text is None or plain(read(text)) == as_text


@pytest.mark.parametrize("text", LITERAL)
def test_what_is_no_mark_stays_as_it_is(text):
    assert html(read(text)) == escape(text)
    assert plain(read(text)) == text


@pytest.mark.parametrize(
    ("text", "shown"), [(r"\*one\*", "*one*"), (r"\[a](b)", "[a](b)"), (r"\\*one*", "\\one"), (r"\a", r"\a")]
)
def test_a_backslash_takes_a_mark_as_it_is(text, shown):
    assert plain(read(text)) == shown


def test_a_link_may_have_a_style():
    assert html(read("[a](https://x.example)"), link_style='color:"red"') == (
        '<a href="https://x.example" style="color:&quot;red&quot;">a</a>'
    )


def test_crossing_marks_do_not_cross_as_html():
    assert html(read("*a **b* c**")) == "<em>a **b</em> c**"


PIECES = [*"ab *[]()\\\n", "](https://x.example)", "[a](", "**"]
LIKE_MARKS = st.lists(st.sampled_from(PIECES)).map("".join)


@given(st.text() | LIKE_MARKS)
def test_escaped_text_is_shown_word_for_word(text):
    escaped = escape_marks(text)

    assert plain(read(escaped)) == text
    assert html(read(escaped)) == escape(text)


@given(st.text() | LIKE_MARKS, st.text() | LIKE_MARKS)
def test_escaped_text_keeps_to_itself_in_marked_text(one, two):
    marked = f"**{escape_marks('x' + one + 'x')}** [{escape_marks(two)}y](https://x.example) *z*"
    shown = f"<strong>{escape('x' + one + 'x')}</strong> "

    assert html(read(marked)) == f'{shown}<a href="https://x.example">{escape(two)}y</a> <em>z</em>'


@given(st.text() | LIKE_MARKS)
def test_any_text_can_be_read(text):
    assert "<script" not in html(read(text + "<script>"))


@pytest.mark.parametrize("text", ["5 * 3", "[sic]", "“Now [is] the time,” he said.", "C:\\temp", "a_b ~c~"])
def test_text_that_looks_like_no_mark_is_not_escaped(text):
    assert escape_marks(text) == text


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["*a", "**a ", "[", "[a](https://x.example", "*a **b ", "\\", "](", "* "])
def test_a_long_text_of_half_marks_is_read_at_once(unit):
    text = unit * 50_000  # minutes, if reading took its square

    assert plain(read(escape_marks(text))) == text
    assert len(plain(read(text))) <= len(text)
