"""A blurb in a language model's words, which is accepted only if the article bears it out."""

from digest.summarizers.llm.summarizer import LlmSummarizer

__all__ = ["LlmSummarizer"]
