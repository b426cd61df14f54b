"""Several questions to one model at once, asked from a thread of its own."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from contextlib import suppress
from typing import TYPE_CHECKING

from digest.errors import SummaryError
from digest.settings import LlmSettings
from digest.summarizers.llm.background import Background
from digest.summarizers.llm.budget import Budget

if TYPE_CHECKING:
    from digest.summarizers.llm.asking import Asker

#: Tokens have more characters than this in any language of letters.
_CHARACTERS_A_TOKEN = 3
#: Seconds for closing connections in good order, after which they are left.
_GRACE = 0.5


class Conversation:
    """Nothing is opened before the first question; *budget* is touched in one thread only."""

    def __init__(self, settings: LlmSettings, budget: Budget) -> None:
        self._settings = settings
        self._budget = budget
        self._turn = asyncio.Semaphore(settings.workers)
        self._background: Background | None = None
        self._asker: Asker | None = None

    def ask(self, instructions: str, message: str) -> Future[str]:
        """The answer to come, or a ``SummaryError``; as many are under way at once as the settings allow."""
        if self._background is None:
            self._background = Background()
        return self._background.submit(self._ask(instructions, message))

    def close(self) -> None:
        """Give up what was not answered yet, without waiting for it."""
        if self._background is None:
            return
        with suppress(TimeoutError):
            self._background.submit(self._end()).result(_GRACE)
        self._background.close(_GRACE)

    async def _ask(self, instructions: str, message: str) -> str:
        async with self._turn:
            asker = self._opened()
            written = len(instructions) + len(message)
            most = written // _CHARACTERS_A_TOKEN + asker.longest
            self._budget.take(most)
            reply = await asker.ask(instructions, message)
            used = max(reply.tokens, (written + len(reply.text)) // _CHARACTERS_A_TOKEN)
            self._budget.settle(paid=most, used=used)
            return reply.text

    def _opened(self) -> Asker:
        # Imported here, in the thread that nobody waits for: it takes seconds, and the clock runs.
        if self._asker is None:
            try:
                from digest.summarizers.llm.asking import Asker
            except ImportError as exc:
                raise SummaryError(
                    f"{exc.name} is not installed: pip install 'digest-newsletter[llm]'"
                ) from None
            self._asker = Asker(self._settings)
        return self._asker

    async def _end(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        if self._asker is not None:
            await self._asker.close()
