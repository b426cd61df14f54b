"""Who writes the summaries: one adapter per module, all behind ``ports.Summarizer``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.summarizers.extractive import ExtractiveSummarizer
from digest.summarizers.publisher import PublishersDescription

if TYPE_CHECKING:  # the settings' types take longer to import than all of this
    from digest.ports import Answers, Summarizer
    from digest.settings import SummarizerSettings

__all__ = ["ExtractiveSummarizer", "PublishersDescription", "open_summarizer", "open_summarizers"]


def open_summarizers(settings: SummarizerSettings, answers: Answers | None = None) -> tuple[Summarizer, ...]:
    """Whom to ask for a summary, one after the other until one has it: *settings*' choice first.

    *answers* is where a language model's answers are remembered.
    """
    quoting = (ExtractiveSummarizer(), PublishersDescription())
    if settings.kind == "llm":
        return (open_summarizer(settings, answers), *quoting)
    return quoting


def open_summarizer(settings: SummarizerSettings, answers: Answers | None = None) -> Summarizer:
    """The summarizer that *settings* names."""
    if settings.kind == "llm":
        from digest.summarizers.llm import LlmSummarizer

        return LlmSummarizer(settings, answers)
    return ExtractiveSummarizer()
