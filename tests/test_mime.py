"""The bytes of a mail: what RFC 5322, 2045 and 2047 ask for, and what a reader's program makes of them."""

from __future__ import annotations

import email
import email.policy
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.errors import SendError
from digest.model import EditionKey, Mail, Rendered, Slotted
from digest.senders.mime import message, quoted_printable

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


@given(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\r")))
def test_quoted_printable_gives_back_what_it_took_in_short_lines(text: str):
    import quopri

    encoded = quoted_printable(text)

    assert quopri.decodestring(encoded).replace(b"\r\n", b"\n").decode() == text
    assert all(len(line) <= 76 for line in encoded.split(b"\r\n"))


def test_what_leads_a_piece_cannot_end_the_boundary_early():
    assert b"=_" not in quoted_printable("=_abc --=_abc")
