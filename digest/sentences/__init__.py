"""Sentences: where they begin and end, and which of them may be quoted in a blurb."""

from digest.sentences.datelines import dateline
from digest.sentences.faults import fault
from digest.sentences.leaning import leans
from digest.sentences.reading import Sentence, read
from digest.sentences.splitting import balanced, quotations, split
from digest.sentences.streams import first_report

__all__ = [
    "Sentence",
    "balanced",
    "dateline",
    "fault",
    "first_report",
    "leans",
    "quotations",
    "read",
    "split",
]
