"""The state that the desk's page gets, as JSON: the exhibit as plain data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from hashlib import sha256
from typing import Any

from digest import editions
from digest.editions.sheet import ITEMS, PENDING, read
from digest.errors import DigestError, EditionError
from digest.model import GMAIL, Blurb, Edition, Finding
from digest.preview.exhibit import Exhibit, View

_NOTE = re.compile(r"-\s+id:[^#]*#\s*(.*)")


def state_of(exhibit: Exhibit, *, undo: str, redo: str, links: Iterable[Finding] = ()) -> dict[str, Any]:
    """Everything that the page shows beside the mail itself."""
    out = exhibit.went_out()
    with exhibit.lock:
        view, step = exhibit.view, exhibit.composing
        # Before the first edition there is nothing to be wrong but that it is not there yet.
        problem = None if step and view is None else exhibit.problem
        said: dict[str, Any] = {
            "key": str(exhibit.key),
            "version": exhibit.version,
            "problem": str(problem) if problem else "",
            "problems": list(_problems(problem)),
            "stale": exhibit.stale,
            "out": out,
            "composing": step._asdict() if step else None,
            "undo": undo,
            "redo": redo,
        }
    return said if view is None else said | _shown(view, links)


def sha256_of(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _problems(problem: DigestError | None) -> Iterator[dict[str, Any]]:
    if isinstance(problem, EditionError):
        for one in (problem, *problem.others):
            yield {"line": one.line, "column": one.column, "words": one.reason}


def _shown(view: View, links: Iterable[Finding]) -> dict[str, Any]:
    newsletter, record = view.newsletter, view.record
    approval = record.approval if record else None
    return {
        "newsletter": {
            "title": newsletter.title,
            "language": newsletter.language,
            "sections": list(newsletter.sections),
            "approval": newsletter.approval,
        },
        "text_sha": sha256_of(view.text),
        "mail": {
            "from": view.mail.sender,
            "subject": view.rendered.subject,
            "preheader": view.edition.preheader,
            "sha256": view.rendered.sha256,
            "bytes": len(view.parts["html"].content),
            "limit": GMAIL,
        },
        "edition": _edition(view),
        "checks": [asdict(finding) for finding in (*view.findings, *links)],
        "approval": approval
        and {
            "sha256": approval.sha256,
            "by": approval.by,
            "at": approval.at.isoformat(),
            "current": approval.sha256 == view.rendered.sha256,
        },
    }


def _edition(view: View) -> dict[str, Any]:
    edition = view.edition
    notes = _notes(view)
    composed = _composed(view)

    def item(blurb: Blurb) -> dict[str, Any]:
        article = view.articles.get(blurb.id)
        now, was = plain(blurb), composed.get(blurb.id)
        before = plain(was) if was else now
        return now | {
            "own": article is None,
            "note": notes.get(blurb.id, ""),
            "published": article.when.isoformat() if article else None,
            "edited": [key for key, value in now.items() if before[key] != value],
        }

    return {
        "number": edition.number,
        "day": edition.key.day.isoformat(),
        "subject": edition.subject,
        "preheader": edition.preheader,
        "letter": edition.letter,
        "items": [item(blurb) for blurb in edition.blurbs],
        "pending": [item(blurb) for blurb in edition.pending],
        "quick_hits": [plain(link) for link in edition.quick_hits],
        "corrections": list(edition.corrections),
        "sponsors": [plain(sponsor) for sponsor in edition.sponsors],
        "asides": [plain(aside) for aside in edition.asides],
    }


def plain(value: Any) -> dict[str, Any]:
    """A frozen value as plain data for JSON."""
    return {
        key: inner.isoformat() if hasattr(inner, "isoformat") else inner
        for key, inner in asdict(value).items()
    }


def _notes(view: View) -> Mapping[str, str]:
    """The comment beside each item's id."""
    sheet = read(view.text, source=view.source)
    blocks = [block for name in (ITEMS, PENDING) for block in _blocks(sheet, name)]
    found = ((block.id, _NOTE.search(block.lines[block.above])) for block in blocks)
    return {id_: match[1].strip() for id_, match in found if match}


def _blocks(sheet: Any, name: str) -> Any:
    try:
        return sheet.list(name).blocks
    except EditionError:  # an editor may leave out the whole key
        return ()


def _composed(view: View) -> Mapping[str, Blurb]:
    """The items as the machine wrote them."""
    if view.record is None:
        return {}
    composed: Edition = editions.parse(view.record.composed, source=view.source, key=view.edition.key)
    return {blurb.id: blurb for blurb in (*composed.blurbs, *composed.pending)}
