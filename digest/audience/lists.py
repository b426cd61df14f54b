"""Lists of subscribers as files: read from anywhere, written for anywhere."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from digest.audience.addresses import address_key, read_address
from digest.audience.spellings import NO, PLAIN_WORDS, SPELLINGS, STATE_WORDS, STATES, YES
from digest.masking import mask
from digest.model import Subscriber
from digest.spelling import LONGEST_TAG
from digest.words.text import clean

#: What separates the cells of a table.
DELIMITERS = (",", ";", "\t")

#: Columns of an exported list.
COLUMNS = ("email", "name", "state", "added_at", "tags", "plain", "confirmed_at", "consent")

#: A spreadsheet takes a cell that begins like this for a formula (CWE-1236).
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_QUOTED_FORMULA = re.compile(r"'+[=+\-@\t\r]")

#: What a spreadsheet may write above a table: which character separates its cells.
_NOTE = re.compile(r'"?sep=.?"?', re.IGNORECASE)

_MAILBOX = re.compile(r"(?P<name>[^<>]*)<(?P<email>[^<>]*)>")
_LINE_END = re.compile(r"\r\n|\r|\n")

#: Lines that a quoted cell may span.
_SPAN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """A list that was read."""

    #: Each address once.
    subscribers: tuple[Subscriber, ...]
    #: "line 3: j…@example: The part after …", one for each line that was left out.
    problems: tuple[str, ...]
    #: Lines whose address is in an earlier line.
    duplicates: int


def read_subscribers(text: str, *, newsletter: str, at: datetime, new_id: Callable[[], str]) -> Import:
    """One address per line, or a CSV table whose first line names a column "email".

    A table's cells are parted by comma, semicolon or tab. Those of its columns that are among ``COLUMNS`` are
    used (a name may be in two), under the spellings of other programs too, and so is all that other programs
    write of who left; who has no "added_at" was added *at*. Of an address that comes twice the strictest
    state stands. *new_id* makes the id of each subscriber.
    """
    found: dict[str, Subscriber] = {}
    problems: list[str] = []
    duplicates = 0
    for number, entry in _entries(_LINE_END.split(text.removeprefix("\ufeff"))):
        try:
            one = _subscriber(entry, newsletter=newsletter, at=at, new_id=new_id)
        except ValueError as error:
            problems.append(f"line {number}: {error}")
            continue
        key = address_key(one.email)
        if key in found:
            duplicates += 1
            found[key] = replace(found[key], state=max(found[key].state, one.state, key=STATES.index))
        else:
            found[key] = one
    return Import(subscribers=tuple(found.values()), problems=tuple(problems), duplicates=duplicates)


def write_subscribers(subscribers: Iterable[Subscriber]) -> str:
    """A CSV table that ``read_subscribers`` reads back, and in which no spreadsheet finds a formula."""
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in subscribers:
        cells = (
            one.email,
            one.name,
            one.state,
            one.added_at.isoformat(),
            " ".join(one.tags),
            "yes" if one.plain else "",
            one.confirmed_at.isoformat() if one.confirmed_at else "",
            one.consent,
        )
        writer.writerow([f"'{cell}" if _FORMULA.match(cell) else cell for cell in cells])
    return table.getvalue()


def _subscriber(
    entry: Mapping[str, str] | ValueError, *, newsletter: str, at: datetime, new_id: Callable[[], str]
) -> Subscriber:
    """Raises ValueError with the reason why *entry* is none."""
    if isinstance(entry, ValueError):
        raise entry
    named, email = _mailbox(entry["email"])
    own_name = entry.get("name") or f"{entry.get('first', '')} {entry.get('last', '')}"
    return Subscriber(
        newsletter=newsletter,
        email=read_address(email),
        name=clean(own_name) or named,
        state=_state(entry),
        added_at=_moment("added_at", entry["added_at"]) if entry.get("added_at") else at,
        id=new_id(),
        plain=_plain(entry.get("plain", "")),
        tags=read_tags(entry.get("tags", "")),
        confirmed_at=_moment("confirmed_at", entry["confirmed_at"]) if entry.get("confirmed_at") else None,
        consent=clean(entry.get("consent", "")),
    )


def read_tags(text: str) -> tuple[str, ...]:
    """The tags of a cell or a command line, each once: separated by commas or semicolons, or else by spaces.

    A tag is small letters of any script, digits and hyphens; "VIP Friends" in quotes or between commas is
    "vip-friends".

    Raises:
        ValueError: A part of it is not a tag.
    """
    parts = re.split(r"[,;]", text) if re.search(r"[,;]", text) else text.split()
    tags: dict[str, None] = {}
    for part in parts:
        if not part.strip(' "'):
            continue
        tag = _slug(part)
        if not tag or len(tag) > LONGEST_TAG:
            raise ValueError(
                f"not a tag: {clean(part)[:20]!r}; expected at most {LONGEST_TAG} letters, digits and hyphens"
            )
        tags[tag] = None
    return tuple(tags)


def _slug(words: str) -> str:
    """Words of any script in small letters, joined by hyphens; some letters are written with marks."""
    letters = (
        char if char.isalnum() or unicodedata.category(char).startswith("M") else " "
        for char in unicodedata.normalize("NFC", words.casefold())
    )
    return "-".join("".join(letters).split())


def _plain(word: str) -> bool:
    plain = PLAIN_WORDS.get(word.strip().casefold())
    if plain is None:
        raise ValueError(f"plain is {clean(word)[:20]!r}; expected yes, no or nothing")
    return plain


def _mailbox(text: str) -> tuple[str, str]:
    """Name and address of "Ann Lee <ann@example.org>"; the name is "" if there is none."""
    match = _MAILBOX.fullmatch(text.strip())
    if match is None:
        return "", text
    return clean(match["name"].strip().strip('"')), match["email"]


def _state(entry: Mapping[str, str]) -> str:
    """The strictest of what the columns say: nobody gets mail whom one of them excludes.

    Raises:
        ValueError: The column of the state contains an unknown word.
    """
    word = _word(entry, "state")
    if word not in STATE_WORDS:
        raise ValueError(f"no such state: {clean(word)[:20]!r}; expected {', '.join(STATES)} or nothing")
    has_left = _word(entry, "left_at") or _word(entry, "is_off") in YES or _word(entry, "is_on") in NO
    said = [
        STATE_WORDS[word],
        STATE_WORDS.get(_word(entry, "type"), "active"),
        "unsubscribed" if has_left else "active",
        "suppressed" if _word(entry, "gone_at") else "active",
    ]
    return max(said, key=STATES.index)


def _word(entry: Mapping[str, str], column: str) -> str:
    return entry.get(column, "").strip().casefold()


def _moment(column: str, text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(
            f"{column} is not a date and time; expected, for example, 2026-11-23T06:30:00Z"
        ) from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def _entries(lines: Sequence[str]) -> Iterator[tuple[int, Mapping[str, str] | ValueError]]:
    """Each entry with the number of its line: cells by column, or what is wrong with them."""
    start = next(
        (index for index, line in enumerate(lines) if line.strip() and not _is_note(line)), len(lines)
    )
    header = _header(lines[start]) if start < len(lines) else None
    if header is not None:
        yield from _rows(lines, start + 1, *header)
        return
    for number, line in enumerate(lines[start:], start + 1):
        if line.strip():
            yield number, _single(line)


def _is_note(line: str) -> bool:
    return _NOTE.fullmatch(line.strip()) is not None


def _single(line: str) -> Mapping[str, str] | ValueError:
    """A line with one address, with or without a name."""
    if "<" not in line and any(delimiter in line for delimiter in DELIMITERS):
        return ValueError(
            f"{mask(line)}: more than an address; a table needs a first line that names its columns, "
            "one of them email"
        )
    return {"email": line}


def _header(line: str) -> tuple[str, list[str]] | None:
    """Delimiter and columns of a table's first line; None if it is not such a line."""
    for delimiter in DELIMITERS:
        try:
            cells = next(csv.reader([line], delimiter=delimiter, skipinitialspace=True))
        except csv.Error:
            return None
        columns = [SPELLINGS.get(re.sub(r"[\s_-]", "", cell).casefold(), "") for cell in cells]
        if "email" in columns:
            return delimiter, columns
    return None


