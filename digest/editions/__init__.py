"""The file of an edition: what editors change, and what is sent. ``parse(write(edition)) == edition``."""

from digest.editions.edits import Add, Edit, Move, Remove, Write, apply, in_words
from digest.editions.keeping import from_json, to_json
from digest.editions.merging import Merged, merge
from digest.editions.reading import parse
from digest.editions.writing import write

__all__ = [
    "Add",
    "Edit",
    "Merged",
    "Move",
    "Remove",
    "Write",
    "apply",
    "from_json",
    "in_words",
    "merge",
    "parse",
    "to_json",
    "write",
]
