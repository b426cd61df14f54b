"""Lists of subscribers, addresses and tokens."""

from __future__ import annotations

import csv
import io
import itertools
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kit.builders import NOW

from digest import audience
from digest.audience import Import, mask, message_id, read_address, read_token, unsubscribe_token
from digest.model import EditionKey, Subscriber
from digest.words.text import clean

SECRET = bytes(range(32))
KEY = EditionKey(newsletter="the-sift", day=date(2026, 11, 23))


def read(text: str) -> Import:
    numbers = itertools.count(1)
    return audience.read_subscribers(text, newsletter="the-sift", at=NOW, new_id=lambda: f"id{next(numbers)}")


def people(text: str) -> list[tuple[str, str]]:
    found = read(text)
    assert found.problems == ()
    return [(one.email, one.name) for one in found.subscribers]


def subscriber(**given: Any) -> Subscriber:
    values = {"id": "id1", "newsletter": "the-sift", "email": "ann@example.org", "added_at": NOW}
    return Subscriber(**(values | given))


# --- lists --------------------------------------------------------------------------------------


def test_one_address_a_line() -> None:
    found = read("ann@example.org\nBob@Example.ORG\n")

    assert found == Import(
        subscribers=(subscriber(), subscriber(id="id2", email="Bob@example.org")), problems=(), duplicates=0
    )


@pytest.mark.parametrize(
    "line",
    [
        "Ann Lee <ann@example.org>",
        '"Ann Lee" <ann@example.org>',
        "  Ann  Lee<ann@example.org>  ",
        "Ann\u202e\x07 Lee <ann@example.org>",
    ],
)
def test_a_line_may_name_its_reader(line: str) -> None:
    assert people(line) == [("ann@example.org", "Ann Lee")]


