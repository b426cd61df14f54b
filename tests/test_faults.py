"""The command line on broken ground: nothing leaves that should not, and nothing is said that is secret."""

from __future__ import annotations

import quopri
import resource
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from kit.builders import NOW
from kit.faultserver import FaultServer, redirect, reply
from kit.linekit import Project
from kit.smtpserver import Postbox, serving

from digest.cli import main
from digest.cli.session import printable
from digest.fetching import exchange
from digest.model import Rendered, Subscriber
from digest.settings import Newsletter

# --- the store ---------------------------------------------------------------------------------------


def damage(database: Path) -> None:
    content = bytearray(database.read_bytes())
    content[4096:7096] = bytes(range(250)) * 12
    database.write_bytes(content)


def replace_by_text(database: Path) -> None:
    database.write_text("this is no database " * 500)


def put_a_folder_there(database: Path) -> None:
    database.unlink()
    database.mkdir()


@pytest.mark.parametrize("fault", [damage, replace_by_text, put_a_folder_there])
@pytest.mark.parametrize("command", ["send", "build", "approve", "status"])
def test_a_broken_database_stops_everything_and_is_left_as_it_is(
    fault: Callable[[Path], None], command: str, built: Project
):
    database = built.folder / "var" / "digest.db"
    fault(database)
    before = database.read_bytes() if database.is_file() else b""

    result = built.run(command)

    assert result.exit_code == 75
    assert str(database) in result.stderr
    assert built.mails() == []
    assert (database.read_bytes() if database.is_file() else b"") == before


def test_the_check_names_a_broken_database(built: Project):
    damage(built.folder / "var" / "digest.db")

    result = built.run("check")

    assert result.exit_code == 1
    assert "BAD  store: " in result.stdout


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="limits the size of files as Linux does")
@pytest.mark.parametrize("command", ["send", "build"])
def test_on_a_full_disk_nothing_is_sent(command: str, built: Project):
    """A file may not grow: SQLite meets that as it meets a full disk."""
    digest = Path(sys.executable).with_name("digest")
    words = [str(digest), command, "--project", str(built.folder), "--now", NOW.isoformat()]

    run = subprocess.run(
        words,
        check=False,
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)),
    )

    assert run.returncode == 75, run.stderr
    assert "the disk" in run.stderr
    assert built.mails() == []


# --- clocks and names ------------------------------------------------------------------------------------


def test_a_clock_that_is_set_back_sends_nothing_twice(built: Project):
    built.ok("send", "--to", "ada@example.com")
    earlier = (NOW - timedelta(hours=2)).isoformat()

    assert "2 sent" in built.ok("send", now=earlier).stdout
    assert built.run("send", now=earlier).exit_code == 3
    assert len(built.mails()) == 3


@pytest.mark.parametrize("moment", ["0001-01-01T00:00", "9999-12-31T23:59+00:00", "yesterday"])
def test_a_moment_that_is_none_of_ours_is_refused(moment: str, project: Project):
    assert project.run("build", now=moment).exit_code == 2


@pytest.mark.parametrize("name", ["../../etc", "..%2f..", "CON", "x" * 300, "morning-tide/../.."])
@pytest.mark.parametrize("command", ["build", "render", "send", "status"])
def test_a_newsletters_name_leads_nowhere_else(command: str, name: str, project: Project):
    before = sorted(project.folder.parent.rglob("*"))

    result = project.run(command, name)

    assert result.exit_code == 2
    assert "there is no newsletter" in result.stderr
    assert sorted(project.folder.parent.rglob("*")) == before


@pytest.mark.parametrize(
    "day", ["../../etc/passwd", "2026-11-23/../x", "2026-11-23\0", "9999-12-31", "0001-01-01"]
)
@pytest.mark.parametrize("command", ["build", "render", "send"])
def test_a_day_leads_nowhere_else(command: str, day: str, project: Project):
    result = project.run(command, "--date", day)

    assert result.exit_code == 2
    assert "a day is written as 2026-11-23" in result.stderr


@pytest.mark.parametrize("address", ["ada@example.com\r\nBcc: eve@example.net", "ada@example.com\0", "not"])
def test_an_address_cannot_forge_a_header(address: str, built: Project):
    for command in ("send", "render"):
        assert built.run(command, "--to", address).exit_code == 2
    assert built.mails() == []


# --- what is said ----------------------------------------------------------------------------------------

CANARY = "canary-5d1e"
READERS = ("ada@example.com", "bo@example.net", "cleo@example.org")
COMMANDS = (
    ("build", "--date", "2026-11-24", "--tell", "--log-format", "json"),
    ("check", "--json"),
    ("send", "--tell", "--log-format", "text"),
    ("status", "--json"),
)


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as server:
        yield server


@pytest.fixture
def secretive(built: Project, server: FaultServer, monkeypatch: pytest.MonkeyPatch) -> Project:
    """The built project with a secret in each place that can hold one."""
    monkeypatch.setattr(exchange, "RETRY_PAUSE", 0.001)
    monkeypatch.setenv("CANARY", CANARY)
    monkeypatch.setenv("FEED", server.url(f"/feed?page=1&api_key={CANARY}"))
    feed = (
        '[[newsletters.morning-tide.feeds]]\nurl = "${FEED}"\nsection = "World"\nallow_private = true\n'
        'headers = { X-Token = "${CANARY}" }\nusername = "u"\npassword = "${CANARY}"\n'
    )
    told = '[newsletters.morning-tide.notices]\nill_after = 1\nsender = { kind = "outbox", path = "told" }\n'
    built.configure(lambda text: text.split("[[newsletters.morning-tide.feeds]]")[0] + told + feed)
    return built


