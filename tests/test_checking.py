"""`digest check`: what would spoil the next edition, each with what to do, against real servers."""

from __future__ import annotations

import re
import shutil
import ssl
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import trustme
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st
from kit.builders import newsletter
from kit.dnsserver import Zone, serving_dns
from kit.faultserver import FaultServer, reply
from kit.linekit import Project
from kit.smtpserver import serving

from digest import app
from digest.checking.certificates import certificates
from digest.checking.dns import CannotLook, Dns
from digest.checking.finding import Check, Level
from digest.checking.looks import LONG_WORD, MANY, longest, looks, odd_items, trial
from digest.checking.mailing import mail_records
from digest.checking.readiness import disk, pages
from digest.checking.records import dmarc, key_problem, tags
from digest.checking.spf import Broken, spf
from digest.rendering import Template, render
from digest.senders.dkim import public_keys
from digest.settings import (
    Brand,
    DkimSettings,
    Logo,
    Newsletter,
    PostmarkSettings,
    Secret,
    SesSettings,
    SmtpSettings,
)

pytest_plugins = ["kit.browser"]

SECOND = timedelta(seconds=1)
DOMAIN = "sift.news"


@pytest.fixture
def zone() -> Iterator[Zone]:
    with serving_dns() as served:
        yield served


@pytest.fixture
def dns(zone: Zone) -> Dns:
    return Dns(zone.address, SECOND)


def levels(found: list[Check]) -> dict[str, Level]:
    """The worst of each thing."""
    order = list(Level)
    worst: dict[str, Level] = {}
    for one in found:
        worst[one.what] = max(worst.get(one.what, Level.OK), one.level, key=order.index)
    return worst


# --- SPF ------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_spf_names_who_may_send(zone: Zone, dns: Dns):
    zone.has(
        "sift.news", "TXT", "some other text", "v=spf1 ip4:198.51.100.0/24 include:_spf.esp.test mx -all"
    )
    zone.has("_spf.esp.test", "TXT", "v=spf1 a:out.esp.test/28 ip6:2001:db8::/32 ~all")
    zone.has("out.esp.test", "A", "203.0.113.16")
    zone.has("sift.news", "MX", "10 mx.sift.news.")
    zone.has("mx.sift.news", "A", "192.0.2.99")
    asked = ["198.51.100.7", "203.0.113.30", "203.0.113.32", "2001:db8::7", "192.0.2.99", "192.0.2.98"]

    found = spf("sift.news", asked, dns)

    assert found is not None
    assert found.passing == ("198.51.100.7", "203.0.113.30", "2001:db8::7", "192.0.2.99")
    assert (found.others, found.lookups) == ("fail", 3)


@pytest.mark.slow
def test_spf_follows_a_redirect(zone: Zone, dns: Dns):
    zone.has("sift.news", "TXT", "v=spf1 redirect=_spf.esp.test")
    zone.has("_spf.esp.test", "TXT", "v=spf1 ip4:203.0.113.1 ?all")

    found = spf("sift.news", ["203.0.113.1"], dns)

    assert found is not None
    assert (found.passing, found.others) == (("203.0.113.1",), "neutral")
    assert spf("other.news", [], dns) is None


@pytest.mark.slow
@pytest.mark.parametrize(
    ("records", "words"),
    [
        (["v=spf1 -all", "v=spf1 ~all"], "2 SPF records"),
        (["v=spf1 include:nowhere.test -all"], "nowhere.test, which it includes, has no SPF record"),
        (["v=spf1 ip4:999.1.1.1 -all"], "is not a network"),
        (["v=spf1 wat:x -all"], "is not an SPF term"),
        (["v=spf1 a:a.test a:b.test a:c.test -all"], "lead nowhere"),
        (["v=spf1 include:sift.news -all"], "more than 10 look-ups"),
    ],
)
def test_spf_that_receivers_take_for_none_is_named(zone: Zone, dns: Dns, records: list[str], words: str):
    zone.has("sift.news", "TXT", *records)

    with pytest.raises(Broken, match=re.escape(words)):
        spf("sift.news", ["198.51.100.1"], dns)


