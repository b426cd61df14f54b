"""The documents say only what is so."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from kit.builders import HOUR, NOW, newsletter

from digest import errors
from digest.cli import main
from digest.editions.shape import ITEM_KEYS, TOP_KEYS
from digest.model import Edition, EditionKey, NoticeKind, Window
from digest.pipeline import Concern
from digest.rendering.page import variables
from digest.settings.look import Brand

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("digest/**/*.md")])
TARGETS = set(re.findall(r"^(\w+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE))


def blocks(page: Path) -> Iterator[str]:
    """The lines of a page's consoles and crontabs that run something of ours."""
    for block in re.findall(r"```(?:console|crontab)\n(.*?)```", page.read_text(), re.DOTALL):
        yield from re.findall(r"(?:\$ |&& )((?:digest|make)\b.*)", block)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_each_command_in_a_page_exists(page: Path):
    for line in blocks(page):
        program, name, *words = line.split()
        if program == "make":
            assert name in TARGETS, line
            continue
        command: click.Command = main.commands[name]
        if isinstance(command, click.Group):
            command = command.commands[words[0]]
        options = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= options, line


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_each_link_in_a_page_leads_to_a_file(page: Path):
    text = re.sub(r"```.*?```|`[^`]*`", "", page.read_text(), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if not target.startswith(("http://", "https://", "#", "mailto:")):
            assert (page.parent / target.partition("#")[0]).exists(), f"{page}: {target}"


def test_the_design_has_the_layers_as_the_linter_has_them():
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = [sorted(layer.split(" | ")) for layer in rules[0]["layers"]]
    rows = re.findall(r"^\| (`[^|]*`) \|", (ROOT / "docs/design.md").read_text(), re.MULTILINE)

    assert [sorted(re.findall(r"`(\w+)`", row)) for row in rows] == layers


def test_each_make_target_and_each_command_has_help():
    assert {"setup", "demo", "test", "fast", "check", "fix", "bench"} <= TARGETS
    for name, command in main.commands.items():
        assert command.help, name


def test_each_error_is_in_the_drawing_with_what_the_program_does():
    drawn = errors.__doc__ or ""
    for name, kind in vars(errors).items():
        if isinstance(kind, type) and issubclass(kind, errors.DigestError):
            assert re.search(rf"\b{name}\b", drawn), name


def test_ci_runs_what_the_readme_says():
    assert "make check" in (ROOT / ".ci" / "run").read_text()
    assert "$ make test" in (ROOT / "README.md").read_text()
    assert re.search(
        r"^check:.*\n(?:\t.*\n)*\t\$\(MAKE\) test", (ROOT / "Makefile").read_text(), re.MULTILINE
    )


def test_each_test_that_the_threat_table_names_exists():
    named = re.findall(r"`(test_\w+\.py)::(test_\w+)`", (ROOT / "docs" / "threats.md").read_text())

    assert len(named) > 50
    for file, name in named:
        assert f"\ndef {name}(" in (ROOT / "tests" / file).read_text(), f"{file}::{name}"


WATCHING = (ROOT / "docs" / "watching.md").read_text()


def test_each_notice_and_each_concern_is_on_its_page():
    first_cells = set(re.findall(r"^\| ([a-z -]+) \|", WATCHING, re.MULTILINE))

    assert {kind.value for kind in NoticeKind} | {kind.value for kind in Concern} <= first_cells


def test_each_metric_is_on_its_page_with_its_labels():
    told = dict(re.findall(r"^\| `(digest_\w+)` \| (.*) \|$", WATCHING, re.MULTILINE))
    source = (ROOT / "digest" / "public" / "health.py").read_text()
    named = re.findall(r'gauge\("(\w+)"|Metric\(\s*"digest_(\w+)"', source)

    assert set(told) == {f"digest_{gauge or metric}" for gauge, metric in named}


@pytest.mark.slow
def test_each_event_of_the_log_is_on_its_page():
    sources = (path.read_text() for path in (ROOT / "digest").rglob("*.py"))
    pattern = r"\blog\.(?:info|warning|error|exception)\(\s*\"([^\"]+)\""
    events = {event for source in sources for event in re.findall(pattern, source)}
    told = {
        event
        for cell in re.findall(r"^\| ([a-z ,]+) \|", WATCHING.partition("| event |")[2], re.MULTILINE)
        for event in cell.split(", ")
    }

    assert len(events) > 15
    assert events - told == set()


EDITING = (ROOT / "docs" / "editing.md").read_text()


def test_each_key_of_an_editions_file_is_on_its_page():
    file, item = (
        EDITING.partition(f"| key of {what} |")[2].partition("\n\n")[0] for what in ("the file", "an item")
    )

    assert set(re.findall(r"`(\w+)`", re.sub(r"\|[^|]*\|$", "|", file, flags=re.MULTILINE))) == set(TOP_KEYS)
    assert set(re.findall(r"`(\w+)`", re.sub(r"\|[^|]*\|$", "|", item, flags=re.MULTILINE))) == set(ITEM_KEYS)


def test_each_shortcut_of_the_desk_is_on_its_page():
    script = (ROOT / "digest" / "preview" / "browser" / "keys.js").read_text()
    keys = script[script.index("const KEYS") : script.index("const BY_LETTER")]
    told = re.findall(r"^\| `([^`]+)` \| (.*) \|$", EDITING.partition("| keys |")[2], re.MULTILINE)

    assert len(told) > 15
    assert told == re.findall(r'\[\s*"([^"]+)",\s*"([^"]+)"', keys)


TEMPLATES = (ROOT / "docs" / "templates.md").read_text()
SIFT = ROOT / "templates" / "sift"


def test_each_shipped_template_and_each_key_of_a_brand_is_on_the_page_of_templates():
    shipped = {folder.name for folder in (ROOT / "templates").iterdir() if folder.is_dir()}
    assert {name for name in shipped if f'"{name}"' in TEMPLATES} == shipped

    brand = tomllib.loads(TEMPLATES.partition("```toml")[2].partition("```")[0])["newsletters"]["the-sift"][
        "brand"
    ]
    assert brand.keys() == {one.name for one in fields(Brand)} - {"dark"}


def test_each_part_of_a_mail_is_on_the_page_of_templates():
    told = set(re.findall(r"^\| `(parts/[^`]+)` \|", TEMPLATES, re.MULTILINE))

    assert all((SIFT / part).is_file() for part in told)
    assert {f"parts/{part.name}" for part in SIFT.glob("parts/*.mjml.j2")} - told == {"parts/head.mjml.j2"}


def test_each_variable_and_each_filter_is_on_the_page_beside_the_templates():
    page = (SIFT / "README.md").read_text()
    told = set(re.findall(r"`(\w+)[^`]*`", "".join(re.findall(r"^\|([^|]*)\|", page, re.MULTILINE))))

    key = EditionKey(newsletter="the-example", day=NOW.date())
    window = Window(since=NOW - HOUR, until=NOW)
    edition = Edition(key=key, number=1, window=window, subject="News", preheader="")
    assert variables(edition, newsletter()).keys() - told == set()
    source = (ROOT / "digest" / "rendering" / "templates.py").read_text()
    filters = source.partition("environment.filters |= {")[2].partition("}")[0]
    assert set(re.findall(r'"(\w+)":', filters)) - told == set()


STEPS = (ROOT / "digest" / "senders" / "README.md").read_text()


def test_each_file_that_adding_a_sender_touches_is_there():
    named = re.findall(r"`((?:digest|tests|docs)/[\w/]+\.(?:py|md|json))`", STEPS)

    there = [name for name in named if "yours" not in name]
    assert len(there) > 8
    assert [name for name in there if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("group", ["", "feeds", "subscribers"])
def test_help_says_what_each_command_is_for_in_a_line_that_is_not_cut(group: str):
    said = CliRunner().invoke(main, [*group.split(), "--help"], terminal_width=80).output

    lines = said.partition("Commands:\n")[2].partition("\n\n")[0].splitlines()
    assert len(lines) > 4
    assert [line for line in lines if line.endswith("...") or not line.startswith("  ")] == []
