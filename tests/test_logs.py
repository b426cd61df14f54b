"""The log: one event a thing, whoever says it, and nothing in it that is nobody's business."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from kit.linekit import Project

from digest.errors import ConfigError
from digest.logs import bound, log, writing
from digest.masking import Redaction, mask_all
from digest.settings import LogSettings, Secret, SmtpSettings

CANARY = "canary-4711-secret"


def written(
    capsys: pytest.CaptureFixture[str], say: Any, *, secrets: tuple[Secret, ...] = (), **settings: Any
) -> list[str]:
    """The lines on standard error while *say* is called."""
    with writing(LogSettings(**settings), Redaction(secrets), project=Path()):
        say()
    return capsys.readouterr().err.splitlines()


def test_an_event_is_a_line_with_its_fields(capsys: pytest.CaptureFixture[str]):
    def say() -> None:
        with bound(newsletter="the-example", stage="build"):
            log.info("gathered", feeds=23, failed=1, words="two words")

    [line] = written(capsys, say)

    time, rest = line.split(" ", 1)
    assert time.endswith("Z")
    assert rest == 'info gathered newsletter=the-example stage=build feeds=23 failed=1 words="two words"'


def test_as_json_it_is_one_object_a_line(capsys: pytest.CaptureFixture[str]):
    def say() -> None:
        with bound(newsletter="the-example"):
            log.warning("feed failed", failures=2, ids=("a", "b"))

    [line] = written(capsys, say, format="json")

    told = json.loads(line)
    assert list(told)[:3] == ["timestamp", "level", "event"]
    del told["timestamp"]
    assert told == {
        "level": "warning",
        "event": "feed failed",
        "newsletter": "the-example",
        "failures": 2,
        "ids": ["a", "b"],
    }


def test_what_was_bound_ends_with_its_block(capsys: pytest.CaptureFixture[str]):
    def say() -> None:
        with bound(newsletter="the-example"):
            pass
        log.info("told")

    [line] = written(capsys, say)

    assert line.endswith("info told")


@pytest.mark.parametrize(("level", "events"), [("debug", 3), ("info", 2), ("warning", 1), ("error", 0)])
def test_events_below_the_level_are_left_out(capsys: pytest.CaptureFixture[str], level: str, events: int):
    def say() -> None:
        log.debug("one")
        log.info("two")
        log.warning("three")

    assert len(written(capsys, say, level=level)) == events


@pytest.mark.parametrize("kind", ["text", "json"])
def test_libraries_are_heard_through_the_same_door(capsys: pytest.CaptureFixture[str], kind: str):
    def say() -> None:
        logging.getLogger("uvicorn.access").info("GET /unsubscribe/%s", CANARY)
        logging.getLogger("uvicorn.error").warning("lost %s of ada@example.com", CANARY)

    [line] = written(capsys, say, format=kind, secrets=(Secret(CANARY),))

    assert "uvicorn.error" in line
    assert "lost *** of a…@example.com" in line


def test_no_event_without_anybody_who_asked(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    with writing(LogSettings(), Redaction(), project=tmp_path, stream=False):
        log.error("failed")
        logging.getLogger("alembic").warning("a library's")

    [line] = capsys.readouterr().err.splitlines()
    assert "a library's" in line

    log.error("failed")
    assert capsys.readouterr().err == ""


def test_a_file_takes_what_every_command_says(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    settings = LogSettings(file="var/log/digest.log", format="json")
    for event in ("gathered", "delivered"):
        with writing(settings, Redaction(), project=tmp_path, stream=False):
            log.info(event)

    lines = (tmp_path / "var/log/digest.log").read_text().splitlines()
    assert [json.loads(line)["event"] for line in lines] == ["gathered", "delivered"]
    assert capsys.readouterr().err == ""


def test_a_file_that_was_moved_away_is_made_anew(tmp_path: Path):
    file = tmp_path / "digest.log"
    with writing(LogSettings(file="digest.log"), Redaction(), project=tmp_path):
        log.info("one")
        file.rename(tmp_path / "digest.log.1")
        log.info("two")

    assert "two" in file.read_text()
    assert "one" not in file.read_text()


def test_a_file_that_cannot_be_written_is_a_problem_of_the_settings(tmp_path: Path):
    (tmp_path / "var").write_text("in the way")
    with (
        pytest.raises(ConfigError, match=r"log\.file: .*var/digest\.log"),
        writing(LogSettings(file="var/digest.log"), Redaction(), project=tmp_path),
    ):
        pass


def test_no_event_is_more_than_its_line(capsys: pytest.CaptureFixture[str]):
    forged = "bad feed\n2026-11-23T10:00:00Z info delivered sent=1000\x1b[2J\u202e"

    [line] = written(capsys, lambda: log.warning("feed failed", why=forged))

    assert "\x1b" not in line
    assert "\u202e" not in line


def test_a_crash_is_logged_with_its_way_there_and_without_what_it_held(
    capsys: pytest.CaptureFixture[str],
):
    def say() -> None:
        try:
            raise ValueError(f"{CANARY} of ada@example.com")
        except ValueError:
            log.exception("crashed")

    lines = written(capsys, say, secrets=(Secret(CANARY),))

    assert "error crashed" in lines[0]
    assert any("in say" in line for line in lines)
    assert lines[-1] == "ValueError: *** of a…@example.com"


# --- what is shown nowhere --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("secret", "words", "shown"),
    [
        (CANARY, f"AUTH LOGIN {CANARY} refused", "AUTH LOGIN *** refused"),
        ("p w/d?%", "https://x/?key=p%20w%2Fd%3F%25&y", "https://x/?key=***&y"),
        ("Bearer abcdefgh1234", "token abcdefgh1234", "token ***"),
        ("pw", "pw is no part of pwd, but: pw", "*** is no part of pwd, but: ***"),
        ("a.c+e|f(g", "abc a.c+e|f(g", "abc ***"),
        ("sqlite:///var/digest.db", "sqlite:///var/digest.db", "sqlite:///var/digest.db"),
        (
            f"postgresql+psycopg://digest:{CANARY}@db/digest",
            f"no password {CANARY} for digest",
            "no password *** for digest",
        ),
        ("-----BEGIN KEY-----\nMIIEvQIBADANBg\n-----END KEY-----", "bad: MIIEvQIBADANBg", "bad: ***"),
        ("", "nothing is hidden", "nothing is hidden"),
    ],
)
def test_a_secret_is_hidden_however_it_is_quoted(secret: str, words: str, shown: str):
    assert Redaction([Secret(secret)])(words) == shown


def test_a_secret_that_begins_another_hides_no_more_than_itself():
    both = Redaction([Secret("canary-4711"), Secret("canary-4711-secret")])

    assert both("canary-4711-secret canary-4711") == "*** ***"


def test_secrets_are_found_wherever_they_stand_in_the_settings(project: Project, monkeypatch: Any):
    from digest import app

    for name in ("SMTP", "FEED", "HEADER", "CHAT"):
        monkeypatch.setenv(name, f"canary-of-{name}")
    project.configure(
        lambda text: text.replace(
            "[[newsletters.morning-tide.feeds]]",
            "[newsletters.morning-tide.notices]\n"
            'apprise = ["${CHAT}"]\n'
            "[newsletters.morning-tide.notices.sender]\n"
            'kind = "smtp"\nhost = "localhost"\nusername = "u"\npassword = "${SMTP}"\n'
            "[[newsletters.morning-tide.feeds]]\n"
            'username = "u"\npassword = "${FEED}"\nheaders = { X-Token = "${HEADER}" }',
            1,
        )
    )

    redaction = app.build(project.folder).redaction

    words = " ".join(f"canary-of-{name}" for name in ("SMTP", "FEED", "HEADER", "CHAT"))
    assert redaction(words) == "*** *** *** ***"


def test_settings_without_secrets_hide_addresses_all_the_same():
    redaction = Redaction.of(SmtpSettings(kind="smtp", host="localhost"))

    assert redaction("<ada@example.com> unknown") == mask_all("<ada@example.com> unknown")
    assert "ada" not in redaction("<ada@example.com> unknown")


# --- the commands -----------------------------------------------------------------------------------


def test_a_build_says_what_it_did_an_event_a_thing(project: Project):
    result = project.ok("build", "--log-format", "json")

    told = [json.loads(line) for line in result.stderr.splitlines() if line.startswith("{")]
    assert [each["event"] for each in told] == ["gathered", "composed"]
    assert {each["newsletter"] for each in told} == {"morning-tide"}
    assert {(each["day"], each["stage"]) for each in told} == {("2026-11-23", "build")}
    assert told[0]["feeds"] == 6


def test_a_command_is_silent_unless_it_is_asked(built: Project):
    assert "delivered" not in built.ok("send", "--json").stderr


def test_every_command_adds_to_the_file_where_there_is_one(built: Project):
    built.configure(lambda text: f'[log]\nfile = "var/log"\nformat = "json"\n\n{text}')
    built.ok("send")

    told = [json.loads(line) for line in (built.folder / "var/log").read_text().splitlines()]
    assert [each["event"] for each in told] == ["delivered"]
    assert (told[0]["sent"], told[0]["list"], told[0]["stage"]) == (3, 3, "send")


@pytest.mark.slow
def test_help_loads_no_log():
    names = subprocess.run(
        [sys.executable, "-c", "import sys, digest.cli; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()

    assert "structlog" not in names
    assert "digest.app" not in names
