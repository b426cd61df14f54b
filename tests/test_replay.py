"""An edition made again: the same bytes, without network, whatever has changed since."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
from kit.builders import NOW
from kit.linekit import DAY, Project, make_project
from kit.llmserver import Connection as Line
from kit.llmserver import LlmServer, Question, says, sends
from sqlalchemy import Connection, delete, func, select

from digest import app, pipeline
from digest.model import EditionKey
from digest.sample import Newsroom
from digest.sentences import split
from digest.stores import SqlStore, open_store, schema

pytestmark = pytest.mark.slow  # whole projects

KEY = EditionKey(newsletter="morning-tide", day=NOW.date())
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


# --- whatever changed since -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def second_day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Project, str]]:
    """Two days in a row: the first edition edited, merged and sent, the second built on changed feeds.

    With it comes the machine's version of the second day.
    """
    project = make_project(tmp_path_factory.mktemp("days") / "project")
    with pytest.MonkeyPatch.context() as patch:
        with Newsroom(NOW).serve() as served:
            port = int(served.url.rpartition(":")[2])
            patch.setenv("SAMPLE_NEWSROOM", served.url)
            project.ok("subscribers", "import", str(project.folder / "readers.txt"))
            project.ok("build")
            project.configure(lambda text: text.replace("items = 8", "items = 7"))
            edited = project.edition.read_text().replace("use: yes", "use: no  # not ours", 1)
            project.edition.write_text(edited)
            assert "merged into the edited file" in project.ok("build").stdout
            project.ok("send")
        with Newsroom(TOMORROW).serve(port):
            project.ok("build", now=TOMORROW.isoformat())
        yield project, project.edition.with_name(f"{TOMORROW.date()}.yaml").read_text()


@pytest.fixture
def copied(second_day: tuple[Project, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A copy of that project, its newsroom gone and its feeds elsewhere."""
    monkeypatch.setenv("SAMPLE_NEWSROOM", "http://127.0.0.1:9")
    shutil.copytree(second_day[0].folder, tmp_path / "copy")
    return Project(tmp_path / "copy")


@pytest.mark.usefixtures("nobody_answers")
def test_the_first_day_is_made_again_after_the_second(copied: Project):
    before = copied.edition.read_text()

    [second, first] = tapes(copied, NOW.date())
    latest, earlier = again(copied), again(copied, "--run", str(first))

    # The editors' file has what they changed; a replay has the machine's version, of either build.
    assert "not ours" in before
    assert "not ours" not in latest + earlier
    assert (latest.count("\n  - id:"), earlier.count("\n  - id:")) == (11, 12)
    assert copied.edition.read_text() == before
    assert tapes(copied, NOW.date()) == [second, first]


@pytest.mark.usefixtures("nobody_answers")
def test_the_second_day_knows_what_was_sent_on_the_first(copied: Project, second_day: tuple[Project, str]):
    day = str(TOMORROW.date())
    machine = second_day[1]
    copied.edition.unlink()  # as it was sent, the tape knows it
    copied.configure(
        lambda text: text.replace("items = 7", "items = 3").replace('"World", "Nation"', '"Nation", "World"')
    )

    result = copied.run("build", "--date", day, "--replay")

    assert result.exit_code == 0, result.stderr
    assert result.stdout == machine
    assert "number: 2" in machine


