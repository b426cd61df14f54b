"""An edition as JSON, for programs only: it is read a hundred times as fast as the edition's file."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from digest.model import Edition

if TYPE_CHECKING:
    from pydantic import TypeAdapter


def to_json(edition: Edition) -> str:
    """``from_json`` gives the very same edition back."""
    return _adapter().dump_json(edition).decode()


def from_json(text: str) -> Edition:
    """What an earlier program wrote is read, too: what it did not know is as by default."""
    return _adapter().validate_json(text)


@cache
def _adapter() -> TypeAdapter[Edition]:
    from pydantic import TypeAdapter

    return TypeAdapter(Edition)
