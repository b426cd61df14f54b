"""The bytes of a mail: what RFC 5322, 2045 and 2047 ask for, and what a reader's program makes of them."""

from __future__ import annotations

import email
import email.policy
import quopri
import re
from datetime import UTC, date, datetime
from email.header import decode_header, make_header
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.errors import SendError
from digest.model import EditionKey, Mail, Rendered, Slotted
from digest.senders.mime import addresses, message, quoted_printable
from digest.senders.mime.quoted import prepare

KEY = EditionKey(newsletter="the-example", day=date(2026, 11, 23))
LONG = "https://news.example.org/the-example/unsubscribe/" + "Ab0_-" * 40


def mail(**given: Any) -> Mail:
    rendered = Rendered(
        key=KEY,
        subject=given.pop("subject", "Council votes to rebuild the bridge"),
        html=Slotted(('<p lang="en">Grüße, 世界</p><a href="', '">Unsubscribe</a>\n'), ("unsubscribe",)),
        text=Slotted(("Grüße, 世界\n.\n..dots\n", "\n"), ("unsubscribe",)),
        web="",
        sha256="ab" * 32,
    )
    values: dict[str, Any] = {
        "rendered": rendered,
        "subscriber_id": "s1",
        "to": "ada@example.com",
        "sender": "The Example <news@example.org>",
        "message_id": "<abc@example.org>",
        "headers": (
            ("List-Unsubscribe", f"<{LONG}>,\r\n <mailto:desk@example.org>"),
            ("List-Id", "<a.example.org>"),
        ),
        "values": {"unsubscribe": LONG + "?a=1&b=2", "preferences": "", "address": "ada@example.com"},
        "date": datetime(2026, 11, 23, 10, tzinfo=UTC),
    }
    return Mail(**(values | given))


def read(raw: bytes) -> email.message.EmailMessage:
    return email.message_from_bytes(raw, policy=email.policy.default)  # type: ignore[return-value]


def test_a_reader_gets_text_first_and_html_last_as_they_were_written():
    sent = mail()

    got = read(message(sent))

    text, html = got.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert text.get_content().replace("\r\n", "\n") == sent.text
    assert html.get_content().replace("\r\n", "\n") == sent.html
    assert "a=1&amp;b=2" in html.get_content()
    assert not got.defects


def test_lines_are_crlf_ascii_and_short_enough():
    raw = message(mail(subject="Ü" * 60, to_name="Adä " * 20))

    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    head, _, body = raw.partition(b"\r\n\r\n")
    assert max(map(len, body.split(b"\r\n"))) <= 76
    for line in head.split(b"\r\n"):
        assert len(line) <= 78 or b"https://" in line  # an address cannot be folded


@pytest.mark.parametrize("field", ["subject", "to_name", "sender"])
def test_a_word_that_no_line_holds_is_parted_and_stays_one(field: str):
    word = "x" * 1200
    raw = message(mail(**{field: f'"A {word}" <news@example.org>' if field == "sender" else f"A {word}"}))

    head, _, _ = raw.partition(b"\r\n\r\n")
    assert all(len(line) <= 78 or b"https://" in line for line in head.split(b"\r\n"))
    name = {"subject": "Subject", "to_name": "To", "sender": "From"}[field]
    # email's newer parser puts a space between the encoded words of a name, where RFC 2047 (6.2) has none.
    assert word in str(make_header(decode_header(email.message_from_bytes(raw)[name])))


def test_each_encoded_word_is_at_most_75_characters():
    raw = message(mail(subject="Ü" * 60))

    words = [word for word in raw.replace(b"\r\n", b" ").split() if word.startswith(b"=?")]
    assert words
    assert all(len(word) <= 75 for word in words)
    assert read(raw)["Subject"] == "Ü" * 60


def test_list_unsubscribe_stands_word_for_word():
    assert f"List-Unsubscribe: <{LONG}>".encode() in message(mail())


