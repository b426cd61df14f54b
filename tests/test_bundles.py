"""A build in one file: opened elsewhere it makes the same edition, and it gives nobody away."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from kit.builders import NOW
from kit.faultserver import FaultServer, reply
from kit.linekit import DAY, Project

from digest import bundles
from digest.cli import main
from digest.errors import ConfigError

CANARY = "canary-7f3a9"


@pytest.fixture
def bundle(built: Project, tmp_path: Path) -> Path:
    path = tmp_path / "edition.zip"
    built.ok("bundle", "--date", DAY, "-o", str(path))
    return path


def opened(path: Path, *words: str) -> Result:
    """On a machine that has nothing but the file."""
    args = ["build", "--bundle", str(path), "--project", "/nonexistent", *words]
    return CliRunner().invoke(main, args, catch_exceptions=False)


def contents(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as folder:
        return {name: folder.read(name) for name in folder.namelist()}


def rewritten(path: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    files = contents(path)
    change(files)
    with zipfile.ZipFile(path, "w") as folder:
        for name, content in files.items():
            folder.writestr(name, content)
    return path


def test_it_makes_the_same_edition_where_nothing_else_is(
    built: Project, bundle: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("SAMPLE_NEWSROOM")
    monkeypatch.setattr("digest.fetching.HttpFetcher.fetch", None)

    result = opened(bundle)

    assert result.exit_code == 0, result.stderr
    assert result.stdout == built.edition.read_text()
    assert "the same, byte for byte" in result.stderr


def test_it_has_all_that_a_bug_report_needs(built: Project, bundle: Path):
    built.edition.write_text(built.edition.read_text().replace("use: yes", "use: no  # not ours", 1))
    built.ok("bundle", "--date", DAY, "-o", str(bundle))

    files = contents(bundle)

    assert b"not ours" in files["edition.yaml"]
    assert b"not ours" not in files["composed.yaml"]
    assert len([name for name in files if name.startswith("bodies/")]) >= 6
    verdicts = [row["verdict"] for row in json.loads(files["explain.json"])]
    assert sum(verdict.startswith("chosen") for verdict in verdicts) == 8
    assert json.loads(files["journal.json"])[0]["stage"] == "build"
    assert json.loads(files["manifest.json"])["versions"].keys() >= {"digest", "python", "trafilatura"}
    for name in re.findall(r"^(\S+\.\w+)  ", files["README.txt"].decode(), re.MULTILINE):
        assert name in files


def test_the_same_build_makes_the_same_file(built: Project, bundle: Path, tmp_path: Path):
    built.ok("bundle", "--date", DAY, "-o", str(tmp_path / "again.zip"))

    assert (tmp_path / "again.zip").read_bytes() == bundle.read_bytes()


def test_no_reader_secret_or_credential_is_in_it(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Each place that may hold one holds a canary, and no byte of one is in any file."""
    for name in ("HEADER", "TOKEN", "PASSWORD", "SMTP", "LLM"):
        monkeypatch.setenv(f"THE_{name}", f"{CANARY}-{name.lower()}")
    with FaultServer() as server:
        path = f"/private.xml?token={CANARY}-token"
        body = FEED.replace("FEED", server.url(path)).replace("SERVER", server.url(""))
        head = {"content_type": "application/rss+xml", "set_cookie": f"session={CANARY}-cookie"}
        server.script(path, reply(200, body.encode(), **head))
        project.configure(lambda text: text + PRIVATE.replace("SERVER", server.url("")))
        project.configure(lambda text: text.replace('kind = "outbox"', SENDER))
        (project.folder / "readers.txt").write_text(f"{CANARY}-reader@example.com\n")
        project.ok("subscribers", "import", str(project.folder / "readers.txt"))
        project.ok("build")
        assert server.asked[0].headers["x-api-key"] == f"{CANARY}-header"
    path = tmp_path / "edition.zip"

    result = project.ok("bundle", "--date", DAY, "-o", str(path))

    assert "its address holds a credential, which is hidden" in result.stderr
    for name, content in contents(path).items():
        assert CANARY.encode() not in content, name
    assert CANARY not in result.output
    again = opened(path)
    assert again.exit_code in (0, 1), again.stderr
    ids = re.compile(r"id: \w+")
    assert ids.sub("", again.stdout) == ids.sub("", project.edition.read_text())


FEED = f"""<rss version="2.0"><channel><title>Private</title><link>FEED</link><item>
<title>A bridge of the canary opens</title><guid>{CANARY}-header</guid>
<link>SERVER/page</link><description>One. Two.</description></item></channel></rss>"""
PRIVATE = f"""
[[newsletters.morning-tide.feeds]]
url = "SERVER/private.xml?token=${{THE_TOKEN}}"
title = "Private"
section = "World"
allow_private = true
username = "reader"
password = "${{THE_PASSWORD}}"          # was {CANARY}-comment
headers = {{ X-Api-Key = "${{THE_HEADER}}" }}
"""
SENDER = """kind = "smtp"
host = "127.0.0.1"
username = "tide"
password = "${THE_SMTP}\""""


