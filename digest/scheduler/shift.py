"""A shift: one process's turn at a project. Each tick does what is due, and says what it did."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

from digest import pipeline, tapes, timetable
from digest.app import App
from digest.errors import BUG, BusyError, DigestError, MailboxError, StoppedError, StoreError
from digest.model import Duty, EditionKey, FeedState, Notice, Run, Stage
from digest.pipeline.delivery.tempo import never
from digest.pipeline.desk import Desk
from digest.pipeline.duties import words_of
from digest.pipeline.editors import notices
from digest.ports import Step
from digest.scheduler import deciding, sending
from digest.scheduler.deciding import NOTHING, PROBLEM, Do, Task
from digest.settings import Feed, ImapSettings, Newsletter

#: What is done for all newsletters is recorded under this name.
PROJECT = ""
DAILY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """One thing that a tick did, or that kept it from doing it."""

    newsletter: str
    day: date | None = None
    what: str
    code: int
    words: str


class Shift:
    """*clock* tells the time; *wait* waits that many seconds, or returns True to stop."""

    def __init__(
        self, app: App, *, clock: Callable[[], datetime], wait: Callable[[float], bool] = never
    ) -> None:
        self.app = app
        self._clock = clock
        self._wait = wait

    @property
    def newsletters(self) -> Sequence[Newsletter]:
        return list(self.app.settings.newsletters.values())

    def tick(self) -> list[Done]:
        """Do everything that is due, one thing after the other; a failure stops nothing else."""
        done = [one for newsletter in self.newsletters for one in self.editions(newsletter)]
        done += [one for newsletter in self.newsletters for one in self.feeds(newsletter)]
        return done + self.chores()

    def next_wake(self) -> datetime:
        """When the next tick may have something to do."""
        now, store = self._clock(), self.app.store
        moments = [now + timetable.DAY]
        for newsletter in self.newsletters:
            since = timetable.today(newsletter, now) - timetable.DAY
            duties = store.roster.duties(newsletter.key, since=since)
            moments.append(deciding.next_wake(newsletter, now, duties=duties))
            states = store.feeds.states([feed.url for feed in newsletter.feeds])
            moments.append(deciding.next_fetch(newsletter, states, now))
        return max(min(moments), now + timedelta(seconds=1))

    def begin_anew(self) -> None:
        """Catch up nothing that was due before now."""
        for newsletter in self.newsletters:
            self.app.store.roster.watch(newsletter.key, at=self._clock(), anew=True)

    # --- editions --------------------------------------------------------------------------------

    def editions(self, newsletter: Newsletter) -> list[Done]:
        """Build, remind, send, or let go: whatever of its editions is due."""

        def look() -> Iterator[Done]:
            self._tell_again(newsletter)
            now, roster = self._clock(), self.app.store.roster
            watch = roster.watch(newsletter.key, at=now)
            since = deciding.first_day(newsletter, now, watch)
            duties = roster.duties(newsletter.key, since=since)
            for task in list(deciding.tasks(newsletter, now, duties=duties, watch=watch)):
                yield from self._safely(
                    newsletter, task.do, partial(self._do, newsletter, task), day=task.turn.day
                )

        done = self._safely(newsletter, "look", look)
        self._tell_of_missed(newsletter, done)
        return done

    def _safely(
        self, newsletter: Newsletter, what: str, do: Callable[[], Iterable[Done]], *, day: date | None = None
    ) -> list[Done]:
        """What *do* did, or how it failed: no failure of one thing, not even a bug, stops another."""
        done: list[Done] = []
        try:
            done += do()
        except (BusyError, StoppedError):
            pass  # the other process reports how it ends, or the next one
        except DigestError as exc:
            if isinstance(exc, StoreError):
                self._tell(newsletter, notices.trouble(newsletter, exc, now=self._clock()))
            code = exc.exit_code
            done.append(Done(newsletter=newsletter.key, day=day, what=what, code=code, words=str(exc)))
        except Exception as bug:  # noqa: BLE001 - the other newsletters have nothing to do with it
            done.append(Done(newsletter=newsletter.key, day=day, what=what, code=BUG, words=words_of(bug)))
        return done

    def _do(self, newsletter: Newsletter, task: Task) -> list[Done]:
        do = {
            Do.BUILD: self._build,
            Do.REMIND: self._remind,
            Do.SEND: self._send,
            Do.SKIP: self._skip,
            Do.LET_GO: self._let_go,
            Do.LEAVE: self._leave,
        }[task.do]
        return [do(newsletter, task)]

    def _build(self, newsletter: Newsletter, task: Task) -> Done:
        now, key = self._clock(), _key(newsletter, task)
        if pipeline.went_out(key, self.app.store):
            words = f"{key}: was sent before its draft was due; it is left as it is"
            return self._settled(newsletter, task, Stage.BUILD, words, code=0)
        try:
            built = pipeline.build(
                newsletter,
                key,
                self._desk(newsletter),
                now=now,
                unasked=True,
                done=partial(deciding.is_done, task.turn),
                tell=partial(self._tell_of_draft, newsletter),
            )
        finally:
            self._tell_of_feeds(newsletter)
        return Done(newsletter=newsletter.key, day=key.day, what=Do.BUILD, code=0, words=built.words)

    def _tell_of_draft(self, newsletter: Newsletter, built: pipeline.Built) -> None:
        app, edition = self.app, built.composed.edition
        warnings = pipeline.to_look_at(newsletter, edition.key, app.template, app.files, app.store)
        self._tell(newsletter, notices.draft_ready(newsletter, edition, now=self._clock(), warnings=warnings))

    def _remind(self, newsletter: Newsletter, task: Task) -> Done:
        """Remind of a draft that nobody approved; a missing one is reported at its hour."""
        app, now, key = self.app, self._clock(), _key(newsletter, task)
        record = app.store.editions.get(key)
        if record is None:
            return self._settled(newsletter, task, Stage.REMIND, f"{key}: there is no draft", code=NOTHING)
        try:
            rendered = pipeline.render_edition(newsletter, key, app.template(newsletter), app.files)
            why = "nobody approved it" if newsletter.approval != "automatic" else "nobody has to approve it"
            if record.approval and record.approval.sha256 == rendered.sha256:
                words = f"{key}: approved already"
                return self._settled(newsletter, task, Stage.REMIND, words, code=NOTHING)
            edition = pipeline.read_edition(key, app.files)
        except DigestError as exc:
            why, edition = str(exc), pipeline.composed_edition(record)
        self._tell(newsletter, notices.reminder(newsletter, edition, why, now=now))
        return self._settled(newsletter, task, Stage.REMIND, f"{key}: {why}", code=0)

    def _send(self, newsletter: Newsletter, task: Task) -> Done:
        app, now, key = self.app, self._clock(), _key(newsletter, task)
        done = partial(deciding.is_done, task.turn)
        with pipeline.on_duty(app.store.roster, key, Stage.SEND, at=now, done=done) as hold:
            came = sending.attempt(app, newsletter, task.turn, now=now, clock=self._clock, wait=self._wait)
            if hold.before.code == PROBLEM:  # it waited for people: deferred mails count from now on
                hold.duty = replace(hold.duty, tries=1)
            hold.leave(came.words, code=came.code, settled=came.settled)
            hold.dropped = came.dropped
            if (hold.before.code, hold.before.words) != (came.code, came.words):
                self._note(key, Stage.SEND, came.code, came.words)
            if came.notice is not None:  # before it counts as done: if we end here, the next process tells it
                self._tell(newsletter, came.notice)
        return Done(newsletter=newsletter.key, day=key.day, what=Do.SEND, code=came.code, words=came.words)

    def _let_go(self, newsletter: Newsletter, task: Task) -> Done:
        key, ledger = _key(newsletter, task), self.app.store.ledger
        ledger.mark_unsure(key, at=self._clock())
        tally, in_hand = ledger.standing(key)
        if in_hand:
            raise BusyError(f"{key}: another process is sending it right now; leave it to that one")
        if pipeline.is_out(key, self.app.store):  # by a command
            words = f"{key}: {tally}"
            return self._settled(newsletter, task, Stage.SEND, words, code=PROBLEM if tally.unsure else 0)
        if tally.sent or tally.unsure:
            words = f"{key}: {tally}; it is too late to try the rest automatically"
            code = deciding.LATER if tally.pending or tally.deferred else PROBLEM
            return self._settled(newsletter, task, Stage.SEND, words, code=code)
        words = f"{key}: not sent, and now it is too late: {task.words}"
        return self._settled(newsletter, task, Stage.SEND, words, code=deciding.LATER)

    def _skip(self, newsletter: Newsletter, task: Task) -> Done:
        words = f"{_key(newsletter, task)}: {task.words}"
        return self._settled(newsletter, task, Stage.BUILD, words, code=NOTHING)

    def _leave(self, newsletter: Newsletter, task: Task) -> Done:
        key = _key(newsletter, task)
        words = f"{key}: {task.words}; to send it: digest send {key.newsletter} --date {key.day}"
        return self._settled(newsletter, task, Stage.SEND, words, code=NOTHING)

    def _settled(self, newsletter: Newsletter, task: Task, stage: Stage, words: str, *, code: int) -> Done:
        """Record in the roster and in the journal that nothing more is to be done."""
        key = _key(newsletter, task)
        done = partial(deciding.is_done, task.turn)
        with pipeline.on_duty(self.app.store.roster, key, stage, at=self._clock(), done=done) as hold:
            hold.leave(words, code=code)
            self._note(key, stage, code, words)
        return Done(newsletter=newsletter.key, day=key.day, what=task.do, code=code, words=words)

    def _note(self, key: EditionKey, stage: Stage, code: int, words: str) -> None:
        run = Run(
            newsletter=key.newsletter, day=key.day, stage=stage, at=self._clock(), code=code, words=words
        )
        self.app.store.journal.note(run)

    # --- between editions ------------------------------------------------------------------------

    def feeds(self, newsletter: Newsletter) -> list[Done]:
        """Fetch the feeds that have not been fetched for a while."""
        return self._safely(newsletter, Stage.FETCH, lambda: self._fetch(newsletter))

    def _fetch(self, newsletter: Newsletter) -> Iterator[Done]:
        now = self._clock()

        def due() -> Sequence[Feed]:
            return deciding.feeds_due(newsletter, self._states(newsletter), now)

        if not due():
            return
        key = EditionKey(newsletter=newsletter.key, day=timetable.today(newsletter, now))
        try:
            with pipeline.on_duty(
                self.app.store.roster, key, Stage.FETCH, at=now, done=lambda _: not due()
            ) as hold:
                asked = replace(newsletter, feeds=tuple(due()))
                desk = self._desk(newsletter)
                with pipeline.taped(newsletter, key, desk, stage=Stage.FETCH, at=now) as take:
                    found = pipeline.gather(asked, take.desk if take else desk, at=now)
                words = f"{found.feeds} feeds asked, {found.failed} failed, {found.new} new articles"
                hold.leave(words)
        finally:
            self._tell_of_feeds(newsletter)
        yield Done(newsletter=newsletter.key, what=Stage.FETCH, code=0, words=words)

    def chores(self) -> list[Done]:
        """Read the bounce mailbox, and delete what nobody needs any more."""
        done: list[Done] = []
        first = self.newsletters[0]
        if (imap := self.app.settings.bounces.imap) is not None:
            read = partial(self._read_bounces, imap)
            done += self._safely(first, Stage.BOUNCES, lambda: self._chore(Stage.BOUNCES, imap.every, read))
        return done + self._safely(first, Stage.PRUNE, lambda: self._chore(Stage.PRUNE, DAILY, self._prune))

    def _chore(self, stage: Stage, every: timedelta, do: Callable[[], str]) -> Iterator[Done]:
        now, roster = self._clock(), self.app.store.roster
        known = roster.duties(PROJECT, since=(now - every - DAILY).date())
        last = next((duty for duty in reversed(known) if duty.stage is stage), None)

        def done(duty: Duty | None) -> bool:
            return duty is not None and duty.tries > 0 and now - every < duty.at <= now

        if done(last):
            return
        key = EditionKey(newsletter=PROJECT, day=now.astimezone(UTC).date())
        try:
            with pipeline.on_duty(roster, key, stage, at=now, done=done) as hold:
                words = do()
                hold.leave(words)
        except MailboxError as exc:
            for newsletter in self.newsletters:
                self._tell(newsletter, notices.trouble(newsletter, exc, now=now, about=stage))
            raise
        yield Done(newsletter=PROJECT, what=stage, code=0, words=words)

    def _read_bounces(self, imap: ImapSettings) -> str:
        from digest import mailboxes
        from digest.bounces import read_mail

        app, read, taken = self.app, 0, 0
        returns = pipeline.Returns(app.store, app.settings.newsletters, app.settings.bounces)
        for message in mailboxes.read_imap(imap):
            read += 1
            if (event := read_mail(message).event) is not None:
                returns.take(event, at=self._clock())
                taken += 1
        return f"{read} messages read, {taken} of them about our mails"

    def _prune(self) -> str:
        now, settings, store = self._clock(), self.app.settings, self.app.store
        count = store.prune(before=now - settings.store.keep)
        heard = store.tapes.prune(tapes.kept_since(now, settings.replay.days))
        return f"{count} old texts deleted, and what {heard} builds and fetches heard"

    # --- the editors -----------------------------------------------------------------------------

    def _tell(self, newsletter: Newsletter, notice: Notice) -> None:
        """Tell it now; if nobody can be reached, the next tick does, in this process or another."""
        # What is wrong with the way is in the journal, and `digest check` says it.
        with suppress(DigestError):
            pipeline.tell(newsletter, notice, self.app.tellers(newsletter), self.app.notices)

    def _tell_again(self, newsletter: Newsletter) -> None:
        app = self.app
        with suppress(DigestError):
            pipeline.tell_again(newsletter, app.tellers(newsletter), app.notices, now=self._clock())

    def _tell_of_missed(self, newsletter: Newsletter, done: Sequence[Done]) -> None:
        """Report missed editions in one notice, however many there are."""
        missed = {
            one.day: one.words
            for one in done
            if one.what == Do.LET_GO and one.code == deciding.LATER and one.day is not None
        }
        if not missed:
            return
        *others, day = missed
        why = missed[day] + (
            f". It is also too late for those of {', '.join(map(str, others))}" if others else ""
        )
        key = EditionKey(newsletter=newsletter.key, day=day)
        draft, sent = self._has_draft(key), self.app.store.ledger.tally(key).sent
        now = self._clock()
        self._tell(newsletter, notices.missed(newsletter, key, why, now=now, draft=draft, sent=sent))

    def _has_draft(self, key: EditionKey) -> bool:
        with suppress(DigestError):
            return self.app.files.read(key) is not None
        return True  # there is something, and it cannot be read

    def _tell_of_feeds(self, newsletter: Newsletter) -> None:
        """Tell of the feeds that are ill now, and of those that have recovered."""
        app = self.app
        with suppress(
            DigestError
        ):  # the way to the editors is wrong, as `digest check` says, or the store is
            tellers = app.tellers(newsletter)
            pipeline.tell_of_feeds(newsletter, app.store.feeds, tellers, app.notices, now=self._clock())

    def _states(self, newsletter: Newsletter) -> Mapping[str, FeedState]:
        return self.app.store.feeds.states([feed.url for feed in newsletter.feeds])

    def _desk(self, newsletter: Newsletter) -> Desk:
        """A desk that may be told to stop at every step: what was begun is then begun again."""

        def look(_: Step) -> None:
            if self._wait(0):
                raise StoppedError("told to stop; the next run starts it again")

        return self.app.desk(newsletter, look)


def _key(newsletter: Newsletter, task: Task) -> EditionKey:
    return EditionKey(newsletter=newsletter.key, day=task.turn.day)
