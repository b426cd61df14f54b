"""A shift on a real project and its sample newsroom: what each tick does, or why it does not."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from apscheduler.schedulers.background import BackgroundScheduler
from kit.builders import NOW
from kit.imapserver import DOVECOT, PASSWORD, imap_server
from kit.linekit import Project
from kit.smtpserver import Postbox, serving

from digest import app as application
from digest import mailboxes, pipeline
from digest.errors import ConfigError
from digest.model import EditionKey, FeedState, Outcome, Receipt, Stage, State
from digest.scheduler import Done, Shift, deciding, running, sending
from digest.scheduler.project import Project as Watched

pytestmark = pytest.mark.slow

#: The sample's day: built at 05:00, sent at 06:30, and given up at 09:30.
DAY = NOW.date()
KEY = EditionKey(newsletter="morning-tide", day=DAY)
MINUTE = timedelta(minutes=1)
LOST = """
[[newsletters.morning-tide.feeds]]
url = "{url}"
title = "{title}"
allow_private = true
"""
READERS = {"ada@example.com", "bo@example.net", "cleo@example.org"}


def at(hour: str, day: date = DAY) -> datetime:
    return datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=UTC)


@dataclass
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Watcher:
    """One process after the other on the same project, at the hours that a test names."""

    project: Project
    clock: Clock = field(default_factory=Clock)

    def tick(self, hour: str, day: date = DAY) -> list[Done]:
        self.clock.now = at(hour, day)
        with application.build(self.project.folder) as app:
            return [one for one in Shift(app, clock=self.clock).tick() if one.what not in ("fetch", "prune")]

    def said(self, hour: str, day: date = DAY) -> list[tuple[str, int]]:
        return [(one.what, one.code) for one in self.tick(hour, day)]

    @property
    def mails(self) -> set[str]:
        folder = self.project.folder / "outbox" / KEY.newsletter / str(DAY)
        return {path.stem for path in folder.glob("*@*.eml")} & READERS

    @property
    def notices(self) -> list[str]:
        """Subjects of what the editors were told, in the order of the files' making."""
        paths = sorted(
            (self.project.folder / "outbox").rglob("notice-*.eml"), key=lambda p: p.stat().st_mtime_ns
        )
        read = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in paths]
        return [str(mail["Subject"]).removeprefix("[The Morning Tide] ") for mail in read]


@pytest.fixture
def watcher(project: Project) -> Watcher:
    project.ok("subscribers", "import", str(project.folder / "readers.txt"))
    made = Watcher(project)
    assert made.said("04:00") == []
    return made


def test_a_morning(watcher: Watcher) -> None:
    assert watcher.said("04:59") == []
    assert watcher.said("05:00") == [("build", 0)]
    assert watcher.said("05:01") == watcher.said("06:29") == []
    assert watcher.mails == set()
    assert watcher.said("06:30") == [("send", 0)]
    assert watcher.mails == READERS
    assert watcher.said("06:31") == watcher.said("09:31") == []
    assert [one.split(":")[0] for one in watcher.notices] == [
        "The edition of Monday 23 November is ready to be read",
        "The edition of Monday 23 November is out",
    ]


def test_what_a_command_is_sending_at_the_hour_is_told_of_when_all_have_it(watcher: Watcher) -> None:
    watcher.tick("05:00")
    with application.build(watcher.project.folder) as app, app.store.ledger.owned() as other:
        ledger = app.store.ledger
        ledger.enrol(KEY, at=NOW)
        [one] = ledger.due(KEY, State.PENDING, limit=1)
        ledger.claim(KEY, [(one.id, "<m@example.org>")], sha256="", at=NOW, owner=other)
        assert watcher.said("06:30") == [("send", 75)]
        ledger.record(KEY, [Receipt(subscriber_id=one.id, outcome=Outcome.SENT)], at=NOW)
    assert len(watcher.notices) == 1
    watcher.tick("06:40")

    assert watcher.notices[1:] == ["The edition of Monday 23 November is out: 3 mails"]


