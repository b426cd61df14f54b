"""``digest preview`` in a process of its own: as a program, or forked, which begins at once."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from digest.cli import main
from kit.builders import NOW
from kit.forking import forked
from kit.linekit import Project

COMMAND = [sys.executable, "-c", "from digest.cli import main; main()"]


@dataclass(frozen=True)
class Preview:
    url: str
    process: subprocess.Popen[str]


@dataclass(frozen=True)
class Desk:
    url: str
    process: BaseProcess


@contextmanager
def previewing(project: Project, *words: str) -> Iterator[Preview]:
    """The preview of that project's edition on a free port, until the block ends."""
    with subprocess.Popen([*COMMAND, *_words(project), *words], stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            yield Preview(_address(process.stderr), process)
        finally:
            process.kill()


@contextmanager
def desk_of(project: Project) -> Iterator[Desk]:
    """The same for those who look at the desk and not at the program."""
    hearing, saying = Pipe(duplex=False)
    process = forked(_preview, _words(project), saying)
    saying.close()
    try:
        with open(hearing.fileno(), closefd=False) as said:
            yield Desk(_address(said), process)
    finally:
        process.kill()
        process.join()
        hearing.close()


def _words(project: Project) -> list[str]:
    return [
        "preview",
        *("--project", str(project.folder), "--now", NOW.isoformat(), "--port", "0", "--no-open"),
    ]


def _preview(words: list[str], saying: Connection) -> None:
    os.dup2(saying.fileno(), sys.stderr.fileno())
    main(words)


def _address(lines: Iterable[str]) -> str:
    said = []
    for line in lines:
        said.append(line)
        if found := re.search(r"is on (http://\S+)", line):
            return found[1]
    raise AssertionError(f"no preview: {''.join(said)}")
