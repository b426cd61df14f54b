"""Readers a second through providers' APIs, beside django-anymail: ``bench/http_senders.py [--quick]``.

Mails of some 60 kB go to a sink on loopback (``http_sink.py``) that counts them. Ours is what ``digest send``
does, with a ledger on disk. The peer has one connection, as its backends do, and keeps it; and a message for
each reader, as each has a link and header fields of their own. Where it can put those into a request's shared
text, as SendGrid's API can, that is a line of its own. All run in processes of their own, in turns, and keep
their best round.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import sending
from sending import EDITION, HERE, NEWSLETTER, NOW, mails, reader, taken, timed

from digest import pipeline
from digest.pipeline.desk import Desk
from digest.senders.providers import open_api
from digest.settings import (
    BrevoSettings,
    MailgunSettings,
    PostmarkSettings,
    ResendSettings,
    Secret,
    SendgridSettings,
    SesSettings,
)
from digest.stores import open_store
from digest.stores.files import DiskEditionFiles

KEY = Secret("bench")
#: No limit but the machine's.
FAST = {"rate": 100_000}
OURS = {
    "postmark": (PostmarkSettings, {"token": KEY}),
    "resend": (ResendSettings, {"key": KEY}),
    "sendgrid": (SendgridSettings, {"key": KEY}),
    "brevo": (BrevoSettings, {"key": KEY}),
    "mailgun": (MailgunSettings, {"domain": "mg.example.org", "key": KEY}),
    "ses": (SesSettings, {"region": "eu-west-1", "access_key": "AKIABENCH", "secret_key": KEY}),
}
#: Of django-anymail, by provider: its backend, and its settings for a server at an address.
PEERS: dict[str, tuple[str, Callable[[str], dict]]] = {
    "postmark": ("postmark", lambda url: {"POSTMARK_SERVER_TOKEN": "x", "POSTMARK_API_URL": f"{url}/"}),
    "resend": ("resend", lambda url: {"RESEND_API_KEY": "x", "RESEND_API_URL": f"{url}/"}),
    "sendgrid": ("sendgrid", lambda url: {"SENDGRID_API_KEY": "x", "SENDGRID_API_URL": f"{url}/v3/"}),
    "sendgrid, merged": ("sendgrid", lambda url: {"SENDGRID_API_KEY": "x", "SENDGRID_API_URL": f"{url}/v3/"}),
    "brevo": ("brevo", lambda url: {"BREVO_API_KEY": "x", "BREVO_API_URL": f"{url}/v3/"}),
    "mailgun": (
        "mailgun",
        lambda url: {
            "MAILGUN_API_KEY": "x",
            "MAILGUN_API_URL": f"{url}/v3",
            "MAILGUN_SENDER_DOMAIN": "mg.example.org",
        },
    ),
    "ses": (
        "amazon_ses",
        lambda url: {
            "AMAZON_SES_CLIENT_PARAMS": {
                "endpoint_url": url,
                "region_name": "eu-west-1",
                "aws_access_key_id": "AKIABENCH",
                "aws_secret_access_key": "x",
            }
        },
    ),
}
#: Where the peer has one message for many readers.
MERGING = ("sendgrid, merged",)
#: Mails that are sent before the clock runs.
WARM = 20
LINK = "-unsubscribe-"


def ours(name: str, url: str, count: int) -> None:
    kind, given = OURS[name.partition(",")[0]]
    sender = open_api(kind(kind=name.partition(",")[0], base_url=url, **FAST, **given))
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/bench.db", project=HERE)
        desk = Desk(store=store, files=DiskEditionFiles(Path(folder)), fetcher=None, summarizers=())
        for first, last in ((0, WARM), (WARM, WARM + count)):
            for start in range(first, last, 1000):
                store.subscribers.add([reader(number) for number in range(start, min(start + 1000, last))])
            with timed():
                pipeline.deliver(NEWSLETTER, EDITION, desk, sender, now=NOW)
        store.close()


def peer(name: str, url: str, count: int) -> None:
    backend, given = PEERS[name]
    import django.conf

    django.conf.settings.configure(
        EMAIL_BACKEND=f"anymail.backends.{backend}.EmailBackend", ANYMAIL=given(url), USE_TZ=True
    )
    from django.core.mail import get_connection

    with get_connection() as connection:
        for first, last in ((0, WARM), (WARM, WARM + count)):
            with timed():
                made = merged(first, last) if name in MERGING else singles(first, last)
                for message in made:
                    connection.send_messages([message])


def singles(first: int, last: int) -> Iterator:
    """A message for each reader."""
    from anymail.message import AnymailMessage

    for mail in mails(first, last - first):
        headers = {name: value.replace("\r\n", "") for name, value in mail.headers}
        headers["Message-ID"] = mail.message_id
        message = AnymailMessage(EDITION.subject, mail.text, mail.sender, [mail.to], headers=headers)
        message.attach_alternative(mail.html, "text/html")
        yield message


def merged(first: int, last: int) -> Iterator:
    """A message for 1,000 readers, with what differs from one to the next."""
    from anymail.message import AnymailMessage

    for start in range(first, last, 1000):
        some = list(mails(start, min(1000, last - start)))
        text = EDITION.text.fill({"unsubscribe": LINK})
        message = AnymailMessage(EDITION.subject, text, some[0].sender, [mail.to for mail in some])
        message.attach_alternative(EDITION.html.fill({"unsubscribe": LINK}), "text/html")
        message.merge_data = {mail.to: {"unsubscribe": mail.values["unsubscribe"]} for mail in some}
        message.merge_headers = {
            mail.to: {name: value.replace("\r\n", "") for name, value in mail.headers} for mail in some
        }
        message.esp_extra = {"merge_field_format": "-{}-"}
        yield message


# --- measuring -----------------------------------------------------------------------------------------


@contextmanager
def sink() -> Iterator[tuple[str, list[int]]]:
    """The address of a sink, and the number of mails that it counted once it is closed."""
    command = [sys.executable, str(HERE / "http_sink.py")]
    counted: list[int] = []
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield f"http://127.0.0.1:{int(process.stdout.readline())}", counted
        process.stdin.close()
        counted.append(int(process.stdout.read()))


def measured(who: str, name: str, count: int) -> tuple[float, float]:
    """Readers a second, and the megabytes of the process at its largest."""
    with sink() as (url, counted):
        command = [sys.executable, __file__, who, name, url, str(count)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode or counted != [count + WARM]:
        raise SystemExit(f"{who} {name}: {counted} mails arrived\n{done.stdout}\n{done.stderr}")
    seconds, megabytes = json.loads(done.stdout)
    return count / seconds, megabytes


def run(who: str, name: str, url: str, count: int) -> None:
    {"ours": ours, "peer": peer}[who](name, url, count)
    print(json.dumps([taken[0], resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))


def main(*, quick: bool = False) -> None:
    scale, rounds = (10, 1) if quick else (1, 2)
    print(
        f"Mails of {sending.SIZE // 1000} kB through an API next door: readers a second, memory at its peak"
    )
    print(f"  {'':<18}{'ours':>9}{'MB':>6}{'anymail':>10}{'MB':>6}{'ours / anymail':>17}")
    for name in PEERS:
        counts = {"ours": 4000 // scale, "peer": (4000 if name in MERGING else 600) // scale}
        best = dict.fromkeys(counts, (0.0, 0.0))
        for _ in range(rounds):
            for who, count in counts.items():
                best[who] = max(best[who], measured(who, name, count))
        (mine, memory), (theirs, other) = best["ours"], best["peer"]
        figures = f"{mine:9.0f}{memory:6.0f}{theirs:10.0f}{other:6.0f}{mine / theirs:15.1f} x"
        print(f"  {name:<18}{figures}", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] in (["ours"], ["peer"]):
        run(*sys.argv[1:4], int(sys.argv[4]))
    else:
        main(quick="--quick" in sys.argv)
