"""A disk that is full where the log and the answers go: what is to be done is done all the same."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

import pytest
from kit.builders import NOW
from kit.linekit import Project

from digest.logs import log, writing
from digest.masking import Redaction
from digest.settings import LogSettings

FULL = Path("/dev/full")
COMMAND = [sys.executable, "-c", "from digest.cli import main; main()"]

pytestmark = pytest.mark.skipif(not FULL.exists(), reason="this system has no full disk to try")


@pytest.fixture
def full() -> Iterator[TextIO]:
    with FULL.open("w") as opened:
        yield opened


def ended(project: Project, *words: str, now: str = NOW.isoformat(), **streams: Any) -> tuple[int, str]:
    """Its exit code, and what it could say."""
    command = [*COMMAND, *words, "--project", str(project.folder), "--now", now]
    done = subprocess.run(command, **streams, text=True, timeout=100, check=False)
    return done.returncode, (done.stdout or "") + (done.stderr or "")


@pytest.mark.slow
def test_an_edition_is_built_and_sent_though_nothing_can_be_said(project: Project, full: TextIO) -> None:
    project.ok("subscribers", "import", str(project.folder / "readers.txt"))

    assert ended(project, "build", stdout=full, stderr=full) == (0, "")
    assert project.edition.exists()
    assert ended(project, "send", "--log-format", "text", stdout=full, stderr=full) == (0, "")
    assert len(project.mails()) == 3


@pytest.mark.slow
def test_a_look_by_cron_does_what_is_due_though_its_log_is_full(project: Project, full: TextIO) -> None:
    project.ok("subscribers", "import", str(project.folder / "readers.txt"))
    codes = [
        ended(project, "run", "--once", now=f"2026-11-23T{hour}+00:00", stdout=full, stderr=full)[0]
        for hour in ("04:00", "05:00", "06:30")
    ]

    assert codes == [0, 0, 0]
    assert sum(mail["List-Unsubscribe"] is not None for mail in project.mails()) == 3


@pytest.mark.slow
@pytest.mark.parametrize("words", [("status",), ("subscribers", "export"), ("build", "--json")])
def test_an_answer_that_cannot_be_written_is_an_error_in_one_line(
    project: Project, full: TextIO, words: tuple[str, ...]
) -> None:
    code, said = ended(project, *words, stdout=full, stderr=subprocess.PIPE)

    assert code == 75
    assert said.splitlines()[-1] == "digest: standard output cannot be written: No space left on device"
    assert "Traceback" not in said
    assert "Exception ignored" not in said


def test_a_log_file_that_takes_no_more_is_told_of_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "log").symlink_to(FULL)
    with writing(LogSettings(file="log"), Redaction(), project=tmp_path):
        log.info("one")
        log.info("another")
        logging.getLogger("a.library").warning("a third")

    words = "digest: the log cannot be written: No space left on device; lines of it are lost\n"
    assert capsys.readouterr().err == words
