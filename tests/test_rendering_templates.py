"""Templates: what is wrong with one is said with file and line, and none can reach further than its data."""

from __future__ import annotations

import pytest
from kit.builders import newsletter
from test_rendering import READER, blurb, edition

from digest.errors import RenderError
from digest.rendering import Template, render

MAIL = """\
<mjml lang="en">
<mj-head><mj-title>{{ edition.subject }}</mj-title></mj-head>
<mj-body>
{# The line of the shipped template, in small. #}
<mj-section><mj-column>
{% for blurb in edition.blurbs %}
{% include "parts/blurb.mjml.j2" %}
{% endfor %}
</mj-column></mj-section>
{% if top_sponsors %}
<mj-section><mj-column><mj-divider /></mj-column></mj-section>
{% endif %}
<mj-section><mj-column>
<mj-text>
<a href="{{ slots.unsubscribe }}">Unsubscribe</a> &#847; é \\
</mj-text>
</mj-column></mj-section>
</mj-body>
</mjml>
"""
BLURB = """\
<mj-text>
<h2 class="a" title="b">{{ blurb.headline }}</h2>

<p><b>{{ blurb.summary }}</b></p>
</mj-text>
"""
TEXT = """\
{% for blurb in edition.blurbs %}
{{ blurb.headline }}
{% endfor %}

{{ slots.unsubscribe }}
"""
PAGE = """\
<!doctype html>
{% for blurb in edition.blurbs %}
<h2>{{ blurb.headline }}</h2>
{% endfor %}
"""
SOURCES = {
    "edition.mjml.j2": MAIL,
    "parts/blurb.mjml.j2": BLURB,
    "edition.txt.j2": TEXT,
    "web.html.j2": PAGE,
    "README.md": "{% no template",
}
TWO = (blurb(id="good"), blurb(id="bad", headline="The bad one"))


def changed(path: str, old: str, new: str) -> Template:
    """The small template with one change."""
    text = SOURCES[path]
    assert old in text
    return Template("mine", SOURCES | {path: text.replace(old, new, 1)})


def complaint(path: str, old: str, new: str) -> str:
    with pytest.raises(RenderError) as caught:
        render(edition(blurbs=TWO), newsletter(), changed(path, old, new))
    return str(caught.value)


