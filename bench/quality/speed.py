"""What it costs: CPU seconds of this process, and of an import in a process of its own."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec

from bench.quality import ours, peers
from bench.quality.data import Page, Piece
from bench.quality.report import US, Figure, Table

_ROUNDS = 3
_IMPORTS = {
    US: "import digest.summarizers",
    "sumy LexRank": ("import sumy.parsers.plaintext, sumy.summarizers.lex_rank, sumy.nlp.stemmers"),
}
#: Packages of which a summary needs none.
_HEAVY = ("nltk", "sklearn")


def tables(pieces: Sequence[Piece], pages: Sequence[Page]) -> list[Table]:
    return [_summaries(pieces), _readings(pages)]


def _summaries(pieces: Sequence[Piece]) -> Table:
    articles = [ours.of_piece(piece) for piece in pieces]
    jobs: dict[str, Callable[[], object]] = {US: lambda: [ours.blurb(article) for article in articles]}
    for name, pick in peers.pickers().items():
        jobs[name] = lambda pick=pick: [pick(piece.text) for piece in pieces]  # type: ignore[misc]
    table = Table(
        f"speed: summaries of {len(pieces)} articles",
        (
            Figure("per CPU second", above=150, decimals=0),
            Figure("× LexRank", above=2.1),
            Figure("import, ms", below=100, decimals=0),
            Figure("nltk, sklearn", below=1, decimals=0),
        ),
    )
    rates = _rates(jobs, len(pieces))
    lexrank = rates.get("sumy LexRank")
    for name, rate in rates.items():
        importing = _IMPORTS.get(name)
        table.rows[name] = [
            rate,
            rate / lexrank if lexrank else None,
            1000 * _import_seconds(importing) if importing else None,
            _heavy(importing) if importing else None,
        ]
    return table


def _readings(pages: Sequence[Page]) -> Table:
    jobs: dict[str, Callable[[], object]] = {US: lambda: [ours.read(page) for page in pages]}
    for name, extract in peers.extractors().items():
        jobs[name] = lambda extract=extract: [extract(page.html, page.url) for page in pages]  # type: ignore[misc]
    rates = _rates(jobs, len(pages))
    alone = rates.get("trafilatura")
    table = Table(
        f"speed: text, authors, picture of {len(pages)} pages (peers: text alone)",
        (Figure("per CPU second", decimals=0), Figure("× trafilatura")),
    )
    for name, rate in rates.items():
        table.rows[name] = [rate, rate / alone if alone else None]
    return table


def _rates(jobs: dict[str, Callable[[], object]], count: int) -> dict[str, float]:
    """Articles a CPU second, at best of some rounds taken in turn; imports and caches are warm."""
    least = dict.fromkeys(jobs, float("inf"))
    for _ in range(_ROUNDS):
        for name, job in jobs.items():
            began = time.process_time()
            job()
            least[name] = min(least[name], time.process_time() - began)
    return {name: count / seconds for name, seconds in least.items()}


def _import_seconds(statement: str) -> float:
    """CPU time beyond an empty interpreter's."""
    return max(_cpu(statement) - _cpu("pass"), 0.0)


def _cpu(code: str) -> float:
    taken = []
    for _ in range(2 * _ROUNDS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        taken.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(taken)


def _heavy(statement: str) -> int:
    """How many of the heavy packages an import brings along."""
    wanted = [name for name in _HEAVY if find_spec(name) is not None]
    code = f"import sys; {statement}; print(sum(name in sys.modules for name in {wanted!r}))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return int(done.stdout)
