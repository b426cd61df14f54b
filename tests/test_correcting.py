"""digest correct: an edition that was sent is put right where it was read, and where the next one is read."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from kit.archivekit import DAY, TODAY, at, begin, lay_down, send
from kit.builders import NOW
from kit.linekit import Project
from kit.smtpserver import serving

from digest import app, editions
from digest.model import Correction, Edition, EditionKey
from digest.pipeline.delivery.correcting import in_words
from digest.pipeline.delivery.correcting import untold as untold_of

pytestmark = pytest.mark.slow  # whole projects
TOMORROW = TODAY + DAY
TEXT = "An earlier version said 9,000 cars. It is *7,000*."
FIX = ("correct", "--date", str(TODAY), "--item", "bridge", "--text", TEXT)


@pytest.fixture(scope="module")
def sent_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = begin(tmp_path_factory.mktemp("correcting"))
    lay_down(project)
    send(project)
    return project.folder


@pytest.fixture
def sent(sent_once: Path, tmp_path: Path) -> Project:
    shutil.copytree(sent_once, tmp_path / "project")
    return Project(tmp_path / "project")


def correct(project: Project, *words: str, day: date = TOMORROW) -> str:
    return project.ok(*FIX, *words, now=at(day)).stdout


def pages(project: Project, out: Path, day: date = TOMORROW) -> str:
    project.ok("archive", "--out", str(out), now=at(day))
    return (out / f"{TODAY}/index.html").read_text()


def draft(project: Project, day: date) -> Edition:
    key = EditionKey(newsletter="the-sift", day=day)
    text = (project.folder / f"editions/the-sift/{day}.yaml").read_text()
    return editions.parse(text, source="draft", key=key)


# --- what it does to the archive ---------------------------------------------------------------------------


def test_a_dated_note_stands_in_archive_and_feeds(sent, tmp_path):
    said = correct(sent)

    about = "“Council votes to rebuild the old bridge”"
    assert said == f"the-sift/{TODAY}: corrected: {about}; the next draft will have it\n"
    note = "<strong>Correction, Tuesday, November 24, 2026:</strong> An earlier version said 9,000 cars."
    assert pages(sent, tmp_path).count(note) == 2
    assert note in json.loads((tmp_path / "feed.json").read_text())["items"][0]["content_html"]
    assert "&lt;strong&gt;Correction, Tuesday" in (tmp_path / "feed.xml").read_text()


def test_an_item_is_named_by_number_or_id_and_none_is_the_edition(sent, tmp_path):
    sent.ok("correct", "--date", str(TODAY), "--item", "3", "--text", "By number.", now=at(TODAY))
    sent.ok("correct", "--date", str(TODAY), "--text", "Of the whole.", now=at(TOMORROW))

    rows = json.loads(sent.ok("correct", "--date", str(TODAY), "--json").stdout)["corrections"]

    assert [(row["about"], row["text"]) for row in rows] == [
        ("Council votes to rebuild the old bridge", "By number."),
        ("Ferry talks resume after three-week strike", "Of the whole."),
    ]
    assert (
        "“Council votes to rebuild the old bridge”: By number."
        in sent.ok("correct", "--date", str(TODAY)).stdout
    )


def test_the_same_correction_twice_is_one(sent, tmp_path):
    correct(sent)
    before = pages(sent, tmp_path)

    said = correct(sent, day=TODAY + 2 * DAY)

    assert "was corrected before" in said
    assert pages(sent, tmp_path) == before


def test_words_are_replaced_in_the_archive_and_nowhere_else(sent, tmp_path):
    file = sent.folder / "editions/the-sift" / f"{TODAY}.yaml"
    before = file.read_bytes()

    correct(sent, "--replace", "9,000 cars", "7,000 cars")
    again = correct(sent, "--replace", "9,000 cars", "7,000 cars")

    text = pages(sent, tmp_path)
    assert "About 7,000 cars a day" in text
    assert "About 9,000 cars" not in text
    assert "was corrected before" in again
    assert file.read_bytes() == before


def test_a_correction_may_get_its_replaced_words_later(sent, tmp_path):
    correct(sent)
    correct(sent, "--replace", "9,000 cars", "7,000 cars", day=TODAY + 2 * DAY)

    text = pages(sent, tmp_path, TODAY + 2 * DAY)

    assert "About 7,000 cars a day" in text
    assert "November 25" not in text


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (
            ["--item", "bridge", "--text", "x", "--replace", "eight cars", "y"],
            1,
            "are not in the item: 'eight cars'",
        ),
        (["--item", "1", "--text", "x", "--replace", " ", "y"], 1, "--replace needs the wrong words"),
        (["--item", "99", "--text", "x"], 1, "there is no item '99'; known are 1 (Ferry talks resume"),
        (["--item", "dropped", "--text", "x"], 1, "there is no item 'dropped'"),
        (["--item", "1", "--text", " \n"], 1, "a correction needs a text"),
        (["--item", "1", "--text", "x" * 1001], 1, "has at most 1000 characters"),
        (["--item", "1"], 2, "A correction needs --text"),
        ([], 3, "nothing was corrected"),
    ],
)
def test_what_cannot_be_corrected_is_said_and_nothing_is(sent, words, code, said):
    result = sent.run("correct", "--date", str(TODAY), *words, now=at(TODAY))

    assert result.exit_code == code
    assert said in result.stderr
    with app.build(sent.folder, {}) as opened:
        assert opened.store.archive.corrections("the-sift") == []


def test_an_edition_that_nobody_has_is_changed_in_its_file(sent):
    lay_down(sent, TOMORROW)

    result = sent.run("correct", "--date", str(TOMORROW), "--item", "1", "--text", "x", now=at(TOMORROW))

    assert result.exit_code == 1
    assert "nobody was sent this edition" in result.stderr


# --- the next edition --------------------------------------------------------------------------------------

LINE = (
    "[Council votes to rebuild the old bridge]"
    "(https://news.example.org/sift/2026-11-23/council-votes-to-rebuild-the-old-bridge/): " + TEXT
)


def test_the_draft_of_the_next_edition_has_it_at_once(sent):
    lay_down(sent, TOMORROW, corrections=())

    said = correct(sent)
    again = correct(sent)

    assert f"editions/the-sift/{TOMORROW}.yaml has it" in said
    assert f"the edition of {TOMORROW} has it" in again
    assert draft(sent, TOMORROW).corrections == (LINE,)


def test_what_editors_have_written_there_stays(sent):
    file = lay_down(sent, TOMORROW)
    file.write_text(file.read_text().replace("corrections:", "# ask the museum\ncorrections:"))

    correct(sent)

    assert [text[:20] for text in draft(sent, TOMORROW).corrections] == ["Friday’s edition gav", LINE[:20]]
    assert "# ask the museum" in file.read_text()


@pytest.mark.parametrize("state", ["broken", "sent"])
def test_a_draft_that_cannot_take_it_is_left_alone(sent, state):
    file = lay_down(sent, TOMORROW)
    if state == "sent":
        send(sent, TOMORROW)
    else:
        file.write_text(file.read_text().replace("...", ""))
    before = file.read_text()

    assert "the next draft will have it" in correct(sent)
    assert file.read_text() == before


def untold(project: Project, day: date) -> list[str]:
    with app.build(project.folder, {}) as opened:
        newsletter = opened.newsletter(None)
        key = EditionKey(newsletter=newsletter.key, day=day)
        found = untold_of(newsletter, key, opened.store)
        return [in_words(one, newsletter, opened.store) for one in found]


def tell(project: Project, on: date) -> None:
    with app.build(project.folder, {}) as opened:
        opened.store.archive.tell(opened.store.archive.corrections("the-sift"), on=on)


def test_a_new_draft_is_given_what_none_had(sent):
    correct(sent)

    assert untold(sent, TOMORROW) == [LINE]
    assert untold(sent, TODAY) == []  # an edition does not correct itself


def test_a_draft_that_was_never_sent_told_nobody(sent):
    correct(sent)
    tell(sent, on=TOMORROW)

    assert untold(sent, TOMORROW) == [LINE]  # composed again
    assert untold(sent, TODAY + 2 * DAY) == [LINE]

    lay_down(sent, TOMORROW)
    send(sent, TOMORROW)

    assert untold(sent, TODAY + 2 * DAY) == []


def test_a_composed_edition_has_it(built: Project):
    built.ok("send")
    built.ok("correct", "--item", "1", "--text", "It was Tuesday.")
    built.configure(
        lambda text: text.replace("min_items = 3", 'min_items = 1\nquiet_day = { do = "backfill" }')
    )
    tomorrow = NOW + DAY

    built.ok("build", now=tomorrow.isoformat())

    text = (built.edition.parent / f"{tomorrow.date()}.yaml").read_text()
    assert "It was Tuesday." in text.partition("\ncorrections:")[2]
    again = built.ok("build", now=tomorrow.isoformat())
    assert "0 conflicts" in again.stdout or "merged" not in again.stdout
    assert (built.edition.parent / f"{tomorrow.date()}.yaml").read_text().count("It was Tuesday.") == 1


# --- by mail -----------------------------------------------------------------------------------------------


def corrections_of(project: Project) -> list[str]:
    return sorted(mail["To"] for mail in project.mails() if mail["Subject"].startswith("Correction: "))


def test_everyone_who_has_the_edition_gets_the_correction_once(sent):
    sent.ok("subscribers", "add", "the-sift", "late@example.org")

    said = correct(sent, "--mail")
    again = correct(sent, "--mail")

    assert "mailed: 2 sent" in said
    assert "everyone who has the edition has been sent it" in again
    assert corrections_of(sent) == ["ada@example.com", "bo@example.net"]


def test_who_has_left_gets_none(sent):
    sent.ok("subscribers", "remove", "the-sift", "ada@example.com")

    correct(sent, "--mail")

    assert corrections_of(sent) == ["bo@example.net"]


def test_the_mail_says_what_is_so_and_how_to_leave(sent):
    correct(sent, "--mail")
    mail, edition = [
        next(
            mail
            for mail in sent.mails()
            if mail["Subject"].startswith(start) and mail["To"] == "ada@example.com"
        )
        for start in ("Correction: ", "Ferry ")
    ]

    assert mail["Subject"] == "Correction: Council votes to rebuild the old bridge"
    assert mail["Message-ID"] != edition["Message-ID"]
    assert mail["List-Unsubscribe"] == edition["List-Unsubscribe"]
    for part in ("plain", "html"):
        content = mail.get_body((part,)).get_content()
        assert "It is" in content
        assert "12 Station Road" in content
        assert "/unsubscribe/" in content
        assert "/2026-11-23/council-votes-to-rebuild-the-old-bridge/" in content


def test_the_edition_itself_is_not_touched_by_it(sent):
    with app.build(sent.folder, {}) as opened:
        key = EditionKey(newsletter="the-sift", day=TODAY)
        before = opened.store.ledger.deliveries(key)
        correct(sent, "--mail")

        assert opened.store.ledger.deliveries(key) == before
        assert opened.store.editions.number(key) == 1
        assert list(opened.store.archive.sent("the-sift")) == [TODAY]


def test_two_corrections_are_two_mails(sent):
    correct(sent, "--mail")
    sent.ok(
        "correct",
        "--date",
        str(TODAY),
        "--item",
        "bridge",
        "--text",
        "And it opens in May.",
        "--mail",
        now=at(TODAY),
    )

    assert len(corrections_of(sent)) == 4


def by_smtp(project: Project, port: int) -> None:
    keys = f'kind = "smtp"\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"'
    sender = f"[newsletters.the-sift.sender]\n{keys}\n\n"
    project.configure(
        lambda text: text.replace("postal_address", "retry_after = []\npostal_address").replace(
            "[[", f"{sender}[[", 1
        )
    )


def test_who_was_put_off_gets_it_by_the_same_command(sent):
    with serving() as server:
        by_smtp(sent, server.port)
        server.replies["bo@example.net"] = "451 4.7.1 later"
        first = sent.run(*FIX, "--mail", now=at(TOMORROW))
        del server.replies["bo@example.net"]
        second = sent.run(*FIX, "--mail", now=at(TOMORROW))

    assert first.exit_code == 1
    assert "mailed: 1 sent, 1 deferred" in first.stdout or "mailed: 1 deferred, 1 sent" in first.stdout
    assert "mailed: 1 sent" in second.stdout
    assert sorted(address for address, _ in server.mails) == ["ada@example.com", "bo@example.net"]


def test_a_mail_that_may_have_left_is_not_sent_again(sent):
    with serving() as server:
        by_smtp(sent, server.port)
        server.cut.add("bo@example.net")
        first = sent.run(*FIX, "--mail", now=at(TOMORROW))
        server.cut.clear()
        second = sent.run(*FIX, "--mail", now=at(TOMORROW))

    assert "1 unsure" in first.stdout
    assert "everyone who has the edition has been sent it" in second.stdout
    assert [address for address, _ in server.mails] == ["ada@example.com"]


def test_where_the_provider_holds_the_list_there_is_no_mail_to_one_reader(sent, monkeypatch):
    monkeypatch.setenv("SENDER_KEY", "k")
    sender = '[newsletters.the-sift.sender]\nkind = "buttondown"\nkey = "${SENDER_KEY}"\n\n'
    sent.configure(lambda text: text.replace("[[", f"{sender}[[", 1))

    result = sent.run(*FIX, "--mail", now=at(TOMORROW))

    assert result.exit_code == 2
    assert "takes no mail to one reader" in result.stderr
    assert sent.run("correct", "--date", str(TODAY)).exit_code == 3  # nothing was corrected


# --- pieces ------------------------------------------------------------------------------------------------


def test_a_corrections_id_is_of_its_item_and_text():
    one = Correction(key=EditionKey(newsletter="n", day=TODAY), item="a", text="t", at=NOW)

    assert one.id == replace(one, at=NOW + DAY, replaced=(("a", "b"),)).id
    assert len({one.id, replace(one, item="b").id, replace(one, text="u").id}) == 3
