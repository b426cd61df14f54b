"""The preview without a browser: what it serves, to whom, and when it turns."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import socket
from base64 import b64decode
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import httpx
import pytest
from kit.builders import NOW
from kit.linekit import DAY, Project
from kit.previewserver import previewing

from digest.app import SHIPPED
from digest.errors import ConfigError
from digest.listening import listen
from digest.model import EditionKey
from digest.preview.exhibit import INTERVAL, Exhibit
from digest.preview.site import site
from digest.rendering.page import icon_of

pytestmark = pytest.mark.slow  # whole projects

KEY = EditionKey(newsletter="morning-tide", day=NOW.date())
PATHS = ("/", "/desk.css", "/desk.js", "/state.json", "/file", "/mail/html", "/mail/raw", "/events")
WRITES = ("/edit", "/undo", "/redo", "/approve", "/test", "/compose")
PARTS = ("html", "text", "raw", "web")


def exhibit_of(project: Project) -> Exhibit:
    return Exhibit(project.folder, KEY, file=project.edition, clock=lambda: NOW)


@pytest.fixture
def exhibit(built: Project) -> Exhibit:
    """The day's edition, not loaded yet."""
    return exhibit_of(built)


@pytest.fixture(scope="module")
def shown(built_once: Project, newsroom: str) -> Exhibit:
    """The day's edition as it was built, for tests that change nothing."""
    exhibit = exhibit_of(built_once)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAMPLE_NEWSROOM", newsroom)
        exhibit.load()
    return exhibit


def ask(exhibit: Exhibit, path: str, method: str = "GET", **headers: str) -> httpx.Response:
    """The site's answer; nothing is watched."""

    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(app=site(exhibit))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8600") as client:
            return await client.request(method, path, headers=headers)

    return asyncio.run(asked())


def state_of(exhibit: Exhibit) -> dict[str, Any]:
    return ask(exhibit, "/state.json").json()  # type: ignore[no-any-return]


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def override(project: Project, part: str, old: str, new: str) -> Path:
    """A part of the template of the project's own: the shipped one with a difference."""
    own = project.folder / "templates/sift/parts" / part
    own.parent.mkdir(parents=True)
    shutil.copy(SHIPPED / "templates/sift/parts" / part, own)
    edit(own, old, new)
    return own


# --- what it shows ------------------------------------------------------------------------------------


def test_what_is_shown_is_what_will_be_sent(shown: Exhibit, built: Project):
    state = state_of(shown)

    assert state["mail"]["sha256"] == built.json("send", "--dry-run")["sha256"]
    assert state["mail"]["subject"] in built.edition.read_text()
    assert state["mail"]["from"] == "The Morning Tide <tide@example.org>"
    assert state["mail"]["preheader"].startswith("Plus: ")
    assert (state["problem"], state["stale"]) == ("", False)


def test_the_parts_are_those_of_one_message(shown: Exhibit):
    parts = {name: ask(shown, f"/mail/{name}") for name in PARTS}

    message: Any = message_from_bytes(parts["raw"].content, policy=policy.default)
    text, html = (part.get_content() for part in message.iter_parts())
    assert html.splitlines() == parts["html"].text.splitlines()
    assert text.splitlines() == parts["text"].text.splitlines()
    assert parts["html"].headers["content-type"] == "text/html; charset=utf-8"
    assert parts["text"].headers["content-type"] == "text/plain; charset=utf-8"
    assert state_of(shown)["mail"]["bytes"] == len(parts["html"].content)


def test_a_preview_unsubscribes_nobody(shown: Exhibit, built: Project):
    """Its token is not one that the newsletter's own secret makes."""
    from digest import app, audience

    message = message_from_bytes(ask(shown, "/mail/raw").content, policy=policy.default)
    token = str(message["List-Unsubscribe"]).rpartition("%20")[2].rstrip(">")

    with app.build(built.folder) as opened:
        assert token != audience.unsubscribe_token(opened.store.secret(), "preview", KEY.newsletter)


def test_a_part_that_no_mail_has_is_not_found(shown: Exhibit):
    answer = ask(shown, "/mail/amp")

    assert answer.status_code == 404
    assert "html, text, raw, web" in answer.text


def test_a_broken_file_is_named_with_its_place_and_the_last_good_state_stays(
    exhibit: Exhibit, built: Project
):
    exhibit.load()
    before, mail = state_of(exhibit), ask(exhibit, "/mail/html").content
    edit(built.edition, "use: yes", "use: yess")
    exhibit.load()

    state = state_of(exhibit)

    lines = built.edition.read_text().splitlines()
    line = next(number for number, text in enumerate(lines, 1) if "yess" in text)
    column = lines[line - 1].index("yess") + 1
    assert f"editions/morning-tide/{DAY}.yaml:{line}:{column}: " in state["problem"]
    assert "did you mean yes?" in state["problem"]
    assert state["stale"]
    assert state["mail"] == before["mail"]
    assert state["problems"][0]["line"] == line
    assert state["problems"][0]["column"] == column
    assert ask(exhibit, "/mail/html").content == mail


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("schedules.toml", "schedules.toml: 1 problem\n  * line 1, column 5"),
        ("templates/sift/parts/letter.mjml.j2", "sift/parts/letter.mjml.j2:1"),
    ],
)
def test_broken_settings_and_templates_are_named_too(exhibit: Exhibit, built: Project, file: str, words: str):
    path = built.folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("not {{ good")
    exhibit.load()

    assert words in str(exhibit.problem)
    assert exhibit.stale