def test_what_was_due_while_nothing_ran_is_caught_up_in_time(watcher: Watcher) -> None:
    assert watcher.said("09:29") == [("build", 0), ("send", 0)]
    assert watcher.mails == READERS


def test_what_is_too_late_is_let_go_and_told(watcher: Watcher) -> None:
    [done] = watcher.tick("09:30")

    assert (done.what, done.code) == ("let go", 75)
    assert "it could be late until 09:30; `digest run` did not run from 2026-11-23 04:00" in done.words
    assert watcher.mails == set()
    assert watcher.notices == ["The edition of Monday 23 November was missed"]
    assert watcher.said("09:31") == []


def test_an_edition_that_most_readers_have_is_not_called_missed(watcher: Watcher) -> None:
    watcher.tick("05:00")
    ids = [f"reader-{number}" for number in range(3)]
    with application.build(watcher.project.folder) as app:
        app.store.ledger.claim(KEY, [(id_, f"m-{id_}") for id_ in ids], sha256="", at=at("06:30"))
        outcomes = (Outcome.SENT, Outcome.SENT, Outcome.DEFERRED)
        receipts = [Receipt(subscriber_id=id_, outcome=out) for id_, out in zip(ids, outcomes, strict=True)]
        app.store.ledger.record(KEY, receipts, at=at("06:31"))

    watcher.tick("09:31")

    assert watcher.notices[-1] == "The edition of Monday 23 November did not reach everybody"


def test_many_missed_editions_are_told_at_once(watcher: Watcher) -> None:
    later = DAY + timedelta(days=5)
    done = watcher.tick("04:00", later)

    assert [(one.what, one.day) for one in done] == [("let go", DAY + timedelta(days=n)) for n in range(5)]
    [notice] = watcher.notices
    assert notice == "The edition of Friday 27 November was missed"


def test_who_begins_behind_the_hour_begins_with_the_next_edition(project: Project) -> None:
    project.ok("subscribers", "import", str(project.folder / "readers.txt"))
    watcher = Watcher(project)

    done = watcher.tick("06:31")

    assert [(one.what, one.code) for one in done] == [("build", 0), ("leave", 3)]
    assert "since 2026-11-23 06:31; to send it: digest send morning-tide" in done[-1].words
    assert watcher.mails == set()


def test_after_a_restore_nothing_is_caught_up_if_so_asked(watcher: Watcher) -> None:
    said = watcher.project.run("run", "--once", "--no-catch-up", now=at("07:00").isoformat())

    assert said.exit_code == 3, said.output
    assert "has only run morning-tide since 2026-11-23 07:00" in said.output
    assert watcher.mails == set()


def test_a_draft_of_before_the_hour_is_made_anew_and_keeps_what_editors_changed(watcher: Watcher) -> None:
    watcher.project.ok("build", now=at("04:30").isoformat())
    text = watcher.project.edition.read_text()
    watcher.project.edition.write_text(text.replace('letter: ""', "letter: Good morning."))

    assert watcher.said("05:00") == [("build", 0)]
    assert "letter: Good morning." in watcher.project.edition.read_text()


def test_a_draft_that_only_an_editor_was_sent_is_made_anew_at_its_hour(watcher: Watcher) -> None:
    watcher.project.ok("build", now=at("04:30").isoformat())
    watcher.project.ok("send", "--to", "ada@example.com", now=at("04:31").isoformat())

    assert watcher.said("05:00") == [("build", 0)]
    assert "until: 2026-11-23T05:00:00" in watcher.project.edition.read_text()


def test_what_the_list_was_sent_before_its_hour_is_left_as_it_is(watcher: Watcher) -> None:
    watcher.project.ok("build", now=at("04:30").isoformat())
    watcher.project.ok("send", now=at("04:31").isoformat())
    text = watcher.project.edition.read_text()

    assert watcher.said("05:00") == [("build", 0)]
    assert watcher.project.edition.read_text() == text


