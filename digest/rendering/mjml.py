"""MJML to HTML, with the checks that mjml-python does not make (seen with 1.4.2).

It passes unknown tags through to the HTML without a word, puts misplaced ones out of the layout, and
writes the attributes of HTML elements in Rust's debug notation: ``\\u{301}`` for a combining accent,
``\\n`` for a line break, ``\\\\`` for a backslash. Hence ``compile_mjml`` hands it ASCII only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from itertools import accumulate, takewhile
from typing import Final

from mjml import mjml2html

CONTENT: Final = frozenset(
    (
        "mj-accordion",
        "mj-button",
        "mj-carousel",
        "mj-divider",
        "mj-image",
        "mj-navbar",
        "mj-raw",
        "mj-social",
        "mj-spacer",
        "mj-table",
        "mj-text",
    )
)

#: Which MJML tags may stand directly in which; a tag that is not a key holds none.
CHILDREN: Final = {
    "": frozenset({"mjml"}),
    "mjml": frozenset({"mj-head", "mj-body", "mj-raw"}),
    "mj-head": frozenset(
        ("mj-attributes", "mj-breakpoint", "mj-font", "mj-preview", "mj-raw", "mj-style", "mj-title")
    ),
    "mj-body": frozenset({"mj-wrapper", "mj-section", "mj-hero", "mj-raw"}),
    "mj-wrapper": frozenset({"mj-section", "mj-hero", "mj-raw"}),
    "mj-section": frozenset({"mj-column", "mj-group", "mj-raw"}),
    "mj-group": frozenset({"mj-column", "mj-raw"}),
    "mj-column": CONTENT,
    "mj-hero": CONTENT,
    "mj-accordion": frozenset({"mj-accordion-element", "mj-raw"}),
    "mj-accordion-element": frozenset({"mj-accordion-title", "mj-accordion-text", "mj-raw"}),
    "mj-carousel": frozenset({"mj-carousel-image"}),
    "mj-navbar": frozenset({"mj-navbar-link", "mj-raw"}),
    "mj-social": frozenset({"mj-social-element", "mj-raw"}),
}

#: Every tag that becomes HTML, and those that only set defaults.
TAGS: Final = frozenset().union(*CHILDREN.values()) | {"mj-all", "mj-class"}

#: HTML elements without an end tag.
VOID: Final = frozenset(("area", "br", "col", "hr", "img", "input", "link", "meta", "wbr"))

COMMENT: Final = re.compile(r"<!--.*?-->|\{#.*?#\}", re.DOTALL)
#: A tag: slash, name, attributes. Of a comment, all three groups are None.
TAG: Final = re.compile(r"""<!--.*?-->|<(/?)([a-zA-Z][\w-]*)((?:[^<>"']++|"[^"]*"|'[^']*')*+)>""", re.DOTALL)
#: The same of MJML's own tags alone, of which there are few.
MJ_TAG: Final = re.compile(r"""<!--.*?-->|<(/?)(mj[\w-]*)((?:[^<>"']++|"[^"]*"|'[^']*')*+)>""", re.DOTALL)
#: A tag with a line break in it.
BROKEN_TAG: Final = re.compile(
    r"""<[a-zA-Z/](?:[^<>"'\n]++|"[^"\n]*"|'[^'\n]*')*+(?:\n|"[^"\n]*\n[^"]*"|'[^'\n]*\n[^']*')"""
    r"""(?:[^<>"']++|"[^"]*"|'[^']*')*+>"""
)
#: A comment, or a tag whose attributes are apart and in matching quotes.
SOUND: Final = re.compile(
    r"""<!--.*?-->|</?[a-zA-Z][\w-]*(?:\s+[^\s=<>"'/]+(?:="[^"<]*"|='[^'<]*')?)*+\s*/?>""", re.DOTALL
)
REFERENCE: Final = re.compile(r"&#(\d{2,7});")


class MjmlError(ValueError):
    """The MJML is wrong; *offset* is where, in characters, when that is known."""

    def __init__(self, reason: str, offset: int | None = None) -> None:
        super().__init__(reason)
        self.offset = offset


def compile_mjml(source: str) -> str:
    """The HTML of a whole MJML document, without remote fonts; never reads a file.

    Raises:
        MjmlError: It is not well formed, or a tag is unknown or where it may not be.
    """
    check_places(source)
    sent = _ascii(source)
    try:
        html = mjml2html(sent, fonts={}, include_loader=None)
    except ValueError as error:
        raise MjmlError(str(error), _offset(str(error), source, sent)) from error
    if "<mj-" in html:
        raise MjmlError(f"the HTML still has {html[html.index('<mj-') :][:40]!r}")
    return _restored(html)


def unknown_tags(source: str) -> Iterator[tuple[int, str]]:
    """(line, complaint) for each tag in a template's source that MJML does not have."""
    bare = COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), source)
    for match in re.finditer(r"<(mj-[\w-]*)", bare):
        if match[1] not in TAGS:
            yield bare.count("\n", 0, match.start()) + 1, _unknown(match[1])


def check_places(source: str) -> None:
    """Raise MjmlError for the first MJML tag that is unknown, not closed, or where MJML does not take it."""
    opened = [("", 0)]
    for match in MJ_TAG.finditer(source):
        closing, tag, attributes = match.groups(default="")
        if not tag:
            continue
        parent = opened[-1][0]
        if closing and tag == parent:
            opened.pop()
        elif closing:
            raise _wrong_end(tag, match.start(), opened)
        elif tag not in TAGS:
            raise MjmlError(_unknown(tag), match.start())
        elif parent != "mj-attributes" and tag not in CHILDREN.get(parent, ()):
            raise MjmlError(_misplaced(tag, parent), match.start())
        elif not attributes.endswith("/"):
            opened.append((tag, match.start()))
    tag, at = opened[-1]
    if tag:
        raise MjmlError(f"<{tag}> is not closed", at)


def _wrong_end(tag: str, at: int, opened: list[tuple[str, int]]) -> MjmlError:
    if tag not in (name for name, _ in opened):
        return MjmlError(f"</{tag}> closes nothing", at)
    unclosed, began = opened[-1]
    return MjmlError(f"<{unclosed}> is not closed before </{tag}>", began)


def _unknown(tag: str) -> str:
    if tag == "mj-include":
        return "<mj-include> reads no files here: use Jinja's {% include %}"
    near = get_close_matches(tag, TAGS, n=1)
    return f"no such MJML tag: <{tag}>" + (f"; did you mean <{near[0]}>?" if near else "")


def _misplaced(tag: str, parent: str) -> str:
    homes = sorted(f"<{home}>" for home, children in CHILDREN.items() if tag in children and home)
    where = f"in <{parent}>" if parent else "at the top"
    return f"<{tag}> is not allowed {where}" + (f", only in {', '.join(homes)}" if homes else "")


def _ascii(source: str) -> str:
    """*source* with character references for backslashes and beyond ASCII; no line break in a tag."""
    return _references(BROKEN_TAG.sub(lambda tag: tag[0].replace("\n", " "), source))


def _references(text: str) -> str:
    return text.replace("\\", "&#92;").encode("ascii", "xmlcharrefreplace").decode("ascii")


def _restored(html: str) -> str:
    """Undo ``_ascii``: none of these characters means anything in HTML, in CSS only to the template."""
    return REFERENCE.sub(lambda ref: chr(int(ref[1])) if _is_ours(int(ref[1])) else ref[0], html)


def _is_ours(code: int) -> bool:
    return code == ord("\\") or 0xA0 <= code < 0xD800 or 0xE000 <= code <= 0x10FFFF


def _offset(message: str, source: str, sent: str) -> int | None:
    """Where in *source* the error is: where mjml-python says, or at a tag that cannot be right."""
    place = re.search(r"at position (\d+):\d+", message)
    at = int(place[1]) if place else _broken_tag(sent)
    if at is None:
        return None
    ends = accumulate(len(_references(char)) for char in source)
    return sum(1 for _ in takewhile(lambda end: end <= at, ends))


def _broken_tag(sent: str) -> int | None:
    """Where the first "<" is that begins no tag, else where the first tag is that is never closed."""
    stray = SOUND.sub(lambda tag: "_" * len(tag[0]), sent).find("<")
    if stray >= 0:
        return stray
    opened: list[tuple[str, int]] = []
    for match in TAG.finditer(sent):
        closing, tag, attributes = match.groups(default="")
        if not closing and tag and tag not in VOID and not attributes.endswith("/"):
            opened.append((tag, match.start()))
        elif closing and opened:
            open_tag, at = opened.pop()
            if open_tag != tag:
                return at
    return opened[-1][1] if opened else None
