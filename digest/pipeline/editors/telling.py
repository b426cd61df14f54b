"""Tell: sends the editors what they have to know, once, by every route there is.

::

    claim        the notice's row, so that no other process tells it, too
    tell         through every teller; one that fails does not stop the others
    settle       or, if nobody was reached, release it: the next process tells it again

The caller decides which notice is due (``notices`` makes them): telling one again costs only a look-up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from digest import timetable
from digest.errors import DigestError, StoreError
from digest.logs import bound, log
from digest.masking import Redaction
from digest.model import Notice, NoticeKind
from digest.pipeline.editors.notices import feed_ill, feed_well, ill, together
from digest.ports import FeedStore, NoticeStore, Teller, Untold
from digest.settings import Newsletter
from digest.urls import shown
from digest.words.text import clean

#: Notices about editions as old as this are no longer useful to anybody.
STALE = 3 * timetable.DAY


def tell(newsletter: Newsletter, notice: Notice, tellers: Sequence[Teller], notices: NoticeStore) -> bool:
    """Tell the editors, unless they were told or want no such notice; True when somebody was reached now.

    What is told contains no address and no secret of the newsletter. A notice that reached nobody is free
    again. Never raises a ``DigestError``: no edition waits for a notice.
    """
    return tell_together(newsletter, [notice], tellers, notices)


def tell_together(
    newsletter: Newsletter, several: Sequence[Notice], tellers: Sequence[Teller], notices: NoticeStore
) -> bool:
    """``tell`` notices of one kind in one message: those of them that nobody was told."""
    if not tellers or not several or several[0].kind.value in newsletter.notices.mute:
        return False
    fit = [_fit_to_be_told(notice, newsletter) for notice in several]
    with bound(newsletter=newsletter.key, day=str(fit[0].day or "")):
        try:
            ours = [notice for notice in fit if notices.claim(notice)]
            if not ours:
                return False
            told = together(ours)
            failures = [words for teller in tellers if (words := _failure(teller, told, newsletter))]
            reached = len(failures) < len(tellers)
            for notice in ours:
                if reached:
                    log.info("told", kind=notice.kind.value, about=notice.about, headline=notice.headline)
                    notices.settle(notice)
                else:
                    notices.release(notice, why="; ".join(failures))
        except StoreError as exc:
            log.error("not told", kind=fit[0].kind.value, about=fit[0].about, why=str(exc))
            return False
    return reached


def tell_again(
    newsletter: Newsletter, tellers: Sequence[Teller], notices: NoticeStore, *, now: datetime
) -> None:
    """Tell what reached nobody, even in another process, while it is still useful.

    Raises:
        StoreError: What that is cannot be read.
    """
    if not tellers:
        return
    of_feeds: dict[NoticeKind, list[Notice]] = defaultdict(list)
    for untold in reversed(notices.untold(newsletter.key, now=now)):
        if not _is_of_use(newsletter, untold, now):
            continue
        again = Notice(
            kind=untold.kind,
            newsletter=newsletter.key,
            day=untold.day,
            headline=untold.headline,
            lines=untold.lines,
            at=now,
            about=untold.about,
        )
        if again.kind in (NoticeKind.FEED_ILL, NoticeKind.RECOVERED):
            of_feeds[again.kind].append(again)
        else:
            tell(newsletter, again, tellers, notices)
    for several in of_feeds.values():
        tell_together(newsletter, several, tellers, notices)


def _is_of_use(newsletter: Newsletter, untold: Untold, now: datetime) -> bool:
    if untold.day is None:
        return True
    if untold.kind in (NoticeKind.DRAFT_READY, NoticeKind.REMINDER):  # until nothing can be done about it
        return now < timetable.plan(newsletter, untold.day).last
    return timetable.today(newsletter, now) - untold.day < STALE


def tell_of_feeds(
    newsletter: Newsletter,
    feeds: FeedStore,
    tellers: Sequence[Teller],
    notices: NoticeStore,
    *,
    now: datetime,
) -> None:
    """Tell which of the newsletter's feeds have become ill, and which are well again.

    Raises:
        StoreError: Their state cannot be read.
    """
    states = feeds.states([feed.url for feed in newsletter.feeds])
    ailing = [feed_ill(newsletter, state, now=now) for state in ill(newsletter, states)]
    tell_together(newsletter, ailing, tellers, notices)
    told = notices.unanswered(newsletter.key, NoticeKind.FEED_ILL)
    well = [
        feed_well(newsletter, state, now=now)
        for state in states.values()
        if shown(state.url) in told and not (state.failures or state.gone_at)
    ]
    tell_together(newsletter, well, tellers, notices)


def _fit_to_be_told(notice: Notice, newsletter: Newsletter) -> Notice:
    redaction = Redaction.of(newsletter)

    def fit(words: str) -> str:
        return redaction(clean(words))

    return replace(
        notice, headline=fit(notice.headline), lines=tuple(fit(line) for line in notice.lines if line.strip())
    )


def _failure(teller: Teller, notice: Notice, newsletter: Newsletter) -> str:
    """Why it could not be told this way; "" if it was."""
    try:
        teller.tell(notice, newsletter)
    except DigestError as exc:
        words = Redaction.of(newsletter)(clean(str(exc)))
        log.error("not told", kind=notice.kind.value, about=notice.about, by=teller.name, why=words)
        return f"{teller.name}: {words}"
    return ""
