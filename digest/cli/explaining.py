"""Why an article is in an edition, or is not: every candidate with its score, reasons and verdict."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from digest.cli.session import answering

if TYPE_CHECKING:
    from digest.model import Selection


def candidates(selection: Selection) -> list[dict[str, object]]:
    """As plain data."""
    return [
        {
            "verdict": candidate.verdict,
            "score": round(candidate.score, 3),
            "title": candidate.article.title,
            "outlet": candidate.article.outlet,
            "url": candidate.article.url,
            "when": candidate.article.when.isoformat(),
            "reasons": list(candidate.reasons),
        }
        for candidate in selection.candidates
    ]


@contextmanager
def shown(asked: bool, *, err: bool = False) -> Iterator[list[Selection]]:
    """A list for the selections; the last one is shown at the end, even if there is no edition."""
    chosen: list[Selection] = []
    try:
        yield chosen
    finally:
        if asked and chosen:
            show(chosen[-1], err=err)


def show(selection: Selection, *, err: bool = False) -> None:
    """As a table."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("score", "outlet", "article", "why", "verdict", box=None, pad_edge=False)
    for candidate in selection.candidates:
        row = (
            f"{candidate.score:.2f}",
            candidate.article.outlet,
            candidate.article.title,
            ", ".join(candidate.reasons),
            candidate.verdict,
        )
        table.add_row(*map(Text, row))
    console = Console(stderr=err)
    width = max(console.width, 140) if not console.is_terminal else None
    with suppress(OSError) if err else answering():
        Console(width=width, stderr=err).print(table)