def test_a_name_with_a_comma_needs_no_quotes() -> None:
    assert people("Lee, Ann <ann@example.org>") == [("ann@example.org", "Lee, Ann")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_table_of_any_make(end: str, delimiter: str, mark: str) -> None:
    rows = [["email", "name"], ["ann@example.org", '"Lee, Ann; Dr."'], ["bob@example.org", ""]]
    text = mark + end.join(delimiter.join(row) for row in rows)

    assert people(text) == [("ann@example.org", "Lee, Ann; Dr."), ("bob@example.org", "")]


@pytest.mark.parametrize(
    "header", ["email", "E-mail", "EMAIL ADDRESS", "Email_Address", '"Subscriber Email"', "mail"]
)
def test_common_spellings_of_the_column(header: str) -> None:
    assert people(f"{header}\nann@example.org") == [("ann@example.org", "")]


def test_columns_in_any_order_among_others() -> None:
    text = "\n\nPhone,Full Name,Address,E-mail\n555,Ann Lee,12 Station Road,ann@example.org,more\n"

    assert people(text) == [("ann@example.org", "Ann Lee")]


def test_first_and_last_name_make_a_name() -> None:
    assert people("Email Address,First Name,Last Name\nann@example.org,Ann,Lee\nbob@example.org,,") == [
        ("ann@example.org", "Ann Lee"),
        ("bob@example.org", ""),
    ]


def test_a_cell_may_hold_a_mailbox() -> None:
    assert people("email,name\nAnn Lee <ann@example.org>,\n") == [("ann@example.org", "Ann Lee")]


def test_a_quoted_cell_may_run_over_lines() -> None:
    text = 'email,name,notes\nann@example.org,Ann,"likes\n\nbridges"\nbob@example.org,Bob,\n'

    assert people(text) == [("ann@example.org", "Ann"), ("bob@example.org", "Bob")]


@pytest.mark.parametrize("last", ["cy@example.org,Cy", 'cy@example.org,"Cy"', 'cy@example.org,Cy"'])
def test_a_forgotten_quotation_mark_costs_its_own_line_only(last: str) -> None:
    text = f'email,name\nann@example.org,"Ann\nbob@example.org,Bob\ncid@example.org,Cid\n{last}'

    found = read(text)

    assert found.problems[0] == "line 2: is not a row of a table: a quotation mark is missing or out of place"
    assert [one.email for one in found.subscribers][:2] == ["bob@example.org", "cid@example.org"]


def test_empty_lines_and_rows_are_no_problem() -> None:
    assert people("email,name\n\n,\nann@example.org,Ann\n  \n") == [("ann@example.org", "Ann")]
    assert read("") == read("\ufeff \n") == Import(subscribers=(), problems=(), duplicates=0)


def test_a_bad_line_is_named_by_number_and_reason_and_the_rest_goes_in() -> None:
    found = read(
        "email,name\nann@example.org,Ann\njane.doe@example,Jane\n\njane.doe.example.org,\nbob@example.org,"
    )

    assert [one.email for one in found.subscribers] == ["ann@example.org", "bob@example.org"]
    assert found.problems == (
        "line 3: j…@example: The part after the @-sign is not valid. It should have a period",
        "line 5: …: An email address must have an @-sign",
    )


def test_lines_are_counted_as_an_editor_does() -> None:
    found = read('email,name\nann@example.org,"A\u2028\x0b\x85nn"\nbad\r\nworse\r')

    assert [problem.split(":")[0] for problem in found.problems] == ["line 3", "line 4"]


def test_a_table_without_a_header_is_told_what_it_needs() -> None:
    found = read("ann@example.org;Ann\n")

    assert found.problems == (
        "line 1: a…@example.org: more than an address; "
        "a table needs a first line that names its columns, one of them email",
    )


def test_a_cell_that_is_no_cell_is_a_problem_not_a_crash() -> None:
    found = read(f"email,name\nann@example.org,{'x' * 200_000}\nbob@example.org,\n")

    assert len(found.problems) == 1
    assert [one.email for one in found.subscribers] == ["bob@example.org"]


@pytest.mark.parametrize(
    "line",
    [
        "jane.doe@",
        "jane.doe",
        "jane.doe@@example.org",
        "jane.doe@localhost",
        "jane.doe@example.test",
        "jane doe@example.org",
        "jäne.doe@example.org",
        "jane..doe@example.org",
        '"jane.doe"@example.org',
        "jane.doe@[127.0.0.1]",
        "jane.doe@exa mple.org",
        "jane.doe\0@example.org",
        "jane.doe@example.org,jane.doe@example.com",
        "<jane.doe@example.org",
        "jane.doe@example.org jane.doe",
        "jane.doe@" + "x" * 300 + ".org",
    ],
)
def test_a_problem_never_shows_the_address(line: str) -> None:
    (problem,) = read(f"{line}\n").problems

    assert problem.startswith("line 1: ")
    assert not re.search("ane|doe", problem)


def test_a_second_line_with_an_address_is_a_duplicate() -> None:
    found = read("ann@example.org\nANN@EXAMPLE.ORG\nbob@example.org\nann@example.org")

    assert [one.email for one in found.subscribers] == ["ann@example.org", "bob@example.org"]
    assert found.duplicates == 2
    assert found.problems == ()


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("", "active"),
        ("active", "active"),
        ("Subscribed", "active"),
        ("unsubscribed", "unsubscribed"),
        ("suppressed", "suppressed"),
        ("Cleaned", "suppressed"),
        ("blocklisted", "suppressed"),
        ("inactive", "unsubscribed"),
    ],
)
def test_a_state_is_taken_over(word: str, state: str) -> None:
    (one,) = read(f"email,status\nann@example.org,{word}").subscribers

    assert one.state == state


def test_who_has_an_unknown_state_is_not_written_to() -> None:
    found = read("email,status\nann@example.org,dormant\nbob@example.org,active")

    assert [one.email for one in found.subscribers] == ["bob@example.org"]
    assert found.problems[0].startswith("line 2: no such state: 'dormant'; expected active, unconfirmed")


@pytest.mark.parametrize(
    ("header", "cell", "state"),
    [
        # Mailchimp writes a file for each state, and no column of it.
        ("Email Address,CONFIRM_TIME,UNSUB_TIME", "2023-05-01 10:00:00,2024-01-01 08:00:00", "unsubscribed"),
        ("Email Address,CONFIRM_TIME,CLEAN_TIME", "2023-05-01 10:00:00,2024-01-01 08:00:00", "suppressed"),
        # Substack
        ("email,active_subscription,email_disabled", "false,true", "unsubscribed"),
        ("email,active_subscription,email_disabled", "false,false", "active"),
        # Ghost
        ("email,subscribed_to_emails", "false", "unsubscribed"),
        ("email,subscribed_to_emails", "true", "active"),
        # Buttondown
        ("email_address,type,unsubscription_date", "unsubscribed,2024-01-01T08:00:00Z", "unsubscribed"),
        ("email_address,type,unsubscription_date", "unactivated,", "unconfirmed"),
        ("email_address,type,unsubscription_date", "complained,", "suppressed"),
        ("email_address,type,unsubscription_date", "premium,", "active"),
        # beehiiv
        ("Email,Status,Unsubscribe Date", "active,2024-01-01", "unsubscribed"),
    ],
)
def test_who_left_another_program_is_not_written_to(header: str, cell: str, state: str) -> None:
    found = read(f"{header}\nann@example.org,{cell}\n")

    assert found.problems == ()
    assert [one.state for one in found.subscribers] == [state]


