"""DKIM signatures, verified by dkimpy: what holds, and what breaks them."""

from __future__ import annotations

import base64
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from time import sleep

import dkim as dkimpy
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from dkim.canonicalization import CanonicalizationPolicy
from hypothesis import given, settings
from hypothesis import strategies as st
from kit.smtpscript import Script, scripted
from test_mime import LONG, mail

from digest.errors import SendError
from digest.model import Mail, Outcome, Receipt
from digest.senders import mime
from digest.senders.dkim import SEALED, ed25519_key, keys_of, rsa_key, signed
from digest.senders.mime import compose, quoted_printable
from digest.senders.smtp import SmtpSender, contents
from digest.senders.smtp.exchange import Exchange
from digest.senders.smtp.pace import Pace
from digest.senders.smtp.signers import Signers
from digest.settings import DkimSettings, Secret, SmtpSettings

NEWS = (
    ("List-Id", '"The Example"\r\n <the-example.example.org>'),
    ("List-Unsubscribe", f"<{LONG}>,\r\n <mailto:desk@example.org?subject=unsubscribe%20x>"),
    ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
    ("Feedback-ID", "2026-11-23:the-example:digest:0123456789ab"),
    ("Precedence", "bulk"),
)


def pem(private: PrivateKeyTypes) -> str:
    return private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


@cache
def rsa_private(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


@cache
def ed25519_private() -> ed25519.Ed25519PrivateKey:
    return ed25519.Ed25519PrivateKey.generate()


def dkim_settings(**given: object) -> DkimSettings:
    values: dict[str, object] = {
        "domain": "example.org",
        "selector": "news",
        "key": Secret(pem(rsa_private())),
    }
    return DkimSettings(**(values | given))  # type: ignore[arg-type]


def both() -> DkimSettings:
    return dkim_settings(ed25519_selector="ed", ed25519_key=Secret(pem(ed25519_private())))


def signed_mail(sent: Mail, dkim: DkimSettings | None = None) -> bytes:
    dkim = dkim or dkim_settings()
    return bytes(signed(compose(sent), sent.date, dkim.domain, keys(dkim)))


keys = cache(keys_of)  # to read a key takes longer than to sign with it


def dns(name: bytes, timeout: int = 5) -> bytes:
    """The records that would stand in the DNS."""
    public = {
        b"news._domainkey.example.org.": lambda: (
            "rsa",
            rsa_private()
            .public_key()
            .public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo),
        ),
        b"ed._domainkey.example.org.": lambda: ("ed25519", ed25519_private().public_key().public_bytes_raw()),
    }
    kind, key = public[name]()
    return f"v=DKIM1; k={kind}; p={base64.b64encode(key).decode()}".encode()


def holds(raw: bytes, signature: int = 0) -> bool:
    try:
        return bool(dkimpy.DKIM(raw, minkey=1024).verify(idx=signature, dnsfunc=dns))
    except dkimpy.ValidationError:
        return False


def news(**given: object) -> Mail:
    return mail(headers=NEWS, reply_to="desk@example.org", **given)


# --- what holds ----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_signature_holds():
    assert holds(signed_mail(news()))


@pytest.mark.slow
def test_an_ed25519_signature_stands_beside_that_of_rsa():
    raw = signed_mail(news(), both())

    assert re.findall(rb"a=([\w-]+);", raw) == [b"rsa-sha256", b"ed25519-sha256"]
    assert holds(raw, 0)
    assert holds(raw, 1)


@pytest.mark.slow
@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw.replace(b'"The Example" <news', b'"The  Example"\r\n\t<news'),
        lambda raw: raw.replace(b"Subject: ", b"SUBJECT:  "),
        lambda raw: raw + b"\r\n\r\n",
        lambda raw: raw.replace(b"Precedence: bulk", b"Precedence: list"),
        lambda raw: b"Received: from a by b; Mon, 23 Nov 2026 10:00:00 +0000\r\n" + raw,
    ],
)
def test_what_servers_do_on_the_way_does_not_break_it(change: Callable[[bytes], bytes]):
    changed = change(signed_mail(news()))

    assert changed != signed_mail(news())
    assert holds(changed)


@pytest.mark.slow
@settings(max_examples=15)  # dkimpy takes its time
@given(
    st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=90),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=60),
)
def test_any_subject_and_name_can_be_signed(subject: str, name: str):
    assert holds(signed_mail(news(subject=subject, to_name=name)))


