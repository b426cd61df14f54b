"""What a mail costs to send, beside others, as shares of one limit: ``python bench/sending.py [--quick]``.

Mails of some 60 kB go to a sink on loopback that counts them: ``sink.py``, which does as little as can be,
and Postfix's ``smtp-sink``, which reads them. The limit is Postfix's ``smtp-source``, which makes nothing and
sends the same line again and again, on ten kept connections; without Postfix, bare sockets that do, to
``sink.py`` alone. Ours is what ``digest send`` does: address, compose, sign, hand over, with a ledger on
disk. All take turns, and each keeps its best round: a noisy machine disturbs that least.
"""

from __future__ import annotations

import multiprocessing
import os
import re
import shutil
import smtplib
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from datetime import UTC, date, datetime
from email.message import EmailMessage
from functools import partial
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import TypeVar

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from digest import pipeline
from digest.model import EditionKey, Mail, Rendered, Slotted, Subscriber
from digest.pipeline.desk import Desk
from digest.ports import Store
from digest.senders import mime
from digest.senders.smtp import SmtpSender
from digest.settings import DkimSettings, Feed, Newsletter, Secret, SmtpSettings
from digest.stores import open_store
from digest.stores.files import DiskEditionFiles

T = TypeVar("T")
#: Sends the mails to so many readers, from one with that number on.
Send = Callable[[int, int], None]
Contestant = Callable[[int], AbstractContextManager[Send]]
#: Gives the port of what takes the mails, and in the end the number of them.
Sink = Callable[[], AbstractContextManager[tuple[int, list[int]]]]

HERE = Path(__file__).parent
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
CONNECTIONS = 10
#: Mails that are sent before the clock runs.
WARM = 100
#: Milliseconds of a round trip to a server that is not next door.
FAR = 20
WORDS = "council votes to rebuild the old bridge after a winter of floods and long talks in the town hall "
POSTAL = "1 Loopback Street"


def edition() -> Rendered:
    row = f'<tr><td style="padding:0 24px"><p style="font:16px/24px Georgia">{WORDS * 3}</p></td></tr>'
    html = (
        f'<html lang="en"><title>x</title><body><table role="presentation">{row * 145}</table><p>{POSTAL}</p>'
    )
    text = f"{WORDS}\n" * 50 + f"{POSTAL}\nUnsubscribe:\n"
    return Rendered(
        key=EditionKey(newsletter="bench", day=date(2026, 11, 23)),
        subject="Council votes to rebuild the bridge",
        html=Slotted((f'{html}<a href="', '">Unsubscribe</a></body></html>\n'), ("unsubscribe",)),
        text=Slotted((text, "\n"), ("unsubscribe",)),
        web="",
        sha256="ab" * 32,
    )


NEWSLETTER = Newsletter(
    key="bench",
    title="The Bench",
    timezone="UTC",
    feeds=(Feed(url="https://example.org/feed.xml"),),
    from_="The Bench <bench@example.org>",
    bounces="bounces@example.org",
    web="https://news.example.org/bench",
    postal_address=POSTAL,
)
EDITION = edition()


def reader(number: int) -> Subscriber:
    email = f"reader{number}@example.com"
    return Subscriber(id=f"{number:024x}", newsletter="bench", email=email, added_at=NOW)


def mails(first: int, count: int) -> Iterator[Mail]:
    for number in range(first, first + count):
        yield pipeline.mail_for(reader(number), EDITION, NEWSLETTER, secret=b"bench", now=NOW)


SIZE = len(mime.message(next(mails(0, 1))))


def pem(key) -> Secret:
    words = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return Secret(words.decode())


RSA = pem(rsa.generate_private_key(65537, 2048))
ED25519 = pem(ed25519.Ed25519PrivateKey.generate())


@contextmanager
def sink(milliseconds: int = 0) -> Iterator[tuple[int, list[int]]]:
    """The port of our sink, and the number of mails that it counted once it is closed."""
    command = [sys.executable, str(HERE / "sink.py"), str(milliseconds)]
    counted: list[int] = []
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield int(process.stdout.readline()), counted
        process.stdin.close()
        counted.append(int(process.stdout.read()))


@contextmanager
def postfix_sink() -> Iterator[tuple[int, list[int]]]:
    """The same of Postfix's."""
    program, libraries = postfix("smtp-sink")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    # As root it wants to know whom to become; it says each count over the one before.
    become = ["-u", "nobody"] if os.geteuid() == 0 else []
    command = [program, "-c", *become, f"127.0.0.1:{port}", "100"]
    counted: list[int] = []
    environ = {**os.environ, "LD_LIBRARY_PATH": libraries}
    with tempfile.TemporaryFile("w+") as said:
        with subprocess.Popen(command, stdout=said, stderr=subprocess.DEVNULL, env=environ) as process:
            await_port(port)
            yield port, counted
            time.sleep(0.2)  # its last count
            process.terminate()
        said.seek(0)
        counted.append(max(map(int, re.findall(r"mesg=(\d+)", said.read())), default=0))


