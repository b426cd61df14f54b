"""What an editor is told to look at before an edition goes out: one rule after the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kit.builders import NOW, newsletter

from digest.colours import Colour, colour_of, ratio
from digest.model import (
    Aside,
    Blurb,
    Edition,
    EditionKey,
    Finding,
    Image,
    Link,
    Mail,
    Rendered,
    Slotted,
    Sponsor,
    Use,
    Window,
)
from digest.proofreading import contrast, doubts, links, proofread
from digest.proofreading.items import is_shouting
from digest.proofreading.leftovers import LEFTOVER
from digest.proofreading.size import GMAIL
from digest.proofreading.unmarked import unmarked
from digest.rendering import Template, render
from digest.settings import Newsletter
from digest.words import marks

SUMMARY = (
    "The council voted 7–2 on Monday to rebuild the Harrow Bridge, which has been shut since the flood in "
    "spring, according to the mayor. Work is to begin in May and to last for two years."
)
PHOTO = Image(url="https://example.com/p.jpg", alt="A bridge over a river", credit="Ana Sá / Example Times")
PAGE = '<html><body style="background-color:#ffffff;color:#000000">{}</body></html>'


def blurb(**changes: Any) -> Blurb:
    plain = Blurb(
        id="bridge",
        section="World",
        headline="Council votes to rebuild the old bridge",
        url="https://example.com/bridge",
        summary=SUMMARY,
        dig_deeper="Read Ana Sá’s [report](https://example.com/plans) in *Example Times*.",
    )
    return replace(plain, **changes)


def other(**changes: Any) -> Blurb:
    return blurb(
        **{
            "id": "symphony",
            "headline": "A lost symphony is heard after 90 years",
            "url": "https://example.com/symphony",
            "dig_deeper": "",
        }
        | changes
    )


def edition(*blurbs: Blurb, **changes: Any) -> Edition:
    plain = Edition(
        key=EditionKey(newsletter="the-example", day=NOW.date()),
        number=7,
        window=Window(since=NOW - timedelta(days=1), until=NOW),
        subject="Council votes to rebuild the old bridge",
        preheader="Plus: a lost symphony",
        blurbs=blurbs or (blurb(),),
    )
    return replace(plain, **changes)


def mail(html: str = PAGE.format("Good morning"), dropped: tuple[tuple[str, str], ...] = ()) -> Mail:
    whole = Slotted(pieces=(html,), slots=())
    rendered = Rendered(
        key=edition().key, subject="", html=whole, text=whole, web="", sha256="", dropped=dropped
    )
    return Mail(
        rendered=rendered,
        subscriber_id="s",
        to="a@example.com",
        sender="",
        message_id="",
        values={},
        date=NOW,
    )


def findings(
    proofed: Edition, *, of: Newsletter | None = None, html: str = "", **given: Any
) -> list[Finding]:
    """Without the note on the size, which is always there."""
    found = proofread(proofed, mail(html) if html else mail(), of or newsletter(), **given)
    return [finding for finding in found if finding.level != "note"]


def only(proofed: Edition, **given: Any) -> Finding:
    [finding] = findings(proofed, **given)
    return finding


def test_a_sound_edition_has_nothing_but_its_size():
    [note] = proofread(edition(blurb(image=PHOTO), other()), mail(), newsletter())

    assert note.level == "note"
    assert "bytes of HTML" in note.words
    assert "102,400 at which Gmail cuts a mail" in note.words


def test_what_does_not_go_out_is_not_read():
    assert findings(edition(blurb(), other(use=Use.NO, summary="TK", url=""))) == []


# --- subject, preheader, sections, sponsors ----------------------------------------------------------


def test_a_long_subject_is_marked_from_where_an_inbox_cuts_it():
    finding = only(edition(subject="x" * 61))

    assert (finding.key, finding.start, finding.end) == ("subject", 60, 61)
    assert "61 characters" in finding.words


def test_an_empty_subject_is_an_error():
    assert only(edition(subject=" ")).level == "error"


@pytest.mark.parametrize(
    ("preheader", "words"),
    [
        ("", "there is none"),
        ("x" * 91, "91 characters"),
        ("COUNCIL votes to rebuild the old bridge", "repeats the subject"),
    ],
)
def test_a_preheader_that_an_inbox_cannot_use_is_told(preheader: str, words: str):
    finding = only(edition(preheader=preheader))

    assert finding.key == "preheader"
    assert words in finding.words


def test_an_inbox_that_promises_an_item_which_was_taken_out_is_told():
    told = (
        "The orchestra of Harrow played on Sunday what a copyist hid in a wall in 1936. "
        "Four pages of the slow movement are still missing, according to its conductor."
    )
    symphony = other(summary=told)
    both = edition(blurb(), symphony, preheader="Plus: A lost symphony is heard after 90 years; Work begins")
    first, second = (replace(both, blurbs=(one,)) for one in (symphony, blurb()))

    assert findings(both) == []
    assert [(found.key, found.start) for found in findings(first)] == [("subject", 0)]
    assert [(found.key, found.start, found.end) for found in findings(second)] == [("preheader", 0, 45)]
    assert "seems to be about no item that is in" in findings(first)[0].words


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": "Rebuilding"},
        {"subject": "What the mayor says the old bridge is worth"},
        {"subject": "Fine weather for ducks", "letter": "Good morning! It is fine weather for ducks."},
        {"subject": "Nothing happened anywhere yesterday", "blurbs": (), "quiet": True},
    ],
)
def test_a_subject_in_an_editors_own_words_is_let_be(changes: dict[str, Any]):
    assert findings(edition(**changes)) == []


def test_a_section_that_the_newsletter_has_not_is_told_with_the_nearest():
    finding = only(edition(blurb(section="Wrold")))

    assert (finding.item, finding.key) == ("bridge", "section")
    assert "did you mean “World”?" in finding.words


def test_a_newsletter_without_sections_takes_any():
    assert findings(edition(blurb(section="Sport")), of=newsletter(sections=())) == []


def test_two_sponsors_in_a_place_are_told_only_on_a_day_that_both_run():
    def sponsor(name: str, starts: date | None = None) -> Sponsor:
        return Sponsor(name=name, text="Fine tea.", url=f"https://example.org/{name}", starts=starts)

    tomorrow = NOW.date() + timedelta(days=1)

    assert "“Acme” and “Bolt” share" in only(edition(sponsors=(sponsor("Acme"), sponsor("Bolt")))).words
    assert findings(edition(sponsors=(sponsor("Acme"), sponsor("Bolt", tomorrow)))) == []


def test_a_sponsors_picture_without_alt_text_is_told():
    sponsor = Sponsor(
        name="Acme", text="Tea.", url="https://example.org", image=Image(url="https://a.example")
    )

    assert "the picture of “Acme” has no alt text" in only(edition(sponsors=(sponsor,))).words


# --- items ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headline", "words"),
    [
        ("Council votes " * 7, "98 characters"),
        ("Council votes to rebuild the bridge.", "full stop"),
        ("COUNCIL VOTES to rebuild BRIDGE", "capitals"),
    ],
)
def test_a_headline_out_of_style_is_told(headline: str, words: str):
    finding = only(edition(blurb(headline=headline)))

    assert finding.key == "headline"
    assert words in finding.words


@pytest.mark.parametrize(
    "headline", ["Senate sends aid to the U.S.", "Who comes next…", "And then...", "Court fines Acme Inc."]
)
def test_a_full_stop_that_belongs_to_a_word_is_none(headline: str):
    assert findings(edition(blurb(headline=headline))) == []


@pytest.mark.parametrize("headline", ["NASA and ESA agree", "UNESCO, UNICEF agree on plan", "NATO", "AI"])
def test_acronyms_do_not_shout(headline: str):
    assert not is_shouting(headline)


@pytest.mark.parametrize(("count", "told"), [(19, True), (20, False), (120, False), (121, True)])
def test_a_summary_has_from_20_to_120_words(count: int, told: bool):
    assert bool(findings(edition(blurb(summary="word " * count)))) is told


def test_the_address_of_a_link_is_no_word_of_a_summary():
    summary = "word " * 19 + "[here is](https://example.com/a)"

    assert findings(edition(blurb(summary=summary))) == []


@pytest.mark.parametrize(
    ("question", "words"),
    [("What comes next", "question mark"), ("What is it that may come next in the old town?", "11 words")],
)
def test_a_question_is_short_and_asks(question: str, words: str):
    finding = only(edition(blurb(question=question, context="The bridge is to be tested.")))

    assert finding.key == "question"
    assert words in finding.words


def test_a_picture_wants_alt_text_and_a_credit():
    bare = edition(blurb(image=replace(PHOTO, alt="", credit="")))

    alt, credit = (finding.words for finding in findings(bare))
    assert "no alt text" in alt
    assert "left out" in credit
    assert "goes out without" in findings(bare, of=newsletter(photos="all"))[1].words


def test_an_item_without_a_link_is_told():
    assert only(edition(blurb(url=""))).key == "url"


def test_a_headline_that_stands_twice_is_told_at_the_second():
    twice = edition(blurb(), other(headline="Council votes to  rebuild the OLD bridge"))

    assert (only(twice).item, only(twice).key) == ("symphony", "headline")


# --- repeats ---------------------------------------------------------------------------------------------


def test_items_that_lead_to_the_same_page_are_told_at_the_second():
    finding = only(edition(blurb(), other(url="http://www.example.com/bridge/?utm_source=x")))

    assert (finding.item, finding.key) == ("symphony", "url")
    assert "the same page as “Council votes to rebuild the old bridge”" in finding.words


def test_a_dig_deeper_link_to_another_item_is_told_where_it_stands():
    deeper = "Read the [report](https://example.com/symphony)."
    finding = only(edition(blurb(dig_deeper=deeper), other()))

    assert (finding.item, finding.key) == ("bridge", "dig_deeper")
    assert deeper[finding.start : finding.end] == "[report](https://example.com/symphony)"


def test_a_dig_deeper_link_to_the_items_own_source_is_none_twice():
    own = edition(blurb(dig_deeper="Read the full [report](https://example.com/bridge)."))

    assert findings(own, led_to={"https://example.com/bridge"}) == []


def test_a_quick_hit_that_repeats_a_page_is_told_by_its_words():
    hit = Link(text="More on the bridge", url="https://example.com/plans")

    assert only(edition(quick_hits=(hit,))).words == (
        "“More on the bridge” leads to the same page as the dig-deeper link of "
        "“Council votes to rebuild the old bridge”: drop it, or choose another"
    )


def test_a_dig_deeper_target_of_the_last_days_is_told():
    finding = only(edition(), led_to={"https://example.com/plans"})

    assert (finding.item, finding.key) == ("bridge", "dig_deeper")
    assert "a recent edition" in finding.words


# --- leftovers -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "left", ["TK", "TKTK", "XXX", "Lorem ipsum", "lorem", "{{ name", "}}", "[[picture", "]]"]
)
def test_a_placeholder_is_found_where_it_stands(left: str):
    letter = f"Dear friends,\n\n*Today* {left} is a fine day."
    finding = only(edition(letter=letter))

    assert finding.key == "letter"
    assert letter[finding.start : finding.end] in left


@pytest.mark.parametrize("text", ["ATK", "XX", "Florem", "a [b] c", "{one}", "TKs"])
def test_words_that_only_look_like_a_placeholder_are_none(text: str):
    assert LEFTOVER.search(text) is None


def test_placeholders_are_found_in_every_part():
    left = edition(
        blurb(byline="By TK", correction="TK", image=replace(PHOTO, caption="TK")),
        sponsors=(Sponsor(name="Acme", text="TK", url="https://example.org"),),
        quick_hits=(Link(text="TK", url="https://example.com/q"),),
        asides=(Aside(title="Number of the day", text="TK"),),
        corrections=("TK",),
    )

    keys = ["byline", "correction", "image", "sponsors", "quick_hits", "asides", "corrections"]
    assert [finding.key for finding in findings(left)] == keys


@pytest.mark.parametrize(
    ("text", "raw"),
    [
        ("The **bridge is open.", "**"),
        ("The bridge** is open.", "**"),
        ("The [bridge](htp:/example.com) is open.", "]"),
        ("The [bridge](www.example.com/b) is open.", "]"),
        ("The <b>bridge is open.", "<b>"),
        ('The <a href="https://example.com">bridge is open.', '<a href="https://example.com">'),
        ("Bread &amp; butter.", "&amp;"),
    ],
)
def test_a_mark_that_readers_would_see_is_told_where_it_stands(text: str, raw: str):
    letter = f"*Dear* friends. {text}"
    finding = only(edition(letter=letter))

    assert (finding.key, finding.level) == ("letter", "warning")
    assert letter[finding.start : finding.end] == raw


@pytest.mark.parametrize(
    "text",
    [
        "**Bold**, *italic* and [a link](https://example.com/a_(b)).",
        r"Two \*\*stars\*\* that are meant.",
        "A d**n fine 4* hotel, f*** it; 2 ** 3 is 8.",
        "He [the mayor] (a baker) has a < b > c, and AT&T.",
    ],
)
def test_marks_that_are_right_or_meant_are_not_told(text: str):
    assert findings(edition(letter=text)) == []


# --- size ------------------------------------------------------------------------------------------------


def page_of(*sizes: int) -> str:
    """A page whose items have so many bytes of text."""
    items = (f'<h2 id="story-{n}">{n}</h2>{"é" * (size // 2)}' for n, size in enumerate(sizes, 1))
    return PAGE.format("".join(items))


def test_a_cut_is_told_with_the_item_where_it_falls():
    html = page_of(60_000, 60_000, 10_000)
    items = [blurb(id=name, headline=f"Headline {name}", url=f"https://x.example/{name}") for name in "abc"]
    three = edition(*(replace(item, dig_deeper="") for item in items))

    finding = only(three, html=html)

    assert (finding.level, finding.item, finding.key) == ("error", "b", "html")
    assert f"{len(html.encode()) - GMAIL:,} more than the 102,400" in finding.words
    assert "in “Headline b”, item 2 of 3," in finding.words


def test_items_are_counted_as_they_are_shown():
    items = (
        blurb(id="nation", section="Nation", headline="Of the nation"),
        other(id="broken", section="World"),
        other(id="world", section="World", headline="Of the world", url="https://x.example"),
    )
    long = mail(page_of(200_000, 10), dropped=(("broken", "no MJML"),))

    found = proofread(edition(*items), long, newsletter(sections=("World", "Nation")))

    assert [(finding.level, finding.item) for finding in found] == [("error", "broken"), ("error", "world")]
    assert "breaks the template, and is left out: no MJML" in found[0].words


def test_bytes_are_counted_not_characters():
    assert "error" in {finding.level for finding in findings(edition(), html=page_of(102_400))}
    assert len(page_of(102_400)) < GMAIL


def test_a_mail_that_is_nearly_too_long_is_told():
    finding = only(edition(), html=page_of(95_000))

    assert finding.level == "warning"
    assert "add nothing more" in finding.words


# --- contrast --------------------------------------------------------------------------------------------


def weak(html: str) -> list[str]:
    return [finding.words for finding in contrast.findings(PAGE.format(html))]


@pytest.mark.parametrize(
    ("one", "two", "expected"), [("#000", "#fff", 21.0), ("#777777", "#ffffff", 4.48), ("#fff", "white", 1.0)]
)
def test_the_ratio_is_that_of_wcag(one: str, two: str, expected: float):
    colours = colour_of(one), colour_of(two)

    assert None not in colours
    assert ratio(*colours) == pytest.approx(expected, abs=0.01)


def test_a_weak_pair_of_colours_is_told_once():
    [words] = weak('<p style="color:#999">Grey words</p><p style="color:#999">Again</p>')

    assert "#999999 on #ffffff, as in “Grey words”, has a contrast of 2.8:1" in words
    assert "4.5:1" in words


@pytest.mark.parametrize(
    ("style", "told"),
    [
        ("font-size:16px", True),
        ("font-size:24px", False),
        ("font-size:18px;font-weight:700", True),
        ("font-size:19px;font-weight:700", False),
        ("font-size:18pt", False),
        ("font-size:larger", False),
    ],
)
def test_large_text_needs_less(style: str, told: bool):
    assert bool(weak(f'<p style="color:#888;{style}">Words</p>')) is told
    assert "needs 3:1" in weak('<p style="color:#999;font-size:24px">Words</p>')[0]


def test_the_nearest_background_counts():
    dark = '<table bgcolor="#111111"><tr><td style="color:{}"><b>Words</b></td></tr></table>'

    assert weak(dark.format("#333"))
    assert weak(dark.format("#eee")) == []
    assert weak('<div style="background:#222 none"><p style="background:transparent">Words</p></div>')


@pytest.mark.parametrize(
    "html",
    [
        '<p style="color:#fff;display:none">Words</p>',
        '<div style="background:url(x.png)"><p style="color:#fff">Words</p></div>',
        '<div style="background-image:url(x.png)"><p style="color:#fff">Words</p></div>',
        '<p style="color:papayawhip">Words</p>',
        '<p style="color:rgba(255,255,255,0.1)">Words</p>',
        '<p style="opacity:0.1;color:#fff">Words</p>',
        '<div style="background:#00f"><a href="https://x.example">Words</a></div>',
        '<p style="color:#fff">· —</p>',
        "<!-- Words -->",
        "<style>p { color: #fff }</style>",
    ],
)
def test_what_cannot_be_known_or_seen_is_not_judged(html: str):
    assert weak(html) == []


def test_text_behind_an_element_looks_like_what_is_around_it():
    assert weak('<p><span style="color:#eee;display:none">x</span> behind it <!-- c --> and more</p>') == []
    [words] = weak('<div style="color:#eee"><b style="color:#000">x</b> behind it</div>')
    assert "behind it" in words


@pytest.mark.slow
def test_the_shipped_template_can_be_read_and_a_pale_one_is_told():
    folder = Path(__file__).parent.parent / "templates/sift"
    sources = {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*.j2")}
    pale = sources | {
        "parts/style.j2": sources["parts/style.j2"].replace("look.light.muted | string", '"#b0aba5"')
    }
    reader = dict.fromkeys(("unsubscribe", "preferences", "address"), "https://example.org/x")

    def said(sources: dict[str, str]) -> list[Finding]:
        shown = edition(blurb(image=PHOTO, byline="By Ana Sá"))
        html = render(shown, newsletter(), Template("sift", sources)).html.fill(reader)
        return list(contrast.findings(html))

    assert said(sources) == []
    assert "#b0aba5 on #ffffff" in said(pale)[0].words


@given(st.tuples(*[st.integers(0, 255)] * 3), st.tuples(*[st.integers(0, 255)] * 3))
def test_a_ratio_is_the_same_both_ways_and_from_1_to_21(one: tuple[int, ...], two: tuple[int, ...]):
    found = ratio(Colour(*one), Colour(*two))

    assert 1 <= found <= 21.0001
    assert found == ratio(Colour(*two), Colour(*one))


# --- marks and their places --------------------------------------------------------------------------------


def words_of(nodes: tuple[marks.Node, ...]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, str):
            yield node
        else:
            yield from words_of(node.children)


MARKED = st.lists(
    st.sampled_from(
        [*"\\*[]()ab \n", "**", "***", "](", "[a](https://x.example/b)", "(https://x.example/a*[b])", "\\]"]
    ),
    max_size=24,
).map("".join)


@given(MARKED)
def test_each_character_is_found_where_it_stands(marked: str):
    read = unmarked(marked)

    assert read.text == "".join(words_of(marks.read(marked)))
    assert list(read.places) == sorted(set(read.places))
    assert all(marked[place] == char for place, char in zip(read.places, read.text, strict=True))


@given(MARKED)
def test_each_link_is_found_where_it_stands(marked: str):
    for anchor in unmarked(marked).anchors:
        whole = marked[anchor.start : anchor.end]
        assert whole.startswith("[")
        assert whole.endswith(f"]({anchor.url})")


@pytest.mark.slow
@given(st.text(alphabet="ab c", min_size=1), MARKED, MARKED)
def test_words_between_marks_keep_their_place(words: str, before: str, behind: str):
    """Whatever stands around them: private characters tell these words from all others."""
    private = "".join(chr(0xE100 + ord(char)) for char in words)
    marked = f"{before}{private}{behind}"
    read = unmarked(marked)
    at = read.text.index(private)

    assert read.span(at, at + len(private)) == (len(before), len(before) + len(private))


def test_the_links_of_an_edition_stand_under_their_keys():
    full = edition(
        blurb(image=PHOTO, context="More ([The Post](https://post.example/a)).", question="And?"),
        letter="See [this](https://letter.example).",
        quick_hits=(Link(text="A hit", url="https://hit.example"),),
        corrections=("We erred [here](https://wrong.example).",),
    )

    found = [(linked.item, linked.key, linked.url) for linked in links(full)]

    assert found == [
        ("bridge", "url", "https://example.com/bridge"),
        ("bridge", "image", "https://example.com/p.jpg"),
        ("", "letter", "https://letter.example"),
        ("bridge", "context", "https://post.example/a"),
        ("bridge", "dig_deeper", "https://example.com/plans"),
        ("", "corrections", "https://wrong.example"),
        ("", "quick_hits", "https://hit.example"),
    ]


# --- what no source holds ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Doubted:
    kind: str
    words: str
    start: int
    end: int
    reason: str = "the source has no such thing"


def doubting(kind: str, words: str) -> Any:
    """Doubts *words* wherever they stand."""

    def compare(text: str) -> list[Doubted]:
        at = text.find(words)
        return [Doubted(kind, words, at, at + len(words))] if at >= 0 else []

    return compare


@pytest.mark.parametrize(
    ("kind", "level"),
    [("number", "error"), ("quotation", "error"), ("name", "warning"), ("wording", "note")],
)
def test_a_doubt_is_as_grave_as_its_kind(kind: str, level: str):
    [finding] = doubts(blurb(), doubting(kind, "the Harrow Bridge"))

    assert (finding.level, finding.item, finding.key) == (level, "bridge", "summary")
    assert finding.words.startswith("the source has no such thing: ")


def test_a_doubt_points_into_the_text_with_its_marks():
    summary = "It said *that* **the *Harrow* Bridge** is [shut for good](https://x.example)."
    [finding] = doubts(blurb(summary=summary), doubting("name", "Harrow Bridge is shut"))

    assert summary[finding.start : finding.end] == "Harrow* Bridge** is [shut"


def test_stars_in_a_headline_are_no_marks():
    [finding] = doubts(blurb(headline="A *star* is born"), doubting("name", "*star*"))

    assert (finding.key, finding.start, finding.end) == ("headline", 2, 8)


@pytest.mark.parametrize("vouched", ["“We will  rebuild”", "we will rebuild", '"We Will Rebuild."'])
def test_what_the_editors_vouch_for_is_left_out(vouched: str):
    said = "“We will rebuild,” she said."

    assert list(doubts(blurb(summary=said), doubting("quotation", "“We will rebuild,”"))) != []
    trusted = blurb(summary=said, vouched=(vouched,))
    assert list(doubts(trusted, doubting("quotation", "“We will rebuild,”"))) == []


def test_vouching_for_one_word_vouches_for_no_other():
    assert list(doubts(blurb(vouched=("7", "Harrow")), doubting("name", "Harrow Bridge")))