FAULTS = {
    "a statement that Jinja does not have": (
        ("parts/blurb.mjml.j2", "\n\n", "\n{% iff %}\n"),
        "parts/blurb.mjml.j2:3: Encountered unknown tag 'iff'",
    ),
    "a block that is not closed": (
        ("edition.txt.j2", "{% endfor %}", "{% endif %}"),
        "edition.txt.j2:3: Encountered unknown tag 'endif'",
    ),
    "a field that there is not": (
        ("parts/blurb.mjml.j2", "blurb.summary", "blurb.sumary"),
        "parts/blurb.mjml.j2:4: 'digest.model.editions.Blurb object' has no attribute 'sumary'",
    ),
    "a variable that there is not": (
        ("edition.txt.j2", "{{ slots", "{{ slot"),
        "edition.txt.j2:5: 'slot' is undefined",
    ),
    "an expression that fails": (
        ("web.html.j2", "<!doctype html>\n", "<!doctype html>\n{{ 1 / 0 }}\n"),
        "web.html.j2:2: division by zero",
    ),
    "a part that there is not": (
        ("edition.mjml.j2", "parts/blurb", "parts/blub"),
        "edition.mjml.j2:7: there is no parts/blub.mjml.j2 in it",
    ),
    "a slot in the page": (
        ("web.html.j2", "\n<h2>", "\n{{ slots.address }}<h2>"),
        "web.html.j2:3: 'slots' is undefined",
    ),
    "a tag that MJML does not have": (
        ("parts/blurb.mjml.j2", "<mj-text>", "<mj-txt>"),
        "parts/blurb.mjml.j2:1: no such MJML tag: <mj-txt>; did you mean <mj-text>?",
    ),
    "such a tag where it is seldom used": (
        ("edition.mjml.j2", "<mj-divider />", "<mj-dividr />"),
        "edition.mjml.j2:11: no such MJML tag: <mj-dividr>; did you mean <mj-divider>?",
    ),
    "a tag in a wrong place": (
        ("edition.mjml.j2", "<mj-section><mj-column>\n<mj-text>", "<mj-section>\n<mj-text>"),
        "edition.mjml.j2:14: <mj-text> is not allowed in <mj-section>, only in <mj-column>, <mj-hero>",
    ),
    "a tag that is not closed": (
        ("edition.mjml.j2", "</mj-text>\n", ""),
        "edition.mjml.j2:14: <mj-text> is not closed before </mj-column>",
    ),
    "an end of nothing": (
        ("parts/blurb.mjml.j2", "</mj-text>", "</mj-text></mj-text>"),
        "parts/blurb.mjml.j2:5: </mj-text> closes nothing",
    ),
    "a quotation mark that is missing": (
        ("parts/blurb.mjml.j2", 'class="a"', 'class="a'),
        "parts/blurb.mjml.j2:2: unable to parse",
    ),
    "an element that is not closed": (
        ("parts/blurb.mjml.j2", "</b>", ""),
        "parts/blurb.mjml.j2:4: unexpected",
    ),
    "a bare < late in the mail": (
        ("edition.mjml.j2", "é \\", "é \\ <"),
        "edition.mjml.j2:15: unable to parse",
    ),
    "an include that MJML would do": (
        ("edition.mjml.j2", "<mj-section>", '<mj-include path="/etc/passwd" type="html" />\n<mj-section>'),
        "edition.mjml.j2:5: <mj-include> reads no files here: use Jinja's {% include %}",
    ),
    "an HTML part without a way out": (
        ("edition.mjml.j2", "{{ slots.unsubscribe }}", ""),
        "edition.mjml.j2: every mail needs {{ slots.unsubscribe }}",
    ),
    "a text part without a way out": (
        ("edition.txt.j2", "{{ slots.unsubscribe }}", ""),
        "edition.txt.j2: every mail needs {{ slots.unsubscribe }}",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named_with_file_and_line(fault):
    change, expected = FAULTS[fault]

    assert complaint(*change).startswith(f"mine/{expected}")


def test_all_unknown_tags_are_named_at_once():
    with pytest.raises(RenderError) as caught:
        Template("mine", SOURCES | {"edition.mjml.j2": MAIL.replace("mj-section", "mj-sektion")})

    assert str(caught.value).count("did you mean <mj-section>?") == 3


def test_a_tag_in_a_comment_is_no_tag():
    changed("edition.mjml.j2", "<mj-body>", "<mj-body>{# <mj-foo> #}<!-- <mj-bar> -->")


def test_a_template_needs_its_three_files():
    with pytest.raises(
        RenderError, match=r"template 'mine' has no edition\.txt\.j2; it needs edition\.mjml\.j2"
    ):
        Template("mine", {path: text for path, text in SOURCES.items() if path != "edition.txt.j2"})


@pytest.mark.slow
@pytest.mark.parametrize(
    "expression",
    [
        "{{ newsletter.__class__.__mro__ }}",
        "{{ ''.__class__ }}",
        "{% for n in range(10**9) %}x{% endfor %}",
        "{{ contents.append(1) }}",
        "{{ newsletter.sender }}",
        "{{ newsletter.feeds }}",
    ],
)
def test_a_template_cannot_reach_beyond_its_data(expression):
    said = complaint("edition.mjml.j2", "<mj-body>", f"<mj-body>{expression}")

    assert said.startswith("mine/edition.mjml.j2:3:")


# --- one bad blurb -----------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "fault"),
    [
        ("parts/blurb.mjml.j2", "{{ 1 / 0 }}"),
        ("parts/blurb.mjml.j2", "<b>"),
        ("parts/blurb.mjml.j2", "</mj-text>"),
        ("edition.txt.j2", "{{ blurb.url[9] }}"),
        ("web.html.j2", "{{ blurb.nothing }}"),
    ],
)
def test_a_blurb_that_breaks_is_left_out_and_named(path, fault):
    at = "{{ blurb.headline }}"
    template = changed(path, at, f'{at}{{% if blurb.id == "bad" %}}{fault}{{% endif %}}')

    result = render(edition(blurbs=TWO), newsletter(), template)

    [(left_out, why)] = result.dropped
    assert left_out == "bad"
    assert why.startswith(f"mine/{path}:")
    for part in (result.html.fill(READER), result.text.fill(READER), result.web):
        assert "The bad one" not in part
        assert TWO[0].headline in part


def test_a_template_that_takes_no_blurb_is_wrong():
    assert "sumary" in complaint("parts/blurb.mjml.j2", "blurb.summary", "blurb.sumary")


@pytest.mark.slow
def test_a_fault_outside_the_blurbs_is_not_blamed_on_them():
    assert "'subjekt'" in complaint("edition.mjml.j2", "edition.subject", "edition.subjekt")