def by_smtp(project: Project, port: int, *, security: str = "none") -> None:
    sender = f'kind = "smtp"\nhost = "127.0.0.1"\nport = {port}\nsecurity = "{security}"\n'
    login = 'username = "u"\npassword = "${CANARY}"'
    project.configure(lambda text: text.replace('kind = "outbox"', sender + login, 1))


def said_by(project: Project) -> str:
    """What the commands print and log, and what they tell the editors."""
    printed = [project.run(*words).output for words in COMMANDS]
    notices = [path.read_bytes() for path in (project.folder / "told").rglob("*.eml")]
    return "".join([*printed, *(quopri.decodestring(notice).decode() for notice in notices)])


@pytest.mark.parametrize(
    "answer",
    [
        reply(401),
        reply(404, b"canary"),
        reply(200, b"<html><title>Log in</title></html>"),
        reply(200, b"not a feed"),
        redirect(302, "#again"),
        redirect(301, f"http://127.0.0.1:1/?token={CANARY}"),
        b"SSH-2.0-OpenSSH\r\n\r\n",
        reply(200, b"<rss><channel><item><title>x</title><link>javascript:1</link></item></channel></rss>"),
    ],
    ids=lambda answer: answer[:60].decode().replace("\r\n", " "),
)
def test_a_feed_that_fails_gives_no_secret_away(answer: bytes, secretive: Project, server: FaultServer):
    server.script(f"/feed?page=1&api_key={CANARY}", answer)

    said = said_by(secretive)

    assert "/feed?page=1&api_key=…" in said
    assert '"event": "gathered"' in said
    assert CANARY not in said


#: aiosmtpd's word about it; on loopback there is nobody to listen.
LOGIN_IN_THE_OPEN = pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning")


def refuse_everyone(box: Postbox) -> None:
    box.replies |= {reader: f"550 5.1.1 <{reader}> unknown" for reader in READERS}


def hang_up(box: Postbox) -> None:
    box.replies |= {reader: f"421 4.7.0 too much mail for {reader.upper()}" for reader in READERS}


def refuse_us(box: Postbox) -> None:
    box.replies["MAIL"] = f"550 5.7.1 not for {READERS[0]} \x1b[31m"


def cut_off(box: Postbox) -> None:
    box.cut |= set(READERS)


@LOGIN_IN_THE_OPEN
@pytest.mark.parametrize("fault", [refuse_everyone, hang_up, refuse_us, cut_off])
def test_a_mail_server_that_quotes_readers_gives_none_away(
    fault: Callable[[Postbox], None], secretive: Project
):
    with serving(login={"u": CANARY}) as box:
        fault(box)
        by_smtp(secretive, box.port)
        said = said_by(secretive)

    assert not [word for word in (CANARY, *READERS) if word in said.lower()]
    assert "\x1b" not in said


@LOGIN_IN_THE_OPEN
def test_a_refused_login_gives_no_secret_away(secretive: Project):
    with serving(login={"u": "another"}) as box:
        by_smtp(secretive, box.port)
        said = said_by(secretive)

    assert "refused the login of 'u'" in said
    assert "It cannot go on: " in said
    assert CANARY not in said


def test_a_broken_file_template_or_database_gives_nothing_away(secretive: Project):
    by_smtp(secretive, 1)
    said = ""
    edition = secretive.edition.read_text()
    for fault in (
        lambda: secretive.edition.write_text(edition.replace("use: yes", "use: \x1b", 1)),
        lambda: (secretive.folder / "templates" / "sift").mkdir(parents=True),
        lambda: (secretive.folder / "templates" / "sift" / "edition.txt.j2").write_text("{{ newsletter.x }}"),
        lambda: damage(secretive.folder / "var" / "digest.db"),
    ):
        fault()
        said += said_by(secretive)

    assert not [word for word in (CANARY, *READERS, "\x1b") if word in said]


def test_a_traceback_shows_no_secret_and_no_reader(secretive: Project, monkeypatch: pytest.MonkeyPatch):
    """Not even one that shows what a bug had in its hands."""
    from digest.pipeline.delivery import dispatching

    def buggy(subscriber: Subscriber, rendered: Rendered, newsletter: Newsletter, **_: object) -> None:
        [feed] = newsletter.feeds
        raise RuntimeError(subscriber, rendered, newsletter.sender, feed.headers, feed.password)

    monkeypatch.setattr(dispatching, "mail_for", buggy)
    where = ["--project", str(secretive.folder), "--now", NOW.isoformat()]
    words = ["send", "--tell", "--log-format", "json", *where]

    result = CliRunner().invoke(main, words)

    assert isinstance(result.exception, RuntimeError)
    told = "".join(traceback.format_exception(result.exception)) + result.output
    assert "morning-tide" in told
    assert '"event": "crashed"' in told
    assert not [word for word in (CANARY, *READERS) if word in told]


def test_control_characters_are_printed_as_a_mark():
    assert printable("red \x1b[31m \x9b2J \u202eback\nnext\tline") == "red �[31m �2J �back\nnext\tline"
