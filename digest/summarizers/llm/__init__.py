"""A blurb in a language model's words, which is let through only when the article bears it out."""

from digest.summarizers.llm.summarizer import LlmSummarizer

__all__ = ["LlmSummarizer"]
