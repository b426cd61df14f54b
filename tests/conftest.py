"""What every test may rely on: no network but loopback (see pyproject.toml), no leftover environment."""

from __future__ import annotations

import gc
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import hypothesis
import pytest
from kit.builders import NOW
from kit.linekit import Project, make_project

from digest.sample import Newsroom

# The edge cases that hypothesis finds are found by `make test`; `make fast` looks at a few.
# No example has a deadline: the machines are noisy.
hypothesis.settings.register_profile("full", deadline=None)
hypothesis.settings.register_profile("fast", deadline=None, max_examples=3, database=None)
hypothesis.settings.load_profile("full")

# Databases wait for the disk after each commit, and thousands of small ones would take most of the time so.
# Where the machine has memory to spare their files lie there: tests kill processes, none cuts the power.
MEMORY, ROOM = Path("/dev/shm"), 2 * 2**30
if "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
    os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)

gc.disable()  # until all is imported: it would find nothing, and look at everything

pytest_plugins = ["kit.databases"]

TESTS = Path(__file__).parent
WHOLLY_SLOW = re.compile(r"^pytestmark = \[?pytest\.mark\.slow\b", re.MULTILINE)
IMPORTED = re.compile(r"^from (test_\w+) import ", re.MULTILINE)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--accept", action="store_true", help="rewrite the answers beside the cases; review the diff"
    )
    parser.addoption("--share", default="1/1", help="with -m 'not slow': 1/2 is the first of two halves")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """`make fast` imports no module whose every test is slow, and of the others only those of its share."""
    if config.option.markexpr != "not slow" or collection_path.suffix != ".py":
        return None
    share, shares = map(int, config.option.share.split("/"))
    return collection_path not in quick_modules(shares)[share - 1] or None


@cache
def quick_modules(shares: int) -> list[set[Path]]:
    """The modules with quick tests, in shares of about the same size. Who imports another is in its share."""
    texts = {path: path.read_text(encoding="utf-8") for path in TESTS.glob("test_*.py")}
    quick = {path for path, text in texts.items() if not WHOLLY_SLOW.search(text)}

    def size(modules: set[Path]) -> int:
        return sum(len(texts[path]) for path in modules)

    families: list[set[Path]] = []
    for path in sorted(quick):
        near = {path} | {TESTS / f"{name}.py" for name in IMPORTED.findall(texts[path])} & quick
        families = [near.union(*(one for one in families if one & near))] + [
            one for one in families if not one & near
        ]
    found: list[set[Path]] = [set() for _ in range(shares)]
    for family in sorted(families, key=lambda one: (-size(one), min(one))):
        min(found, key=size).update(family)
    return found


def pytest_collection_finish() -> None:
    gc.freeze()  # what is imported stays: the collector need not look at it after each few tests
    gc.enable()


def pytest_unconfigure() -> None:
    gc.freeze()  # nor at everything when the process ends, which would take a second


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whole projects through the command line take a third of a second each, and so does a chat.

    The longest comes first, so that nobody waits for it alone at the end.
    """
    items.sort(key=lambda item: not item.nodeid.startswith("tests/test_year.py"))
    for item in items:
        if {"project", "morning", "built_once", "chat"}.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)


def pytest_report_teststatus(report: pytest.TestReport, config: pytest.Config) -> tuple[str, str, str] | None:
    """`make fast` shows its output when it has ended: dots would tell nobody, and cost a write each."""
    if report.passed and report.when == "call" and config.option.share != "1/1":
        return "passed", "", ""
    return None


@pytest.fixture
def accept(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Compares a text with the answer in a file, or with ``--accept`` makes it the answer."""

    def check(answer: Path, text: str) -> None:
        if request.config.getoption("--accept"):
            answer.write_text(text, encoding="utf-8", newline="\n")
        assert text == answer.read_text(encoding="utf-8")

    return check


@pytest.fixture(scope="session")
def newsroom() -> Iterator[str]:
    """The sample newsroom's address, as of ``builders.NOW``."""
    with Newsroom(NOW).serve() as served:
        yield served.url


@pytest.fixture
def project(tmp_path: Path, newsroom: str, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A newsletter project on the sample newsroom, with nothing gathered yet."""
    monkeypatch.setenv("SAMPLE_NEWSROOM", newsroom)
    return make_project(tmp_path / "project")


@pytest.fixture(scope="session")
def built_once(tmp_path_factory: pytest.TempPathFactory, newsroom: str) -> Project:
    """Do not use: ``built`` hands out copies of it."""
    made = make_project(tmp_path_factory.mktemp("built") / "project")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAMPLE_NEWSROOM", newsroom)
        made.ok("subscribers", "import", str(made.folder / "readers.txt"))
        made.ok("build")
    return made


@pytest.fixture
def built(project: Project, built_once: Project) -> Project:
    """The same with three subscribers and the day's edition composed."""
    shutil.copytree(built_once.folder, project.folder, dirs_exist_ok=True)
    return project