def test_what_a_spreadsheet_notes_above_a_table_is_no_row() -> None:
    assert people("\ufeffsep=;\r\nEmail;Name\r\nann@example.org;Ann Lee\r\n") == [
        ("ann@example.org", "Ann Lee")
    ]


@pytest.mark.parametrize(
    "header",
    ["E-Mail-Adresse;Vorname;Nachname", "Adresse e-mail;Prénom;Nom", "Correo electrónico;Nombre;Apellidos"],
)
def test_a_table_may_be_in_another_language(header: str) -> None:
    assert people(f"{header}\nann@example.org;Ann;Lee\n") == [("ann@example.org", "Ann Lee")]


def test_of_two_columns_with_one_meaning_the_first_that_is_filled_counts() -> None:
    text = "Email,Email,Name,Name\n,ann@example.org,Ann,Other\nbob@example.org,x,,Bob\n"

    assert people(text) == [("ann@example.org", "Ann"), ("bob@example.org", "Bob")]


def test_of_a_duplicate_the_strictest_state_stands() -> None:
    lines = ["ann@example.org,active", "ann@example.org,unsubscribed", "ann@example.org,active"]

    (one,) = read("\n".join(["email,state", *lines])).subscribers

    assert one.state == "unsubscribed"


@pytest.mark.parametrize(
    ("cell", "tags"),
    [
        ('"""VIP"",""Press Friends"""', ("vip", "press-friends")),
        ("art sport", ("art", "sport")),
        ("Φίλοι; Café_Ärzte", ("φίλοι", "café-ärzte")),
        ("हिन्दी", ("हिन्दी",)),
        ("", ()),
    ],
)
def test_tags_are_of_any_script(cell: str, tags: tuple[str, ...]) -> None:
    (one,) = read(f"email,tags\nann@example.org,{cell}").subscribers

    assert one.tags == tags
    assert read(audience.write_subscribers([one])).subscribers == (one,)


def test_the_day_of_subscribing_is_taken_over() -> None:
    text = "email,added_at\nann@example.org,2020-01-02T03:04:05+01:00\nbob@example.org,\ncy@example.org,May\n"
    found = read(text)

    assert [one.added_at for one in found.subscribers] == [datetime(2020, 1, 2, 2, 4, 5, tzinfo=UTC), NOW]
    assert found.problems[0].startswith("line 4: added_at is not a date and time; expected")


# --- out and in again -------------------------------------------------------------------------------

LOCALS = st.from_regex(r"[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]{1,20}(\.[a-z0-9=+'-]{1,10})?", fullmatch=True)
SUBSCRIBERS = st.builds(
    Subscriber,
    id=st.just("id"),
    newsletter=st.just("the-sift"),
    email=LOCALS.map(lambda local: f"{local}@example.org").filter(lambda one: read_address(one) == one),
    name=st.one_of(st.text(), st.from_regex(r"['=+@,;\"-]{1,4}\w{0,3}", fullmatch=True)).map(clean),
    state=st.sampled_from(audience.STATES),
    added_at=st.datetimes(timezones=st.just(UTC)),
)


@pytest.mark.slow
@given(st.lists(SUBSCRIBERS, max_size=5, unique_by=lambda one: audience.address_key(one.email)))
def test_an_exported_list_is_imported_as_it_was(everyone: list[Subscriber]) -> None:
    found = read(audience.write_subscribers(everyone))

    assert found.problems == ()
    assert [replace(one, id="id") for one in found.subscribers] == everyone


@pytest.mark.parametrize(
    "name", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("https://evil.example")', "'=1"]
)
def test_no_exported_cell_is_a_formula(name: str) -> None:
    exported = audience.write_subscribers([subscriber(name=name, email="=ann@example.org")])
    cells = [cell for row in csv.reader(io.StringIO(exported)) for cell in row]

    assert not [cell for cell in cells if cell[:1] in {"=", "+", "-", "@"}]


