"""The progress that a stage reports."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Step(NamedTuple):
    """Something happened in a stage: *done* of *total*; *words* are empty when there is nothing to say."""

    stage: str
    done: int
    total: int
    words: str = ""


#: Told of each step as it happens: a progress bar, plain lines, or nobody.
Progress = Callable[[Step], None]
