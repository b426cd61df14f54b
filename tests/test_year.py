"""A year of two newsletters, with everything that goes wrong in one: see ``kit/year.py``."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from digest import app as application
from digest import config
from digest.model import EditionKey, Run, State
from digest.settings import Newsletter
from digest.timetable import day_off, local

# Half a minute where nothing else runs; the machine may be busy.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

#: Each half is lived by a process of its own, beside the other.
HALVES = ((date(2026, 1, 1), date(2026, 7, 1)), (date(2026, 7, 1), date(2027, 1, 1)))

Got = dict[tuple[str, str], Counter[str]]


@dataclass
class Seen:
    """What was found out about the days, all together."""

    silences: Counter[str] = field(default_factory=Counter)
    kills: int = 0
    full: int = 0
    late: int = 0


def trace(folder: Path, name: str) -> list[dict[str, Any]]:
    file = folder / f"{name}.jsonl"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def lived(folder: Path) -> list[Path]:
    """The year's halves, each a project with its traces."""
    homes, lives = [], []
    for seed, (since, until) in enumerate(HALVES, start=1):
        home = folder / str(since)
        home.mkdir()
        words = [str(home), str(seed), str(since), str(until)]
        command = [sys.executable, str(Path(__file__).with_name("kit") / "year.py"), *words]
        homes.append(home)
        lives.append(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True))
    for life in lives:
        said, _ = life.communicate()
        assert life.returncode == 0, said
    return homes


def test_each_reader_got_each_edition_once_and_every_silence_has_its_reason(tmp_path: Path) -> None:
    seen = Seen()
    for home, (since, until) in zip(lived(tmp_path), HALVES, strict=True):
        look_at(home, [since + timedelta(days=n) for n in range((until - since).days)], seen)
    # It was a hard year, and all of it happened.
    assert seen.full > 240
    assert seen.kills >= 10
    assert seen.late >= 5
    for kind in ("a day off", "nobody ran", "too late", "a mail in doubt or put off", "no gather"):
        assert seen.silences[kind], (kind, seen.silences)


def look_at(home: Path, days: Sequence[date], seen: Seen) -> None:
    got: Got = defaultdict(Counter)
    began: dict[tuple[str, str], str] = {}
    for mail in trace(home, "mails"):
        got[mail["newsletter"], mail["day"]][mail["to"]] += 1
        began.setdefault((mail["newsletter"], mail["day"]), mail["at"])
    with application.build(home) as app:
        for newsletter in config.load(home, {}).newsletters.values():
            runs: dict[date, list[Run]] = defaultdict(list)
            for run in app.store.journal.latest(newsletter.key, limit=10_000):
                runs[run.day].append(run)
            for day in days:
                key = EditionKey(newsletter=newsletter.key, day=day)
                mails = got[newsletter.key, str(day)]
                assert set(mails.values()) <= {1}, f"{key}: somebody got two"
                if reason := day_off(newsletter, day):
                    assert not mails, key
                    if day.weekday() in newsletter.days:
                        assert [(run.stage, run.code) for run in runs[day]] == [("build", 3)], key
                        assert reason in runs[day][0].words
                        seen.silences["a day off"] += 1
                    continue
                sends = [run for run in runs[day] if run.stage == "send"]
                look_at_edition(app, newsletter, key, mails, sends, seen)
                if mails:
                    first = began[newsletter.key, str(day)]
                    hour = local(newsletter, day, newsletter.send).isoformat()
                    assert first >= hour, f"{key}: before its hour"
                    seen.late += first > hour
            ran = [blurb for day in days for blurb in _items(app, newsletter.key, day, got)]
            assert len(ran) == len(set(ran)), "no article runs twice"
            assert len(ran) > 40
    seen.kills += len(trace(home, "kills"))
    seen.full += len([1 for mails in got.values() if len(mails) == 9])


def look_at_edition(
    app: application.App,
    newsletter: Newsletter,
    key: EditionKey,
    mails: Counter[str],
    sends: Sequence[Run],
    seen: Seen,
) -> None:
    """Whoever did not get it, for a reason that is written down."""
    if not mails:
        assert sends, f"{key}: silent, and nobody knows why"
        assert sends[0].code in (1, 3, 75), key
        assert sends[0].words, key
        seen.silences[_kind(sends[0].words)] += 1
        return
    readers = {one.id for one in app.store.subscribers.active(newsletter.key)}
    rows = {row.subscriber_id: row for row in app.store.ledger.deliveries(key)}
    assert rows.keys() == readers, key
    for who in readers - mails.keys():
        assert rows[who].state in (State.UNSURE, State.DEFERRED, State.PENDING), key
        assert any(word in sends[0].words for word in ("unsure", "deferred", "pending")), key
        seen.silences["a mail in doubt or put off"] += 1


def _kind(words: str) -> str:
    kinds = {
        "did not run": "nobody ran",
        "feed could be read": "no gather",
        "feeds failed": "no gather",
        "stories came together": "a quiet day",
        "too late": "too late",
    }
    return next((kind for part, kind in kinds.items() if part in words), f"else: {words}")


def _items(app: application.App, newsletter: str, day: date, got: Got) -> list[str]:
    key = EditionKey(newsletter=newsletter, day=day)
    record = app.store.editions.get(key)
    if record is None or not got.get((newsletter, str(day))):
        return []
    return [
        line.split()[2]
        for line in record.composed.partition("pending:")[0].splitlines()
        if line.startswith("  - id:")
    ]
