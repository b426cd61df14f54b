"""The desk's actions: edit, undo, approve, send a test, compose again. All of them go through the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from digest import editions, pipeline
from digest.app import App
from digest.audience import new_id, read_address
from digest.editions import Add, Edit, Move, Remove, Write
from digest.errors import DigestError, EditionError, SendError
from digest.logs import log
from digest.model import Approval, Blurb, Edition, Outcome, Subscriber
from digest.pipeline.editors import notices
from digest.ports import Step
from digest.preview.exhibit import Exhibit
from digest.settings import Newsletter

#: How many undo steps are kept.
DEPTH = 200


@dataclass(frozen=True, slots=True)
class Change:
    """One edit: the file before and after, and what "undo" calls it."""

    before: str
    after: str
    words: str


class Editing:
    """The edits of this run of the desk. Its methods block, and may be called by any thread."""

    def __init__(self, exhibit: Exhibit) -> None:
        self._exhibit = exhibit
        self._done: list[Change] = []
        self._undone: list[Change] = []

    @property
    def undo_words(self) -> str:
        return self._done[-1].words if self._done else ""

    @property
    def redo_words(self) -> str:
        return self._undone[-1].words if self._undone else ""

    def apply(self, edit: Edit) -> None:
        """Write *edit* into the file as it is now.

        Raises:
            ConflictError: Somebody else changed the same words meanwhile; nothing is written.
            EditionError: The file, or what it would be, is not valid; nothing is written.
        """
        exhibit = self._exhibit
        with exhibit.lock:
            text = self.text()
            source = exhibit.app().files.path(exhibit.key)
            after = editions.apply(text, edit, source=source, key=exhibit.key)
            if after == text:
                return
            words = editions.in_words(edit, editions.parse(text, source=source, key=exhibit.key))
            self._write(after, over=text)
            self._done = [*self._done, Change(text, after, words)][-DEPTH:]
            self._undone = []

    def undo(self) -> None:
        """Undo the last edit.

        Raises:
            EditionError: There is none, or the file was changed elsewhere since: nothing is written.
        """
        self._step(self._done, self._undone, lambda change: (change.after, change.before))

    def redo(self) -> None:
        """Redo the last edit that was undone; raises as ``undo`` does."""
        self._step(self._undone, self._done, lambda change: (change.before, change.after))

    def _step(
        self, origin: list[Change], target: list[Change], ends: Callable[[Change], tuple[str, str]]
    ) -> None:
        with self._exhibit.lock:
            source = self._exhibit.app().files.path(self._exhibit.key)
            if not origin:
                raise EditionError(source, "there is no edit to undo or redo")
            present, wanted = ends(origin[-1])
            if self.text() != present:
                raise EditionError(
                    source,
                    f"has been changed elsewhere since; “{origin[-1].words}” cannot be undone or redone here",
                )
            self._write(wanted, over=present)
            target.append(origin.pop())

    def approve(self, sha256: str, by: str) -> None:
        """Approve the content with that hash.

        Raises:
            EditionError: The file's content has changed meanwhile.
        """
        exhibit = self._exhibit
        with exhibit.lock:
            exhibit.load()
            view = exhibit.view
            if exhibit.problem:
                raise exhibit.problem
            if view is None or view.rendered.sha256 != sha256:
                raise EditionError(
                    str(exhibit.key), "the content has changed meanwhile; look at it again, and approve that"
                )
            name = " ".join(by.split())[:100]
            if not name:
                raise EditionError(str(exhibit.key), "an approval needs a name")
            approval = Approval(sha256=sha256, by=name, at=exhibit.clock())
            exhibit.app().store.editions.approve(exhibit.key, approval)
            key = exhibit.key
            log.info("approved", newsletter=key.newsletter, day=str(key.day), by=name, content=sha256[:12])
            exhibit.load()

    def send_test(self, address: str) -> str:
        """Send a copy to *address*, outside of the ledger, and say what became of it.

        Raises:
            EditionError: That is no address, or the file is not valid.
            SendError: The sender refuses, or cannot be reached.
        """
        exhibit = self._exhibit
        app, now = exhibit.app(), exhibit.clock()
        newsletter = app.newsletter(exhibit.key.newsletter)
        try:
            to = read_address(address)
        except ValueError as exc:
            raise EditionError("a test", str(exc)) from exc
        reader = Subscriber(id=new_id(), newsletter=newsletter.key, email=to, added_at=now)
        rendered = pipeline.render_edition(newsletter, exhibit.key, app.template(newsletter), app.files)
        if (campaigns := app.campaigns(newsletter)) is not None:
            pipeline.rehearse_campaign(newsletter, rendered, app.desk(newsletter), campaigns, [to], now=now)
            return f"a test was sent by {newsletter.sender.kind}"
        mail = pipeline.mail_for(reader, rendered, newsletter, secret=app.store.secret(), now=now)
        [receipt] = app.sender(newsletter).send([mail])
        if receipt.outcome is not Outcome.SENT:
            raise SendError(f"the test was {receipt.outcome}: {receipt.detail}")
        return f"a test was sent by {newsletter.sender.kind}"

    def compose(self, told: Callable[[Step], None]) -> None:
        """Gather and compose; *told* of each step.

        Raises:
            DigestError: As ``pipeline.build`` does; the file is as it was.
        """
        exhibit = self._exhibit
        app = exhibit.app()
        newsletter = app.newsletter(exhibit.key.newsletter)
        desk = app.desk(newsletter, told)

        def tell(made: pipeline.Built) -> None:
            self._tell_of_draft(app, newsletter, made.composed.edition)

        pipeline.build(newsletter, exhibit.key, desk, now=exhibit.clock(), unasked=False, tell=tell)

    def _tell_of_draft(self, app: App, newsletter: Newsletter, edition: Edition) -> None:
        """The other editors, where commands tell them: whoever is at the desk made it for all of them."""
        if not newsletter.notices.commands:
            return
        warnings = pipeline.to_look_at(newsletter, edition.key, app.template, app.files, app.store)
        now = self._exhibit.clock()
        notice = notices.draft_ready(newsletter, edition, now=now, warnings=warnings)
        # What is wrong with the way to them, `digest check` says; the draft is there all the same.
        with suppress(DigestError):
            pipeline.tell(newsletter, notice, app.tellers(newsletter), app.notices)

    def text(self) -> str:
        """The file as it is now.

        Raises:
            EditionError: There is none, or it cannot be read.
        """
        text = self._exhibit.app().files.read(self._exhibit.key)
        if text is None:
            raise EditionError(str(self._exhibit.key), "there is no edition yet; compose it first")
        return text

    def _write(self, text: str, *, over: str) -> None:
        files = self._exhibit.app().files
        if not files.write(self._exhibit.key, text, over=over):
            raise EditionError(
                files.path(self._exhibit.key), "was saved by another program just now; try again"
            )
        self._exhibit.load()


def edit_of(given: Mapping[str, Any]) -> Edit:
    """An edit as the page sends it.

    Raises:
        EditionError: It is not a valid edit.
    """
    try:
        match given:
            case {"kind": "move", "id": str(id_), "to": str(to), "index": int(index)}:
                section = given.get("section")
                return Move(id=id_, to=to, index=index, section=section if isinstance(section, str) else None)
            case {"kind": "write", "id": str(id_), "key": str(key), "value": value, "was": was}:
                return Write(id=id_, key=key, value=value, was=was)
            case {"kind": "remove", "id": str(id_)}:
                return Remove(id=id_)
            case {"kind": "add", "to": str(to), "index": int(index), "item": dict(item)}:
                return Add(to=to, index=index, item=_own_item(item))
    except TypeError as exc:
        raise EditionError("an edit", f"is not in the form that the desk sends: {exc}") from exc
    raise EditionError("an edit", "is unknown; the desk knows move, write, remove and add")


def _own_item(item: Mapping[str, Any]) -> Blurb:
    def line(key: str) -> str:
        return " ".join(str(item.get(key, "")).split())

    return Blurb(
        id="",
        headline=line("headline"),
        summary=line("summary"),
        url=line("url"),
        section=line("section"),
        outlet=line("outlet"),
    )