# --- a stranger's file ----------------------------------------------------------------------------


def test_a_file_that_is_no_bundle_is_refused_with_words(tmp_path: Path):
    for content in (b"", b"PK\x03\x04", b"not a zip" * 100):
        path = tmp_path / "strange.zip"
        path.write_bytes(content)

        result = opened(path)

        assert result.exit_code == 2
        assert "is not a" in result.stderr
    assert "cannot be read" in opened(tmp_path / "none.zip").stderr


def bomb(files: dict[str, bytes]) -> None:
    files["articles.jsonl"] = b"\n" * (bundles.LARGEST + 1)


def forged_body(files: dict[str, bytes]) -> None:
    name = next(name for name in files if name.startswith("bodies/"))
    files[name] = b"forged"


def forged_form(files: dict[str, bytes]) -> None:
    files["manifest.json"] = b'{"form": 99}'


def forged_article(files: dict[str, bytes]) -> None:
    files["articles.jsonl"] = b'{"article": {"id": 1}}'


def deep(files: dict[str, bytes]) -> None:
    files["manifest.json"] = b"[" * 200_000


def missing(files: dict[str, bytes]) -> None:
    del files["heard.json"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (forged_body, "is not what was heard then"),
        (forged_form, "reads form 1"),
        (forged_article, "is not a bundle in this version's format"),
        (deep, "is not a"),
        (missing, "is not a"),
    ],
)
def test_a_bundle_that_was_changed_is_refused(bundle: Path, change: Callable[..., None], words: str):
    result = opened(rewritten(bundle, change))

    assert result.exit_code == 2
    assert words in result.stderr


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bundles, "LARGEST", 1_000_000)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as folder:
        folder.writestr("manifest.json", b"[" * 1_000_001)
    monkeypatch.setattr(zipfile.ZipFile, "read", None)

    with pytest.raises(ConfigError, match="more than"):
        bundles.read(packed.getvalue(), source="bomb.zip")


def test_its_names_lead_nowhere(bundle: Path, tmp_path: Path):
    """Nothing is unpacked by name: a name that climbs out of a folder is only a name."""
    before = sorted(tmp_path.rglob("*"))

    def climbing(files: dict[str, bytes]) -> None:
        files["../../climbed.txt"] = b"x"
        files["/tmp/climbed.txt"] = b"x"

    result = opened(rewritten(bundle, climbing))

    assert result.exit_code == 0
    assert sorted(tmp_path.rglob("*")) == before
    assert not Path("/tmp/climbed.txt").exists()


def test_settings_of_a_stranger_send_nothing_anywhere(bundle: Path, monkeypatch: pytest.MonkeyPatch):
    """A bundle may name a model's server: it is not asked."""

    def hostile(files: dict[str, bytes]) -> None:
        premises = json.loads(files["premises.json"])
        premises["settings"] = premises["settings"].replace(
            'kind = "extractive"', 'kind = "llm"\nmodel = "openai:x"\nbase_url = "http://127.0.0.1:9/v1"'
        )
        files["premises.json"] = json.dumps(premises).encode()

    monkeypatch.setattr("digest.summarizers.open_summarizer", None)

    result = opened(rewritten(bundle, hostile))

    assert result.exit_code == 1
    assert "llm: was not asked for it in that run" in result.stdout


@pytest.mark.parametrize(
    ("file", "written", "instead"),
    [
        ("manifest.json", '"newsletter": "morning-tide"', '"newsletter": "other"'),
        ("manifest.json", DAY, "0001-01-01"),
        ("manifest.json", "+00:00", ""),
        ("manifest.json", "Z", ""),
        ("premises.json", "morning-tide", "evening-tide"),
        ("premises.json", "[newsletters", "[[newsletters"),
        ("articles.jsonl", "Z", ""),
        ("heard.json", '"fetched"', '"unchanged"'),
    ],
)
def test_whatever_a_bundle_says_it_ends_with_words(bundle: Path, file: str, written: str, instead: str):
    def strange(files: dict[str, bytes]) -> None:
        files[file] = files[file].replace(written.encode(), instead.encode())

    result = opened(rewritten(bundle, strange))  # a traceback would be raised

    assert result.exit_code in {0, 1, 2, 3, 75}
    assert result.stderr


def test_a_bundle_without_a_tape_says_so(project: Project):
    result = project.run("bundle", "--date", DAY)

    assert result.exit_code == 3
    assert "nothing is kept of its build" in result.stderr
    assert NOW.date().isoformat() == DAY
