"""What mjml-python is kept from doing."""

from __future__ import annotations

import pytest

from digest.rendering.mjml import MjmlError, compile_mjml


def mjml(inner: str) -> str:
    return (
        '<mjml lang="en"><mj-body><mj-section><mj-column><mj-text>'
        f"{inner}</mj-text></mj-column></mj-section></mj-body></mjml>"
    )


ODD = [
    "e\u0301",
    "\u200b",
    "a\\b",
    "\u00a0",
    "\u0928\u094d",
    "\u05e9\u05b8",
    "\U0001f469\u200d\U0001f680",
    "&#34;",
]


@pytest.mark.parametrize("value", ODD)
def test_attributes_keep_their_characters(value):
    assert f'<a title="{value}">{value}</a>' in compile_mjml(mjml(f'<a title="{value}">{value}</a>'))


def test_a_line_break_in_a_tag_is_a_space():
    assert '<a title="a b">c\nd</a>' in compile_mjml(mjml('<a title="a\nb">c\nd</a>'))


def test_no_remote_font_is_named():
    assert "fonts.g" not in compile_mjml(mjml("a"))


@pytest.mark.parametrize(
    "source",
    [
        "",
        "text",
        "<p>x</p>",
        mjml("a < b"),
        mjml("\x00"),
        mjml("<mj-text>"),
        mjml('<mj-include path="/etc/hostname" type="html" />'),
        mjml("</mj-text><mj-section /><mj-text>"),
        mjml("</mj-text><mj-foo /><mj-text>"),
    ],
)
def test_what_is_no_mjml_is_an_error(source):
    with pytest.raises(MjmlError):
        compile_mjml(source)
