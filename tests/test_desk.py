"""The desk without a browser: what may be written, by whom, and what becomes of it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from kit.linekit import Project
from test_preview import WRITES, exhibit_of
from test_telling import kinds_of

from digest.preview.exhibit import Exhibit
from digest.preview.guard import COOKIE, Access
from digest.preview.site import Desk as Routes
from digest.preview.site import site

pytestmark = pytest.mark.slow  # whole projects

JSON = {"content-type": "application/json"}


@pytest.fixture
def exhibit(built: Project) -> Iterator[Exhibit]:
    exhibit = exhibit_of(built)
    exhibit.load()
    yield exhibit
    asyncio.run(exhibit.close())


@pytest.fixture
def desk(exhibit: Exhibit) -> Desk:
    return Desk(exhibit)


class Desk:
    """One run of the desk, asked without a network."""

    def __init__(self, exhibit: Exhibit, **access: Any) -> None:
        self.exhibit = exhibit
        self.access = Access(**access)
        self._site = site(exhibit, self.access)

    def ask(self, method: str, path: str, **given: Any) -> httpx.Response:
        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(app=self._site)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8600") as client:
                return await client.request(method, path, **given)

        return asyncio.run(asked())

    def post(self, path: str, body: object = None) -> httpx.Response:
        return self.ask("POST", path, json=body or {}, headers={"x-desk-token": self.access.token})

    def edit(self, **edit: Any) -> httpx.Response:
        return self.post("/edit", {"edit": edit})

    def write(self, id_: str, key: str, value: Any, was: Any) -> httpx.Response:
        return self.edit(kind="write", id=id_, key=key, value=value, was=was)

    @property
    def state(self) -> dict[str, Any]:
        return self.ask("GET", "/state.json").json()  # type: ignore[no-any-return]

    @property
    def items(self) -> list[dict[str, Any]]:
        return self.state["edition"]["items"]  # type: ignore[no-any-return]


# --- who may write ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", WRITES)
@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, 403),
        ({"x-desk-token": "a guess"}, 403),
        ({"x-desk-token": "TOKEN", "origin": "http://evil.example"}, 403),
        ({"x-desk-token": "TOKEN", "origin": "http://127.0.0.1:9999"}, 403),
        ({"x-desk-token": "TOKEN", "sec-fetch-site": "cross-site"}, 403),
        ({"x-desk-token": "TOKEN", "host": "evil.example"}, 403),
        ({"x-desk-token": "TOKEN", "content-type": "text/plain"}, 415),
        ({"x-desk-token": "TOKEN", "content-type": "application/x-www-form-urlencoded"}, 415),
    ],
)
def test_only_the_desks_own_page_writes(
    desk: Desk, built: Project, path: str, headers: dict[str, str], code: int
):
    before = built.edition.read_bytes()
    sent = {key: value.replace("TOKEN", desk.access.token) for key, value in (JSON | headers).items()}

    answer = desk.ask("POST", path, content=b"{}", headers=sent)

    assert answer.status_code == code
    assert built.edition.read_bytes() == before


@pytest.mark.parametrize("path", WRITES)
def test_reading_writes_nothing(desk: Desk, path: str):
    assert desk.ask("GET", path).status_code in (404, 405)


def test_a_huge_write_is_refused_unread(desk: Desk):
    headers = {**JSON, "x-desk-token": desk.access.token, "content-length": "1000001"}

    assert desk.ask("POST", "/edit", content=b"{", headers=headers).status_code == 413


def test_each_run_has_a_token_of_its_own_and_the_page_has_it(desk: Desk, exhibit: Exhibit):
    page = desk.ask("GET", "/").text

    assert f'<meta name="desk-token" content="{desk.access.token}">' in page
    assert Desk(exhibit).access.token != desk.access.token
    assert desk.access.token not in repr(desk.access)


# --- a desk on the network ------------------------------------------------------------------------------


@pytest.fixture
def network(exhibit: Exhibit) -> Desk:
    return Desk(exhibit, password="open sesame")


def test_on_a_network_nothing_is_shown_without_the_password(network: Desk):
    for path in ("/", "/state.json", "/mail/html", "/file", "/desk.js"):
        answer = network.ask("GET", path, headers={"host": "desk.example.org"})
        assert answer.status_code == 401
        assert 'type="password"' in answer.text
        assert 'rel="icon" href="data:image/png;base64,' in answer.text
    assert network.post("/undo").status_code == 401


def test_the_password_opens_the_desk(network: Desk):
    answer = network.ask("POST", "/login", data={"password": "open sesame"})
    cookie = answer.cookies[COOKIE]

    assert answer.status_code == 303
    assert re.search("httponly; .*samesite=strict", answer.headers["set-cookie"], re.IGNORECASE)
    shown = network.ask("GET", "/state.json", headers={"cookie": f"a=b; {COOKIE}={cookie}"})
    assert shown.status_code == 200
    assert "open sesame" not in repr(network.access) + answer.headers["set-cookie"]


def test_a_wrong_password_does_not(network: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("digest.preview.guard.DELAY", 0.01)
    answer = network.ask("POST", "/login", data={"password": "wrong"})

    assert answer.status_code == 401
    assert COOKIE not in answer.cookies


def test_nobody_has_a_huge_password(network: Desk):
    answer = network.ask("POST", "/login", content=b"password=", headers={"content-length": "10001"})

    assert answer.status_code == 413


# --- edits ------------------------------------------------------------------------------------------------


def test_an_edit_is_in_the_file_and_on_the_screen_at_once(desk: Desk, built: Project):
    first = desk.items[0]

    answer = desk.write(first["id"], "headline", "A shorter one", first["headline"])

    assert answer.status_code == 200
    assert answer.json()["edition"]["items"][0]["headline"] == "A shorter one"
    assert answer.json()["edition"]["items"][0]["edited"] == ["headline"]
    assert "headline: A shorter one\n" in built.edition.read_text()
    assert b"A shorter one" in desk.ask("GET", "/mail/html").content


def test_items_are_moved_dropped_and_brought_in(desk: Desk):
    first, second, *_ = (item["id"] for item in desk.items)
    pending = desk.state["edition"]["pending"][0]["id"]

    desk.edit(kind="move", id=second, to="items", index=0)
    desk.edit(kind="move", id=pending, to="items", index=1)
    answer = desk.write(first, "use", "no", "yes")

    assert [item["id"] for item in answer.json()["edition"]["items"]][:3] == [second, pending, first]
    assert f"story-{9}" not in desk.ask("GET", "/mail/html").text


def test_undo_and_redo_give_back_the_very_file(desk: Desk, built: Project):
    text = built.edition.read_text()
    first = desk.items[0]
    desk.edit(kind="remove", id=first["id"])
    removed = built.edition.read_text()

    assert desk.state["undo"] == f"deleted “{first['headline']}”"
    assert desk.post("/undo").status_code == 200
    assert built.edition.read_text() == text
    assert desk.post("/redo").status_code == 200
    assert built.edition.read_text() == removed


def test_nothing_is_undone_that_was_changed_elsewhere_since(desk: Desk, built: Project):
    desk.edit(kind="remove", id=desk.items[0]["id"])
    built.edition.write_text(built.edition.read_text() + "\n")
    text = built.edition.read_text()

    answer = desk.post("/undo")

    assert answer.status_code == 422
    assert "has been changed elsewhere since" in answer.json()["problem"]
    assert built.edition.read_text() == text


def test_two_desks_at_once_do_not_overwrite_each_other(desk: Desk, built: Project):
    other = Desk(desk.exhibit)
    first = desk.items[0]
    desk.write(first["id"], "headline", "Mine", first["headline"])

    late = other.write(first["id"], "headline", "Theirs", first["headline"])
    elsewhere = other.write(first["id"], "byline", "By Ana Sá", first["byline"])

    assert late.status_code == 409
    assert late.json()["current"] == "Mine"
    assert elsewhere.status_code == 200
    assert "headline: Mine\n" in built.edition.read_text()
    assert "byline: By Ana Sá\n" in built.edition.read_text()


def test_a_broken_file_is_not_edited(desk: Desk, built: Project):
    first = desk.items[0]
    broken = built.edition.read_text().replace("use: yes", "use: yess", 1)
    built.edition.write_text(broken)

    answer = desk.write(first["id"], "headline", "New", first["headline"])

    assert answer.status_code == 422
    assert "did you mean yes?" in answer.json()["problem"]
    assert built.edition.read_text() == broken


@pytest.mark.parametrize(
    "edit", [None, {}, [], "move", {"kind": "move"}, {"kind": "move", "id": 3}, {"kind": "x"}]
)
def test_what_is_no_edit_is_refused(desk: Desk, edit: Any):
    assert desk.post("/edit", {"edit": edit}).status_code == 422


# --- what is told -----------------------------------------------------------------------------------


def test_an_item_is_told_with_what_an_editor_asks(desk: Desk):
    item = desk.items[0]

    assert item["outlet"] in item["note"]
    assert "score" in item["note"]
    assert item["published"].startswith("2026-11-2")
    assert (item["own"], item["edited"]) == (False, [])


def test_what_no_source_says_is_marked_where_it_stands(desk: Desk):
    first = desk.items[0]
    summary = f"{first['summary']} In all, 4711 people came."

    state = desk.write(first["id"], "summary", summary, first["summary"]).json()

    [check] = [check for check in state["checks"] if check["level"] == "error"]
    assert (check["item"], check["key"]) == (first["id"], "summary")
    assert summary[check["start"] : check["end"]] == "4711"
    state = desk.write(first["id"], "vouched", ["4711"], []).json()
    assert not [check for check in state["checks"] if check["level"] == "error"]


def test_the_sources_of_an_items_words_are_shown_with_the_sentences(desk: Desk):
    item = next(item for item in desk.items if item["written_by"] == "extractive")

    [lead, *_] = desk.ask("GET", f"/sources/{item['id']}.json").json()["sources"]

    assert lead["outlet"] == item["outlet"]
    assert lead["text"][slice(*lead["spans"][0])] in item["summary"].replace("\\", "")


def test_other_dig_deeper_targets_are_offered(desk: Desk):
    answers = [desk.ask("GET", f"/candidates/{item['id']}.json").json() for item in desk.items]
    offered = max((answer["candidates"] for answer in answers), key=len)

    assert len({one["url"] for one in offered}) == len(offered) >= 1
    for item, answer in zip(desk.items, answers, strict=True):
        assert all(one["url"] not in item["dig_deeper"] for one in answer["candidates"])
    assert all(one["sentence"].startswith(("Read", "Listen", "Watch")) for one in offered)


def test_an_item_that_is_not_there_has_neither(desk: Desk):
    assert desk.ask("GET", "/candidates/nothing.json").status_code == 422
    assert desk.ask("GET", "/sources/nothing.json").json() == {"sources": []}


@pytest.mark.parametrize("view", ["light", "dark", "inverted", "bare"])
def test_a_view_changes_how_the_mail_looks_and_not_what_it_says(desk: Desk, view: str):
    def words(html: str) -> list[str]:
        return re.sub(r"<style.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL).split()

    as_sent = desk.ask("GET", "/mail/html").text
    shown = desk.ask("GET", f"/mail/html?view={view}").text

    assert words(shown) == words(as_sent)
    assert shown != as_sent
    assert ("<img src=" in shown) == (view != "bare")
    assert ("@media (prefers-color-scheme" in shown) is False


# --- approve, test, compose -------------------------------------------------------------------------


def test_an_approval_names_the_content_and_who(desk: Desk, built: Project):
    sha256 = desk.state["mail"]["sha256"]

    answer = desk.post("/approve", {"sha256": sha256, "by": " Ana  Sá "})

    assert answer.json()["approval"]["by"] == "Ana Sá"
    assert answer.json()["approval"]["current"]
    built.configure(lambda text: text.replace('approval = "automatic"', 'approval = "required"'))
    assert built.run("send").exit_code == 0


def test_a_change_after_the_approval_asks_again(desk: Desk, built: Project):
    desk.post("/approve", {"sha256": desk.state["mail"]["sha256"], "by": "Ana"})
    first = desk.items[0]

    state = desk.write(first["id"], "headline", "Another", first["headline"]).json()

    assert not state["approval"]["current"]
    built.configure(lambda text: text.replace('approval = "automatic"', 'approval = "required"'))
    refused = built.run("send")
    assert refused.exit_code == 1
    assert "changed after its approval by Ana" in refused.stderr


@pytest.mark.parametrize(("sha256", "by"), [("0" * 64, "Ana"), ("", "Ana"), ("SHA", "  ")])
def test_nothing_else_can_be_approved(desk: Desk, sha256: str, by: str):
    sha256 = sha256.replace("SHA", desk.state["mail"]["sha256"])

    assert desk.post("/approve", {"sha256": sha256, "by": by}).status_code == 422
    assert desk.state["approval"] is None


def test_an_edition_that_went_out_is_shown_as_out_and_not_composed_again(desk: Desk, built: Project):
    assert not desk.state["out"]
    built.ok("send", "--to", "ada@example.com")
    assert not desk.state["out"]
    built.ok("send")
    text = built.edition.read_text()

    asyncio.run(Routes(desk.exhibit, desk.access).composed())

    assert "it went out" in desk.state["problem"]
    assert desk.state["out"]
    assert built.edition.read_text() == text


def test_a_test_goes_to_one_address_and_not_into_the_ledger(desk: Desk, built: Project):
    answer = desk.post("/test", {"to": "ana@example.org"})

    assert answer.json() == {"words": "a test was sent by outbox"}
    assert len(list((built.folder / "outbox").rglob("*.eml"))) == 1
    assert built.json("status")["newsletters"][0]["delivered"] == {}


def test_no_test_goes_to_what_is_no_address(desk: Desk):
    answer = desk.post("/test", {"to": "ana@"})

    assert answer.status_code == 422


@pytest.mark.parametrize(("commands", "told"), [(True, ["draft-ready"]), (False, [])])
def test_a_draft_that_the_desk_makes_is_told_the_other_editors_once(
    project: Project, commands: bool, told: list[str]
):
    if commands:
        heard = "[newsletters.morning-tide.notices]\ncommands = true\n\n[newsletters.morning-tide.sender]"
        project.configure(lambda text: text.replace("[newsletters.morning-tide.sender]", heard))
    exhibit = exhibit_of(project)
    for _ in range(2):
        asyncio.run(Routes(exhibit, Access()).composed())
    assert exhibit.problem is None
    asyncio.run(exhibit.close())

    assert kinds_of(project) == told


def test_composing_again_keeps_what_editors_changed(desk: Desk, built: Project):
    first = desk.items[0]
    desk.write(first["id"], "headline", "Ours", first["headline"])
    text = built.edition.read_text()

    asyncio.run(Routes(desk.exhibit, desk.access).composed())

    assert built.edition.read_text() == text
    assert desk.state["composing"] is None