@given(st.text(st.characters(exclude_categories=("Cs",))))
def test_a_part_is_its_own_canonical_form(text: str):
    # So nothing but a hash has to be computed of a mail's body.
    body = b"--x\r\n" + quoted_printable(text) + b"\r\n--x--\r\n"

    assert CanonicalizationPolicy.from_c_value(b"relaxed/relaxed").canonicalize_body(body) == body


# --- what it covers ------------------------------------------------------------------------------------


def test_all_of_the_body_and_both_unsubscribe_fields_are_covered():
    field = signed_mail(news()).partition(b"\r\nFrom:")[0].decode()
    tags = dict(tag.strip().split("=", 1) for tag in field.partition(":")[2].split(";"))

    listed = "".join(tags["h"].split()).split(":")
    assert tags["c"] == "relaxed/relaxed"
    assert (tags["d"], tags["s"]) == ("example.org", "news")
    assert "l" not in tags
    assert {"list-unsubscribe", "list-unsubscribe-post", "list-id", "feedback-id", "reply-to"} <= set(listed)
    for name in ("from", "list-unsubscribe", "list-unsubscribe-post", "subject"):
        assert listed.count(name) == 2
    assert max(map(len, field.split("\r\n"))) <= 78


@pytest.mark.slow
@pytest.mark.parametrize("name", SEALED)
def test_nobody_adds_a_field_that_readers_or_programs_go_by(name: str):
    raw = signed_mail(news())

    for forged in (
        f"{name}: forged\r\n".encode() + raw,
        raw.replace(b"\r\n\r\n", f"\r\n{name}: x\r\n\r\n".encode(), 1),
    ):
        assert not holds(forged)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Subject: Council", b"Subject: Counsel"),
        (b"<https://news.example.org", b"<https://evil.example.org"),
        (b"List-Unsubscribe=One-Click", b"List-Unsubscribe=Two-Click"),
        (b"To: ada@", b"To: bob@"),
        (b"Unsubscribe</a>", b"Subscribe</a>"),
    ],
)
def test_a_change_is_found(old: bytes, new: bytes):
    raw = signed_mail(news())

    assert old in raw
    assert not holds(raw.replace(old, new, 1))


# --- keys ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("canary-7f3a", "dkim.key is not a private key in PEM"),
        (pem(ec.generate_private_key(ec.SECP256R1())), "must be an RSA key"),
        (pem(ed25519.Ed25519PrivateKey.generate()), r"belongs in dkim\.ed25519_key"),
    ],
)
def test_a_key_that_is_none_is_named_and_not_shown(text: str, words: str):
    with pytest.raises(SendError, match=words) as caught:
        rsa_key("news", text)

    assert "canary" not in str(caught.value)


@pytest.mark.slow
def test_an_rsa_key_is_no_ed25519_key():
    with pytest.raises(SendError, match=r"must be an Ed25519 key"):
        ed25519_key("ed", pem(rsa_private()))


@pytest.mark.slow
def test_a_key_that_verifiers_do_not_take_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("digest.senders.dkim.LEAST_BITS", 4096)

    with pytest.raises(SendError, match="2048 bits, but verifiers want 4096 or more"):
        rsa_key("news", pem(rsa_private()))


@pytest.mark.slow
def test_a_sender_names_its_signatures_and_shows_no_key():
    with scripted(Script()) as script:
        smtp = SmtpSender(
            SmtpSettings(kind="smtp", host="127.0.0.1", port=script.port, security="none", dkim=both())
        )

        assert "signed for example.org: rsa-sha256 as news, ed25519-sha256 as ed" in smtp.check()
        assert "PRIVATE" not in repr(smtp.__dict__)


# --- over the wire -------------------------------------------------------------------------------------


@pytest.mark.slow
def test_what_arrives_is_signed():
    with scripted(Script()) as script:
        smtp = SmtpSender(
            SmtpSettings(kind="smtp", host="127.0.0.1", port=script.port, security="none", dkim=both())
        )
        list(smtp.send([news()]))
        smtp.close()

    [raw] = script.taken
    assert holds(raw, 0)
    assert holds(raw, 1)


