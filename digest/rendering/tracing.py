"""Which line of which source produced a place in a template's output: for error messages only.

Each line of a source's own text gets a private-use character in front, which is found again in what
was rendered. So a trace goes through includes, macros and loops.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from jinja2 import Environment
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

FIRST, LAST = 0xF0000, 0xFFFFD
TRACE = re.compile(f"([{chr(FIRST)}-{chr(LAST)}])")


class Traced(Extension):
    """Puts traces into every source that its environment compiles."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.extend(trace_places=[])

    def filter_stream(self, stream: TokenStream) -> Iterable[Token]:
        for token in stream:
            if token.type == "data":
                yield Token(token.lineno, "data", self._marked(token, stream.filename or stream.name or ""))
            else:
                yield token

    def _marked(self, token: Token, file: str) -> str:
        places = places_of(self.environment)
        lines = []
        for number, line in enumerate(token.value.splitlines(keepends=True), start=token.lineno):
            places.append(f"{file}:{number}")
            lines.append(f"{chr(min(FIRST + len(places) - 1, LAST))}{line}")
        return "".join(lines)


def places_of(environment: Environment) -> list[str]:
    """ "file:line" of each trace, in the order of their characters."""
    places: list[str] = environment.trace_places  # type: ignore[attr-defined]
    return places


def line_at(offset: int, traced: str, source: str, environment: Environment) -> str:
    """ "file:line" of the character at *offset* in *source*, which was *traced* in *environment*.

    It is "" when the traces changed what was written: when a source compares its own output, say.
    """
    pieces = TRACE.split(traced)
    if "".join(pieces[::2]) != source:
        return ""
    where, written = "", len(pieces[0])
    for trace, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        if written > offset:
            break
        where = places_of(environment)[ord(trace) - FIRST]
        written += len(piece)
    return where