def await_port(port: int) -> None:
    for _ in range(100):
        with suppress(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port)).close()
            return
        time.sleep(0.05)
    raise SystemExit("smtp-sink does not listen")


# --- contestants: each is opened for a port, and then sends mails ----------------------------------------


@contextmanager
def ours(port: int, *, signed: bool = False) -> Iterator[Send]:
    with tempfile.TemporaryDirectory() as folder, delivering(port, Path(folder), signed=signed) as deliver:

        def send(first: int, count: int) -> None:
            enlist(Path(folder), first, count)
            with timed():
                deliver()

        yield send


@contextmanager
def delivering(
    port: int, folder: Path, *, signed: bool, connections: int = CONNECTIONS
) -> Iterator[Callable[[], object]]:
    """Sends the edition to all in *folder*'s store who have not got it, as ``digest send`` does."""
    dkim = DkimSettings(domain="example.org", selector="s", key=RSA) if signed else None
    settings = SmtpSettings(
        kind="smtp", host="127.0.0.1", port=port, security="none", connections=connections, dkim=dkim
    )
    with closing(SmtpSender(settings)) as sender, closing(store_in(folder)) as store:
        desk = Desk(store=store, files=DiskEditionFiles(folder), fetcher=None, summarizers=())
        yield lambda: pipeline.deliver(NEWSLETTER, EDITION, desk, sender, now=NOW)


def enlist(folder: Path, first: int, count: int) -> None:
    with closing(store_in(folder)) as store:
        for start in range(first, first + count, 1000):
            store.subscribers.add([reader(n) for n in range(start, min(start + 1000, first + count))])


def store_in(folder: Path) -> Store:
    return open_store(f"sqlite:///{folder}/bench.db", project=HERE)


