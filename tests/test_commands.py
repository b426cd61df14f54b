"""The commands beside build and send: what they print, write, and end with."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from email import message_from_bytes, policy
from importlib import import_module
from pathlib import Path

import pytest
from click.testing import CliRunner
from kit.builders import NOW
from kit.linekit import DAY, Project
from kit.smtpserver import serving

from digest import app, audience, bounces, config, model, pipeline
from digest.cli import main
from digest.sample import SAMPLE, Newsroom


def invoke(*words: str):
    return CliRunner().invoke(main, [*words], catch_exceptions=False)


# --- init and demo ----------------------------------------------------------------------------------


@pytest.mark.slow
def test_init_makes_a_project_that_is_ready(tmp_path: Path):
    result = invoke("init", str(tmp_path / "new"))

    assert result.exit_code == 0, result.output
    assert {path.name for path in (tmp_path / "new").iterdir()} == {
        ".gitignore",
        "editions",
        "schedules.schema.json",
        "schedules.toml",
        "templates",
    }
    settings = config.load(tmp_path / "new", {})
    assert [letter.title for letter in settings.newsletters.values()] == ["First Light"]
    assert (tmp_path / "new" / "schedules.toml").read_text().startswith("#:schema schedules.schema.json\n")


def test_init_leaves_a_project_alone(tmp_path: Path):
    (tmp_path / "schedules.toml").write_text("mine")

    result = invoke("init", str(tmp_path))

    assert result.exit_code == 2
    assert "is there already" in result.stderr
    assert (tmp_path / "schedules.toml").read_text() == "mine"


@pytest.mark.parametrize("command", ["init", "demo"])
def test_where_nothing_can_be_written_no_project_begins(tmp_path: Path, command: str):
    (tmp_path / "file").write_text("")

    result = invoke(command, str(tmp_path / "file" / "new"))

    assert result.exit_code == 2
    assert "cannot be written: Not a directory; name a folder in which you may write" in result.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "headline"), [(["mine"], "25px"), (["mine", "--like", "brief"], "20px"), (["brief"], "20px")]
)
def test_init_makes_a_template_of_ones_own(tmp_path: Path, options: list[str], headline: str):
    invoke("init", str(tmp_path))
    settings = tmp_path / "schedules.toml"
    settings.write_text(settings.read_text().replace('template = "sift"', f'template = "{options[0]}"'))

    result = invoke("init", str(tmp_path), "--template", *options)

    assert result.exit_code == 0, result.output
    assert f'write template = "{options[0]}"' in result.stdout
    folder = tmp_path / "templates" / options[0]
    assert "# The templates" in (folder / "README.md").read_text()
    shown = app.build(tmp_path, {})
    shown.template(shown.newsletter(None))
    styles = "".join(path.read_text() for path in (folder / "parts").glob("*.j2"))
    assert f"font-size:{headline}" in styles


def test_init_makes_project_and_template_at_once(tmp_path: Path):
    result = invoke("init", str(tmp_path), "--template", "mine")

    assert result.exit_code == 0, result.output
    assert (tmp_path / "schedules.toml").exists()
    assert (tmp_path / "templates/mine/edition.mjml.j2").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["there"], "is there already; it is left as it is"),
        (["../etc"], "must be small letters, digits and single hyphens"),
        (["mine", "--like", "sieve"], "there is no shipped template 'sieve'; known are brief, sift"),
    ],
)
def test_init_makes_no_template_over_another(tmp_path: Path, options: list[str], said: str):
    (tmp_path / "templates/there").mkdir(parents=True)

    result = invoke("init", str(tmp_path), "--template", *options)

    assert result.exit_code == 2
    assert said in result.stderr
    assert not (tmp_path / "schedules.toml").exists()
    assert [path.name for path in (tmp_path / "templates").iterdir()] == ["there"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "moment", ["2026-11-23T10:00+00:00", pytest.param("2027-02-28T23:59+00:00", marks=pytest.mark.slow)]
)
def test_the_demo_says_where_the_mails_lie(tmp_path: Path, moment: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SAMPLE_NEWSROOM", "")
    folder = tmp_path / "demo"

    result = invoke("demo", str(folder), "--no-serve", "--now", moment)

    assert result.exit_code == 0, result.output
    assert len(list(folder.rglob("*.eml"))) == 3
    assert str(folder) in result.stdout
    assert invoke("demo", str(folder), "--no-serve", "--now", moment).exit_code == 0
    monkeypatch.delenv("SAMPLE_NEWSROOM")
    assert invoke("render", "--text", "--project", str(folder), "--now", moment).exit_code == 0


@pytest.mark.slow
def test_the_demo_runs_as_a_program(tmp_path: Path):
    command = [sys.executable, "-m", "digest", "demo", str(tmp_path / "demo")]

    done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)

    assert done.returncode == 0, done.stderr
    assert "3 mails lie in" in done.stdout


# --- render and approve --------------------------------------------------------------------------------


def test_render_writes_one_readers_mail(built: Project, tmp_path: Path):
    path = tmp_path / "ada.eml"

    built.ok("render", "--to", "ada@example.com", "-o", str(path))

    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert mail["To"] == "ada@example.com"
    built.ok("send", "--to", "ada@example.com")
    [sent] = built.mails()
    assert sent["Message-ID"] == mail["Message-ID"]
    assert [part.get_content() for part in sent.iter_parts()] == [
        part.get_content() for part in mail.iter_parts()
    ]


@pytest.mark.parametrize(("part", "beginning"), [("--html", "<!doctype html>"), ("--web", "<!doctype html>")])
def test_render_prints_a_part(built: Project, part: str, beginning: str):
    assert built.ok("render", part).stdout.lower().startswith(beginning)


def test_render_prints_the_text(built: Project):
    text = built.ok("render", "--text").stdout

    assert "Dig deeper:" in text
    assert not re.search(r"</?[a-z]+[ >]", text)


def test_an_edition_that_is_not_there_names_the_command_that_makes_it(project: Project):
    result = project.run("render", "--html")

    assert result.exit_code == 1
    assert f"digest build morning-tide --date {DAY}" in result.stderr


# --- try ------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_try_shows_what_would_be_made_of_a_page_and_a_feed(tmp_path: Path):
    documents = Newsroom(NOW).documents()
    page = next(path for path in documents if path.endswith("wend-bridge-reopens"))
    (tmp_path / "page.html").write_bytes(documents[page].body)
    (tmp_path / "feed.xml").write_bytes(documents["/meridian-wire/feed.xml"].body)
    (tmp_path / "junk.bin").write_bytes(b"\x00\x01\x02")

    result = invoke(
        "try", "--json", *(str(tmp_path / name) for name in ("page.html", "feed.xml", "junk.bin"))
    )

    made, feed, junk = (json.loads(line) for line in result.stdout.splitlines())
    assert result.exit_code == 1
    assert made["type"] == "page"
    assert made["headline"] == "Old Wend Bridge reopens after three-year repair"
    assert made["byline"].startswith("By Idris Vane")
    assert all(made["text"][start:end] in made["summary"] for start, end in made["spans"])
    assert feed["type"] == "feed"
    assert len(feed["articles"]) == 8
    assert junk["problem"]


@pytest.mark.slow
def test_try_asks_an_address_and_names_what_is_wrong_with_it(newsroom: str):
    good = invoke("try", "--allow-private", f"{newsroom}/meridian-wire/feed.xml")
    bad = invoke("try", f"{newsroom}/meridian-wire/feed.xml")

    assert "8 articles" in good.stdout
    assert bad.exit_code == 1
    assert "private" in bad.stdout


# --- subscribers -------------------------------------------------------------------------------------------


def test_an_import_takes_the_good_lines_and_names_the_bad_ones(project: Project, tmp_path: Path):
    path = tmp_path / "list.csv"
    path.write_text("name,E-mail\nAda,ada@example.com\nBo,bo-at-example.net\nCleo,cleo@example.org\n")

    result = project.run("subscribers", "import", "morning-tide", str(path))

    assert result.exit_code == 1
    assert "2 added, 0 known before, 1 line left out" in result.stdout
    assert "3" in result.stderr
    assert "bo-at-example.net" not in result.output


def test_an_import_shows_the_first_of_very_many_bad_lines(project: Project, tmp_path: Path):
    path = tmp_path / "list.txt"
    path.write_text("no address\n" * 5000)

    result = project.run("subscribers", "import", str(path))

    assert result.exit_code == 1
    assert "5000 lines left out" in result.stdout
    assert len(result.stderr.splitlines()) == 51
    assert result.stderr.endswith("… and 4950 more\n")


def test_an_import_reads_what_spreadsheets_call_unicode_text(project: Project, tmp_path: Path):
    path = tmp_path / "list.txt"
    path.write_bytes("E-Mail\tName\r\nada@example.com\tAda Löwe\r\n".encode("utf-16"))

    project.ok("subscribers", "import", str(path))

    assert "ada@example.com,Ada Löwe," in project.ok("subscribers", "export").stdout


def test_a_spreadsheet_itself_is_no_list(project: Project, tmp_path: Path):
    path = tmp_path / "list.xlsx"
    path.write_bytes(b"PK\x03\x04\x14\x00\x06\x00\x08\x00ada@example.com\n")

    result = project.run("subscribers", "import", str(path))

    assert result.exit_code == 2
    assert "save the table as CSV" in result.stderr


def test_what_was_imported_can_be_exported(project: Project, tmp_path: Path):
    project.ok("subscribers", "add", "ada@example.com", "bo@example.net")
    project.ok("subscribers", "remove", "bo@example.net")

    exported = project.ok("subscribers", "export").stdout

    assert "ada@example.com" in exported
    assert "unsubscribed" in exported


def test_an_import_says_whom_it_does_not_bring_back(project: Project):
    project.ok("subscribers", "suppress", "ada@example.com")

    said = project.ok("subscribers", "import", str(project.folder / "readers.txt"))

    assert "1 of them are suppressed, and get nothing" in said.stderr
    assert "3 added" in said.stdout


def test_subscribers_are_tagged_and_listed_by_tag(project: Project):
    project.ok("subscribers", "add", "ada@example.com", "bo@example.net")

    said = project.run(
        "subscribers", "tag", "--add", "VIP friends", "--add", "art", "ada@example.com", "x@example.org"
    )
    assert (said.exit_code, said.stdout) == (1, "morning-tide: 1 tagged, 1 unknown\n")
    project.ok("subscribers", "tag", "--add", "art", "--remove", "sport", "bo@example.net")
    listed = project.ok("subscribers", "export", "--tag", "art", "--tag", "vip-friends").stdout.splitlines()
    assert [line.partition(",")[0] for line in listed] == ["email", "ada@example.com"]

    project.ok("subscribers", "tag", "--remove", "vip-friends", "ada@example.com")
    assert len(project.ok("subscribers", "export", "--tag", "art").stdout.splitlines()) == 3
    assert project.ok("subscribers", "export", "--tag", "vip-friends").stdout.count("@") == 0
    assert "not a tag" in project.run("subscribers", "export", "--tag", "!!").stderr
    assert project.run("subscribers", "tag", "ada@example.com").exit_code == 2


def test_a_file_that_cannot_be_read_is_named(project: Project):
    result = project.run("subscribers", "import", "nowhere.csv")

    assert result.exit_code == 2
    assert "nowhere.csv" in result.stderr


# --- status and check ---------------------------------------------------------------------------------------


def test_status_says_what_ran_what_is_due_and_who_got_it(built: Project):
    built.ok("send")

    words = built.ok("status").stdout
    [report] = built.json("status")["newsletters"]

    assert "subscribers: 3 active" in words
    assert f"edition {DAY}: 3 sent" in words
    assert report["next_edition"] == "2026-11-24"
    assert report["delivered"] == {"sent": 3}
    assert [run["stage"] for run in report["runs"]] == ["send", "build"]


def test_status_names_ill_feeds(built: Project, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SAMPLE_NEWSROOM", "http://127.0.0.1:1")
    for hour in (11, 12, 13):
        assert "ill:" not in built.run("status").stdout
        built.run("build", "--date", DAY, now=f"2026-11-23T{hour}:00+00:00")

    result = built.run("status")
    assert result.exit_code == 1
    assert "ill: http://127.0.0.1:1/" in result.stdout
    assert "LOOK feed ill: http://127.0.0.1:1/" in result.stdout


def test_check_finds_everything_well_on_the_sample(built: Project):
    result = built.ok("check")

    assert "0 to fix" in result.stdout
    assert "feed Kestrel Radio: 4 articles" in result.stdout


def test_check_tries_the_sender(built: Project):
    with serving() as box:
        sender = f'kind = "smtp"\nhost = "127.0.0.1"\nport = {box.port}\nsecurity = "none"'
        built.configure(lambda text: text.replace('kind = "outbox"', sender))
        result = built.run("check")
        assert "ok   sender smtp: connected" in result.stdout
        assert "BAD  domain example.org: is in `from`" in result.stdout
        assert "1 to fix" in result.stdout
    result = built.run("check")

    assert result.exit_code == 1
    assert "BAD  sender smtp" in result.stdout
    assert box.mails == []


def test_a_wrong_configuration_ends_with_2_and_every_problem(project: Project):
    project.configure(lambda text: text.replace("items = 8", "itms = 8").replace('"UTC"', '"Mars/Base"'))

    result = project.run("build")

    assert result.exit_code == 2
    assert "did you mean items?" in result.stderr
    assert "Mars/Base" in result.stderr


def test_a_newsletter_that_is_not_there_is_told_with_those_that_are(project: Project):
    result = project.run("build", "evening-tide")

    assert result.exit_code == 2
    assert "known are morning-tide" in result.stderr


def test_a_json_answer_is_one_line_even_of_an_error(project: Project):
    result = project.run("render", "--json")

    [line] = result.stdout.splitlines()
    assert json.loads(line)["code"] == 1


@pytest.mark.slow
def test_help_imports_nothing_heavy():
    code = "import sys, digest.cli; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    heavy = {
        "httpx",
        "feedparser",
        "pydantic",
        "sqlalchemy",
        "trafilatura",
        "jinja2",
        "rich",
        "starlette",
        "lxml",
    }
    assert heavy.isdisjoint(done.stdout.split())


@pytest.mark.slow
def test_who_sends_loads_nothing_that_reads_feeds_and_pages():
    code = "import sys; from digest.pipeline import deliver, render_edition; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    reads = {"feedparser", "trafilatura", "httpx", "digest.pipeline.draft.composing", "digest.context"}
    assert reads.isdisjoint(done.stdout.split())


@pytest.mark.parametrize(
    ("package", "homes"),
    [
        (pipeline, pipeline.STAGES),
        (model, model.HOMES),
        (bounces, bounces.HOMES),
        # It passes on what stands beside it, too.
        (audience, audience.HOMES | {"": ("mask", "mask_all")}),
    ],
)
def test_each_name_that_a_package_gives_stands_where_the_package_says(package, homes):
    named = {name: home for home, names in homes.items() for name in names}

    assert sorted(named) == sorted(package.__all__)
    for name, home in named.items():
        part = import_module(f"{package.__name__}.{home}" if home else "digest.masking")
        assert getattr(package, name) is getattr(part, name)
        assert getattr(getattr(part, name), "__module__", part.__name__) == part.__name__
    with pytest.raises(AttributeError, match=r"'digest\.\w+' has no attribute 'nothing'"):
        _ = package.nothing


@pytest.mark.slow
def test_who_summarizes_loads_no_word_that_no_summary_has():
    code = "import sys, digest.summarizers; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    loaded = {name for name in done.stdout.split() if name.startswith("digest.model.")}
    assert loaded == {"digest.model.articles", "digest.model.stories"}


def test_the_samples_settings_are_shipped_with_it():
    assert (SAMPLE / "schedules.toml").is_file()
