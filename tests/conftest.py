"""What every test may rely on: no network but loopback (see pyproject.toml), no leftover environment."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--accept", action="store_true", help="rewrite the answers beside the cases; review the diff"
    )


@pytest.fixture
def accept(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Compares a text with the answer in a file, or with ``--accept`` makes it the answer."""

    def check(answer: Path, text: str) -> None:
        if request.config.getoption("--accept"):
            answer.write_text(text, encoding="utf-8", newline="\n")
        assert text == answer.read_text(encoding="utf-8")

    return check