def test_an_innocent_apostrophe_stays_as_it_is() -> None:
    assert ",'t Hooft," in audience.write_subscribers([subscriber(name="'t Hooft")])


# --- addresses --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given_", "kept"),
    [
        (" Ann.Lee@Example.ORG ", "Ann.Lee@example.org"),
        ("ann@bücher.example.org", "ann@xn--bcher-kva.example.org"),
        ("ann+news@example.org", "ann+news@example.org"),
    ],
)
def test_an_address_has_one_form(given_: str, kept: str) -> None:
    assert read_address(given_) == kept
    assert read_address(kept) == kept


def test_what_is_no_address_is_said_masked() -> None:
    with pytest.raises(ValueError, match=r"^j…@example\.org: ") as caught:
        read_address("jane doe@example.org")

    assert "jane" not in str(caught.value)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("jane@example.org", "j…@example.org"),
        ("j@example.org", "j…@example.org"),
        ("<jane@example.org>", "j…@example.org"),
        ("jane@", "j…@"),
        ("@example.org", "…@example.org"),
        ("jane", "…"),
        ("", "…"),
        ("jane@example.org (Jane Doe)", "j…@example.org"),
    ],
)
def test_a_mask_shows_one_letter_and_the_host(address: str, shown: str) -> None:
    assert mask(address) == shown


# --- tokens ------------------------------------------------------------------------------------------

WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=60)


@pytest.mark.slow
@given(WORDS, WORDS)
def test_a_token_says_who_unsubscribes_from_what(subscriber_id: str, newsletter: str) -> None:
    token = unsubscribe_token(SECRET, subscriber_id, newsletter)

    assert (subscriber_id, newsletter) == read_token(SECRET, token)
    assert re.fullmatch(r"[A-Za-z0-9_-]*\.[A-Za-z0-9_-]{24}", token)


def test_a_token_is_short_and_always_the_same() -> None:
    token = unsubscribe_token(SECRET, audience.new_id(), "the-sift")

    assert len(token) < 75
    assert unsubscribe_token(SECRET, "a", "b") == unsubscribe_token(SECRET, "a", "b")


@given(st.binary(min_size=32, max_size=32), st.integers(0, 255))
def test_a_token_of_another_secret_is_refused(secret: bytes, bit: int) -> None:
    other = bytearray(secret)
    other[bit // 8] ^= 1 << bit % 8

    assert read_token(bytes(other), unsubscribe_token(secret, "s1", "the-sift")) is None


def test_a_token_with_any_bit_flipped_is_refused() -> None:
    token = unsubscribe_token(SECRET, "0123456789abcdef01234567", "the-sift")
    for position, bit in itertools.product(range(len(token)), range(8)):
        flipped = token[:position] + chr(ord(token[position]) ^ 1 << bit) + token[position + 1 :]

        assert read_token(SECRET, flipped) is None


@given(st.one_of(st.text(), st.text("abcAB012_-.=", max_size=90)))
def test_anything_else_is_refused_quietly(token: str) -> None:
    assert read_token(SECRET, token) is None


@pytest.mark.parametrize("spoil", ["{}=", "{} ", "{}\n", " {}", "{}.", "{}A"])
def test_a_token_has_one_spelling(spoil: str) -> None:
    assert read_token(SECRET, spoil.format(unsubscribe_token(SECRET, "s1", "the-sift"))) is None


@pytest.mark.parametrize("token", ["", ".", "a" * 1_000_000, "\udc80.x", "é.x"])
def test_a_strange_token_is_refused(token: str) -> None:
    assert read_token(SECRET, token) is None


def test_a_message_id_is_stable_and_opaque() -> None:
    one = message_id(KEY, "s1", "example.org")

    assert one == message_id(KEY, "s1", "example.org")
    assert re.fullmatch(r"<[0-9a-f]{32}@example\.org>", one)


def test_every_mail_has_its_own_message_id() -> None:
    keys = [EditionKey(newsletter=name, day=date(2026, 11, day)) for name in ("a", "a-b") for day in (22, 23)]
    ids = {message_id(key, who, "example.org") for key in keys for who in ("s1", "s2")}

    assert len(ids) == 8


def test_ids_are_random() -> None:
    assert len({audience.new_id() for _ in range(100)}) == 100