@pytest.mark.slow
@given(st.text(max_size=60))
def test_any_record_is_read_or_named(text: str):
    class Look:
        texts = staticmethod(lambda name: [f"v=spf1 {text}"])
        exchanges = addresses = staticmethod(lambda name: [])

    with suppress(Broken):
        assert spf("sift.news", ["198.51.100.1", "::1"], Look()) is not None


# --- DKIM and DMARC -------------------------------------------------------------------------------


def pem(key: RSAPrivateKey | Ed25519PrivateKey) -> Secret:
    return Secret(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode())


@pytest.fixture(scope="module")
def signing() -> DkimSettings:
    return DkimSettings(
        domain=DOMAIN,
        selector="news",
        key=pem(generate_private_key(65_537, 2048)),
        ed25519_selector="ed",
        ed25519_key=pem(Ed25519PrivateKey.generate()),
    )


@pytest.mark.slow
def test_the_published_key_is_the_one_that_we_sign_with(signing: DkimSettings):
    rsa, ed25519 = public_keys(signing)

    assert (rsa.name, ed25519.name) == (f"news._domainkey.{DOMAIN}", f"ed._domainkey.{DOMAIN}")
    assert key_problem(rsa, [rsa.record]) == ""
    assert key_problem(rsa, [f"p={rsa.base64[:100]} {rsa.base64[100:]}"]) == ""
    assert key_problem(ed25519, [ed25519.record]) == ""


@pytest.mark.slow
def test_a_signature_is_believed_by_a_verifier_that_reads_that_record(signing: DkimSettings):
    """dkimpy stands in for the receiver: our record and our key belong together."""
    import dkim

    message = b"From: a@sift.news\r\nSubject: x\r\n\r\nHello.\r\n"
    signed = dkim.sign(message, b"news", DOMAIN.encode(), signing.key.reveal().encode())
    record = {key.name: key.record for key in public_keys(signing)}

    assert dkim.verify(
        signed + message, dnsfunc=lambda name, timeout=5: record[name.decode().rstrip(".")].encode()
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda record: [], "there is no DKIM record"),
        (lambda record: ["v=spf1 -all"], "there is no DKIM record"),
        (lambda record: [record, record], "2 records"),
        (lambda record: ["v=DKIM1; p="], "revoked"),
        (lambda record: [record.replace("k=rsa", "k=ed25519")], "and ours is 'rsa'"),
        (lambda record: [record.replace("p=", "h=sha1; p=")], "takes only h=sha1"),
        (lambda record: [record[:-6] + "AAAA=="], "another key"),
        (lambda record: ["p=!!!"], "another key"),
    ],
)
def test_a_record_that_is_of_no_use_is_named(signing: DkimSettings, change, words: str):
    rsa, _ = public_keys(signing)

    assert words in key_problem(rsa, change(rsa.record))


@pytest.mark.slow
def test_dmarc_is_found_on_the_way_up(zone: Zone, dns: Dns):
    zone.has("_dmarc.sift.news", "TXT", "v=DMARC1; p=quarantine; adkim=s; rua=mailto:x@sift.news")

    found = dmarc("mail.sift.news", dns.texts)

    assert not isinstance(found, str)
    assert (found.domain, found.policy) == ("sift.news", "quarantine")
    assert found.aligned("mail.sift.news", "mail.sift.news", "adkim")
    assert not found.aligned("sift.news", "mail.sift.news", "adkim")  # strict
    assert found.aligned("sift.news", "mail.sift.news", "aspf")
    assert found.aligned("bounces.sift.news", "mail.sift.news", "aspf")
    assert not found.aligned("esp.test", "mail.sift.news", "aspf")
    assert "there is no DMARC record" in str(dmarc("other.news", dns.texts))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("records", "words"),
    [(["v=DMARC1; p=none", "v=DMARC1; p=reject"], "2 records"), (["v=DMARC1; p=wat"], "is not a policy")],
)
def test_dmarc_that_is_of_no_use_is_named(zone: Zone, dns: Dns, records: list[str], words: str):
    zone.has("_dmarc.sift.news", "TXT", *records)

    assert words in str(dmarc("sift.news", dns.texts))


