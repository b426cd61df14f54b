"""The desk's edits: each returns the file's new text, in which everything it does not touch is unchanged."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, get_type_hints

from digest.editions.fields import with_item_field, with_top_field
from digest.editions.reading import parse
from digest.editions.shape import ITEM_KEYS, TOP_KEYS, EditionFile
from digest.editions.sheet import ITEMS, PENDING, Block, Sheet, lines_of, read
from digest.editions.writing import item_lines
from digest.errors import ConflictError, EditionError
from digest.model import Blurb, Edition, EditionKey

if TYPE_CHECKING:
    from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """An item to another place; *index* counts in that list as it is without the item."""

    id: str
    to: str
    index: int
    #: The section that it comes into; None for the one that it is in.
    section: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """*value* under a key of an item, or of the file itself (*id* is "")."""

    id: str
    key: str
    value: object
    #: What the editor saw there.
    was: object


@dataclass(frozen=True, slots=True, kw_only=True)
class Remove:
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Add:
    """An item of the editors' own."""

    to: str
    index: int
    item: Blurb


Edit = Move | Write | Remove | Add


def apply(text: str, edit: Edit, *, source: str, key: EditionKey) -> str:
    """The file *text* after *edit*.

    Raises:
        ConflictError: What the editor saw is not what stands there.
        EditionError: The file is not valid, there is no such item or key, or the value cannot stand there.
    """
    before = parse(text, source=source, key=key)
    sheet = read(text, source=source)
    match edit:
        case Move():
            after = _moved(sheet, edit, source).text
        case Remove():
            after = sheet.removed(edit.id).text
        case Add():
            after = sheet.inserted(_block(edit.item, sheet), _list_name(edit.to, source), edit.index).text
        case Write():
            after = _written(text, sheet, before, edit, source)
    parse(after, source=source, key=key)
    return after


def in_words(edit: Edit, edition: Edition) -> str:
    """What was done, as "undo" calls it; *edition* is the one before."""
    headlines = {blurb.id: blurb.headline for blurb in (*edition.blurbs, *edition.pending)}
    match edit:
        case Move():
            return f"moved “{headlines.get(edit.id, edit.id)}” to place {edit.index + 1} of {edit.to}"
        case Remove():
            return f"deleted “{headlines.get(edit.id, edit.id)}”"
        case Add():
            return f"added “{edit.item.headline}”"
        case Write():
            whose = f" of “{headlines.get(edit.id, edit.id)}”" if edit.id else ""
            return f"changed {edit.key.replace('_', ' ')}{whose}"


def _moved(sheet: Sheet, edit: Move, source: str) -> Sheet:
    sheet = sheet.moved(edit.id, _list_name(edit.to, source), edit.index)
    if edit.section is None:
        return sheet
    listing, at = sheet.where(edit.id)
    section = _typed(Blurb, "section", edit.section, ITEM_KEYS, source)
    return sheet.with_block(
        with_item_field(listing.blocks[at], "section", section, source=source, newline=sheet.newline)
    )


def _written(text: str, sheet: Sheet, before: Edition, edit: Write, source: str) -> str:
    if edit.id:
        return _written_in_item(sheet, before, edit, source)
    value = _agreed(EditionFile, edit, getattr(before, edit.key, None), TOP_KEYS, source)
    return with_top_field(text, edit.key, value, source=source, newline=sheet.newline)


def _written_in_item(sheet: Sheet, before: Edition, edit: Write, source: str) -> str:
    listing, at = sheet.where(edit.id)
    blurb = next(blurb for blurb in (*before.blurbs, *before.pending) if blurb.id == edit.id)
    value = _agreed(Blurb, edit, getattr(blurb, edit.key, None), ITEM_KEYS[1:], source)
    block = with_item_field(listing.blocks[at], edit.key, value, source=source, newline=sheet.newline)
    if edit.key == "summary" and blurb.written_by:  # they are the editor's words now
        block = with_item_field(block, "written_by", "", source=source, newline=sheet.newline)
    return sheet.with_block(block).text


def _agreed(shape: type, edit: Write, present: object, keys: tuple[str, ...], source: str) -> Any:
    """The value to write, where what the editor saw is still what stands there."""
    value, was = (_typed(shape, edit.key, given, keys, source) for given in (edit.value, edit.was))
    if present not in (was, value):
        raise ConflictError(source, present)
    return value


def _list_name(name: str, source: str) -> str:
    if name not in (ITEMS, PENDING):
        raise EditionError(source, f'an item goes to "{ITEMS}" or "{PENDING}", not to "{name}"')
    return name


def _block(item: Blurb, sheet: Sheet) -> Block:
    taken = {block.id for name in (ITEMS, PENDING) for block in sheet.list(name).blocks}
    number = next(n for n in range(1, len(taken) + 2) if f"own-{n}" not in taken)
    item = replace(item, id=item.id or f"own-{number}")
    lines = "".join(f"{line}{sheet.newline}" for line in item_lines(item))
    return Block(item.id, tuple(lines_of(lines)), above=0)


def _typed(shape: type, key: str, value: object, keys: tuple[str, ...], source: str) -> Any:
    """*value* as the key has it.

    Raises:
        EditionError: There is no such key to write, or *value* is of another kind.
    """
    from pydantic import ValidationError

    if key not in keys or key in ("newsletter", "day", "number", "covers", ITEMS, PENDING):
        raise EditionError(source, f'there is no key "{key}" to write')
    try:
        return _adapter(shape, key).validate_python(_tidied(value))
    except ValidationError as exc:
        problem = exc.errors(include_url=False)[0]["msg"]
        raise EditionError(source, f'"{key}": {problem[:1].lower()}{problem[1:]}') from exc


def _tidied(value: object) -> object:
    """Line breaks as a file has them, and no white space at the ends of lines."""
    if not isinstance(value, str):
        return value
    lines = value.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(" ".join(line.split()) for line in lines).strip("\n")


@cache
def _adapter(shape: type, key: str) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter

    return TypeAdapter(get_type_hints(shape)[key])
