"""Summarize: each story by the first summarizer that has a summary of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from digest.errors import SummaryError
from digest.model import Story, Summary
from digest.ports import Summarizer


def summarize(
    stories: Sequence[Story], summarizers: Sequence[Summarizer], *, words: int, at: datetime
) -> list[Summary | SummaryError]:
    """An answer for each story, in order.

    A summary's ``reason`` says why the summarizers before had none; an error says it for all of them.
    """
    answers: list[Summary | SummaryError] = [SummaryError("nobody was asked") for _ in stories]
    reasons: list[list[str]] = [[] for _ in stories]
    left = list(range(len(stories)))
    for summarizer in summarizers:
        if not left:
            break
        given = summarizer.summarize([stories[number] for number in left], words=words, at=at)
        for number, answer in zip(left, given, strict=True):
            if isinstance(answer, SummaryError):
                reasons[number].append(f"{summarizer.name}: {answer}")
                answers[number] = SummaryError("; ".join(reasons[number]))
            else:
                answers[number] = replace(answer, reason="; ".join(reasons[number]))
        left = [number for number in left if isinstance(answers[number], SummaryError)]
    return answers