def test_a_mended_file_is_shown_again(exhibit: Exhibit, built: Project):
    exhibit.load()
    edit(built.edition, "use: yes", "use: yess")
    exhibit.load()
    edit(built.edition, "use: yess", "use: no")
    before = exhibit.view
    exhibit.load()

    assert exhibit.view != before
    assert (exhibit.problem, exhibit.stale) == (None, False)


def test_an_item_that_breaks_the_template_is_named_and_the_rest_is_shown(exhibit: Exhibit, built: Project):
    edit(built.edition, "headline: ", "headline: Zebra ")
    override(
        built,
        "blurb.mjml.j2",
        "<mj-text",
        "{% if 'Zebra' in blurb.headline %}{{ nothing }}{% endif %}<mj-text",
    )
    exhibit.load()

    [broken] = [check for check in state_of(exhibit)["checks"] if check["level"] == "error"]
    assert "breaks the template" in broken["words"]
    assert not exhibit.stale


def test_without_an_edition_it_says_how_to_make_one(project: Project):
    exhibit = exhibit_of(project)
    exhibit.load()

    state = state_of(exhibit)

    assert "make it with: digest build morning-tide" in state["problem"]
    assert state["stale"]
    assert "mail" not in state
    assert ask(exhibit, "/mail/html").status_code == 503


# --- to whom ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1:8600", "127.0.0.1", "127.1.2.3:80", "localhost:8600", "LocalHost", "[::1]:8600", "[::1]"],
)
def test_this_machine_is_answered(shown: Exhibit, host: str):
    assert ask(shown, "/state.json", Host=host).status_code == 200


@pytest.mark.parametrize("path", [*PATHS, "/nowhere"])
@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8600",
        "127.0.0.1.evil.example",
        "0.0.0.0:8600",
        "10.0.0.1",
        "[::1",
        "",
        "a@[",
    ],
)
def test_any_other_name_is_refused(shown: Exhibit, host: str, path: str):
    answer = ask(shown, path, Host=host)

    assert answer.status_code == 403
    assert "only for this machine" in answer.text


@pytest.mark.parametrize("path", ["/page.html", "/site.py", "/../app.py", "/%2e%2e/app.py", "/nowhere.js"])
def test_no_other_file_is_served(shown: Exhibit, path: str):
    assert ask(shown, path).status_code == 404


@pytest.mark.parametrize("path", [path for path in PATHS if path != "/events"])
def test_no_other_site_may_use_an_answer(shown: Exhibit, path: str):
    headers = ask(shown, path, Origin="http://evil.example").headers

    assert "access-control-allow-origin" not in headers
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"


def test_the_page_runs_its_own_script_only_and_a_mail_runs_none(shown: Exhibit):
    page = ask(shown, "/").headers["content-security-policy"]
    assert "default-src 'none'" in page
    assert "script-src 'self'" in page
    assert "unsafe" not in page
    assert "script-src 'self';" in page
    for part in PARTS:
        mail = ask(shown, f"/mail/{part}").headers["content-security-policy"]
        assert "default-src 'none'" in mail
        assert "sandbox" in mail
        assert "script" not in mail


def test_the_tab_has_an_icon_of_its_own(shown: Exhibit):
    [address] = re.findall(r'rel="icon" href="(data:image/png;base64,[^"]+)"', ask(shown, "/").text)
    picture = ask(shown, "/favicon.ico")

    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")
    assert picture.content == b64decode(address.partition(",")[2])
    assert shown.view is not None
    assert picture.content != icon_of(shown.view.newsletter.brand), "the pages have another"


# --- where it listens -----------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org", ""])
def test_without_a_password_only_loopback_addresses_are_listened_on(built: Project, host: str):
    result = built.run("preview", "--host", host, "--no-open")

    assert result.exit_code == 2
    assert "a desk on the network needs a password: DIGEST_PREVIEW_PASSWORD=" in result.stderr


def test_a_taken_port_is_a_clear_error(built: Project):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = built.run("preview", "--port", str(port), "--no-open")

    assert result.exit_code == 2
    assert f"--port {port}: Address already in use; choose another, or 0" in result.stderr


def test_a_port_that_no_machine_has_is_a_clear_error():
    with pytest.raises(ConfigError, match="--port 70000: ports are numbered from 1 to 65535"):
        listen("127.0.0.1", 70000, "digest preview")


# --- when it turns --------------------------------------------------------------------------------------


@asynccontextmanager
async def watched(exhibit: Exhibit) -> AsyncIterator[Callable[[], Awaitable[int]]]:
    """Watches as the site does; the function waits for a version that was not seen yet."""
    await exhibit.turn()
    watching = asyncio.create_task(exhibit.watch())
    versions = exhibit.versions()
    await anext(versions)
    try:
        async with asyncio.timeout(20):
            yield versions.__anext__
    finally:
        watching.cancel()
        await versions.aclose()


