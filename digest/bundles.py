"""Bundles: a build with everything that it depended on, in one zip file, for a bug report or as evidence.

A bundle is read as what it is, a stranger's file: bounded in size, by known names only, nothing of it is
written to a disk, and what is not of its form is refused.
"""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import datetime
from hashlib import sha256
from html import escape
from io import BytesIO
from typing import TypeVar, cast
from urllib.parse import quote

from pydantic import ValidationError

from digest.errors import ConfigError
from digest.tapes import Heard, Premises, Reel, Remembered, Said, Tape, adapter
from digest.urls import credentials, shown

#: The format's version, for programs of another version.
FORM = 1
#: Bytes that a bundle may unpack to, and files in it.
LARGEST, MOST = 600_000_000, 20_000
#: In a zip file, the same bytes are the same file only if their time is.
TIME = (1980, 1, 1, 0, 0, 0)
#: Stands in for a credential: an address with it is still an address.
HIDDEN = b"HIDDEN"

T = TypeVar("T")

README = """\
A bundle of digest: one build of one edition, with everything that it hung on.

    digest build --bundle FILE              makes the edition again, on any machine, without network
    digest build --bundle FILE --explain    and says of each article why it is in, or is not

manifest.json     which build, by which versions, and what could not be taken along
schedules.toml    the newsletter's settings, without sender, comments and credentials
composed.yaml     the edition as the machine wrote it
edition.yaml      the edition as its editors have it
explain.json      every article that was considered, with its score, reasons and verdict
journal.json      what ran for this newsletter, and what became of it
heard.json        which addresses were asked, and what came of it; bodies/ has what they said, by SHA-256
premises.json     what the build knew before: feeds, editions that were sent, links that they had
articles.jsonl    the articles that it knew, one a line
said.json         what a language model answered

No subscriber, no password and no header of a request is in it. Feeds and pages are their publishers'.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    reel: Reel
    #: The edition as its editors have it; "" if there is none.
    edition: str = field(default="", repr=False)
    #: Further files by name: for people, and read by no program.
    papers: Mapping[str, object] = field(default_factory=dict)
    #: Feeds whose address holds a credential that is not in the bundle.
    hidden: tuple[str, ...] = ()


def masked(bundle: Bundle, secrets: Iterable[str] = ()) -> Bundle:
    """*bundle* without these *secrets*, and without the credentials in addresses; it names those addresses.

    An article's id depends on its feed's address: where one is hidden, a replay gives new articles other ids.
    """
    reel = bundle.reel
    urls = {
        *(state.url for state in reel.premises.states),
        *(state.moved_to for state in reel.premises.states),
        *(url for one in reel.heard for url in (one.url, one.final_url, one.moved_to)),
    }
    values = {value for url in urls for value in credentials(url)} | {one for one in secrets if one}
    if not values:
        return bundle
    hide = _Hider(values)
    bodies = {name: hide(body) for name, body in reel.bodies.items()}
    names = {name: sha256(body).hexdigest() for name, body in bodies.items()}
    heard = [replace(one, sha256=names.get(one.sha256, "")) for one in hide.within(list[Heard], reel.heard)]
    hidden = replace(
        reel,
        premises=hide.within(Premises, reel.premises),
        remembered=hide.within(list[Remembered], reel.remembered),
        said=hide.within(list[Said], reel.said),
        tape=hide.within(Tape, reel.tape),
        heard=heard,
        composed=hide(reel.composed.encode()).decode(),
        bodies={names[name]: body for name, body in bodies.items()},
    )
    return replace(
        bundle,
        reel=hidden,
        edition=hide(bundle.edition.encode()).decode(),
        papers={name: json.loads(hide(_json(paper))) for name, paper in bundle.papers.items()},
        hidden=tuple(sorted({shown(url) for url in urls if hide.changes(url)})),
    )


class _Hider:
    """Puts ``HIDDEN`` in the place of each of these values, the longest first."""

    def __init__(self, values: Iterable[str]) -> None:
        spelled = {form for value in values for form in (value, quote(value, safe=""), escape(value))}
        longest = sorted((form.encode() for form in spelled), key=len, reverse=True)
        self._pattern = re.compile(b"|".join(map(re.escape, longest)))

    def __call__(self, content: bytes) -> bytes:
        return self._pattern.sub(HIDDEN, content)

    def within(self, kind: type[T], value: object) -> T:
        value = list(value) if isinstance(value, tuple) else value
        content = adapter(kind).dump_json(cast("T", value))
        return adapter(kind).validate_json(self(content))

    def changes(self, text: str) -> bool:
        return self(text.encode()) != text.encode()


def write(bundle: Bundle) -> bytes:
    """The zip file."""
    reel = bundle.reel
    files: dict[str, bytes] = {
        "README.txt": README.encode(),
        "manifest.json": _json(
            {
                "form": FORM,
                "tape": adapter(Tape).dump_python(reel.tape, mode="json"),
                "versions": dict(reel.premises.versions),
                "hidden": list(bundle.hidden),
            }
        ),
        "schedules.toml": reel.premises.settings.encode(),
        "premises.json": adapter(Premises).dump_json(reel.premises, indent=1),
        "heard.json": adapter(list[Heard]).dump_json(list(reel.heard), indent=1),
        "said.json": adapter(list[Said]).dump_json(list(reel.said), indent=1),
        "articles.jsonl": b"".join(adapter(Remembered).dump_json(one) + b"\n" for one in reel.remembered),
        **{name: _json(paper) for name, paper in bundle.papers.items()},
        **{f"bodies/{name}": body for name, body in sorted(reel.bodies.items())},
    }
    for name, text in (("composed.yaml", reel.composed), ("edition.yaml", bundle.edition)):
        if text:
            files[name] = text.encode()
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as folder:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, TIME)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            folder.writestr(info, content)
    return packed.getvalue()


def read(content: bytes, *, source: str) -> Bundle:
    """What ``write`` wrote.

    Raises:
        ConfigError: It is not a bundle, has another format, is too large, or its answers have been changed.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as folder:
            _weigh(folder)
            return _bundle(folder)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error, KeyError) as error:
        raise ConfigError(source, [f"is not a bundle written by `digest bundle`: {error}"]) from error
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        words = f"is not a bundle in this version's format: {place}: {first['msg']}"
        raise ConfigError(source, [words]) from None
    except (ValueError, RecursionError) as error:
        raise ConfigError(source, [f"is not a usable bundle: {error}"]) from error


