"""Notices from commands that cron runs: --tell, or `commands` in the newsletter's notices."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from digest.cli.session import Session
from digest.errors import BusyError, DigestError, EditionError, NothingToDo, RenderError, StoreError

if TYPE_CHECKING:
    from digest.app import App
    from digest.model import EditionKey, Notice
    from digest.pipeline import Built
    from digest.settings import Newsletter

tell_option = click.option(
    "--tell", is_flag=True, help="Notify the editors of the outcome, each thing once (docs/watching.md)."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Editors:
    """A newsletter's editors, and whether they are notified of this command."""

    app: App
    newsletter: Newsletter
    key: EditionKey
    session: Session
    hear: bool

    def told(self, notice: Notice) -> None:
        from digest import pipeline

        if not self.hear:
            return
        if not (tellers := self.app.tellers(self.newsletter)):
            self.session.note(f"nobody to tell: newsletters.{self.newsletter.key}.editors names nobody")
            return
        pipeline.tell(self.newsletter, notice, tellers, self.app.notices)

    def told_of_draft(self, made: Built) -> None:
        """Tell of the draft, and of the feeds that it was made from or without."""
        from digest import pipeline
        from digest.pipeline.editors import notices

        if not self.hear:
            return
        app, newsletter, now = self.app, self.newsletter, self.session.now
        edition = made.composed.edition
        warnings = pipeline.to_look_at(newsletter, self.key, app.template, app.files, app.store)
        self.told(notices.draft_ready(newsletter, edition, now=now, warnings=warnings))
        with self._done_all_the_same():
            tellers = app.tellers(newsletter)
            pipeline.tell_of_feeds(newsletter, app.store.feeds, tellers, app.notices, now=now)

    def told_of_delivery(self, words: str, *, code: int, held: int = 0) -> None:
        """Tell of the edition that is out, at least partly, in numbers; of a campaign in its provider's
        words. *held*: called unknown, and not suppressed.

        If another process is still sending it, that one tells the numbers.
        """
        from digest.pipeline.editors import notices

        if not self.hear or code == BusyError.exit_code:
            return
        newsletter, key, now = self.newsletter, self.key, self.session.now
        with self._done_all_the_same():
            single = self.app.campaigns(newsletter) is None
            tally = self.app.store.ledger.tally(key)
            if tally.sent:
                out = tally if single else words
                self.told(notices.sent(newsletter, key, out, now=now, held=held))
            else:
                self.told(notices.not_sent(newsletter, key, words, now=now, about="nobody has it"))

    @contextmanager
    def _done_all_the_same(self) -> Iterator[None]:
        """What the command did stays done, whether or not the editors can be told."""
        try:
            yield
        except StoreError as exc:
            self.session.note(f"the editors could not be told: {exc}")

    def told_of_failure(self, stage: str, error: DigestError) -> None:
        """Tell of a failure, unless it is expected: a day off, out already, or another process tells."""
        from digest import pipeline, timetable
        from digest.pipeline.editors import notices

        if isinstance(error, BusyError):
            return
        newsletter, key = self.newsletter, self.key
        sent, reached = 0, False
        with suppress(StoreError):
            tally, in_hand = self.app.store.ledger.standing(key)
            sent, reached = tally.sent, in_hand > 0 or pipeline.is_out(key, self.app.store)
        if isinstance(error, NothingToDo) and (timetable.day_off(newsletter, key.day) or sent):
            return
        # If the edition is out, or on its way, an error in its file keeps it from nobody.
        if isinstance(error, EditionError | RenderError) and reached:
            return
        self.told(notices.failed(newsletter, key, stage, error, now=self.session.now, sent=sent))


@contextmanager
def telling(
    session: Session,
    app: App,
    newsletter: Newsletter,
    key: EditionKey,
    stage: str,
    *,
    asked: bool,
    heed: bool = True,
) -> Iterator[Editors]:
    """The editors; they are told of an error in the block, which is then raised again.

    *heed*: the newsletter's setting counts, too.
    """
    from digest import pipeline

    hear = asked or (heed and newsletter.notices.commands)
    editors = Editors(app=app, newsletter=newsletter, key=key, session=session, hear=hear)
    if hear:
        # If the way to them or the store is broken, the command itself will find out.
        with suppress(DigestError):
            pipeline.tell_again(newsletter, app.tellers(newsletter), app.notices, now=session.now)
    try:
        yield editors
    except DigestError as error:
        editors.told_of_failure(stage, error)
        raise
    finally:
        if hear:
            _note_untold(session, app, newsletter)


def _note_untold(session: Session, app: App, newsletter: Newsletter) -> None:
    from digest.words.text import counted

    try:
        count = len(app.notices.untold(newsletter.key, now=session.now))
    except StoreError:
        return
    if count:
        session.note(f"{counted(count, 'notice')} could not be told; why not: digest status {newsletter.key}")
