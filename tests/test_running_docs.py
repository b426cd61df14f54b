"""docs/running.md and the files beside it: what they show is so."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from digest.cli import main
from digest.config import json_schema

DOCS = Path(__file__).parent.parent / "docs"
PAGE = (DOCS / "running.md").read_text()
UNITS = sorted((DOCS / "running").glob("digest*.[st]*"))


@pytest.mark.slow
def test_its_units_are_valid(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("there is no systemd-analyze here")
    for unit in UNITS:
        # The paths of a project that is not here.
        text = unit.read_text().replace("/srv/sift/.venv/bin/digest", sys.executable)
        (tmp_path / unit.name).write_text(text.replace("User=digest\n", ""))
    ended = subprocess.run(
        ["systemd-analyze", "verify", *(str(tmp_path / unit.name) for unit in UNITS)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ended.returncode, ended.stderr) == (0, "")
    assert len(UNITS) == 3


@pytest.mark.slow
def test_a_unit_with_a_mistake_would_be_found(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("there is no systemd-analyze here")
    (tmp_path / "digest.service").write_text("[Service]\nExecStart=relative/path\n")
    command = ["systemd-analyze", "verify", str(tmp_path / "digest.service")]

    assert subprocess.run(command, capture_output=True, check=False).returncode != 0


def test_every_command_and_option_that_it_names_exists() -> None:
    texts = [PAGE, *(unit.read_text() for unit in UNITS), (DOCS / "running" / "Containerfile").read_text()]
    found = [match for text in texts for match in re.findall(r"digest ([a-z]+)((?: --[a-z-]+)*)", text)]
    for name, options in found:
        if name in main.commands:
            known = {flag for parameter in main.commands[name].params for flag in parameter.opts}
            assert set(options.split()) <= known, (name, options)
    assert {"run", "build", "send", "bounces"} <= {name for name, _ in found}


def test_every_setting_that_it_names_exists() -> None:
    schema = str(json_schema())
    names = set(re.findall(r"`([a-z_]+)`", PAGE)) - {"digest"}

    assert {name for name in names if f"'{name}'" not in schema} == set()