def _rows(
    lines: Sequence[str], start: int, delimiter: str, columns: Sequence[str]
) -> Iterator[tuple[int, Mapping[str, str] | ValueError]]:
    index = start
    while index < len(lines):
        try:
            cells, taken = _record(lines[index : index + _SPAN], delimiter, len(columns))
        except csv.Error as error:
            yield index + 1, ValueError(f"is not a row of a table: {error}")
            index += 1
            continue
        if any(cell.strip() for cell in cells):
            named: dict[str, str] = {}
            for column, cell in zip(columns, cells, strict=False):
                # Of two columns with the same meaning, the first that is filled.
                named[column] = named.get(column) or _unquoted(cell).strip()
            yield index + 1, {"email": ""} | named
        index += taken


def _record(lines: Sequence[str], delimiter: str, width: int) -> tuple[list[str], int]:
    """The cells of the row that begins *lines*, and how many lines it takes.

    A quoted cell may span several lines; but if a quote was merely forgotten, the addresses that
    follow must not vanish into it. So a cell of several lines holds no address, and its row is complete.
    """
    for taken in range(1, len(lines) + 1):
        reader = csv.reader(
            io.StringIO("\n".join(lines[:taken])), delimiter=delimiter, skipinitialspace=True, strict=True
        )
        try:
            cells = next(reader, [])
        except csv.Error as error:
            if str(error) != "unexpected end of data":
                break
            continue
        if taken == 1 or (len(cells) == width and not any("\n" in cell and "@" in cell for cell in cells)):
            return cells, taken
        break
    raise csv.Error("a quotation mark is missing or out of place")


def _unquoted(cell: str) -> str:
    return cell[1:] if _QUOTED_FORMULA.match(cell) else cell
