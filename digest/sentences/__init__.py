"""Sentences: where they begin and end, and which of them may be quoted in a blurb."""

from digest.sentences.datelines import dateline
from digest.sentences.faults import fault
from digest.sentences.leaning import leans
from digest.sentences.reading import Sentence, read
from digest.sentences.splitting import balanced, quotations, split

__all__ = ["Sentence", "balanced", "dateline", "fault", "leans", "quotations", "read", "split"]
