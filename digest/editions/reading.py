"""From the file's text to an ``Edition``, or to every problem with its line and column."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from digest.editions.shape import KEYS, EditionFile
from digest.editions.tree import Node, read
from digest.errors import EditionError
from digest.model import Blurb, Edition, EditionKey, Use, Window
from digest.urls import usable
from digest.words.text import listed

#: A comment that begins as a text would go on, as in "Harbour is #1 again".
_CUT = re.compile(r"[ \t]+(#\w+)")
_LINE_END = re.compile(r"\r\n|\r|\n")
#: Keys with words for readers, which may stand in one line.
_TEXTS = listed(
    "subject preheader letter headline byline outlet section summary question context dig_deeper correction"
    " alt caption credit text title by name"
)

if TYPE_CHECKING:
    from pydantic import TypeAdapter, ValidationError


@lru_cache(maxsize=32)  # today's, and the last week's of a few newsletters: each build looks back on them
def parse(text: str, *, source: str, key: EditionKey) -> Edition:
    """The edition that *text* says, which must be the one that *key* names.

    Raises:
        EditionError: With line, column, what was expected, and the nearest spelling; the first problem, and
            the others in ``others``.
    """
    from pydantic import ValidationError

    tree = read(text, source=source)
    problems = list(_unknown_keys(tree, source))
    misspelt = bool(problems)
    problems += _cut_texts(tree, text, source)
    try:
        file = _adapter().validate_python(_lists(tree.plain()))
    except ValidationError as exc:
        problems += _invalid(exc, tree, source, misspelt=misspelt)
    if not problems:
        problems += _contradictions(file, key, tree, source)
    if problems:
        problems.sort(key=lambda problem: (problem.line or 0, problem.column or 0))
        first, *others = problems
        raise EditionError(source, first.reason, line=first.line, column=first.column, others=others)
    return _edition(file)


@cache
def _adapter() -> TypeAdapter[EditionFile]:
    from pydantic import TypeAdapter

    return TypeAdapter(EditionFile)


def _edition(file: EditionFile) -> Edition:
    return Edition(
        key=EditionKey(newsletter=file.newsletter, day=file.day),
        number=file.number,
        window=Window(since=file.covers.since, until=file.covers.until),
        quiet=file.quiet,
        subject=file.subject,
        preheader=file.preheader,
        letter=file.letter,
        sponsors=file.sponsors,
        blurbs=file.items,
        pending=file.pending,
        quick_hits=file.quick_hits,
        asides=file.asides,
        corrections=file.corrections,
    )


def _lists(tree: object) -> Any:
    """An empty value where a list or picture belongs (``pending:``) means none."""
    if not isinstance(tree, dict):
        return tree
    plural = {"sponsors", "items", "pending", "quick_hits", "asides", "corrections"}
    tree = {name: [] if name in plural and value == "" else value for name, value in tree.items()}
    for name in ("items", "pending", "sponsors"):
        if isinstance(tree.get(name), list):
            tree[name] = [_item(item) for item in tree[name]]
    return tree


def _item(item: object) -> object:
    """An item without what is empty: ``image:`` is no picture, ``use:`` is the default."""
    if not isinstance(item, dict):
        return item
    kept = {
        name: value for name, value in item.items() if value != "" or name in {"headline", "summary", "id"}
    }
    if isinstance(kept.get("vouched"), str):  # one, without the brackets of a list
        kept["vouched"] = [kept["vouched"]]
    return kept


def _unknown_keys(tree: Node, source: str) -> Iterator[EditionError]:
    for node, under in _mappings(tree, ""):
        known = KEYS.get(under, ())
        for name, (line, column) in node.keys.items():
            if name not in known:
                near = get_close_matches(name, known, n=1)
                advice = f'did you mean "{near[0]}"?' if near else f"known are: {', '.join(known)}"
                yield EditionError(
                    source, f'there is no key "{name}" here; {advice}', line=line, column=column
                )


def _cut_texts(tree: Node, text: str, source: str) -> Iterator[EditionError]:
    """Texts without quotes that end before a " #1": for YAML that is a comment, for an editor hardly ever."""
    lines = _LINE_END.split(text) if _CUT.search(text) else ()
    for node, _ in _mappings(tree, "") if lines else ():
        for name, inner in node.value.items() if isinstance(node.value, dict) else ():
            line = lines[inner.line - 1]
            cut = _CUT.match(line, inner.end - 1) if inner.end and name in _TEXTS else None
            if cut and line[inner.column - 1] not in "\"'":
                words = f'everything from "{cut[1]}" on is a comment; put quotes around the text'
                yield EditionError(source, words, line=inner.line, column=cut.start(1) + 1)


def _mappings(node: Node, under: str) -> Iterator[tuple[Node, str]]:
    if isinstance(node.value, dict):
        yield node, under
        for name, inner in node.value.items():
            yield from _mappings(inner, name)
    elif isinstance(node.value, list):
        for inner in node.value:
            yield from _mappings(inner, under)


def _invalid(exc: ValidationError, tree: Node, source: str, *, misspelt: bool) -> Iterator[EditionError]:
    """What pydantic says, in our words; beside a misspelt key, nothing is called missing."""
    for error in exc.errors(include_url=False):
        path = error["loc"]
        node = tree.at(path)
        name = next((str(step) for step in reversed(path) if isinstance(step, str)), "the file")
        kind = error["type"]
        if kind == "missing" and misspelt:
            continue
        if kind == "missing":
            words = f'"{name}" is missing here'
        elif kind == "enum":
            given = str(error["input"])
            words = f'"{name}" must be {error["ctx"]["expected"]}; got {given!r}'
            if near := get_close_matches(given, [str(use) for use in Use], n=1):
                words += f", did you mean {near[0]}?"
        else:
            words = f'"{name}": {error["msg"][:1].lower()}{error["msg"][1:]}'
        yield EditionError(source, words, line=node.line, column=node.column)


def _contradictions(file: EditionFile, key: EditionKey, tree: Node, source: str) -> Iterator[EditionError]:
    """What each value allows, but all together do not."""
    found = (*_head_problems(file, key), *_item_problems(file), *_link_problems(file))
    for words, path in found:
        node = tree.at(path)
        yield EditionError(source, words, line=node.line, column=node.column)


Problem = tuple[str, tuple[int | str, ...]]


def _head_problems(file: EditionFile, key: EditionKey) -> Iterator[Problem]:
    if file.newsletter != key.newsletter:
        yield f'this file is for "{key.newsletter}", not "{file.newsletter}"', ("newsletter",)
    if file.day != key.day:
        yield f"this file is for {key.day}, not {file.day}", ("day",)
    if not file.subject.strip():
        yield "a mail needs a subject", ("subject",)
    if file.covers.since.tzinfo is None or file.covers.until.tzinfo is None:
        yield "covers needs times with a zone, as in 2026-11-23T10:00:00+00:00", ("covers",)


def _item_problems(file: EditionFile) -> Iterator[Problem]:
    seen: set[str] = set()
    for part, blurbs in (("items", file.items), ("pending", file.pending)):
        for index, blurb in enumerate(blurbs):
            if blurb.id in seen:
                yield f'two items have the id "{blurb.id}"; delete one', (part, index, "id")
            seen.add(blurb.id)
            for words, name in _blurb_problems(blurb):
                yield words, (part, index, name)


def _link_problems(file: EditionFile) -> Iterator[Problem]:
    links = [("quick_hits", index, link.url) for index, link in enumerate(file.quick_hits)]
    links += [("sponsors", index, sponsor.url) for index, sponsor in enumerate(file.sponsors)]
    for part, index, url in links:
        if not usable(url):
            yield "a link starts with https:// or http://", (part, index, "url")
    for index, sponsor in enumerate(file.sponsors):
        if sponsor.place not in {"top", "after first"}:
            yield '"place" must be "top" or "after first"', ("sponsors", index, "place")


def _blurb_problems(blurb: Blurb) -> Iterator[tuple[str, str]]:
    if not blurb.id:
        yield "an item needs an id of its own, any word", "id"
    if blurb.use is Use.YES and not blurb.headline.strip():
        yield "an item needs a headline", "headline"
    if blurb.use is Use.YES and not blurb.summary.strip():
        yield "an item needs a summary, or use: no", "summary"
    if bool(blurb.question.strip()) != bool(blurb.context.strip()):
        yield "question and context belong together: write both or neither", "question"
    if blurb.url and not usable(blurb.url):
        yield "a link starts with https:// or http://", "url"
    if blurb.image is not None and not usable(blurb.image.url):
        yield "a picture's address starts with https:// or http://", "image"
