"""The sample newsroom: some thirty articles of six made-up outlets, with feeds, pages and pictures.

``digest demo``, the tests and the screenshots use it. Halvern, its neighbours and everyone in them
are invented, so that nothing here can be taken for news.
"""

from __future__ import annotations

from pathlib import Path

from digest.sample.newsroom import Newsroom
from digest.sample.site import Document

#: Where ``schedules.toml`` and ``subscribers.csv`` of the sample's newsletter lie.
SAMPLE = Path(__file__).parent

__all__ = ["SAMPLE", "Document", "Newsroom"]