def test_there_is_one_of_each_field_and_no_other_receiver():
    got = read(message(mail(reply_to="desk@example.org")))

    for name in ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Reply-To"):
        assert len(got.get_all(name)) == 1
    assert got["Bcc"] is None


@pytest.mark.parametrize("evil", ["a\r\nBcc: x@example.com", "a\nb", "a\x00b"])
def test_a_line_break_in_a_header_is_refused(evil: str):
    with pytest.raises(SendError, match="line break"):
        message(mail(headers=(("List-Id", evil),)))


@pytest.mark.parametrize(
    ("subject", "folded"),
    [
        ("Short", "Subject: Short"),
        ("word " * 30, "Subject: " + " ".join(["word"] * 13) + "\r\n " + " ".join(["word"] * 15)),
        ("=?utf-8?q?not_encoded?=", "Subject: =?utf-8?"),
        ("two  spaces\r\nBcc: x@example.com", "Subject: two spaces Bcc: x@example.com\r\n"),
    ],
)
def test_a_subject_is_folded_and_never_read_as_anything_else(subject: str, folded: str):
    raw = message(mail(subject=subject))

    assert f"\r\n{folded}" in raw.decode()
    assert read(raw)["Subject"] == " ".join(subject.split())
    assert read(raw)["Bcc"] is None


@pytest.mark.slow
@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=120))
def test_any_name_stands_before_its_address_in_short_lines(name: str):
    raw = message(mail(to_name=name))

    head = raw.partition(b"\r\n\r\n")[0].decode("ascii")
    [to] = re.findall(r"(?m)^To: (?:.*)(?:\r\n .*)*", head)
    assert read(raw)["To"].addresses[0].addr_spec == "ada@example.com"
    assert all(len(word) <= 75 for word in to.split() if word.startswith("=?"))
    assert all(len(line) <= 78 or " " not in line.strip() for line in to.split("\r\n"))


def test_the_envelope_is_from_who_is_told_of_bounces():
    assert addresses(mail()) == ("news@example.org", "ada@example.com")
    assert addresses(mail(envelope_sender="bounces+x@example.org"))[0] == "bounces+x@example.org"


# --- quoted-printable -----------------------------------------------------------------------------------

ANY = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\r"))
#: What breaks encoders: dots and "From " where a line may begin, spaces where it may end, escapes at its end.
AWKWARD = st.lists(
    st.sampled_from([".", "From ", " ", "  ", "\t", "\n", "=", "ü", "x" * 37, "世" * 9, "a"])
).map("".join)


@given(ANY | AWKWARD)
def test_quoted_printable_gives_back_what_it_took_in_short_lines(text: str):
    encoded = quoted_printable(text)

    assert quopri.decodestring(encoded).replace(b"\r\n", b"\n").decode() == text
    assert all(len(line) <= 76 for line in encoded.split(b"\r\n"))


def test_what_leads_a_piece_cannot_end_the_boundary_early():
    assert b"=_" not in quoted_printable("=_abc --=_abc")


@given(ANY | AWKWARD)
def test_every_line_survives_old_spools_and_smtp_as_it_is(text: str):
    for line in quoted_printable(text).split(b"\r\n"):
        assert not line.startswith((b".", b"From "))
        assert not line.endswith((b" ", b"\t"))
        assert b"  " not in line


@pytest.mark.slow
@given(st.lists(st.tuples(AWKWARD, AWKWARD), max_size=5), AWKWARD | ANY)
def test_a_slot_breaks_no_rule_of_the_lines_around_it(filled: list[tuple[str, str]], last: str):
    pieces = [piece for piece, _ in filled]
    values = {f"slot{number}": value for number, (_, value) in enumerate(filled)}
    part = Slotted((*pieces, last), tuple(values))

    encoded = b"".join(prepare(part, html=False).fill(values))

    assert quopri.decodestring(encoded).replace(b"\r\n", b"\n").decode() == part.fill(values)
    for line in encoded.split(b"\r\n"):
        assert len(line) <= 76
        assert not line.startswith((b".", b"From "))
    if last:
        assert not encoded.endswith(b"=\r\n")
