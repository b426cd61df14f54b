"""Who writes the summaries: one adapter a module, all behind ``ports.Summarizer``."""

from __future__ import annotations

from digest.ports import Answers, Summarizer
from digest.settings import LlmSettings, SummarizerSettings
from digest.summarizers.extractive import ExtractiveSummarizer
from digest.summarizers.publisher import PublishersDescription

__all__ = ["ExtractiveSummarizer", "PublishersDescription", "open_summarizer", "open_summarizers"]


def open_summarizers(settings: SummarizerSettings, answers: Answers | None = None) -> tuple[Summarizer, ...]:
    """Whom to ask for a summary, one after the other until one has it: *settings*' choice first.

    *answers* is where a language model's answers are remembered.
    """
    quoting = (ExtractiveSummarizer(), PublishersDescription())
    if isinstance(settings, LlmSettings):
        return (open_summarizer(settings, answers), *quoting)
    return quoting


def open_summarizer(settings: SummarizerSettings, answers: Answers | None = None) -> Summarizer:
    """The summarizer that *settings* names."""
    if isinstance(settings, LlmSettings):
        from digest.summarizers.llm import LlmSummarizer

        return LlmSummarizer(settings, answers)
    return ExtractiveSummarizer()
