"""Tables as they are printed: a line for what must be reached, one for us, one for each peer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

#: Characters: of a system's name, between columns, and of a column at least.
_NAME, _GAP, _LEAST = 30, 3, 6
US = "digest"


@dataclass(frozen=True, slots=True)
class Figure:
    """A column, and what must be reached in it: ">" or "<" and a number, or None."""

    name: str
    above: float | None = None
    below: float | None = None
    decimals: int = 1

    @property
    def reach(self) -> str:
        if self.above is not None:
            return f"> {self.above:g}"
        return f"< {self.below:g}" if self.below is not None else ""

    def shown(self, value: float | None) -> str:
        return "–" if value is None else f"{value:,.{self.decimals}f}"

    def mark(self, value: float) -> str:
        """Whether it was reached; a blank where nothing has to be."""
        if self.above is not None:
            return "✓" if value > self.above else "✗"
        if self.below is not None:
            return "✓" if value < self.below else "✗"
        return " "


@dataclass(frozen=True, slots=True)
class Table:
    title: str
    figures: tuple[Figure, ...]
    #: By system, ``US`` first; None where a system has no such figure. Shares are in percent.
    rows: dict[str, Sequence[float | None]] = field(default_factory=dict)

    def lines(self) -> list[str]:
        found = [self.title, self._line("", [figure.name for figure in self.figures])]
        if any(figure.reach for figure in self.figures):
            found.append(self._line("reach", [figure.reach for figure in self.figures]))
        for name, values in self.rows.items():
            cells = [figure.shown(value) for figure, value in zip(self.figures, values, strict=True)]
            found.append(self._line(name, cells, self._marks(values) if name == US else ""))
        return found

    def _marks(self, values: Sequence[float | None]) -> str:
        return "".join(
            " " if value is None else figure.mark(value)
            for figure, value in zip(self.figures, values, strict=True)
        )

    def _line(self, name: str, cells: Sequence[str], marks: str = "") -> str:
        """Each cell right-aligned under its figure's name, with a mark behind it or a blank."""
        columns = zip(self.figures, cells, marks or " " * len(cells), strict=True)
        told = (f"{cell:>{max(len(figure.name), _LEAST) + _GAP}}{mark}" for figure, cell, mark in columns)
        return f"  {name:<{_NAME}}{''.join(told)}".rstrip()