@pytest.mark.slow
@pytest.mark.parametrize("threads", [0, 1, 3])
def test_further_threads_sign_as_one_does(threads: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(contents, "further_threads", lambda: threads)
    mails = [news(subscriber_id=f"s{n}", message_id=f"<{n}@example.org>") for n in range(40)]

    with scripted(Script()) as script:
        smtp = SmtpSender(
            SmtpSettings(kind="smtp", host="127.0.0.1", port=script.port, security="none", dkim=both())
        )
        receipts = list(smtp.send(mails))
        smtp.close()

    assert [receipt.subscriber_id for receipt in receipts] == [sent.subscriber_id for sent in mails]
    assert {receipt.outcome for receipt in receipts} == {Outcome.SENT}
    assert Counter(script.taken) == Counter(signed_mail(sent, both()) for sent in mails)
    assert not [thread for thread in threading.enumerate() if thread.name == "signer"]


@pytest.mark.slow
def test_mails_that_are_being_signed_when_a_send_breaks_off_do_not_leave_with_the_next_one():
    first = [news(subscriber_id=f"a{n}", message_id=f"<a{n}@example.org>") for n in range(20)]
    second = [news(subscriber_id=f"b{n}", message_id=f"<b{n}@example.org>") for n in range(20)]

    def broken() -> Iterator[Mail]:
        yield from first
        raise RuntimeError("the source fails")

    with scripted(Script()) as script:
        smtp = SmtpSender(
            SmtpSettings(kind="smtp", host="127.0.0.1", port=script.port, security="none", dkim=both())
        )
        told: list[Receipt] = []
        with pytest.raises(RuntimeError, match="the source fails"):
            told.extend(smtp.send(broken()))
        before = len(script.taken)
        receipts = list(smtp.send(second))
        smtp.close()

    assert before == len(told)
    assert [receipt.subscriber_id for receipt in receipts] == [sent.subscriber_id for sent in second]
    assert Counter(script.taken[before:]) == Counter(signed_mail(sent, both()) for sent in second)


@pytest.mark.slow
def test_who_waits_for_a_slow_server_sleeps_though_mails_are_signed(monkeypatch: pytest.MonkeyPatch):
    def late(command: str, _: bytes) -> None:
        if command == ".":
            sleep(0.1)

    turns: list[int] = []
    turn = Exchange._turn
    monkeypatch.setattr(Exchange, "_turn", lambda exchange: (turns.append(1), turn(exchange))[1])
    mails = [news(subscriber_id=f"s{n}", message_id=f"<{n}@example.org>") for n in range(12)]
    with scripted(Script(answer=late)) as script:
        smtp = SmtpSender(
            SmtpSettings(
                kind="smtp",
                host="127.0.0.1",
                port=script.port,
                security="none",
                connections=1,
                dkim=both(),
            )
        )
        receipts = list(smtp.send(mails))
        smtp.close()

    assert len(receipts) == len(script.taken) == 12
    assert len(turns) < 10 * len(mails)


def test_what_fails_in_a_thread_that_signs_is_raised_where_the_mail_is_waited_for():
    def sign(_: str) -> str:
        raise ArithmeticError("no prime")

    rang = threading.Event()
    signers = Signers(sign, rang.set, threads=1)
    signers.ask("a mail")

    assert rang.wait(10)
    with pytest.raises(ArithmeticError, match="no prime"):
        list(signers.signed())
    signers.close()


@pytest.mark.slow
def test_signed_mails_are_gathered_while_others_are_on_their_way(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(contents, "further_threads", lambda: 0)
    jobs = contents.Contents(dkim_settings(), Pace(0), lambda: None)
    for number in range(3):
        jobs.add(number, news(subscriber_id=f"s{number}"))

    jobs.sign()
    assert not jobs.gathers(1)
    assert jobs.gathers(2)
    jobs.sign()
    assert not jobs.gathers(2)
    assert jobs.gathers(3)
    jobs.sign()
    assert not jobs.gathers(4)
    assert [jobs.take() is not None for _ in range(4)] == [True, True, True, False]

    jobs.add(3, news(subscriber_id="s3"))
    jobs.clear()
    assert not jobs.gathers(1)


def test_whoever_has_time_may_help_the_threads():
    signers = Signers(str.upper, lambda: None, threads=0)
    signers.ask("a mail")
    signers.ask("another")

    assert signers.has_drafts
    assert list(signers.signed()) == []
    signers.help()
    signers.help()
    signers.help()
    assert not signers.has_drafts
    assert list(signers.signed()) == ["A MAIL", "ANOTHER"]


def test_the_bytes_that_are_signed_are_those_of_an_unsigned_mail():
    assert signed_mail(news()).endswith(mime.message(news()))
