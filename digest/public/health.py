"""For monitors: whether the program and its editions are well, and metrics for Prometheus.

::

    /healthz             200: the program answers, and its database; else 503
    /healthz/editions    200: there is nothing that somebody should look at; else 503
    /metrics             the metrics, in Prometheus' text format

The first two are for everyone and say no more than that. The metrics are for this machine, or for whoever
has the token.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from ipaddress import ip_address
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from digest import __version__, pipeline
from digest.app import App
from digest.errors import StoreError
from digest.logs import log
from digest.pipeline import Concern, Watch
from digest.settings import Secret

#: Text format 0.0.4: https://prometheus.io/docs/instrumenting/exposition_formats/
FORMAT = "text/plain; version=0.0.4; charset=utf-8"
#: Headers that a proxy adds: then the connecting address is the proxy's, and says nothing about who asks.
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")

Labels = Mapping[str, str]


class Metric(NamedTuple):
    name: str
    kind: str
    words: str
    samples: Sequence[tuple[Labels, float]]


def routes(app: App, clock: Callable[[], datetime]) -> list[Route]:
    """At the root, beside the pages of all newsletters."""

    def watches() -> list[Watch]:
        now = clock()
        known = app.settings.newsletters.values()
        return [pipeline.watch(each, app.store, now=now, editions=1) for each in known]

    def alive(_: Request) -> Response:
        try:
            for newsletter in app.settings.newsletters:
                app.store.subscribers.counts(newsletter)
        except StoreError as exc:
            return _failed(exc)
        return _answer("well")

    def editions(_: Request) -> Response:
        try:
            well = not any(watch.concerns for watch in watches())
        except StoreError as exc:
            return _failed(exc)
        return _answer("well") if well else _answer("see digest status", 503)

    def metrics(request: Request) -> Response:
        if (refusal := _refusal(request, app.settings.metrics.token)) is not None:
            return refusal
        try:
            text = exposition(_metrics(watches(), app.store.events.counts()))
        except StoreError as exc:
            return _failed(exc)
        return Response(text, media_type=FORMAT, headers={"Cache-Control": "no-store"})

    return [
        Route("/healthz", alive, methods=["GET"]),
        Route("/healthz/editions", editions, methods=["GET"]),
        Route("/metrics", metrics, methods=["GET"]),
    ]


def _answer(words: str, status: int = 200) -> Response:
    return PlainTextResponse(f"{words}\n", status_code=status, headers={"Cache-Control": "no-store"})


def _failed(error: StoreError) -> Response:
    log.error("unhealthy", why=str(error))
    return _answer("not well", 503)


def _refusal(request: Request, token: Secret) -> Response | None:
    """Why not to answer; None for those who may have the metrics."""
    if token:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and hmac.compare_digest(given.encode(), token.reveal().encode()):
            return None
        return PlainTextResponse("bring the token\n", status_code=401, headers={"WWW-Authenticate": "Bearer"})
    if _is_from_here(request):
        return None
    return PlainTextResponse("for this machine only; see [metrics] in docs/schedules.md\n", status_code=403)


def _is_from_here(request: Request) -> bool:
    if request.client is None or any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def exposition(metrics: Sequence[Metric]) -> str:
    """The text that Prometheus reads."""
    return "".join(line for metric in metrics for line in _lines(metric))


def _lines(metric: Metric) -> Iterator[str]:
    yield f"# HELP {metric.name} {metric.words}\n"
    yield f"# TYPE {metric.name} {metric.kind}\n"
    for labels, value in metric.samples:
        named = ",".join(f'{name}="{_escaped(text)}"' for name, text in labels.items())
        yield f"{metric.name}{{{named}}} {value:.17g}\n"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _metrics(watches: Sequence[Watch], events: Mapping[tuple[str, str], int]) -> list[Metric]:
    """They contain nothing about a reader, and no more series than newsletters times states."""

    def gauge(name: str, words: str, samples: Callable[[Watch], Iterator[tuple[Labels, float]]]) -> Metric:
        found = [
            ({"newsletter": watch.newsletter.key, **labels}, value)
            for watch in watches
            for labels, value in samples(watch)
        ]
        return Metric(f"digest_{name}", "gauge", words, found)

    came_back = [({"source": source, "type": kind}, float(count)) for (source, kind), count in events.items()]
    return [
        Metric("digest_build_info", "gauge", "The program's version.", [({"version": __version__}, 1)]),
        gauge("subscribers", "Subscribers by state.", lambda watch: _by("state", watch.subscribers)),
        gauge("next_send_timestamp_seconds", "When the next edition goes out.", _next_send),
        gauge("last_run_timestamp_seconds", "When a stage last ran.", _last_runs),
        gauge("last_run_exit_code", "How that ended; 0 and 3 are well.", _last_codes),
        gauge("last_edition_mails", "Mails of the newest edition by state.", _mails),
        gauge("last_edition_returned", "What came back of it by kind.", _returned),
        gauge("feeds", "Feeds.", lambda watch: iter([({}, len(watch.newsletter.feeds))])),
        gauge("feeds_ill", "Feeds that fail and fail.", lambda watch: iter([({}, len(watch.ill))])),
        gauge("notices_untold", "Notices nobody was told.", lambda watch: iter([({}, len(watch.untold))])),
        gauge("concerns", "What somebody should look at, by kind.", _concerns),
        Metric("digest_mail_events_total", "counter", "What providers and bounces told.", came_back),
    ]


def _by(label: str, counts: Mapping[str, int]) -> Iterator[tuple[Labels, float]]:
    return (({label: name}, count) for name, count in counts.items())


def _next_send(watch: Watch) -> Iterator[tuple[Labels, float]]:
    if watch.next_send is not None:
        yield {}, watch.next_send.timestamp()


def _last_runs(watch: Watch) -> Iterator[tuple[Labels, float]]:
    last = {run.stage: run for run in reversed(watch.runs)}
    return (({"stage": stage}, run.at.timestamp()) for stage, run in last.items())


def _last_codes(watch: Watch) -> Iterator[tuple[Labels, float]]:
    last = {run.stage: run for run in reversed(watch.runs)}
    return (({"stage": stage}, run.code) for stage, run in last.items())


def _mails(watch: Watch) -> Iterator[tuple[Labels, float]]:
    for edition in watch.editions[:1]:
        tally = edition.tally
        states = ("sent", "refused", "deferred", "unsure", "pending")
        yield from _by("state", {state: getattr(tally, state) for state in states})


def _returned(watch: Watch) -> Iterator[tuple[Labels, float]]:
    for edition in watch.editions[:1]:
        yield from _by("kind", edition.returned)


def _concerns(watch: Watch) -> Iterator[tuple[Labels, float]]:
    kinds = [kind for kind, _ in watch.concerns]
    return (({"kind": kind.value}, kinds.count(kind)) for kind in Concern)