def test_cron_beside_it_leaves_it_nothing_to_do(watcher: Watcher) -> None:
    watcher.project.ok("build", now=at("05:00").isoformat())
    assert watcher.said("05:00") == []
    watcher.project.ok("send", now=at("06:30").isoformat())
    assert watcher.said("06:30") == [("send", 0)]
    outbox = list((watcher.project.folder / "outbox" / KEY.newsletter / str(DAY)).glob("*@example.*.eml"))
    assert len([path for path in outbox if not path.name.startswith("notice")]) == 3


# --- approval and mending ------------------------------------------------------------------------


def required(text: str) -> str:
    return text.replace('approval = "automatic"', 'approval = "required"\nremind = "06:00"')


def test_without_approval_it_waits_and_goes_out_when_approved(watcher: Watcher) -> None:
    watcher.project.configure(required)
    watcher.tick("05:00")

    assert watcher.said("06:00") == [("remind", 0)]
    assert watcher.said("06:30") == [("send", 1)]
    assert watcher.said("06:31") == [("send", 1)]
    assert watcher.mails == set()
    watcher.project.ok("approve", "--by", "Ada", now=at("07:10").isoformat())
    assert watcher.said("07:11") == [("send", 0)]
    assert watcher.mails == READERS
    assert [one.split(" of Monday 23 November ")[1] for one in watcher.notices] == [
        "is ready to be read: 8 items",
        "still needs you: nobody approved it",
        "was not sent",
        "is out: 3 mails",
    ]
    runs = watcher.project.json("status")["newsletters"][0]["runs"]
    assert [(run["stage"], run["code"]) for run in runs] == [
        ("send", 0),
        ("send", 1),
        ("remind", 0),
        ("build", 0),
    ], "what waits is written down once"


def test_what_nobody_approved_in_time_is_not_sent(watcher: Watcher) -> None:
    watcher.project.configure(required)
    watcher.tick("05:00")
    watcher.tick("06:30")
    [done] = watcher.tick("09:30")

    assert (done.what, done.code) == ("let go", 75)
    assert "nobody approved it" in done.words
    watcher.project.ok("approve", now=at("09:31").isoformat())
    assert watcher.said("09:31") == []
    assert watcher.mails == set()


def test_automatic_after_an_hour_waits_until_then(watcher: Watcher) -> None:
    watcher.project.configure(
        lambda text: text.replace('approval = "automatic"', 'approval = "automatic after 07:15"')
    )
    watcher.tick("05:00")

    assert watcher.said("06:30") == watcher.said("07:14") == [("send", 1)]
    assert watcher.said("07:15") == [("send", 0)]
    assert watcher.mails == READERS