@given(st.text(max_size=80))
def test_any_text_has_tags(text: str):
    assert all(name == name.strip().lower() for name in tags(text))


# --- the newsletter's own pages -----------------------------------------------------------------------

NOWHERE = [
    ({"web": "http://127.0.0.1:8000"}, "web", "is this machine only"),
    ({"web": "https://sift.localhost/x"}, "web", "is this machine only"),
    ({"web": "https://news.example.org/sift"}, "web", "reserved for examples"),
    ({"web": f"https://{DOMAIN}", "archive": "http://[::1]/a"}, "archive", "is this machine only"),
]


@pytest.mark.parametrize(("given", "what", "words"), NOWHERE)
def test_pages_that_no_reader_can_open_are_named(given: dict[str, str], what: str, words: str):
    found = [one for one in pages(letter(None, **given)) if one.level is Level.BAD]

    assert [one.what for one in found] == [what]
    assert words in found[0].words


def test_without_an_https_address_nobody_unsubscribes_with_one_click():
    def levels_of(web: str) -> list[Level]:
        return [one.level for one in pages(letter(None, web=web))]

    assert levels_of("") == levels_of(f"http://{DOMAIN}/sift") == [Level.WARNING]
    assert levels_of(f"https://{DOMAIN}/sift") == []


# --- all of it --------------------------------------------------------------------------------------


def letter(signing: DkimSettings | None, **given: object) -> Newsletter:
    sender = SmtpSettings(kind="smtp", host="127.0.0.1", security="none", dkim=signing)
    values = {"from_": f"The Sift <news@{DOMAIN}>", "sender": sender, "bounces": f"b@bounces.{DOMAIN}"}
    return newsletter(**(values | given))


def published(zone: Zone, signing: DkimSettings) -> None:
    """All that a sound domain has."""
    zone.has(DOMAIN, "MX", f"10 mx.{DOMAIN}.")
    zone.has(f"bounces.{DOMAIN}", "MX", f"10 mx.{DOMAIN}.")
    zone.has(f"bounces.{DOMAIN}", "TXT", "v=spf1 ip4:127.0.0.1 -all")
    zone.has(f"_dmarc.{DOMAIN}", "TXT", "v=DMARC1; p=none; rua=mailto:x@sift.news")
    for key in public_keys(signing):
        zone.has(key.name, "TXT", key.record)


@pytest.mark.slow
def test_a_sound_domain_has_nothing_to_mend(zone: Zone, dns: Dns, signing: DkimSettings):
    published(zone, signing)

    found = list(mail_records(letter(signing), dns))

    assert {one.level for one in found} == {Level.OK}
    [alignment] = [one for one in found if "alignment" in one.what]
    assert alignment.words == f"passes by DKIM ({DOMAIN}) and by SPF (bounces.{DOMAIN})"


@pytest.mark.slow
def test_each_thing_that_is_missing_is_named_with_what_to_do(zone: Zone, dns: Dns, signing: DkimSettings):
    zone.has(DOMAIN, "TXT", "hello")

    found = list(mail_records(letter(signing), dns))

    bad = {one.what: one for one in found if one.level is Level.BAD}
    assert set(bad) == {
        f"MX of {DOMAIN}",
        f"MX of bounces.{DOMAIN}",
        f"DMARC of {DOMAIN}",
        f"SPF of bounces.{DOMAIN}",
        f"DKIM at news._domainkey.{DOMAIN}",
        f"DKIM at ed._domainkey.{DOMAIN}",
    }
    assert all(one.todo for one in bad.values())
    rsa, _ = public_keys(signing)
    assert rsa.record in bad[f"DKIM at news._domainkey.{DOMAIN}"].todo
    assert "PRIVATE" not in str(found)


@pytest.mark.slow
def test_a_domain_that_takes_no_mail_is_named(zone: Zone, dns: Dns, signing: DkimSettings):
    published(zone, signing)
    zone.has(DOMAIN, "MX", "0 .")

    assert levels(list(mail_records(letter(signing), dns)))[f"MX of {DOMAIN}"] is Level.BAD


