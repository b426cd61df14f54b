"""A project on the sample newsroom, and the command line run on it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from digest.cli import main
from digest.sample import SAMPLE
from kit.builders import NOW

DAY = NOW.date().isoformat()


@dataclass(frozen=True)
class Project:
    folder: Path

    def run(self, *words: str, now: str = NOW.isoformat()) -> Result:
        """The command with ``--project`` and ``--now``; anything but an exit is a bug and raised."""
        args = [*words, "--project", str(self.folder), "--now", now]
        result = CliRunner().invoke(main, args)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    def ok(self, *words: str, now: str = NOW.isoformat()) -> Result:
        result = self.run(*words, now=now)
        assert result.exit_code == 0, result.output
        return result

    def json(self, *words: str) -> dict[str, Any]:
        return json.loads(self.run(*words, "--json").stdout)  # type: ignore[no-any-return]

    @property
    def edition(self) -> Path:
        return self.folder / "editions" / "morning-tide" / f"{DAY}.yaml"

    def mails(self) -> list[EmailMessage]:
        paths = sorted((self.folder / "outbox").rglob("*.eml"))
        read = (message_from_bytes(path.read_bytes(), policy=policy.default) for path in paths)
        return list(read)  # type: ignore[arg-type]

    def configure(self, change: Callable[[str], str]) -> None:
        path = self.folder / "schedules.toml"
        before = path.read_text()
        after = change(before)
        assert after != before
        path.write_text(after)


def make_project(folder: Path) -> Project:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "schedules.toml").write_bytes((SAMPLE / "schedules.toml").read_bytes())
    (folder / "readers.txt").write_text("ada@example.com\nbo@example.net\ncleo@example.org\n")
    return Project(folder)