def test_a_broken_file_is_not_sent_until_it_is_mended(watcher: Watcher) -> None:
    watcher.tick("05:00")
    text = watcher.project.edition.read_text()
    watcher.project.edition.write_text(text[: len(text) // 2])

    assert watcher.said("06:30") == watcher.said("06:40") == [("send", 1)]
    watcher.project.edition.write_text(text)
    assert watcher.said("06:41") == [("send", 0)]
    assert watcher.mails == READERS
    assert sum("was not sent" in notice for notice in watcher.notices) == 1


def test_a_template_without_the_postal_address_sends_nothing_and_that_is_told(watcher: Watcher) -> None:
    watcher.tick("05:00")
    footer = Path("templates", "sift", "parts", "footer.mjml.j2")
    own = watcher.project.folder / footer
    own.parent.mkdir(parents=True)
    shipped = (Path(__file__).parent.parent / footer).read_text()
    own.write_text(shipped.replace("{{ newsletter.publisher }}", ""))

    assert watcher.said("06:30") == [("send", 1)]
    assert watcher.mails == set()
    assert "was not sent" in watcher.notices[-1]
    own.unlink()
    assert watcher.said("06:31") == [("send", 0)]
    assert watcher.mails == READERS


# --- servers and feeds that fail ------------------------------------------------------------------


@contextmanager
def by_smtp(project: Project) -> Iterator[Postbox]:
    with serving() as box:
        server = f'kind = "smtp"\nhost = "127.0.0.1"\nport = {box.port}\nsecurity = "none"'
        project.configure(lambda text: text.replace('kind = "outbox"', server))
        yield box


def test_a_server_that_is_down_is_tried_again_and_then_every_reader_has_one(watcher: Watcher) -> None:
    with by_smtp(watcher.project) as box:
        watcher.tick("05:00")
        box.replies["MAIL"] = "421 4.3.2 shutting down"
        assert watcher.said("06:30") == [("send", 75)]
        assert watcher.said("06:30") == [], "not again at once"
        assert watcher.said("06:32") == [("send", 75)]
        box.replies.clear()
        box.replies["bo@example.net"] = "450 4.2.0 greylisted"
        assert watcher.said("06:40") == [("send", 75)]
        box.replies.clear()
        assert watcher.said("06:41") == []
        assert watcher.said("07:00") == [("send", 0)]

    readers = [address for address, _ in box.mails if address in READERS]
    assert sorted(readers) == sorted(READERS)


def test_editors_hear_of_an_edition_that_nobody_has(watcher: Watcher) -> None:
    with by_smtp(watcher.project) as box:
        watcher.tick("05:00")
        box.replies |= dict.fromkeys(READERS, "550 5.1.1 user unknown")
        assert watcher.said("06:30") == [("send", 1)]
        assert watcher.said("06:40") == []

    told = [str(message_from_bytes(content, policy=policy.default)["Subject"]) for _, content in box.mails]
    assert "The edition of Monday 23 November was not sent" in told[-1]
    with application.build(watcher.project.folder) as app:
        assert app.store.subscribers.counts(KEY.newsletter) == {"active": 3}


def test_a_gather_that_fails_is_no_quiet_day_and_is_tried_until_it_is_too_late(
    watcher: Watcher, monkeypatch: pytest.MonkeyPatch, newsroom: str
) -> None:
    monkeypatch.setenv("SAMPLE_NEWSROOM", "http://127.0.0.1:1")
    [done] = watcher.tick("05:00")
    assert (done.what, done.code) == ("build", 75)
    assert "no feed could be read, all 6 failed" in done.words
    assert watcher.said("05:01") == []
    assert watcher.said("06:30") == [("build", 75), ("send", 1)]
    monkeypatch.setenv("SAMPLE_NEWSROOM", newsroom)
    assert watcher.said("07:00") == [("build", 0), ("send", 0)]
    assert watcher.mails == READERS


def test_a_feed_that_was_ill_is_told_and_so_is_its_recovery(
    watcher: Watcher, monkeypatch: pytest.MonkeyPatch, newsroom: str
) -> None:
    more = LOST.format(url=f"{newsroom}/no-such-feed.xml", title="Gone Fishing")
    watcher.project.configure(lambda text: text + more)
    for hour in ("05:00", "06:30", "07:30", "08:30", "09:30"):
        watcher.tick(hour)
    told = [notice for notice in watcher.notices if "Gone Fishing" in notice]
    assert told == ["Gone Fishing has failed 3 times in a row"]


# --- a database that was restored ------------------------------------------------------------------


def test_with_a_database_of_last_week_nobody_gets_it_twice(watcher: Watcher, tmp_path: Path) -> None:
    database = watcher.project.folder / "var"
    shutil.copytree(database, tmp_path / "backup")
    watcher.tick("05:00")
    watcher.tick("06:30")
    for mail in (watcher.project.folder / "outbox").rglob("*@*.eml"):
        mail.unlink()
    shutil.rmtree(database)
    shutil.copytree(tmp_path / "backup", database)

    done = watcher.tick("07:00")

    assert [(one.what, one.code) for one in done] == [("build", 1), ("send", 1)]
    assert "was not composed here" in done[0].words
    assert "3 mails had gone out, and the database knows of 0: was it restored" in done[1].words
    assert watcher.mails == set()
    said = watcher.project.run("send", now=at("07:01").isoformat())
    assert (said.exit_code, watcher.mails) == (1, set())


def test_a_clock_that_is_set_back_sends_nothing_twice(watcher: Watcher) -> None:
    watcher.tick("05:00")
    watcher.tick("06:30")
    for mail in (watcher.project.folder / "outbox").rglob("*@*.eml"):
        mail.unlink()

    hours = ("04:00", "05:00", "05:30", "06:30", "07:00")
    assert [watcher.said(hour) for hour in hours] == [[], [], [], [], []]
    assert watcher.mails == set()


# --- quiet days -----------------------------------------------------------------------------------

#: A day on which the sample's outlets have next to nothing.
QUIET = DAY + timedelta(days=1)


@pytest.fixture
def day_after(watcher: Watcher) -> Watcher:
    watcher.tick("05:00")
    watcher.tick("06:30")
    return watcher


def edition_of(project: Project, day: date) -> str:
    return (project.folder / "editions" / KEY.newsletter / f"{day}.yaml").read_text()


def ids(edition: str) -> set[str]:
    items = edition.partition("pending:")[0].splitlines()
    return {line.split()[2] for line in items if line.startswith("  - id:")}


def test_a_quiet_day_is_skipped_at_its_hour_and_told(day_after: Watcher) -> None:
    assert day_after.said("05:00", QUIET) == [("build", 3)]
    assert day_after.said("06:30", QUIET) == [("build", 3), ("send", 3)]
    assert day_after.said("06:31", QUIET) == []
    assert day_after.notices[-1] == "The edition of Tuesday 24 November is left out: it is a quiet day"


def test_a_quiet_day_may_have_a_short_mail(day_after: Watcher) -> None:
    day_after.project.configure(
        lambda text: text.replace("min_items = 3", 'min_items = 3\nquiet_day = { do = "notice" }')
    )
    assert day_after.said("05:00", QUIET) == [("build", 0)]
    assert "quiet: yes" in edition_of(day_after.project, QUIET)
    assert day_after.said("06:30", QUIET) == [("send", 0)]

    mail = day_after.project.folder / "outbox" / KEY.newsletter / str(QUIET) / "ada@example.com.eml"
    read = message_from_bytes(mail.read_bytes(), policy=policy.default)
    assert read["Subject"] == "A quiet day"
    for part in ("plain", "html"):
        body = read.get_body((part,))
        assert body is not None
        assert "Little happened since our last edition" in " ".join(body.get_content().split())
    out = day_after.project.folder / "archive"
    day_after.project.configure(
        lambda text: text.replace("min_items = 3", 'web = "https://news.example.org/"\nmin_items = 3')
    )
    day_after.project.ok("archive", "-o", str(out), now=at("08:00", QUIET).isoformat())
    assert [page for page in out.rglob("index.html") if "Little happened" in page.read_text()]


def test_an_edition_without_items_or_words_never_leaves(day_after: Watcher) -> None:
    day_after.project.configure(
        lambda text: text.replace("min_items = 3", 'min_items = 3\nquiet_day = { do = "notice" }')
    )
    day_after.tick("05:00", QUIET)
    file = day_after.project.folder / "editions" / KEY.newsletter / f"{QUIET}.yaml"
    file.write_text(file.read_text().replace("quiet: yes\n", ""))

    [done] = day_after.tick("06:30", QUIET)
    assert (done.what, done.code) == ("send", 1)
    assert "an empty mail never leaves" in done.words


def test_a_quiet_day_may_be_filled_with_older_stories_that_did_not_run(day_after: Watcher) -> None:
    day_after.project.configure(
        lambda text: text.replace("min_items = 3", 'min_items = 2\nquiet_day = { do = "backfill" }')
    )
    [done] = day_after.tick("05:00", QUIET)
    assert (done.what, done.code) == ("build", 0), done.words
    today, before = edition_of(day_after.project, QUIET), edition_of(day_after.project, DAY)
    ran, runs = ids(before), ids(today)

    assert len(runs) == 2
    assert runs.isdisjoint(ran)
    assert "backfill" in today
    with application.build(day_after.project.folder) as app:
        record = app.store.editions.get(replace(KEY, day=QUIET))
    assert record is not None
    assert record.window.since == at("05:00"), "the window stays what it is"


def test_few_stories_of_few_feeds_are_no_quiet_day(
    day_after: Watcher, monkeypatch: pytest.MonkeyPatch, newsroom: str
) -> None:
    """Four of seven feeds fail: what is left is not all that happened."""
    lost = "".join(LOST.format(url=f"http://127.0.0.1:1/{n}", title=f"Lost {n}") for n in range(7))
    day_after.project.configure(
        lambda text: text.replace("min_items = 3", 'min_items = 3\nquiet_day = { do = "notice" }') + lost
    )
    [done] = day_after.tick("05:00", QUIET)

    assert (done.what, done.code) == ("build", 75)
    assert "no edition, because 7 feeds failed, and no stories came together" in done.words


# --- bounds ------------------------------------------------------------------------------------------


def test_one_newsletter_that_fails_stops_no_other(watcher: Watcher) -> None:
    settings = watcher.project.folder / "schedules.toml"
    text = settings.read_text()
    second = text.replace("morning-tide", "evening-tide")
    second = second.replace('approval = "automatic"', 'approval = "automatic"\ntemplate = "none"')
    settings.write_text(second + "\n" + text)
    assert watcher.said("04:01") == []

    watcher.tick("05:00")
    done = {(one.newsletter, one.what): one.code for one in watcher.tick("06:30")}
    assert done[("evening-tide", "send")] != 0
    assert done[("morning-tide", "send")] == 0
    assert watcher.mails == READERS


def test_a_bug_is_named_without_its_words_and_stops_nothing(
    watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError("ada@example.com")

    monkeypatch.setattr(pipeline, "build", broken)
    done = watcher.tick("05:00")

    assert [(one.what, one.code) for one in done] == [("build", 70)]
    assert "a bug: ValueError in test_shift.py" in done[0].words
    assert "ada@" not in done[0].words


def test_what_is_written_down_of_a_bug_is_without_its_words(
    watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError("ada@example.com")

    watcher.tick("05:00")
    monkeypatch.setattr(sending, "attempt", broken)
    done = watcher.tick("06:30")
    with application.build(watcher.project.folder) as app:
        duties = {duty.stage: duty for duty in app.store.roster.duties(KEY.newsletter, since=DAY)}

    assert [(one.what, one.code) for one in done] == [("send", 70)]
    assert "a bug: ValueError in test_shift.py" in duties[Stage.SEND].words
    assert "ada@" not in duties[Stage.SEND].words


def test_feeds_are_asked_again_when_their_time_has_come() -> None:
    from kit.builders import newsletter

    paper = newsletter(fetch_every=timedelta(hours=1))
    url = paper.feeds[0].url
    asked = FeedState(url=url, checked_at=NOW)

    assert deciding.feeds_due(paper, {}, NOW)
    assert not deciding.feeds_due(paper, {url: asked}, NOW + 59 * MINUTE)
    assert deciding.feeds_due(paper, {url: asked}, NOW + 60 * MINUTE)
    assert deciding.feeds_due(paper, {url: asked}, NOW - 60 * MINUTE), "the clock was set back"
    assert not deciding.feeds_due(paper, {url: replace(asked, gone_at=NOW)}, NOW + 900 * MINUTE)
    left_alone = replace(asked, not_before=NOW + 120 * MINUTE)
    assert not deciding.feeds_due(paper, {url: left_alone}, NOW + 119 * MINUTE)
    assert Stage.FETCH.value == "fetch"


# --- the mailbox of the bounces ----------------------------------------------------------------------


@pytest.mark.skipif(DOVECOT is None, reason="needs Dovecot: apt-get install dovecot-imapd")
def test_the_bounces_mailbox_is_read_now_and_then_and_its_trouble_is_told(
    watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    with imap_server() as imap:
        # Its certificate is of an authority that only this test knows.
        monkeypatch.setattr(mailboxes, "read_imap", partial(mailboxes.read_imap, tls=imap.tls))
        monkeypatch.setenv("IMAP_PASSWORD", PASSWORD)
        table = f'[bounces.imap]\nhost = "localhost"\nport = {imap.port}\nusername = "bounces"\n'
        watcher.project.configure(lambda text: f'{table}password = "${{IMAP_PASSWORD}}"\n\n{text}')
        imap.put("1.host", b"From: somebody@example.org\nSubject: Hello\n\nNo bounce.\n")

        first = watcher.tick("04:10")
        assert [(one.what, one.words) for one in first] == [
            ("bounces", "1 messages read, 0 of them about our mails")
        ]
        assert watcher.said("04:24") == []
        assert watcher.said("04:25") == [("bounces", 0)]
        monkeypatch.setenv("IMAP_PASSWORD", "wrong-password")
        assert watcher.said("04:40") == [("bounces", 75)]
    assert [notice for notice in watcher.notices if "cannot go on" in notice]


# --- settings that change -------------------------------------------------------------------------------


def test_settings_are_taken_when_they_are_right_and_refused_when_they_are_not(project: Project) -> None:
    watched = Watched(project.folder, application.build)
    first = watched.app
    assert not watched.changed()

    project.configure(lambda text: text.replace("items = 8", "items = 7"))
    assert not watched.changed(), "somebody may still be saving it"
    assert watched.changed()
    assert watched.app is not first
    assert watched.app.settings.newsletters["morning-tide"].items == 7

    project.configure(lambda text: text.replace("items = 7", "items = 700"))
    second = watched.app
    assert not watched.changed()
    with pytest.raises(ConfigError, match=r"newsletters\.morning-tide\.items"):
        watched.changed()
    assert not watched.changed(), "it is said once"
    assert watched.app is second
    project.configure(lambda text: text.replace("items = 700", "items = 9"))
    assert not watched.changed()
    assert watched.changed()
    watched.close()


def test_an_app_that_is_at_work_stays_open_until_it_is_done(project: Project) -> None:
    watched = Watched(project.folder, application.build)
    with watched.using() as app:
        app.store.roster.duties("", since=DAY)
        project.configure(lambda text: text.replace("items = 8", "items = 7"))
        assert [watched.changed(), watched.changed()] == [False, True]
        assert "store" in app.__dict__
    assert "store" not in app.__dict__
    watched.close()


def test_a_job_that_begins_when_all_is_over_does_nothing(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    late: list[Callable[[], None]] = []

    class Behind(BackgroundScheduler):  # type: ignore[misc]
        """Begins its jobs when everybody has gone."""

        def add_job(
            self, job: Callable[..., None], trigger: object, args: Sequence[str] = (), **_: Any
        ) -> None:
            late.append(partial(job, *args))

        def start(self) -> None:
            pass

        def shutdown(self, *, wait: bool) -> None:
            pass

    said: list[Done] = []
    monkeypatch.setattr(running, "BackgroundScheduler", Behind)
    running.run(
        project.folder, application.build, clock=Clock(at("05:00")), wait=lambda _: True, say=said.append
    )
    ahead = len(said)
    for job in late:
        job()

    assert len(late) == 3
    assert said[ahead:] == []