@pytest.mark.slow
def test_what_is_signed_and_sent_by_others_does_not_pass(zone: Zone, dns: Dns, signing: DkimSettings):
    published(zone, signing)
    zone.has("esp.test", "TXT", "v=spf1 ip4:127.0.0.1 -all")
    zone.has("esp.test", "MX", "10 mx.esp.test.")
    foreign = letter(None, bounces="b@esp.test")

    found = levels(list(mail_records(foreign, dns)))

    assert found[f"DMARC alignment of {DOMAIN}"] is Level.BAD
    assert found["DKIM"] is Level.WARNING
    assert found["SPF of esp.test"] is Level.OK


@pytest.mark.slow
def test_spf_that_lets_anybody_send_is_named(zone: Zone, dns: Dns, signing: DkimSettings):
    published(zone, signing)
    for record, level in (("v=spf1 +all", Level.BAD), ("v=spf1 ip4:127.0.0.1", Level.WARNING)):
        zone.has(f"bounces.{DOMAIN}", "TXT", record)
        found = levels(list(mail_records(letter(signing), Dns(zone.address, SECOND))))
        assert found[f"SPF of bounces.{DOMAIN}"] is level


@pytest.mark.slow
def test_without_a_network_it_says_that_it_could_not_look(zone: Zone, signing: DkimSettings):
    zone.silent = True

    found = list(mail_records(letter(signing), Dns(zone.address, timedelta(milliseconds=50))))

    assert {one.level for one in found} == {Level.UNKNOWN}
    assert all("gave no answer" in one.words for one in found)
    assert len(zone.asked) <= 3  # a server that is silent is waited for once
    with pytest.raises(CannotLook):
        Dns("127.0.0.1:1", timedelta(milliseconds=50)).texts("sift.news")


@pytest.mark.slow
def test_a_provider_signs_by_itself(zone: Zone, dns: Dns, signing: DkimSettings):
    published(zone, signing)
    sender = PostmarkSettings(kind="postmark", token=Secret("x"))

    found = levels(list(mail_records(letter(signing, sender=sender, bounces=""), dns)))

    assert set(found.values()) == {Level.OK}
    assert not [name for name, _ in zone.asked if "_domainkey" in name]


@pytest.mark.slow
@pytest.mark.parametrize("there", [True, False])
def test_a_key_of_ours_is_looked_for_where_a_provider_sends(
    zone: Zone, dns: Dns, signing: DkimSettings, there: bool
):
    published(zone, signing)
    if not there:
        zone.records = {at: said for at, said in zone.records.items() if "_domainkey" not in at[0]}
    sender = SesSettings(kind="ses", region="eu-west-1", access_key="A", secret_key=Secret("x"), dkim=signing)

    found = levels(list(mail_records(letter(signing, sender=sender, bounces=""), dns)))

    assert {level for name, level in found.items() if "_domainkey" in name} == {
        Level.OK if there else Level.BAD
    }


@pytest.mark.slow
def test_no_mail_leaves_an_outbox_and_examples_are_nobodys(zone: Zone, dns: Dns):
    assert list(mail_records(newsletter(), dns)) == []
    [only] = mail_records(letter(None, from_="news@mail.example.org"), dns)
    assert (only.level, only.words.startswith("is in `from`")) == (Level.BAD, True)
    assert zone.asked == []


# --- certificates -----------------------------------------------------------------------------------


def secured(authority: trustme.CA, days: int) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    end = datetime.now(UTC) + timedelta(days=days, hours=1)
    authority.issue_cert("localhost", not_after=end).configure_cert(context)
    return context