def _bundle(folder: zipfile.ZipFile) -> Bundle:
    manifest = json.loads(folder.read("manifest.json"))
    if not isinstance(manifest, dict) or manifest.get("form") != FORM:
        raise ValueError(f"this digest reads form {FORM}, written by the version that its manifest names")
    there = set(folder.namelist())
    lines = folder.read("articles.jsonl").splitlines()
    reel = Reel(
        tape=adapter(Tape).validate_python(manifest["tape"]),
        premises=adapter(Premises).validate_json(folder.read("premises.json")),
        heard=adapter(list[Heard]).validate_json(folder.read("heard.json")),
        said=adapter(list[Said]).validate_json(folder.read("said.json")),
        remembered=[adapter(Remembered).validate_json(line) for line in lines],
        composed=folder.read("composed.yaml").decode() if "composed.yaml" in there else "",
        bodies={},
    )
    _require_zones(reel)
    bodies = {name: folder.read(f"bodies/{name}") for name in {one.sha256 for one in reel.heard} if name}
    for name, body in bodies.items():
        if sha256(body).hexdigest() != name:
            raise ValueError(f"bodies/{name} is not what was heard then")
    return Bundle(
        reel=replace(reel, bodies=bodies),
        edition=folder.read("edition.yaml").decode() if "edition.yaml" in there else "",
        hidden=adapter(tuple[str, ...]).validate_python(manifest.get("hidden", ())),
    )


def _require_zones(value: object) -> None:
    """Every moment of ours is aware; one of a stranger's may not be."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"the moment {value.isoformat()} has no zone")
    elif is_dataclass(value):
        for one in fields(value):
            _require_zones(getattr(value, one.name))
    elif isinstance(value, list | tuple):
        for inner in value:
            _require_zones(inner)


def _weigh(folder: zipfile.ZipFile) -> None:
    """A zip file says how large its files are, and ``zipfile`` reads no more of one than that."""
    infos = folder.infolist()
    if len(infos) > MOST or sum(info.file_size for info in infos) > LARGEST:
        raise ValueError(f"it has more than {MOST:,} files, or {LARGEST // 1_000_000} MB unpacked")


def _json(value: object) -> bytes:
    return json.dumps(value, indent=1, ensure_ascii=False, default=str).encode()
