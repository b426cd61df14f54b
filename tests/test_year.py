"""A year of two newsletters, with everything that goes wrong in one: see ``year.py``."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from digest import app as application
from digest import config
from digest.model import EditionKey, Run, State
from digest.timetable import day_off, local

# A minute where nothing else runs; the machine may be busy.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

DAYS = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]


def trace(folder: Path, name: str) -> list[dict[str, Any]]:
    file = folder / f"{name}.jsonl"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def test_each_reader_got_each_edition_once_and_every_silence_has_its_reason(tmp_path: Path) -> None:
    lived = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("year.py")), str(tmp_path), "1"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert lived.returncode == 0, lived.stderr

    got: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    began: dict[tuple[str, str], str] = {}
    late = 0
    for mail in trace(tmp_path, "mails"):
        got[mail["newsletter"], mail["day"]][mail["to"]] += 1
        began.setdefault((mail["newsletter"], mail["day"]), mail["at"])
    settings = config.load(tmp_path, {})
    silences: Counter[str] = Counter()
    with application.build(tmp_path) as app:
        for newsletter in settings.newsletters.values():
            readers = {one.id for one in app.store.subscribers.active(newsletter.key)}
            runs: dict[date, list[Run]] = defaultdict(list)
            for run in app.store.journal.latest(newsletter.key, limit=10_000):
                runs[run.day].append(run)
            for day in DAYS:
                key = EditionKey(newsletter=newsletter.key, day=day)
                mails = got[newsletter.key, str(day)]
                assert set(mails.values()) <= {1}, f"{key}: somebody got two"
                if reason := day_off(newsletter, day):
                    assert not mails, key
                    if day.weekday() in newsletter.days:
                        assert [(run.stage, run.code) for run in runs[day]] == [("build", 3)], key
                        assert reason in runs[day][0].words
                        silences["a day off"] += 1
                    continue
                sends = [run for run in runs[day] if run.stage == "send"]
                if not mails:
                    assert sends, f"{key}: silent, and nobody knows why"
                    assert sends[0].code in (1, 3, 75), key
                    assert sends[0].words, key
                    silences[_kind(sends[0].words)] += 1
                    continue
                rows = {row.subscriber_id: row for row in app.store.ledger.deliveries(key)}
                assert rows.keys() == readers, key
                for who in readers - mails.keys():
                    assert rows[who].state in (State.UNSURE, State.DEFERRED, State.PENDING), key
                    assert any(word in sends[0].words for word in ("unsure", "deferred", "pending")), key
                    silences["a mail in doubt or put off"] += 1
                first = began[newsletter.key, str(day)]
                hour = local(newsletter, day, newsletter.send).isoformat()
                assert first >= hour, f"{key}: before its hour"
                late += first > hour
            ran = [blurb for day in DAYS for blurb in _items(app, newsletter.key, day, got)]
            assert len(ran) == len(set(ran)), "no article runs twice"
            assert len(ran) > 80
    kills = trace(tmp_path, "kills")
    # It was a hard year, and all of it happened.
    assert len([1 for mails in got.values() if len(mails) == 9]) > 240
    assert len(kills) >= 10
    assert late >= 5
    for kind in ("a day off", "nobody ran", "too late", "a mail in doubt or put off", "no gather"):
        assert silences[kind], (kind, silences)


def _kind(words: str) -> str:
    kinds = {
        "did not run": "nobody ran",
        "feed could be read": "no gather",
        "feeds failed": "no gather",
        "stories came together": "a quiet day",
        "too late": "too late",
    }
    return next((kind for part, kind in kinds.items() if part in words), f"else: {words}")


def _items(
    app: application.App, newsletter: str, day: date, got: dict[tuple[str, str], Counter[str]]
) -> list[str]:
    key = EditionKey(newsletter=newsletter, day=day)
    record = app.store.editions.get(key)
    if record is None or not got.get((newsletter, str(day))):
        return []
    return [
        line.split()[2]
        for line in record.composed.partition("pending:")[0].splitlines()
        if line.startswith("  - id:")
    ]
