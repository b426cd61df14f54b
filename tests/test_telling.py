"""What the editors are told: each thing once, by every way, and nothing that is nobody's business."""

from __future__ import annotations

import email
import email.policy
import json
import multiprocessing
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.synchronize import Barrier
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from kit.builders import HOUR, NOW, feed, newsletter
from kit.espcases import SETTINGS
from kit.espserver import EspServer
from kit.espstandins import STAND_INS
from kit.linekit import DAY, Project
from kit.smtpserver import serving

from digest import app as application
from digest.errors import (
    ConfigError,
    DigestError,
    EditionError,
    GatherError,
    NothingToDo,
    NoticeError,
    SendError,
    StoppedError,
    StoreError,
)
from digest.model import Blurb, Edition, EditionKey, FeedState, Notice, NoticeKind, State, Tally, Window
from digest.pipeline import tell, tell_again, tell_of_feeds
from digest.pipeline.editors import notices
from digest.ports import NoticeStore, Store
from digest.senders import open_sender
from digest.settings import Newsletter, NoticesSettings, OutboxSettings, Secret, SmtpSettings
from digest.stores import open_store
from digest.stores.notices import SteadyNotices
from digest.tellers import letter
from digest.tellers.chat import LONGEST, ChatTeller, inert, message
from digest.tellers.mail import MailTeller

pytestmark = [
    pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning"),  # Apprise looks for it
    pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning"),
]

KEY = EditionKey(newsletter="the-example", day=date(2026, 11, 23))
EDITORS = ("Desk <desk@example.org>", "ana@example.org")


def told(**given: Any) -> Notice:
    values: dict[str, Any] = {
        "kind": NoticeKind.NOT_SENT,
        "newsletter": "the-example",
        "day": KEY.day,
        "headline": "The edition was not sent",
        "lines": ("Nobody approved it.",),
        "at": NOW,
    }
    return Notice(**(values | given))


def house(**given: Any) -> Newsletter:
    return newsletter(**({"editors": EDITORS} | given))


class FakeTeller:
    """Remembers what it was to tell, or fails."""

    def __init__(self, name: str = "fake") -> None:
        self.name = name
        self.told: list[Notice] = []
        self.error: DigestError | None = None

    def tell(self, notice: Notice, newsletter: Newsletter) -> None:
        if self.error is not None:
            raise self.error
        self.told.append(notice)

    def check(self) -> str:
        return "ready"


@pytest.fixture
def store(made: Path, tmp_path: Path) -> Iterator[Store]:
    (tmp_path / "digest.db").write_bytes(made.read_bytes())
    store = open_store("sqlite:///digest.db", project=tmp_path)
    yield store
    store.close()


# --- telling ----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_notice_is_told_by_every_way_and_once(store: Store):
    mail, chat = FakeTeller("mail"), FakeTeller("chat")

    assert tell(house(), told(), (mail, chat), store.notices)
    assert not tell(house(), told(at=NOW + HOUR), (mail, chat), store.notices)

    assert len(mail.told) == len(chat.told) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"about": "another reason"},
        {"kind": NoticeKind.MISSED},
        {"day": date(2026, 11, 24)},
        {"day": None},
        {"newsletter": "another"},
    ],
)
def test_another_notice_is_told_besides(store: Store, other: dict[str, Any]):
    teller = FakeTeller()
    tell(house(), told(), (teller,), store.notices)

    assert tell(house(), told(**other), (teller,), store.notices)
    assert len(teller.told) == 2


def test_one_way_that_fails_does_not_stop_the_others(store: Store):
    mail, chat = FakeTeller("mail"), FakeTeller("chat")
    mail.error = NoticeError("the server is away")

    assert tell(house(), told(), (mail, chat), store.notices)

    assert len(chat.told) == 1
    assert store.notices.untold("the-example", now=NOW) == []


def test_what_reached_nobody_is_kept_with_the_reason_and_told_at_the_next_try(store: Store):
    teller = FakeTeller("mail")
    teller.error = NoticeError("the server is away")

    assert not tell(house(), told(), (teller,), store.notices)
    [untold] = store.notices.untold("the-example", now=NOW)
    assert (untold.kind, untold.day, untold.at) == (NoticeKind.NOT_SENT, KEY.day, NOW)
    assert untold.why == "mail: the server is away"

    teller.error = None
    assert tell(house(), told(), (teller,), store.notices)
    assert store.notices.untold("the-example", now=NOW) == []


def test_what_reached_nobody_is_told_whole_by_whoever_comes_next(store: Store):
    away, next_one = FakeTeller("mail"), FakeTeller("mail")
    away.error = NoticeError("the server is away")
    tell(house(), told(), (away,), store.notices)

    tell_again(house(), (next_one,), store.notices, now=NOW + HOUR)
    tell_again(house(), (next_one,), store.notices, now=NOW + 2 * HOUR)

    [again] = next_one.told
    assert (again.headline, again.lines, again.at) == (told().headline, told().lines, NOW + HOUR)