@pytest.mark.slow
@pytest.mark.parametrize(
    ("days", "level"), [(60, Level.OK), (10, Level.WARNING), (2, Level.BAD), (-1, Level.BAD)]
)
@pytest.mark.parametrize("way", ["tls", "starttls", "web"])
def test_a_certificate_is_told_before_it_ends(
    days: int, level: Level, way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    context = secured(authority, days)
    if way == "web":
        with FaultServer(tls=context) as server:
            [found] = looked_at(newsletter(web=f"https://localhost:{server.port}/sift"))
    else:
        with serving(tls=context, implicit=way == "tls") as box:
            sender = SmtpSettings(kind="smtp", host="localhost", port=box.port, security=way)  # type: ignore[arg-type]
            [found] = looked_at(newsletter(sender=sender))

    assert found.level is level, found.words
    assert found.what == "certificate of localhost"


def looked_at(letter: Newsletter) -> list[Check]:
    return list(certificates(letter, timeout=timedelta(seconds=5), now=datetime.now(UTC)))


@pytest.mark.slow
def test_a_certificate_of_a_stranger_and_a_server_that_is_away():
    with FaultServer(tls=secured(trustme.CA(), 60)) as server:
        [strange] = looked_at(newsletter(web=f"https://localhost:{server.port}/"))
    [away] = looked_at(newsletter(web=f"https://localhost:{server.port}/"))

    assert (strange.level, away.level) == (Level.BAD, Level.UNKNOWN)
    assert looked_at(newsletter(web="http://localhost/")) == []


# --- the template -----------------------------------------------------------------------------------


def shipped(name: str) -> Template:
    project = app.App(Path("/nonexistent"), None)  # type: ignore[arg-type]
    return project.template(newsletter(template=name))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["sift", "brief"])
def test_the_shipped_templates_bear_all_of_it(name: str):
    found = list(looks(newsletter(template=name), shipped(name)))

    assert {one.level for one in found} == {Level.OK}, found
    assert re.search(r"[\d,]+ bytes, \d+ places shortened", found[0].words)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "said"), [("logo.png", False), ("logo.JPG?v=1", False), ("logo.SVG?v=1", True), ("l.webp", True)]
)
def test_a_logo_that_mail_programs_do_not_show_is_told(file: str, said: bool) -> None:
    brand = Brand(logo=Logo(url=f"https://example.org/{file}", width=240, height=60))

    found = [one for one in looks(newsletter(brand=brand), shipped("sift")) if one.what == "brand.logo"]

    assert [one.level for one in found] == [Level.WARNING] * said


@pytest.mark.slow
def test_a_template_that_lets_words_work_as_markup_is_named():
    part = "parts/blurb.web.html.j2"
    careless = sources() | {part: sources()[part].replace("blurb.headline }}", "blurb.headline | safe }}")}

    found = list(looks(newsletter(), Template("careless", careless)))

    assert any("work as markup in the web page: '<script>alert'" in one.words for one in found)


@pytest.mark.slow
def test_a_template_that_an_item_breaks_is_named():
    part = "parts/blurb.mjml.j2"
    assert "blurb.headline }}" in sources()[part]
    broken = sources() | {part: sources()[part].replace("blurb.headline }}", "blurb.headline | safe }}")}

    found = list(looks(newsletter(), Template("broken", broken)))

    assert any(one.level is Level.BAD and "loses “</mj-text>" in one.words for one in found)


def sources() -> dict[str, str]:
    return app.template_sources(app.SHIPPED / "templates" / "sift")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["sift", "brief"])
def test_no_item_widens_the_mail_on_a_phone(name: str, browser, tmp_path: Path):
    letter = newsletter(template=name)
    for blurbs in (odd_items(), [longest(number) for number in range(3)]):
        rendered = render(trial(letter, blurbs), letter, shipped(name))
        values = dict.fromkeys(rendered.html.slots, "https://example.org/x")
        file = tmp_path / "trial.html"
        file.write_text(rendered.html.fill(values))
        page = browser.new_page(viewport={"width": 360, "height": 800})
        page.route(re.compile("^https?:"), lambda route: route.abort())
        page.goto(file.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.close()
    assert len(LONG_WORD) > 120
    assert MANY == 30


@pytest.mark.parametrize(
    ("free", "level"), [(99e6, Level.BAD), (101e6, Level.WARNING), (999e6, Level.WARNING), (1.1e9, Level.OK)]
)
def test_a_disk_that_fills_up_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: float, level: Level
):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=int(free)))

    assert disk(tmp_path).level is level


# --- as a command ---------------------------------------------------------------------------------


