"""Doubt: which refusals tell of an address, and which of a server that refuses everybody.

A server that is not logged in to, has blocked us or has lost its list of mailboxes refuses one mail after
another, for good and, it may be, as unknown. So refusals are kept back until the next mail is taken:

* a few of them, after mails that were taken, or such as name an address as unknown, are believed in the end;
* where nothing was taken, and no address is said to be at fault, none is;
* of so many in a row none is, whatever they say, and no further mail is begun.

What was tried before is believed at once by a server that has taken mails: those that are put off, and left
over, are often those that are dead.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from digest.errors import SendError
from digest.model import Mail, Receipt
from digest.pipeline.delivery.suppressing import is_ours, is_unknown
from digest.words.text import counted

#: Refusals in a row after which no further mail is begun. Of random addresses, half of which are dead, so
#: many come once in a million.
MOST_DOUBTED = 20


class Doubted(NamedTuple):
    """A refusal that is kept back, and the mail that certainly has not left."""

    receipt: Receipt
    mail: Mail


class Doubts:
    """The refusals that are kept back in one run."""

    def __init__(self) -> None:
        self._kept: list[Doubted] = []

    def __iter__(self) -> Iterator[Doubted]:
        return iter(self._kept)

    def __bool__(self) -> bool:
        return bool(self._kept)

    @property
    def are_too_many(self) -> bool:
        """No server is believed any more that says so."""
        return len(self._kept) >= MOST_DOUBTED

    def hold(self, receipt: Receipt, mail: Mail) -> None:
        self._kept.append(Doubted(receipt, mail))

    def let_go(self) -> list[Doubted]:
        kept, self._kept = self._kept, []
        return kept

    def end(self, *, trusted: bool) -> bool:
        """Whether they are believed now that no further receipt comes. *trusted*: mails were taken."""
        return not self.are_too_many and (trusted or any(is_unknown(one.receipt) for one in self._kept))

    def failure(self, sender: str, *, trusted: bool) -> SendError:
        """Why the run ends, where they are not believed."""
        count, last = len(self._kept), self._kept[-1].receipt.detail
        if trusted or any(is_unknown(one.receipt) for one in self._kept):
            return SendError(
                f"{sender} refused {counted(count, 'mail')} in a row, the last with: {last}; so many are "
                "more likely its fault than that of the addresses. Nobody of these counts as refused, and "
                "nobody is suppressed: ask whoever runs it"
            )
        return SendError(
            f"{sender} took none of {counted(count, 'mail')}, and does not say that an address is at fault: "
            f"{last}; nobody counts as refused. See that it lets you send"
        )


def is_doubtful(receipt: Receipt) -> bool:
    """Whether the refusal is one that a server which refuses everybody gives, too."""
    return is_ours(receipt) or is_unknown(receipt)