@pytest.mark.parametrize(
    ("kind", "hours", "count"),
    [
        (NoticeKind.DRAFT_READY, 3, 1),
        (NoticeKind.DRAFT_READY, 5, 0),  # later than max_lateness allows
        (NoticeKind.MISSED, 5, 1),
        (NoticeKind.MISSED, 80, 0),
    ],
)
def test_what_is_of_no_use_any_more_is_not_told_again(store: Store, kind: NoticeKind, hours: int, count: int):
    away, next_one = FakeTeller("mail"), FakeTeller("mail")
    away.error = NoticeError("the server is away")
    tell(house(), told(kind=kind), (away,), store.notices)

    tell_again(house(), (next_one,), store.notices, now=NOW + hours * HOUR)
    assert len(next_one.told) == count


@pytest.mark.parametrize("error", [ConfigError("schedules.toml", ["no"]), SendError("no"), StoreError("no")])
def test_no_error_of_ours_leaves_a_telling(store: Store, error: DigestError):
    teller = FakeTeller()
    teller.error = error

    assert not tell(house(), told(), (teller,), store.notices)


def test_what_nobody_wants_to_hear_is_told_nobody_and_is_no_failure(store: Store):
    teller = FakeTeller()
    quiet = house(notices=NoticesSettings(mute=("not sent",)))

    assert not tell(quiet, told(), (teller,), store.notices)
    assert tell(quiet, told(kind=NoticeKind.SENT), (teller,), store.notices)
    assert store.notices.untold("the-example", now=NOW) == []


def test_without_a_way_nothing_is_claimed(store: Store):
    assert not tell(house(), told(), (), store.notices)
    assert tell(house(), told(), (FakeTeller(),), store.notices)


def test_no_secret_and_no_address_is_told(store: Store):
    teller = FakeTeller()
    sender = SmtpSettings(
        kind="smtp", host="localhost", username="ada", password=Secret("canary-password"), security="none"
    )
    words = "535 canary-password is wrong for <reader.canary@example.com>"

    tell(house(sender=sender), told(headline=words, lines=(words, words)), (teller,), store.notices)

    said = " ".join([teller.told[0].headline, *teller.told[0].lines])
    assert "canary" not in said
    assert "r…@example.com" in said


def test_a_telling_that_was_cut_off_is_made_up_for(store: Store):
    """Its process died between the claim and the mail: a notice told twice is better than none."""
    assert store.notices.claim(told())
    teller = FakeTeller()

    assert not tell(house(), told(at=NOW + timedelta(minutes=1)), (teller,), store.notices)
    assert tell(house(), told(at=NOW + timedelta(minutes=16)), (teller,), store.notices)


def claim_each(url: str, project: Path, start: Barrier, won: Any) -> None:
    store = open_store(url, project=project)
    start.wait(30)
    won.put([number for number in range(100) if store.notices.claim(told(about=str(number)))])
    store.close()


@pytest.mark.slow
def test_two_processes_never_claim_the_same_notice(store: Store, tmp_path: Path):
    spawn = multiprocessing.get_context("spawn")
    start, won = spawn.Barrier(2), spawn.Queue()
    rivals = [
        spawn.Process(target=claim_each, args=("sqlite:///digest.db", tmp_path, start, won)) for _ in range(2)
    ]
    for rival in rivals:
        rival.start()
    first, second = won.get(timeout=60), won.get(timeout=60)
    for rival in rivals:
        rival.join()

    assert sorted(first + second) == list(range(100))


class MortalTeller(FakeTeller):
    """Its process ends before anything is said, as in a power cut."""

    def tell(self, notice: Notice, newsletter: Newsletter) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


def tell_and_die(project: Path) -> None:
    store = open_store("sqlite:///digest.db", project=project)
    tell(house(), told(), (MortalTeller(),), store.notices)


@pytest.mark.slow
def test_killed_before_the_mail_left_the_editors_are_told_by_another(store: Store, tmp_path: Path):
    victim = multiprocessing.get_context("spawn").Process(target=tell_and_die, args=(tmp_path,))
    victim.start()
    victim.join()
    teller = FakeTeller()

    assert victim.exitcode == -signal.SIGKILL
    assert not tell(house(), told(), (teller,), store.notices)
    assert tell(house(), told(at=NOW + timedelta(minutes=16)), (teller,), store.notices)


def failing() -> NoticeStore:
    raise StoreError("the disk is full")


def test_while_the_database_fails_what_was_told_is_remembered(tmp_path: Path):
    teller, steady = FakeTeller(), SteadyNotices(failing, folder=tmp_path)

    assert tell(house(), told(), (teller,), steady)
    assert not tell(house(), told(), (teller,), steady)
    teller.error = NoticeError("no")
    assert not tell(house(), told(about="else"), (teller,), steady)
    teller.error = None
    assert tell(house(), told(about="else"), (teller,), steady)


