"""``digest preview`` as a process of its own."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from builders import NOW
from linekit import Project

COMMAND = [sys.executable, "-c", "from digest.cli import main; main()"]


@dataclass(frozen=True)
class Preview:
    url: str
    process: subprocess.Popen[str]


@contextmanager
def previewing(project: Project, *words: str) -> Iterator[Preview]:
    """The preview of that project's edition on a free port, until the block ends."""
    options = ["--project", str(project.folder), "--now", NOW.isoformat(), "--port", "0", "--no-open"]
    with subprocess.Popen(
        [*COMMAND, "preview", *options, *words], stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        try:
            said = []
            for line in process.stderr:
                said.append(line)
                if found := re.search(r"is on (http://\S+)", line):
                    yield Preview(found[1], process)
                    return
            raise AssertionError(f"no preview: {''.join(said)}")
        finally:
            process.kill()
