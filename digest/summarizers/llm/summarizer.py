"""Asks for several stories at once, within limits of time and money, and never the same thing twice.

::

    remember | ask | remember it | check | hand out, in the order of the stories
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from datetime import datetime
from secrets import token_hex
from time import monotonic

from digest.errors import SummaryError
from digest.model import Story, Summary
from digest.ports import Answers
from digest.settings import LlmSettings
from digest.summarizers.llm import prompt
from digest.summarizers.llm.answer import Answer, checked, read
from digest.summarizers.llm.budget import Budget
from digest.summarizers.llm.conversation import Conversation


class LlmSummarizer:
    """A language model behind a gate. Its budget and its time are those of one run: open it anew for each."""

    name = "llm"

    def __init__(self, settings: LlmSettings, answers: Answers | None = None) -> None:
        self._settings = settings
        self._answers = answers
        self._budget = Budget(calls=settings.calls, tokens=settings.tokens)
        self._seconds_left = settings.time_limit.total_seconds()

    def summarize(
        self, stories: Sequence[Story], *, words: int, at: datetime
    ) -> Iterator[Summary | SummaryError]:
        deadline = monotonic() + self._seconds_left
        conversation = Conversation(self._settings, self._budget)
        try:
            asked = [self._asked(story, words, conversation) for story in stories]
            for story, answer in zip(stories, asked, strict=True):
                yield self._checked(story, answer, words, at, deadline)
        finally:
            conversation.close()
            self._seconds_left = max(0.0, deadline - monotonic())

    def _asked(self, story: Story, words: int, conversation: Conversation) -> Answer | Future[str] | str:
        """What was once answered, an answer to come, or why the model is not asked."""
        if order := prompt.orders(story.lead):
            return f"its text gives orders to a model (“{order}”)"
        known = self._answers.get(self._key(story, words)) if self._answers is not None else None
        if known is not None:
            with suppress(SummaryError):  # of a version with another form
                return read(known)
        fence = token_hex(12)
        return conversation.ask(prompt.instructions(words, fence), prompt.shown(story, fence))

    def _checked(
        self, story: Story, asked: Answer | Future[str] | str, words: int, at: datetime, deadline: float
    ) -> Summary | SummaryError:
        try:
            match asked:
                case str():
                    return SummaryError(asked)
                case Answer():
                    answer = asked
                case _:
                    answer = read(self._awaited(asked, deadline))
                    self._keep(story, answer, words, at)
            return checked(answer, story, words=words, model=self._settings.model)
        except SummaryError as exc:
            return exc

    def _awaited(self, coming: Future[str], deadline: float) -> str:
        try:
            return coming.result(max(0.0, deadline - monotonic()))
        except TimeoutError:
            limit = self._settings.time_limit.total_seconds()
            raise SummaryError(f"the time limit of {limit:g} s for all stories is over") from None

    def _keep(self, story: Story, answer: Answer, words: int, at: datetime) -> None:
        if self._answers is not None:
            self._answers.put(self._key(story, words), answer.model_dump_json(), at=at)

    def _key(self, story: Story, words: int) -> str:
        return prompt.key(story, model=self._settings.model, words=words)