def test_the_worst_is_said_last_with_what_to_do(built: Project, zone: Zone):
    built.configure(lambda text: text + f'\n[check]\ndns = "{zone.address}"\ntimeout = "1s"\n')
    built.configure(
        lambda text: text.replace("example.org>", "sift.news>", 1).replace("desk@example.org", "d@sift.news")
    )
    built.configure(lambda text: text.replace("kestrel-radio/feed.xml", "kestrel-radio/none.xml"))
    with serving() as box:
        sender = f'kind = "smtp"\nhost = "127.0.0.1"\nport = {box.port}\nsecurity = "none"'
        built.configure(lambda text: text.replace('kind = "outbox"', sender))

        result = built.run("check")
        answer = built.json("check")

    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    marks = [line[:4] for line in lines if line[:4] in {"ok  ", "warn", "BAD "}]
    assert marks == sorted(marks, key=["ok  ", "warn", "BAD "].index)
    assert "BAD  SPF of sift.news: there is no record" in lines
    assert any(line.startswith("BAD  feed Kestrel Radio") for line in lines)
    assert re.search(r"\d+ checked, [1-9] to fix, \d+ to look at", lines[-1])
    assert all(one["todo"] for one in answer["findings"] if one["level"] in {"bad", "unknown"})
    assert box.mails == []
    assert ("sift.news", "MX") in zone.asked


def test_too_few_articles_are_told_the_day_before(built: Project):
    built.configure(lambda text: text.replace("items = 8\nmin_items = 3", "items = 60\nmin_items = 60"))

    result = built.run("check")

    assert result.exit_code == 1
    assert "BAD  articles: 31 of the last 24 hours, for 60 items, and 60 are needed" in result.stdout


@pytest.mark.parametrize(
    ("hour", "next_edition"), [("09:29", "Monday 2026-11-23"), ("09:31", "Tuesday 2026-11-24")]
)
def test_after_its_time_todays_edition_is_not_the_next_one(built: Project, hour: str, next_edition: str):
    result = built.run("check", now=f"2026-11-23T{hour}:00+00:00")

    assert f"ok   next edition: {next_edition}, sent at 06:30" in result.stdout


def test_of_several_newsletters_each_line_says_which(built: Project):
    another = {
        "morning-tide": "evening-tide",
        'send = "06:30"': 'send = "18:30"',
        'build = "05:00"': 'build = "17:00"',
    }

    def doubled(text: str) -> str:
        second = text
        for old, new in another.items():
            second = second.replace(old, new)
        return f"{text}\n{second}"

    built.configure(doubled)
    result, answer = built.run("check"), built.json("check")
    unnamed = built.run("build")

    assert "ok   morning-tide: next edition: Tuesday 2026-11-24, sent at 06:30" in result.stdout
    assert "ok   evening-tide: next edition: Monday 2026-11-23, sent at 18:30" in result.stdout
    assert {one["newsletter"] for one in answer["findings"]} == {"morning-tide", "evening-tide"}
    assert unnamed.exit_code == 2
    assert "there are several; name one of morning-tide, evening-tide" in unnamed.stderr
    assert "schedules.toml" not in unnamed.stderr


def test_feeds_that_moved_ended_or_are_empty_are_told(built: Project):
    old = "<rss version='2.0'><channel><title>x</title>{}</channel></rss>"
    item = "<item><title>A</title><link>https://e.example/a</link>{}</item>"
    item = item.format("<pubDate>Mon, 2 Mar 2026 08:00:00 GMT</pubDate>")
    with FaultServer() as server:
        server.script("/old.xml", reply(200, old.format(item).encode(), content_type="application/rss+xml"))
        server.script("/empty.xml", reply(200, old.format("").encode(), content_type="application/rss+xml"))
        for path in ("/old.xml", "/empty.xml"):
            block = f'\n[[newsletters.morning-tide.feeds]]\nurl = "{server.url(path)}"\ntitle = "F{path}"\n'
            built.configure(lambda text, block=block: f"{text}{block}allow_private = true\n")

        answer = built.json("check")

    found = {one["what"]: one for one in answer["findings"]}
    assert "the newest of 2026-03-02" in found["feed F/old.xml"]["words"]
    assert found["feed F/empty.xml"]["level"] in {"warning", "bad"}
