"""Who writes the summaries: one adapter a module, all behind ``ports.Summarizer``."""

from __future__ import annotations

from digest.ports import Summarizer
from digest.settings import SummarizerSettings
from digest.summarizers.extractive import ExtractiveSummarizer
from digest.summarizers.publisher import PublishersDescription

__all__ = ["ExtractiveSummarizer", "PublishersDescription", "open_summarizer", "open_summarizers"]


def open_summarizers(settings: SummarizerSettings) -> tuple[Summarizer, ...]:
    """Whom to ask for a summary, one after the other until one has it: *settings*' choice first."""
    return (open_summarizer(settings), PublishersDescription())


def open_summarizer(settings: SummarizerSettings) -> Summarizer:
    """The summarizer that *settings* names."""
    match settings.kind:
        case "extractive":
            return ExtractiveSummarizer()