def test_nor_does_another_process_tell_it_again(tmp_path: Path):
    teller, cron = FakeTeller(), [SteadyNotices(failing, folder=tmp_path) for _ in range(3)]

    assert tell(house(), told(), (teller,), cron[0])
    assert not tell(house(), told(), (teller,), cron[1])
    [mark] = tmp_path.iterdir()
    os.utime(mark, times=((NOW - timedelta(days=4)).timestamp(),) * 2)
    assert tell(house(), told(about="else"), (teller,), cron[1])
    assert not tell(house(), told(about="else"), (teller,), cron[2])
    [other] = tmp_path.iterdir()
    assert other != mark  # which nobody needs any more


def test_where_nothing_can_be_marked_each_process_tells_it_once(tmp_path: Path):
    (folder := tmp_path / "var").write_text("no folder")
    teller, cron = FakeTeller(), [SteadyNotices(failing, folder=folder) for _ in range(2)]

    assert [tell(house(), told(), (teller,), one) for one in (cron[0], cron[0], cron[1])] == [1, 0, 1]


@pytest.mark.parametrize("name", ["x" * 300, "var"])
def test_where_nobody_may_even_look_it_is_told_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
):
    def forbidden(_: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    if name == "var":
        monkeypatch.setattr(Path, "exists", forbidden)
    teller, steady = FakeTeller(), SteadyNotices(failing, folder=tmp_path / name)

    assert [tell(house(), told(), (teller,), steady) for _ in range(2)] == [1, 0]


# --- feeds -----------------------------------------------------------------------------------------


def ill_state(failures: int, **given: Any) -> FeedState:
    return FeedState(
        **(
            {
                "url": feed().url,
                "failures": failures,
                "problem": "HTTP 503",
                "succeeded_at": NOW - 24 * HOUR,
            }
            | given
        )
    )


@pytest.mark.slow
def test_a_feed_is_told_of_once_from_its_first_failure_to_its_next_success(store: Store):
    teller, house_ = FakeTeller(), house(notices=NoticesSettings(ill_after=2))

    def after(failures: int, **given: Any) -> list[NoticeKind]:
        store.feeds.keep(ill_state(failures, **given), [])
        before = len(teller.told)
        tell_of_feeds(house_, store.feeds, (teller,), store.notices, now=given.get("now", NOW))
        return [notice.kind for notice in teller.told[before:]]

    assert after(1) == []
    assert after(2) == [NoticeKind.FEED_ILL]
    assert after(3) == []
    assert after(0, succeeded_at=NOW) == [NoticeKind.RECOVERED]
    assert after(0, succeeded_at=NOW) == []
    assert after(2, succeeded_at=NOW) == [NoticeKind.FEED_ILL]


def test_feeds_that_fail_in_one_night_are_one_message_and_so_are_those_that_are_well_again(store: Store):
    feeds = tuple(
        feed(url=f"https://example.org/{name}.xml", title=name.title()) for name in ("one", "two", "three")
    )
    teller, house_ = FakeTeller(), house(feeds=feeds)

    def after(*failures: int) -> list[Notice]:
        for one, count in zip(feeds, failures, strict=True):
            store.feeds.keep(ill_state(count, url=one.url), [])
        before = len(teller.told)
        tell_of_feeds(house_, store.feeds, (teller,), store.notices, now=NOW)
        return teller.told[before:]

    [both] = after(3, 3, 0)
    assert both.headline == "One has failed 3 times in a row, and 1 more"
    first, second, *rest = both.lines
    assert first.startswith("1. One has failed 3 times in a row. Feed: https://example.org/one.xml. ")
    assert second.startswith("2. Two has failed 3 times in a row. Feed: https://example.org/two.xml. ")
    assert not any("two.xml" in line for line in rest)
    assert sum("removed from schedules.toml" in line for line in both.lines) == 1

    assert [notice.headline for notice in after(4, 4, 3)] == ["Three has failed 3 times in a row"]
    [well] = after(0, 0, 0)
    assert (well.kind, well.headline) == (NoticeKind.RECOVERED, "One can be read again, and 2 more")


def test_what_reached_nobody_of_several_feeds_is_told_again_in_one_message(store: Store):
    feeds = tuple(feed(url=f"https://example.org/{name}.xml", title=name.title()) for name in ("one", "two"))
    away, back, house_ = FakeTeller(), FakeTeller(), house(feeds=feeds)
    away.error = NoticeError("no route")
    for one in feeds:
        store.feeds.keep(ill_state(3, url=one.url), [])
    tell_of_feeds(house_, store.feeds, (away,), store.notices, now=NOW)

    tell_again(house_, (back,), store.notices, now=NOW + HOUR)

    [both] = back.told
    assert both.headline.endswith("has failed 3 times in a row, and 1 more")
    assert not store.notices.untold(house_.key)


def test_a_feed_that_was_never_read_and_one_that_is_gone_are_told_of():
    never = notices.feed_ill(house(), ill_state(3, succeeded_at=None), now=NOW)
    gone = notices.feed_ill(house(), ill_state(1, gone_at=NOW), now=NOW)

    assert "Last read: never since it was added" in never.lines
    assert gone.headline.endswith(" is gone for good")
    assert any("not fetched any more" in line for line in gone.lines)
    assert notices.ill(house(), {feed().url: ill_state(1, gone_at=NOW)})
    assert notices.ill(house(), {feed().url: ill_state(2)}) == []


# --- what is said ------------------------------------------------------------------------------------


def draft(*headlines: str) -> Edition:
    blurbs = tuple(
        Blurb(id=f"a{number}", headline=headline, outlet="Example Times", summary="Words.")
        for number, headline in enumerate(headlines)
    )
    return Edition(
        key=KEY,
        number=1,
        window=Window(since=NOW - HOUR, until=NOW),
        subject="A bridge",
        preheader="",
        blurbs=blurbs,
        pending=blurbs[:1],
    )


def test_a_draft_is_told_with_its_items_and_where_to_see_it():
    desk = NoticesSettings(preview="https://desk.example.org/")
    notice = notices.draft_ready(
        house(notices=desk), draft("Bridge vote", "Strike ends"), now=NOW, warnings=2
    )

    assert notice.headline == "The edition of Monday 23 November is ready to be read: 2 items"
    assert notice.lines == (
        "Subject: A bridge",
        "1. Bridge vote (Example Times)",
        "2. Strike ends (Example Times)",
        "1 more story is pending.",
        "2 things to look at before it goes out.",
        "See and change it: https://desk.example.org/",
        "It goes out at 06:30 automatically.",
    )


@pytest.mark.parametrize(
    ("approval", "words"),
    [
        ("automatic", "It goes out at 06:30 automatically."),
        ("automatic after 06:15", "It goes out at 06:30 automatically."),
        (
            "automatic after 07:00",
            "It goes out at 06:30 if somebody approves it "
            "(digest approve the-example --date 2026-11-23), otherwise at 07:00.",
        ),
        (
            "required",
            "It goes out at 06:30 once somebody approves it, and not otherwise: digest approve the-example "
            "--date 2026-11-23",
        ),
    ],
)
def test_a_draft_says_what_becomes_of_it(approval: str, words: str):
    assert notices.draft_ready(house(approval=approval), draft("Vote"), now=NOW).lines[-1] == words


def test_the_numbers_of_a_delivery_are_told():
    notice = notices.sent(house(), KEY, Tally(sent=990, refused=2, deferred=6, unsure=2), now=NOW)

    assert notice.headline == "The edition of Monday 23 November is out: 990 mails"
    assert notice.lines[0] == "990 sent + 2 refused + 6 deferred + 2 unsure = 1000 on the list"
    assert "--unsure" in notice.lines[2]


def test_readers_who_are_held_are_told_of_with_what_to_do():
    notice = notices.sent(house(), KEY, Tally(sent=60, refused=60), now=NOW, held=55)

    assert notice.lines[1].startswith("55 addresses were called unknown, too many to believe it")
    assert notice.lines[1].endswith("digest subscribers suppress the-example --unknown 2026-11-23")


@pytest.mark.parametrize(
    ("stage", "error", "kind", "words"),
    [
        ("build", GatherError("no feed could be read"), NoticeKind.NOT_SENT, "digest build the-example"),
        ("build", NothingToDo("only 1 of 3 stories"), NoticeKind.NOT_SENT, "digest build the-example"),
        ("send", EditionError("f.yaml", "bad", line=3), NoticeKind.NOT_SENT, "digest send the-example"),
        ("send", StoppedError("stopped; go on with: digest send"), NoticeKind.NOT_SENT, "go on with: digest"),
        ("send", SendError("certificate has expired"), NoticeKind.TROUBLE, "digest check the-example"),
        ("send", StoreError("the disk is full"), NoticeKind.TROUBLE, "digest check the-example"),
        ("build", ConfigError("x", ["wrong"]), NoticeKind.TROUBLE, "digest check the-example"),
    ],
)
def test_what_failed_is_told_with_the_reason_and_what_to_do(
    stage: str, error: DigestError, kind: NoticeKind, words: str
):
    notice = notices.failed(house(), KEY, stage, error, now=NOW)

    assert notice.kind is kind
    assert str(error).splitlines()[0] in f"{notice.headline} {' '.join(notice.lines)}"
    assert any(words in line for line in notice.lines)


def test_after_a_stop_there_is_nothing_to_fix():
    stop = StoppedError("stopped as asked; go on with: digest send the-example --resume")
    notice = notices.failed(house(), KEY, "send", stop, now=NOW, sent=30)

    assert notice.headline == "The edition of Monday 23 November did not reach everybody"
    assert "fixed" not in " ".join(notice.lines)


def test_a_file_that_is_mended_step_by_step_is_told_of_once():
    """Line and column change with every save."""
    first = notices.not_sent(house(), KEY, EditionError("f.yaml", "bad", line=3), now=NOW)
    second = notices.not_sent(house(), KEY, EditionError("f.yaml", "worse", line=9), now=NOW)

    assert first.about == second.about != notices.not_sent(house(), KEY, "no approval", now=NOW).about


def test_not_sent_says_until_when_it_may_be_mended():
    notice = notices.not_sent(house(), KEY, "nobody approved it", now=NOW, until=NOW + 3 * HOUR)

    assert notice.lines[:2] == (
        "nobody approved it",
        "If it is fixed before 08:00, the edition still goes out automatically.",  # in New York
    )


def test_refused_settings_are_told_with_every_problem():
    error = ConfigError("schedules.toml", ["a: is wrong", "b: is wrong, too"])
    notice = notices.settings_refused(house(), error, now=NOW)

    assert notice.headline == "The new settings are refused: 2 problems"
    assert notice.lines[:2] == error.problems
    other = notices.settings_refused(house(), ConfigError("schedules.toml", ["a: is wrong"]), now=NOW)
    assert other.about != notice.about


# --- by mail ---------------------------------------------------------------------------------------


def smtp(port: int, **given: Any) -> MailTeller:
    settings = SmtpSettings(kind="smtp", host="127.0.0.1", port=port, **({"security": "none"} | given))
    return MailTeller(lambda: open_sender(settings, project=Path()))


def parsed(content: bytes) -> EmailMessage:
    return email.message_from_bytes(content, policy=email.policy.default)  # type: ignore[return-value]


def test_every_editor_gets_a_mail_of_words_and_html():
    with serving() as postbox:
        smtp(postbox.port).tell(told(lines=("One line.", "1. A", "2. B")), house())

    assert sorted(to for to, _ in postbox.mails) == ["ana@example.org", "desk@example.org"]
    mail = parsed(dict(postbox.mails)["desk@example.org"])
    assert mail["To"] == "Desk <desk@example.org>"
    assert mail["Subject"] == "[The Example] The edition was not sent"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] is None
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert "One line.\n\n1. A\n2. B\n" in text.get_content().replace("\r\n", "\n")
    assert "<h1" in html.get_content()