def in_place(path: Path, text: str) -> None:
    path.write_text(text)


def by_renaming(path: Path, text: str) -> None:
    draft = path.with_name(f".{path.name}.swp")
    draft.write_text(text)
    draft.replace(path)


def by_deleting(path: Path, text: str) -> None:
    path.unlink()
    path.write_text(text)


@pytest.mark.parametrize("save", [in_place, by_renaming, by_deleting])
def test_a_save_is_seen_whatever_way_an_editor_saves(project: Project, save: Callable[[Path, str], None]):
    exhibit = exhibit_of(project)
    project.edition.parent.mkdir(parents=True)
    project.edition.write_text("subject: [")

    async def scene() -> None:
        async with watched(exhibit) as newer:
            assert "subject" not in str(exhibit.problem)
            save(project.edition, "subjekt: a title\n...\n")
            await newer()
            assert 'did you mean "subject"?' in str(exhibit.problem)

    asyncio.run(scene())


def test_an_edition_is_seen_when_it_goes_and_when_it_comes_back(project: Project):
    exhibit = exhibit_of(project)
    project.edition.parent.mkdir(parents=True)
    project.edition.write_text("subject: [")

    async def scene() -> None:
        async with watched(exhibit) as newer:
            project.edition.unlink()
            await newer()
            assert "there is no such edition" in str(exhibit.problem)
            project.edition.write_text("subject: [")
            await newer()
            assert "there is no such edition" not in str(exhibit.problem)

    asyncio.run(scene())


def test_settings_and_templates_of_the_projects_own_are_seen(exhibit: Exhibit, built: Project):
    async def scene() -> None:
        async with watched(exhibit) as newer:
            assert exhibit.view is not None
            before = exhibit.view.rendered.sha256
            part = override(built, "masthead.mjml.j2", "<h1 ", "<h1 title='mine' ")
            await newer()
            assert b"mine" in exhibit.view.parts["html"].content
            part.unlink()
            await newer()
            assert exhibit.view.rendered.sha256 == before
            built.configure(lambda text: text.replace("The Morning Tide", "The Evening Tide"))
            await newer()
            assert exhibit.view.newsletter.title == "The Evening Tide"

    asyncio.run(scene())


def test_what_has_no_say_in_the_mail_turns_nothing(project: Project):
    exhibit = exhibit_of(project)
    bystanders = ["var/digest.db-wal", "outbox/1.eml", "editions/morning-tide/1999-12-31.yaml", "notes.toml"]

    async def scene() -> None:
        async with watched(exhibit) as newer:
            for name in bystanders:
                (project.folder / name).parent.mkdir(parents=True, exist_ok=True)
                (project.folder / name).write_text("something else")
            await asyncio.sleep(5 * INTERVAL)
            project.edition.write_text("subject: [")
            assert await newer() == 2

    asyncio.run(scene())


def test_every_tab_is_told_and_all_are_let_go_at_the_end(project: Project):
    exhibit = exhibit_of(project)

    async def scene() -> None:
        first, second = exhibit.versions(), exhibit.versions()
        async with asyncio.timeout(20):
            await exhibit.turn()
            assert [await anext(first), await anext(second)] == [1, 1]
            await exhibit.turn()
            assert [await anext(first), await anext(second)] == [2, 2]
            ends = await asyncio.gather(anext(first, None), anext(second, None), exhibit.close())
            assert ends == [None, None, None]

    asyncio.run(scene())


# --- as a process -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("end", "code"), [(signal.SIGINT, 0), (signal.SIGTERM, -signal.SIGTERM)])
def test_it_ends_at_once_though_a_tab_is_open(built: Project, end: signal.Signals, code: int):
    with previewing(built) as preview, httpx.stream("GET", f"{preview.url}events", timeout=20) as events:
        lines = events.iter_lines()
        assert next(lines) == "data: 1"

        os.kill(preview.process.pid, end)

        assert preview.process.wait(timeout=20) == code
        assert preview.process.stderr is not None
        assert preview.process.stderr.read() == ""


def test_the_other_loopback_address_works_too(built: Project):
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this machine has no IPv6")
    with previewing(built, "--host", "::1") as preview:
        assert preview.url.startswith("http://[::1]:")
        assert httpx.get(f"{preview.url}state.json", timeout=20).json()["version"] == 1


def test_an_edition_that_is_not_there_is_composed_first(project: Project):
    with (
        previewing(project) as preview,
        httpx.stream("GET", f"{preview.url}events", timeout=60) as events,
    ):
        stages: list[str] = []
        for line in events.iter_lines():
            if not line:
                continue
            state = httpx.get(f"{preview.url}state.json", timeout=20).json()
            assert state["problem"] == ""
            if "edition" in state:
                break
            if state["composing"]:
                stages.append(state["composing"]["stage"])

    assert "gather" in stages
    assert len(state["edition"]["items"]) == 8
    assert project.edition.exists()
