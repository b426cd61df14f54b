"""Tell: what the editors have to know, once, by every way there is; and the notices themselves.

::

    claim        the notice's row, so that no other process tells it, too
    tell         through every teller; one that fails does not stop the others
    settle       or, where nobody was reached, release: whoever comes next may try

Which notice is due is the caller's to decide: a notice is a value, and telling it again costs a look.
"""

from __future__ import annotations

from collections.abc import Sequence

from digest.errors import DigestError, StoreError
from digest.model import Notice
from digest.pipeline.notices import (
    draft_ready,
    feed_ill,
    ill,
    missed,
    not_sent,
    recovered,
    reminder,
    sent,
    settings_refused,
    trouble,
)
from digest.ports import NoticeStore, Teller
from digest.settings import Newsletter

__all__ = [
    "draft_ready",
    "feed_ill",
    "ill",
    "missed",
    "not_sent",
    "recovered",
    "reminder",
    "sent",
    "settings_refused",
    "tell",
    "trouble",
]


def tell(newsletter: Newsletter, notice: Notice, tellers: Sequence[Teller], notices: NoticeStore) -> bool:
    """Tell the editors, unless they were told; True when somebody was reached now.

    A notice that reached nobody is free again. Never raises a ``DigestError``: no edition waits for a notice.
    """
    if not tellers:
        return False
    try:
        if not notices.claim(notice):
            return False
    except StoreError:
        return False
    failures = [words for teller in tellers if (words := _failure(teller, notice, newsletter))]
    reached = len(failures) < len(tellers)
    try:
        if reached:
            notices.settle(notice)
        else:
            notices.release(notice, why="; ".join(failures))
    except StoreError:
        return reached
    return reached


def _failure(teller: Teller, notice: Notice, newsletter: Newsletter) -> str:
    try:
        teller.tell(notice, newsletter)
    except DigestError as exc:
        return f"{teller.name}: {exc}"
    return ""
