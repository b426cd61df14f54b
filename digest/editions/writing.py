"""From an ``Edition`` to its file, written for editors to read."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from digest.editions.shape import ASIDE_KEYS, END, IMAGE_KEYS, ITEM_KEYS, LINK_KEYS, SPONSOR_KEYS
from digest.model import Blurb, Edition, Window
from digest.settings import Newsletter

#: Characters in a line of prose.
WIDTH = 96

#: Words that other YAML readers take for something else, and so are quoted for their sake.
RESERVED = {"yes", "no", "on", "off", "true", "false", "null", "y", "n"}

#: A scalar that means itself without quotes, in every YAML version.
PLAIN = re.compile(
    r"[^\W\d_]"
    r"(?:[^\x00-\x20\x7f-\xa0\u2028\u2029\ufeff\ud800-\udfff\ue000-\uffff:#]| (?=[^ #:])|:(?=[^\s:]))*"
)

#: What no YAML file may hold as it is, or what a reader takes for a line break.
UNUSUAL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")

HEAD = """\
{title} · {day} · edition {number}

This file is the edition: what it says is what goes out. See it with
    digest preview {key} --date {date}

Order      Move a whole item, from its "- id:" line to the next. The first item leads;
           sections come in the order {sections}.
Leave out  use: no (or hold: kept out today, and offered again in the next edition).
Bring in   Move an item from "pending" up to the end of "items".
Write      *italic*, **bold** and [words](https://example.org) work in letter, summary, context,
           dig_deeper and corrections. An empty line begins a paragraph. An item may also have
           question and context (both), image, update: yes, subscription: yes, correction.
Vouch      for a number or quotation that no source holds, as digest check calls it:
           vouched: ["47"]
Keep       the last line, "{end}": a file without it was cut short, and is not sent.
"""


def write(edition: Edition, newsletter: Newsletter, *, notes: Mapping[str, str] | None = None) -> str:
    """The file's text; *notes* (item id → a few words) stand beside the items as comments."""
    head = HEAD.format(
        title=newsletter.title,
        day=edition.key.day.strftime("%A, %B %-d, %Y"),
        date=edition.key.day.isoformat(),
        number=edition.number,
        key=newsletter.key,
        sections=", ".join(newsletter.sections) or "in which they first appear",
        end=END,
    )
    lines = [f"# {line}".rstrip() for line in head.splitlines()]
    lines += [
        "",
        f"newsletter: {edition.key.newsletter}",
        f"day: {edition.key.day.isoformat()}",
        *top_entry("number", edition.number),
        *top_entry("covers", edition.window),
        *top_entry("quiet", edition.quiet),
        "",
        *top_entry("subject", edition.subject),
        *top_entry("preheader", edition.preheader),
        "",
        "# Two short paragraphs from the desk, or nothing: letter: >-",
        *top_entry("letter", edition.letter),
        "",
        "# A paid slot: name, text, url, place (top or after first), starts, ends.",
        *top_entry("sponsors", edition.sponsors),
        "",
        *_items("items", edition.blurbs, notes or {}),
        "",
        "# Ready, but not in the edition.",
        *_items("pending", edition.pending, notes or {}),
        "",
        "# One-line items: text, url, outlet.",
        *top_entry("quick_hits", edition.quick_hits),
        "",
        "# A number or quote of the day: title, text, by.",
        *top_entry("asides", edition.asides),
        "",
        "# What an earlier edition got wrong, one text each.",
        *top_entry("corrections", edition.corrections),
        "",
        END,
    ]
    return "\n".join(lines) + "\n"


def top_entry(key: str, value: Any) -> Iterator[str]:
    """The lines of one key of the file itself, but for the lists of items."""
    match value:
        case Window():
            yield f"{key}: {{since: {value.since.isoformat()}, until: {value.until.isoformat()}}}"
        case bool():
            if value:
                yield f"{key}: yes"
        case int():
            yield f"{key}: {value}"
        case str():
            yield from _entry(key, value, "")
        case _ if key == "corrections":
            yield from _texts(key, value)
        case _:
            yield from _list(key, value, _LISTED[key])


_LISTED = {"sponsors": SPONSOR_KEYS, "quick_hits": LINK_KEYS, "asides": ASIDE_KEYS}


def _items(name: str, blurbs: Sequence[Blurb], notes: Mapping[str, str]) -> Iterator[str]:
    if not blurbs:
        yield f"{name}: []"
        return
    yield f"{name}:"
    for number, blurb in enumerate(blurbs):
        if number:
            yield ""
        yield from item_lines(blurb, notes.get(blurb.id, ""))


def item_lines(blurb: Blurb, note: str = "") -> Iterator[str]:
    """The lines of an item, with *note* as the comment beside its id."""
    note = " ".join(note.split())
    yield f"  - id: {_scalar(blurb.id)}" + (f"  # {note}" if note else "")
    for key in ITEM_KEYS[1:]:
        yield from item_entry(key, getattr(blurb, key))


def item_entry(key: str, value: Any) -> Iterator[str]:
    """The lines of one key of an item; none where it is empty and need not be there."""
    always = {"use", "section", "headline", "url", "outlet", "byline", "summary", "dig_deeper"}
    if key == "use":
        yield f"    use: {value}"
    elif key == "image":
        if value is not None:
            yield "    image:"
            yield from _mapping(value, IMAGE_KEYS, "      ")
    elif isinstance(value, tuple):
        if value:
            yield f"    {key}:"
            yield from (f"      - {_quoted(text)}" for text in value)
    elif isinstance(value, bool):
        if value:
            yield f"    {key}: yes"
    elif value or key in always:
        yield from _entry(key, value, "    ")


def _list(name: str, values: Sequence[object], keys: Sequence[str]) -> Iterator[str]:
    if not values:
        yield f"{name}: []"
        return
    yield f"{name}:"
    for value in values:
        first, *others = _mapping(value, keys, "    ")
        yield "  - " + first.lstrip()
        yield from others


def _texts(name: str, texts: Sequence[str]) -> Iterator[str]:
    if not texts:
        yield f"{name}: []"
        return
    yield f"{name}:"
    yield from (f"  - {_quoted(text)}" for text in texts)


def _mapping(value: object, keys: Sequence[str], indent: str) -> Iterator[str]:
    for key in keys:
        inner = getattr(value, key)
        if key == "image" and inner is not None:
            yield f"{indent}image:"
            yield from _mapping(inner, IMAGE_KEYS, indent + "  ")
        elif isinstance(inner, int):
            if inner:
                yield f"{indent}{key}: {inner}"
        elif inner not in (None, ""):
            yield from _entry(key, str(inner), indent)


def _entry(key: str, text: str, indent: str) -> Iterator[str]:
    """One line, or a folded block where the text is long."""
    line = f"{indent}{key}: {_scalar(text)}"
    if (len(line) <= WIDTH and "\n" not in text) or not _foldable(text):
        yield line
        return
    yield f"{indent}{key}: >-"
    yield from _folded(text, indent + "  ")


def _foldable(text: str) -> bool:
    """Whether folding gives back the very same text: single blanks, and none at a line's end."""
    if not text.strip("\n") or text[0] == "\n" or text[-1] == "\n" or UNUSUAL.search(text):
        return False
    return "  " not in text and all(line == line.strip(" ") for line in text.split("\n"))


def _folded(text: str, indent: str) -> Iterator[str]:
    """A line break of *text* is written as one more: folding takes one away."""
    for number, line in enumerate(text.split("\n")):
        if number:
            yield ""
        if line:
            yield from textwrap.wrap(
                line,
                WIDTH,
                initial_indent=indent,
                subsequent_indent=indent,
                break_long_words=False,
                break_on_hyphens=False,
            )


def _scalar(text: str) -> str:
    if PLAIN.fullmatch(text) and text.lower() not in RESERVED and not text.endswith(" "):
        return text
    return _quoted(text)


def _quoted(text: str) -> str:
    """A double-quoted scalar: JSON's, with what YAML would not keep escaped too."""
    quoted = json.dumps(text, ensure_ascii=False)
    return UNUSUAL.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)
