"""What a run may spend on a model."""

from __future__ import annotations

from digest.errors import SummaryError


class Budget:
    """Calls and tokens that are left; a call is paid before it is made, at the most that it may cost."""

    def __init__(self, *, calls: int, tokens: int) -> None:
        self._calls, self._tokens = calls, tokens
        self._calls_left, self._tokens_left = calls, tokens

    def take(self, tokens: int) -> None:
        """Pay one call of at most so many tokens.

        Raises:
            SummaryError: There is not so much left; nothing was taken.
        """
        if not self._calls_left:
            raise SummaryError(f"the run's budget of {self._calls} calls is spent")
        if tokens > self._tokens_left:
            raise SummaryError(f"the run's budget of {self._tokens} tokens is spent")
        self._calls_left -= 1
        self._tokens_left -= tokens

    def settle(self, *, paid: int, used: int) -> None:
        """Give back what a call did not cost after all, or take what it cost more."""
        self._tokens_left += paid - used