@pytest.mark.usefixtures("nobody_answers")
def test_it_does_not_hang_on_the_order_in_which_python_hashes(
    copied: Project, second_day: tuple[Project, str]
):
    command = [sys.executable, "-m", "digest", "build", "--date", str(TOMORROW.date()), "--replay"]
    for seed in ("1", "2"):
        done = subprocess.run(
            [*command, "--project", str(copied.folder)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stdout == second_day[1], done.stderr


def tapes(project: Project, day: date) -> list[int]:
    with project_store(project) as store:
        return [tape.id for tape in store.tapes.of(EditionKey(newsletter="morning-tide", day=day))]


@contextmanager
def project_store(project: Project) -> Iterator[SqlStore]:
    store = open_store("sqlite:///var/digest.db", project=project.folder)
    try:
        yield store
    finally:
        store.close()


# --- how it ended then ----------------------------------------------------------------------------


def test_a_build_that_made_no_edition_makes_none_again(project: Project, monkeypatch: pytest.MonkeyPatch):
    project.configure(lambda text: text.replace("items = 8\nmin_items = 3", "items = 40\nmin_items = 40"))
    then = project.run("build", "--date", DAY)
    monkeypatch.setattr("digest.fetching.HttpFetcher.fetch", None)

    now = project.run("build", "--date", DAY, "--replay")

    assert (now.exit_code, then.exit_code) == (3, 3)
    assert now.stderr.splitlines()[-1] == then.stderr.splitlines()[-1]
    assert "ended with 3 then" in now.stderr


def test_a_quiet_days_candidates_are_explained_again(project: Project, tmp_path: Path):
    project.configure(lambda text: text.replace("items = 8\nmin_items = 3", "items = 40\nmin_items = 40"))
    then = project.run("build", "--date", DAY, "--explain")

    now = project.run("build", "--date", DAY, "--replay", "--explain")
    written = project.run("build", "--date", DAY, "--replay", "--explain", "-o", str(tmp_path / "again.yaml"))
    project.ok("bundle", "--date", DAY, "-o", str(tmp_path / "quiet.zip"))

    assert (then.exit_code, now.exit_code) == (3, 3)
    table = then.stdout[then.stdout.index("score") :].rstrip()
    assert "verdict" in table
    assert table in now.stderr
    assert table in written.stdout
    with ZipFile(tmp_path / "quiet.zip") as archive:
        [name] = [name for name in archive.namelist() if name.endswith("explain.json")]
        explained = json.loads(archive.read(name))
    assert "min_items is 40" in explained["problem"]
    assert len(explained["candidates"]) == sum(line[:1].isdigit() for line in table.splitlines())


def test_failures_are_kept_too(project: Project, monkeypatch: pytest.MonkeyPatch):
    there = os.environ["SAMPLE_NEWSROOM"]
    project.configure(lambda text: text.replace("${SAMPLE_NEWSROOM}/kestrel-radio", "http://127.0.0.1:9"))
    project.configure(lambda text: text.replace("halvern-ledger/feed.xml", "halvern-ledger/none.xml"))
    made = project.ok("build")
    assert "2 failed" in made.stdout
    monkeypatch.setattr("digest.fetching.HttpFetcher.fetch", None)

    assert again(project) == project.edition.read_text()
    with project_store(project) as store:
        [tape] = store.tapes.of(KEY)
        failures = {one.url: (one.status, one.reason) for one in store.tapes.heard(tape.id) if one.reason}
    assert failures[f"{there}/halvern-ledger/none.xml"] == (404, "answered 404 Not Found")
    assert failures["http://127.0.0.1:9/feed.xml"][0] is None


def quoting(question: Question, connection: Line) -> None:
    """A summary that stands: the article's own first sentences."""
    text = question.message.partition("\n\n")[2].partition("\nARTICLE ENDS")[0]
    words = ""
    for start, end in split(text):
        if len(words.split()) < 40:
            words = f"{words} {text[start:end]}".strip()
    says({"summary": words, "question": "", "context": "", "topic": ""})(question, connection)


def test_a_model_is_not_asked_again(project: Project, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LLM_KEY", "canary-of-the-model")
    with LlmServer(sends(b"no", status=400), quoting) as server:
        ours = f'kind = "llm"\nmodel = "openai:test"\nbase_url = "{server.url}"\napi_key = "${{LLM_KEY}}"'
        project.configure(lambda text: text.replace('kind = "extractive"', ours))
        project.ok("build")
    monkeypatch.delenv("LLM_KEY")
    monkeypatch.setattr("digest.fetching.HttpFetcher.fetch", None)
    text = project.edition.read_text()
    assert text.count("written_by: openai:test") >= 3
    assert "answered 400" in text

    project.configure(lambda text: text.replace("${LLM_KEY}", "${SAMPLE_NEWSROOM}"))

    assert again(project) == text
    assert b"canary-of-the-model" not in (project.folder / "var/digest.db").read_bytes()


# --- what is kept, and for how long -----------------------------------------------------------------


def test_unchanged_feeds_are_heard_as_such(built: Project):
    built.ok("build")

    with project_store(built) as store:
        [second, first] = store.tapes.of(KEY)
        outcomes = [[one.outcome for one in store.tapes.heard(tape.id)] for tape in (first, second)]
        kept = {one.sha256 for one in store.tapes.heard(first.id)}
        assert all(store.tapes.body(name) for name in kept)
    assert set(outcomes[0]) == {"fetched"}
    assert outcomes[1] == ["unchanged"] * 6
    assert again(built, "--run", str(second.id)) == again(built, "--run", str(first.id))


def test_feeds_that_are_asked_between_builds_are_heard_too(built: Project):
    with app.build(built.folder) as opened:
        letter = opened.newsletter(None)
        desk = opened.desk(letter)
        with pipeline.taped(letter, KEY, desk, stage="fetch", at=TOMORROW) as take:
            assert take is not None
            pipeline.gather(letter, take.desk, at=TOMORROW)
        assert len(opened.store.tapes.heard(take.tape)) == 6
        assert [tape.stage for tape in opened.store.tapes.of(KEY)] == ["build"]
    assert again(built) == built.edition.read_text()


def test_what_is_older_than_its_days_is_forgotten(built: Project):
    late = (NOW + timedelta(days=15)).isoformat()

    built.run("build", now=late)

    with project_store(built) as store:
        assert store.tapes.of(KEY) == []
    result = built.run("build", "--date", DAY, "--replay", now=late)
    assert result.exit_code == 3
    assert "nothing is kept of its build" in result.stderr


def test_nothing_is_kept_where_nothing_is_to_be(project: Project):
    project.configure(lambda text: text + "\n[replay]\ndays = 0\n")
    project.ok("build")

    with project_store(project) as store, store._database.reading() as connection:
        for table in (schema.tape, schema.heard, schema.blob, schema.past):
            assert connection.execute(select(func.count()).select_from(table)).scalar() == 0


def test_an_answer_that_is_gone_is_said_plainly(built: Project):
    with project_store(built) as store, store._database.writing() as connection:
        connection.execute(delete(schema.blob).where(schema.blob.c.sha256 != _premises(connection)))

    result = built.run("build", "--date", DAY, "--replay")

    assert result.exit_code == 3
    assert "answers are no longer kept" in result.stderr


def _premises(connection: Connection) -> str:
    return str(connection.scalar(select(schema.tape.c.premises)))


def test_a_replay_says_which_run_is_none_of_the_editions(built: Project):
    result = built.run("build", "--date", DAY, "--replay", "--run", "99")

    assert result.exit_code == 3
    assert "run 99 is not among its builds that are kept: 1" in result.stderr


def test_a_replay_that_differs_ends_with_1_and_a_reason(built: Project, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("digest.pipeline.draft.replaying.versions", lambda: {"digest": "99"})
    monkeypatch.setattr("digest.pipeline.draft.composing.PENDING", 0)

    result = built.run("build", "--date", DAY, "--replay")

    assert result.exit_code == 1
    assert "NOT the same" in result.stderr
    assert "this is 99" in result.stderr


def test_out_and_json(built: Project, tmp_path: Path):
    result = built.ok("build", "--date", DAY, "--replay", "-o", str(tmp_path / "again.yaml"), "--explain")

    assert (tmp_path / "again.yaml").read_bytes() == built.edition.read_bytes()
    assert "chosen" in result.stdout
    answer = built.json("build", "--date", DAY, "--replay")
    assert answer["same"] is True
    assert answer["text"] == built.edition.read_text()
    assert built.run("build", "--run", "1").exit_code == 2
