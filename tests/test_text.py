from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.words.text import clean, clean_title, html_to_text, looks_like_html, paragraphs, shorten, unescape

MARKUP = st.lists(
    st.sampled_from(
        ["<p>", "</p>", "<b>", "<br>", "<", ">", "&", "&amp;", "&#0;", "'", '"', "<!--", "-->", "<a href="]
    )
    | st.sampled_from(
        ["<script>", "</script>", "<figcaption>", "<![CDATA[", "]]>", "<?x?>", "</", "<td>", " "]
    )
    | st.text(max_size=5),
    max_size=30,
).map("".join)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  two\r\n\twords ", "two words"),
        ("Subject\r\nBcc: all@example.org", "Subject Bcc: all@example.org"),
        ("line\u2028and\u2029paragraph\x85next", "line and paragraph…next"),
        ("\u202eright\u202c and \u2066isolated\u2069", "right and isolated"),
        ("\u05d0\u200f Hebrew mark stays", "\u05d0\u200f Hebrew mark stays"),
        ("nul\x00 and \x1b[31mescape", "nul and [31mescape"),
        ("don\x92t", "don’t"),
        ("mine\ue000\ue00f yours\ue010", "mine yours\ue010"),
        ("Cafe\u0301", "Café"),
        ("a\ud800b", "ab"),
        ("\ufeffbom and soft\u00adhyphen", "bom and softhyphen"),
        ("no\u00a0break", "no break"),
        ("", ""),
    ],
)
def test_clean_text_is_one_plain_line(text: str, expected: str) -> None:
    assert clean(text) == expected


@given(st.text(st.characters()))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean(text)

    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert "  " not in once
    assert not any(unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} for character in once)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>One.</p><p>Two.</p>", "One.\nTwo."),
        ("<h2>Head</h2>body", "Head\nbody"),
        ("a<b>b</b>c <i>d</i>", "abc d"),
        ("<td>cell</td><td>cell</td>", "cell cell"),
        ("wrapped<br>line", "wrapped line"),
        ("parted<br/><br>lines", "parted\nlines"),
        ("<ul><li>one<li>two</ul>", "one\ntwo"),
        ("AT&amp;T &hellip;&nbsp;&#8217;&lt;b&gt;", "AT&T … ’<b>"),
        ("<p>in\n  one\tline</p>", "in one line"),
        ("5 < 6 and 7 > 6", "5 < 6 and 7 > 6"),
        ('<a title="x > y" href=#>link</a>', "link"),
        ('<p class="x>unclosed quote</p>', "unclosed quote"),
        ("<p>open <b>and never", "open and never"),
        ("a<!-- hidden <p> -->b<!-- open", "ab"),
        ("<![CDATA[kept]]><?php gone ?>", "kept"),
        ("<style>p{}</style>text<script>if (a</b) x()</script>", "text"),
        ("text<script>never closed", "text"),
        ("<figure><img alt=x><figcaption>A crane</figcaption></figure>text", "text"),
        ("<figcaption>never closed, so it is text", "never closed, so it is text"),
        ("<xhtml:p>one</xhtml:p><xhtml:p>two</xhtml:p>", "one\ntwo"),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_html_becomes_paragraphs(html: str, expected: str) -> None:
    assert html_to_text(html) == expected


@given(MARKUP)
def test_any_markup_becomes_clean_lines(html: str) -> None:
    text = html_to_text(html)

    assert all(line and line == clean(line) for line in text.split("\n")) or text == ""


@pytest.mark.slow
@pytest.mark.parametrize(
    "html",
    [
        "<p>" * 10_000 + "deep" + "</p>" * 10_000,
        "<span>" * 10_000 + "deep",
        '<a ">"' * 100_000,
        '<a "' * 100_000,
        "<!--" * 100_000,
        "<!" * 100_000,
        "<figcaption>" * 100_000,
        "<svg>" * 50_000 + "</svg>",
        "<" * 300_000,
        "</" * 100_000,
        "&#" * 100_000,
        "&a" * 100_000,
        " \n" * 100_000,
        "<br>" * 100_000,
    ],
    ids=lambda html: html[:12],
)
def test_much_of_anything_is_read_in_one_pass(html: str) -> None:
    # Each takes some hundredths of a second; a quadratic search in any of them, many minutes.
    for read in (html_to_text, clean_title, paragraphs, looks_like_html):
        read(html)


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        ("a <b>x</b> AT&amp;T", "a x AT&T"),
        ("a < b", "a < b"),
        ("1<2 and 3>2", "1<2 and 3>2"),
        ("I <3 you", "I <3 you"),
        ("AT&amp;amp;T", "AT&T"),
        ("It&amp;#8217;s", "It’s"),
        ("&lt;b&gt;Bold&lt;/b&gt; move", "Bold move"),
        ("The &lt;b&gt; tag", "The <b> tag"),
        ("Q&A&notable", "Q&A&notable"),
        ("one<br/>two", "one two"),
        ("<![CDATA[data]]>", "data"),
        ("<!-- hidden -->shown", "shown"),
        ("{{ 7 * 7 }} {% raw %} <mj-include path='x'/>", "{{ 7 * 7 }} {% raw %} <mj-include path='x'/>"),
        ("<x-y>" * 10_000 + "Deep" + "</x-y>" * 10_000, "Deep"),
        ("two\nlines", "two lines"),
        ("<img src=x onerror=alert(1)>", ""),
    ],
)
def test_a_title_is_one_line_of_plain_text(raw: str, title: str) -> None:
    assert clean_title(raw) == title


@given(MARKUP)
def test_any_title_is_clean(raw: str) -> None:
    title = clean_title(raw)

    assert title == clean(title)


def test_paragraphs_of_plain_text_are_parted_by_empty_lines() -> None:
    assert paragraphs("one\r\nwrapped\r\n\r\n  two < 3 ") == "one wrapped\ntwo < 3"


def test_without_empty_lines_each_line_is_a_paragraph() -> None:
    assert paragraphs("one\ntwo") == "one\ntwo"


def test_references_are_resolved_once() -> None:
    assert unescape("&amp;lt; &eacute; &#x41; &#66 &nosuch; &copy=1") == "&lt; é A B &nosuch; &copy=1"


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("short", 5, "short"),
        ("one two three four", 12, "one two…"),
        ("one, two three", 6, "one…"),
        ("unbreakable", 5, "unbr…"),
        ("text", 0, ""),
        ("text", 1, "…"),
    ],
)
def test_text_is_shortened_between_words(text: str, limit: int, expected: str) -> None:
    assert shorten(text, limit) == expected


@given(st.text(), st.integers(0, 40))
def test_shortened_text_fits(text: str, limit: int) -> None:
    assert len(shorten(text, limit)) <= limit
