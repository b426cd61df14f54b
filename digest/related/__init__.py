"""Dig deeper: the related piece that a blurb leads to, what else there is on its matter, and the sentence.

Read Josh Schumacher’s [report](https://…) in *The Sift* about Putin praising Kim’s support.
"""

from __future__ import annotations

from digest.related.archive import Archive
from digest.related.choosing import address, find, nearby, relate
from digest.related.sentences import sentence

__all__ = ["Archive", "address", "find", "nearby", "relate", "sentence"]
