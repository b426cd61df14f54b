"""An edition made again: the same bytes, without network, whatever has changed since."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from builders import NOW
from linekit import DAY, Project, make_project

from digest import pipeline
from digest.sample import Newsroom

TOMORROW = NOW + timedelta(days=1)


@pytest.fixture
def nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks for anything fails the test."""

    def asked(*args: object, **given: object) -> None:
        pytest.fail("the network was asked")

    monkeypatch.setattr("digest.fetching.HttpFetcher.fetch", asked)
    monkeypatch.setattr("digest.fetching.network.system_addresses", asked)


def again(project: Project, *words: str) -> str:
    return project.ok("build", "--date", DAY, "--replay", *words).stdout


@pytest.mark.usefixtures("nobody_answers")
def test_an_edition_made_again_is_the_same_byte_for_byte(built: Project):
    result = built.ok("build", "--date", DAY, "--replay")

    assert result.stdout == built.edition.read_text()
    assert "the same, byte for byte" in result.stderr