@contextmanager
def ours_twice(port: int) -> Iterator[Send]:
    """Two processes at once, signed, on one list and with half of the connections each."""
    processes = multiprocessing.get_context("fork")
    with tempfile.TemporaryDirectory() as folder:

        def half(together: Barrier) -> None:
            with delivering(port, Path(folder), signed=True, connections=CONNECTIONS // 2) as deliver:
                together.wait()
                deliver()
                together.wait()

        def send(first: int, count: int) -> None:
            enlist(Path(folder), first, count)
            together = processes.Barrier(3)
            both = [processes.Process(target=half, args=(together,)) for _ in range(2)]
            for process in both:
                process.start()
            together.wait()
            with timed():
                together.wait()
            for process in both:
                process.join()

        yield send


@contextmanager
def smtp_source(port: int) -> Iterator[Send]:
    program, libraries = postfix("smtp-source")
    command = [program, "-d", "-s", str(CONNECTIONS), "-f", "bench@example.org", "-t", "reader@example.com"]

    def send(_: int, count: int) -> None:
        words = [*command, "-m", str(count), "-l", str(SIZE), f"127.0.0.1:{port}"]
        with timed():
            subprocess.run(words, check=True, env={**os.environ, "LD_LIBRARY_PATH": libraries})

    yield send


@contextmanager
def naive_smtplib(port: int) -> Iterator[Send]:
    """A message of the standard library for each, and one connection: mailmerge, Django and their like."""
    with smtplib.SMTP("127.0.0.1", port) as client:

        def send(first: int, count: int) -> None:
            with timed():
                for mail in mails(first, count):
                    message = EmailMessage()
                    message["From"], message["To"] = mail.sender, mail.to
                    message["Subject"], message["Message-ID"] = mail.rendered.subject, mail.message_id
                    message.set_content(mail.text)
                    message.add_alternative(mail.html, subtype="html")
                    client.send_message(message)

        yield send


@contextmanager
def ten_smtplibs(port: int) -> Iterator[Send]:
    """Prepared bytes over ten connections of ``smtplib``, each in a thread."""
    clients = [smtplib.SMTP("127.0.0.1", port) for _ in range(CONNECTIONS)]
    lock = threading.Lock()

    def send(first: int, count: int) -> None:
        source = mails(first, count)

        def work(client: smtplib.SMTP) -> None:
            while True:
                with lock:
                    mail = next(source, None)
                if mail is None:
                    return
                client.sendmail("bench@example.org", [mail.to], mime.message(mail))

        with timed():
            together(work, clients)

    yield send
    for client in clients:
        client.quit()


@contextmanager
def bare_sockets(port: int) -> Iterator[Send]:
    """What ``smtp-source`` says, command by command, out of Python: the limit where there is no Postfix."""
    content = mime.message(next(mails(0, 1))) + b".\r\n"
    steps = (b"MAIL FROM:<bench@example.org>\r\n", b"RCPT TO:<reader@example.com>\r\n", b"DATA\r\n", content)

    def send(_: int, count: int) -> None:
        def work(share: int) -> None:
            with socket.create_connection(("127.0.0.1", port)) as line, line.makefile("rb") as answers:
                answers.readline()
                for _ in range(share):
                    for step in steps:
                        line.sendall(step)
                        answers.readline()

        with timed():
            together(work, [count // CONNECTIONS] * CONNECTIONS)

    yield send


def together(work: Callable[[T], None], items: list[T]) -> None:
    threads = [threading.Thread(target=work, args=(item,)) for item in items]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def postfix(name: str) -> tuple[str, str]:
    """Postfix's program and its libraries' folder, out of Debian's package, which is not installed."""
    if found := shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin"):
        return found, ""
    folder = Path(tempfile.gettempdir()) / "digest-bench-postfix"
    libraries = f"{folder}/usr/lib/postfix:{folder}/usr/lib/{os.uname().machine}-linux-gnu"
    program = folder / "usr/sbin" / name
    if not program.exists():
        with tempfile.TemporaryDirectory() as made:
            packages = ["postfix", "libdb5.3", "libicu72", "libnsl2", "libsasl2-2"]
            subprocess.run(
                ["apt-get", "-qq", "download", *packages], cwd=made, check=True, capture_output=True
            )
            for package in Path(made).glob("*.deb"):
                subprocess.run(["dpkg", "-x", str(package), str(folder)], check=True)
    return str(program), libraries


# --- measuring -----------------------------------------------------------------------------------------


#: Seconds of what was timed last.
taken = [0.0]


@contextmanager
def timed() -> Iterator[None]:
    began = time.perf_counter()
    yield
    taken[0] = time.perf_counter() - began


def rate(contestant: Contestant, count: int, to: Sink = sink) -> float:
    """Mails a second, without what is done once: processes, the store, most of the connections."""
    with to() as (port, counted), contestant(port) as send:
        send(0, WARM)
        send(WARM, count)
    if counted != [count + WARM]:
        raise SystemExit(f"{contestant}: {counted} mails arrived, and {count + WARM} were sent")
    return count / taken[0]


def race(contestants: dict[str, tuple[Contestant, int]], rounds: int, to: Sink = sink) -> dict[str, float]:
    best = dict.fromkeys(contestants, 0.0)
    for _ in range(rounds):
        for name, (contestant, count) in contestants.items():
            best[name] = max(best[name], rate(contestant, count, to))
    return best


def show(title: str, speeds: dict[str, float]) -> None:
    """With shares of the first."""
    print(f"\n{title}: mails a second, share of the first")
    limit = next(iter(speeds.values()))
    for name, speed in speeds.items():
        print(f"  {name:<42}{speed:9.0f}{speed / limit:8.0%}")


def main(*, quick: bool = False) -> None:
    scale, rounds = (10, 1) if quick else (1, 4)
    try:
        postfix("smtp-source")
        limit_name, limit = "Postfix's smtp-source, ten connections", smtp_source
    except (OSError, subprocess.CalledProcessError):
        limit_name, limit = "bare sockets, ten connections", bare_sockets
    shared = {
        limit_name: (limit, 6000 // scale),
        "ours, unsigned": (ours, 6000 // scale),
        "ours, RSA-2048, one process": (partial(ours, signed=True), 3000 // scale),
        "ours, RSA-2048, two processes": (ours_twice, 3000 // scale),
    }
    near = race(
        {
            **shared,
            "prepared bytes, ten smtplibs": (ten_smtplibs, 1500 // scale),
            "EmailMessage and one smtplib": (naive_smtplib, 200 // scale),
        },
        rounds,
    )
    show(f"Mails of {SIZE // 1000} kB to a sink next door that only counts", near)
    if limit is smtp_source:
        show("The same to Postfix's smtp-sink", race(shared, rounds, postfix_sink))
    far = race(
        {"ten smtplibs": (ten_smtplibs, 400 // scale), "ours, ten connections": (ours, 1500 // scale)},
        min(rounds, 2),
        partial(sink, FAR),
    )
    print(f"\nThe same with a round trip of {FAR} ms: mails a second, beside smtplib")
    for name, speed in far.items():
        print(f"  {name:<42}{speed:9.0f}{speed / far['ten smtplibs']:8.1f} x")


if __name__ == "__main__":
    main(quick="--quick" in sys.argv)