def test_a_notice_that_is_told_again_folds_into_the_first():
    with serving() as postbox:
        for moment in (NOW, NOW + HOUR):
            smtp(postbox.port).tell(told(at=moment), house(editors=EDITORS[:1]))

    assert len({parsed(content)["Message-ID"] for _, content in postbox.mails}) == 1


def test_one_editor_who_is_refused_does_not_cost_the_others_theirs():
    with serving() as postbox:
        postbox.replies["ana@example.org"] = "550 5.1.1 no such user"
        smtp(postbox.port).tell(told(), house())

        postbox.replies["desk@example.org"] = "550 5.1.1 no such user"
        with pytest.raises(NoticeError, match="no editor's mail was taken: refused"):
            smtp(postbox.port).tell(told(about="another"), house())

    assert [to for to, _ in postbox.mails] == ["desk@example.org"]


def test_a_login_that_is_refused_is_told_without_the_password():
    with serving(login={"digest": "right"}) as postbox:
        teller = smtp(postbox.port, username="digest", password=Secret("canary-password"))
        with pytest.raises(NoticeError) as caught:
            teller.tell(told(), house())
        with pytest.raises(NoticeError):
            teller.check()

    assert "canary" not in str(caught.value)


@pytest.mark.slow
@pytest.mark.parametrize("name", STAND_INS)
def test_every_sender_that_takes_mails_takes_notices(name: str):
    kind, values = SETTINGS[name]
    with EspServer(STAND_INS[name]()) as server:
        settings = kind(kind=name, base_url=server.url, timeout=timedelta(seconds=5), **values)
        MailTeller(lambda: open_sender(settings, project=Path())).tell(told(), house())

        assert sorted(server.taken) == ["ana@example.org", "desk@example.org"]
        # The rules ask for the link to unsubscribe, which editors do not get.
        assert [words for words in server.violations if "List-Unsubscribe" not in words] == []


HOSTILE = (
    "Win\r\nBcc: all@example.com\r\n\r\n<script>alert(1)</script>\u202e {{x}} "
    "[a](https://evil.example) @everyone"
)


def test_what_a_feed_says_is_words_in_the_mail(tmp_path: Path):
    notice = notices.draft_ready(house(), draft(HOSTILE), now=NOW)
    sender = open_sender(OutboxSettings(), project=tmp_path)
    MailTeller(lambda: sender).tell(notice, house(editors=EDITORS[:1]))

    [path] = tmp_path.rglob("*.eml")
    mail = parsed(path.read_bytes())
    assert set(mail.keys()) == {
        *("From", "Subject", "Date", "To", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type")
    }
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    [line] = [line for line in text.get_content().splitlines() if "Win" in line]
    assert line.startswith("1. Win Bcc: all@example.com <script>")
    assert "\u202e" not in line
    assert "<script" not in html.get_content()
    assert re.findall(r'href="([^"]*)"', html.get_content()) == []


def test_only_the_desk_is_a_link():
    desk = NoticesSettings(preview="https://desk.example.org/?a=1&b=2")
    html = letter.write(
        notices.draft_ready(house(notices=desk), draft("See https://evil.example/"), now=NOW),
        house(notices=desk),
    ).html

    assert re.findall(r'href="([^"]*)"', html) == ["https://desk.example.org/?a=1&amp;b=2"]


def test_a_headline_of_a_server_without_an_end_is_cut_in_the_subject():
    subject, html, text = letter.write(told(headline="word " * 500, lines=("word " * 500,)), house())

    assert len(subject) <= letter.SUBJECT
    assert len(text) < 4000
    assert len(html) < 8000


# --- by chat ----------------------------------------------------------------------------------------


class Chat:
    """A real server that takes what Apprise posts as JSON."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.status = 200
        chat = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                chat.taken.append(json.loads(body))
                self.send_response(chat.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Nothing on standard error."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    def address(self, path: str = "canary-token") -> Secret:
        return Secret(f"json://127.0.0.1:{self.server.server_port}/{path}/")


@pytest.fixture
def chat() -> Iterator[Chat]:
    pytest.importorskip("apprise")
    chat = Chat()
    thread = Thread(target=chat.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield chat
    chat.server.shutdown()
    chat.server.server_close()
    thread.join()


@pytest.mark.slow
def test_a_chat_hears_the_notice(chat: Chat):
    ChatTeller([chat.address()]).tell(told(lines=("One.", "Two.")), house())

    [taken] = chat.taken
    assert taken["title"] == "[The Example] The edition was not sent"
    assert taken["message"] == "One.\nTwo."
    assert taken["type"] == "failure"


@pytest.mark.slow
def test_a_chat_that_fails_is_named_without_its_address(chat: Chat, caplog: pytest.LogCaptureFixture):
    chat.status = 500
    with pytest.raises(NoticeError) as caught:
        ChatTeller([chat.address()]).tell(told(), house())

    assert str(caught.value) == "JSON (apprise[1]) did not take it"


@pytest.mark.slow
def test_one_chat_of_two_is_enough(chat: Chat):
    ChatTeller([Secret("json://127.0.0.1:1/"), chat.address()]).tell(told(), house())

    assert len(chat.taken) == 1


@pytest.mark.slow
def test_what_is_no_address_of_apprise_is_named_by_its_place():
    pytest.importorskip("apprise")
    with pytest.raises(NoticeError, match=r"apprise\[1\] in notices is no address") as caught:
        ChatTeller([Secret("nonsense://canary")]).check()

    assert "canary" not in str(caught.value)


def test_without_apprise_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "apprise", None)

    with pytest.raises(NoticeError, match=r"pip install \"digest-newsletter\[notices\]\""):
        ChatTeller([Secret("json://127.0.0.1/")]).tell(told(), house())


def test_nobody_is_called_and_no_link_is_hidden_in_a_chat(chat: Chat):
    ChatTeller([chat.address()]).tell(notices.draft_ready(house(), draft(HOSTILE), now=NOW), house())

    said = chat.taken[0]["message"]
    assert "@everyone" not in said
    assert "](" not in said
    assert "\u202e" not in said
    [line] = [line for line in said.splitlines() if "Win" in line]
    assert "Bcc" in line


def test_a_long_notice_is_cut_for_a_chat():
    short = message(told(lines=tuple(f"{number}. {'word ' * 20}" for number in range(60))))

    assert len(short) <= LONGEST
    assert short.endswith("more of it is in the mail")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("@everyone, look", "@\u200beveryone, look"),
        ("[a](b)", "[a]\u200b(b)"),
        ("a @ b [c] (d)", "a @ b [c] (d)"),
        ("two\nlines", "two lines"),
    ],
)
def test_what_a_chat_would_act_on_is_taken_apart(words: str, said: str):
    assert inert(words) == said


# --- the commands -------------------------------------------------------------------------------------


def notices_of(project: Project) -> list[str]:
    return sorted(path.name.partition("-desk@")[0] for path in project.folder.rglob("outbox/**/notice-*.eml"))


def kinds_of(project: Project) -> list[str]:
    return [re.sub("^notice-|-[0-9a-f]{8}$", "", name) for name in notices_of(project)]


def test_build_and_send_tell_the_editors_once_when_asked(built: Project):
    built.ok("build", "--tell")
    built.ok("build", "--tell")
    built.ok("send", "--tell")
    assert built.run("send", "--tell").exit_code == 3

    assert kinds_of(built) == ["draft-ready", "sent"]


@pytest.mark.slow
def test_two_sends_at_once_tell_the_editors_once(built: Project):
    digest = Path(sys.executable).with_name("digest")
    words = [str(digest), "send", "--tell", "--project", str(built.folder), "--now", NOW.isoformat()]
    both = [subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(2)]
    for one in both:
        one.wait(60)

    assert 0 in {one.returncode for one in both}
    assert kinds_of(built) == ["sent"]


@pytest.mark.parametrize(
    ("mine", "code", "said"),
    [
        (3, 75, "another process is sending it right now; leave it to that one"),
        (2, 75, "1 sent, 2 mails in the hands of another process"),
    ],
)
def test_what_another_process_is_sending_is_told_by_that_one(built: Project, mine: int, code: int, said: str):
    key = EditionKey(newsletter="morning-tide", day=NOW.date())
    with application.build(built.folder) as app, app.store.ledger.owned() as other:
        app.store.ledger.enrol(key, at=NOW)
        due = [
            (one.id, f"<{one.id}@example.org>")
            for one in app.store.ledger.due(key, State.PENDING, limit=mine)
        ]
        app.store.ledger.claim(key, due, sha256="", at=NOW, owner=other)
        ended = built.run("send", "--tell")
        journal = app.store.journal.latest("morning-tide")

    assert (ended.exit_code, kinds_of(built)) == (code, [])
    assert said in ended.output
    assert [run.code for run in journal if run.stage == "send"] == ([code] if mine < 3 else [])


def test_unless_asked_they_tell_nobody(built: Project):
    built.ok("build")
    built.ok("send")

    assert kinds_of(built) == []


def test_a_setting_asks_for_all_of_them_but_for_rehearsals(built: Project):
    built.configure(lambda text: with_notices(text, "commands = true"))
    built.ok("build")
    built.ok("send", "--dry-run")
    built.ok("send", "--to", "ada@example.com")
    assert kinds_of(built) == ["draft-ready"]
    built.ok("send")

    assert kinds_of(built) == ["draft-ready", "sent"]


def with_notices(text: str, lines: str) -> str:
    table = f"[newsletters.morning-tide.notices]\n{lines}\n\n"
    return text.replace("[newsletters.morning-tide.sender]", f"{table}[newsletters.morning-tide.sender]", 1)


def test_a_rehearsal_is_not_to_be_told(built: Project):
    assert built.run("send", "--dry-run", "--tell").exit_code == 2


def test_an_edition_that_waits_for_its_approval_is_told_of(built: Project):
    built.configure(lambda text: text.replace('approval = "automatic"', 'approval = "required"'))

    for _ in range(2):
        assert built.run("send", "--tell").exit_code == 1

    assert kinds_of(built) == ["not-sent"]


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        ("554 5.7.1 not wanted here", 75, "It cannot go on: smtp took none of 3 mails"),
        ("550 5.1.1 unknown", 1, "The edition of Monday 23 November was not sent"),
    ],
)
def test_an_edition_that_nobody_took_is_not_out(built: Project, words: str, code: int, told: str):
    with serving() as postbox:
        for reader in ("ada@example.com", "bo@example.net", "cleo@example.org"):
            postbox.replies[reader] = words
        server = f'kind = "smtp"\nhost = "127.0.0.1"\nport = {postbox.port}\nsecurity = "none"'
        built.configure(lambda text: text.replace('kind = "outbox"', server))
        assert built.run("send", "--tell").exit_code == code

    [(to, content)] = postbox.mails
    assert to == "desk@example.org"
    assert str(parsed(content)["Subject"]).startswith(f"[The Morning Tide] {told}")


def test_a_broken_file_is_told_of(built: Project):
    built.edition.write_text("subject: [\n")

    assert built.run("send", "--tell").exit_code == 1
    [path] = built.folder.rglob("outbox/**/notice-not-sent-*.eml")
    body = parsed(path.read_bytes()).get_body(("plain",))
    assert body is not None
    assert f"editions/morning-tide/{DAY}.yaml:" in body.get_content()


def test_a_morning_without_any_feed_is_told_of_and_a_day_off_is_not(
    project: Project, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SAMPLE_NEWSROOM", "http://127.0.0.1:1")
    assert project.run("build", "--tell").exit_code == 75
    assert kinds_of(project) == ["not-sent"]

    project.configure(lambda text: text.replace('days = "mon-sun"', 'days = "sat-sun"'))
    assert project.run("build", "--tell").exit_code == 3
    assert kinds_of(project) == ["not-sent"]


def test_ill_feeds_are_told_of_by_build(built: Project):
    for count in (1, 2, 3):
        built.configure(
            lambda text, count=count: (
                text.replace("/kestrel-radio/feed.xml", "/nowhere-1.xml", 1)
                if count == 1
                else f"{text}\n# {count}\n"
            )
        )
        built.run("build", "--tell", now=f"2026-11-23T1{count}:00:00+00:00")

    assert kinds_of(built) == ["draft-ready", "feed-ill"]


def test_a_broken_database_is_told_of_and_so_is_a_refused_login(built: Project):
    with serving(login={"digest": "right"}) as refusing, serving() as taking:
        built.configure(
            lambda text: with_notices(
                text.replace(
                    'kind = "outbox"',
                    f'kind = "smtp"\nhost = "127.0.0.1"\nport = {refusing.port}\nsecurity = "none"\n'
                    'username = "digest"\npassword = "${SMTP_PASSWORD}"',
                ),
                f'sender = {{ kind = "smtp", host = "127.0.0.1", port = {taking.port}, security = "none" }}',
            )
        )
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SMTP_PASSWORD", "canary-password")
            refused = built.run("send", "--tell", "--log-format", "json")
            (built.folder / "var" / "digest.db").write_text("this is no database " * 500)
            broken = built.run("send", "--tell", "--log-format", "text")

    assert (refused.exit_code, broken.exit_code) == (75, 75)
    first, second = (parsed(content) for _, content in taking.mails)
    assert "It cannot go on: " in first["Subject"]
    body = second.get_body(("plain",))
    assert body is not None
    assert "digest.db: it is damaged" in body.get_content()
    said = refused.output + broken.output + "".join(content.decode() for _, content in taking.mails)
    assert "canary" not in said
    assert not {"ada@", "bo@", "cleo@"} & set(re.findall(r"\w+@", said))


def test_what_could_not_be_told_is_in_the_status(built: Project):
    built.configure(
        lambda text: with_notices(
            text, 'sender = { kind = "smtp", host = "127.0.0.1", port = 1, security = "none" }'
        )
    )

    result = built.ok("build", "--tell")
    status = built.run("status")

    assert "1 notice could not be told" in result.stderr
    assert status.exit_code == 1
    assert (
        "LOOK untold: The edition of Monday 23 November is ready to be read: 8 items: mail: " in status.stdout
    )


def test_check_says_how_the_editors_are_reached(built: Project):
    assert "ok   notices by mail: outbox: " in built.ok("check").stdout

    built.configure(lambda text: text.replace('editors = ["desk@example.org"]', ""))
    assert "editors: there are none: nobody will be told" in built.ok("check").stdout


def test_a_provider_that_takes_no_mails_needs_another_sender_for_notices(
    built: Project, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SENDER_KEY", "canary-key")
    built.configure(
        lambda text: text.replace(
            'kind = "outbox"', 'kind = "buttondown"\nkey = "${SENDER_KEY}"\nbase_url = "http://127.0.0.1:1"'
        )
    )
    result = built.run("check")
    assert "BAD  notices by mail: " in result.stdout
    assert "[newsletters.morning-tide.notices.sender]" in result.stdout

    built.configure(lambda text: with_notices(text, 'sender = { kind = "outbox", path = "told" }'))
    assert "ok   notices by mail: outbox: " in built.run("check").stdout
    built.ok("build", "--tell")
    assert len(list((built.folder / "told").rglob("notice-draft-ready-*.eml"))) == 1


@pytest.mark.parametrize("written", ['["slack://a/b/c"]', '["json://127.0.0.1/canary"]'])
def test_a_chats_address_does_not_belong_into_the_file(built: Project, written: str):
    built.configure(lambda text: with_notices(text, f"apprise = {written}"))

    result = built.run("check")

    assert result.exit_code == 2
    assert "newsletters.morning-tide.notices.apprise[1]: is a secret" in result.stderr
    assert "canary" not in result.output


def test_a_notice_sender_cannot_be_one_that_holds_a_list(built: Project):
    built.configure(lambda text: with_notices(text, 'sender = { kind = "mailchimp" }'))

    result = built.run("check")

    assert result.exit_code == 2
    assert "newsletters.morning-tide.notices.sender.kind" in result.stderr


def test_a_key_is_not_shown_to_everyone_on_the_way_by_a_notice_either(
    built: Project, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SMTP_PASSWORD", "canary-password")
    sender = 'kind = "smtp", host = "mail.example.org", security = "none", username = "u"'
    built.configure(
        lambda text: with_notices(text, f'sender = {{ {sender}, password = "${{SMTP_PASSWORD}}" }}')
    )

    result = built.run("check")

    assert result.exit_code == 2
    assert "newsletters.morning-tide.notices.sender.security" in result.stderr
