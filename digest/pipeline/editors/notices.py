"""The notices: what the editors are told at each turn of a morning. Pure; ``telling`` delivers them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from hashlib import sha256

from digest import timetable
from digest.errors import ConfigError, DigestError, SendError, StoppedError, StoreError
from digest.model import Edition, EditionKey, FeedState, Notice, NoticeKind, Tally
from digest.settings import Newsletter
from digest.urls import shown
from digest.words.text import counted


def draft_ready(newsletter: Newsletter, edition: Edition, *, now: datetime, warnings: int = 0) -> Notice:
    """A draft, with its items, where to see it, and what happens if nobody does anything.

    *warnings*: how many things its proofreading found.
    """
    key, items = edition.key, len(edition.used)
    look = f"{counted(warnings, 'thing')} to look at before it goes out." if warnings else ""
    lines = (
        f"Subject: {edition.subject}",
        *_items(edition),
        _pending(edition),
        look,
        _seen_at(newsletter, key),
        _what_next(newsletter, key.day),
    )
    return _notice(
        NoticeKind.DRAFT_READY,
        newsletter,
        f"{_edition(key.day)} is ready to be read: {'a quiet day, ' if edition.quiet else ''}"
        f"{counted(items, 'item')}",
        lines,
        day=key.day,
        now=now,
    )


def reminder(newsletter: Newsletter, edition: Edition, why: str, *, now: datetime) -> Notice:
    """The hour comes near, and something is still to be done: *why* says what, as in "nobody approved it"."""
    key = edition.key
    needs = "still needs you" if newsletter.approval != "automatic" else "is about to go out"
    return _notice(
        NoticeKind.REMINDER,
        newsletter,
        f"{_edition(key.day)} {needs}: {why}",
        (_seen_at(newsletter, key), _what_next(newsletter, key.day)),
        day=key.day,
        now=now,
    )


def not_sent(
    newsletter: Newsletter,
    key: EditionKey,
    why: DigestError | str,
    *,
    now: datetime,
    about: str = "",
    until: datetime | None = None,
    draft: bool = True,
    sent: int = 0,
) -> Notice:
    """The edition should be out and is not. *until*: if it is fixed before then, the scheduler sends it.

    *draft*: there is one to look at; *sent*: how many readers have it.
    """
    if isinstance(why, StoppedError):  # there is nothing to fix, and its words say how to go on
        then = ""
    elif until is not None:
        then = f"If it is fixed before {_hour(newsletter, until)}, the edition still goes out automatically."
    else:
        then = f"Once that is fixed, send it with: {_send(key)}"
    return _notice(
        NoticeKind.NOT_SENT,
        newsletter,
        f"{_edition(key.day)} {'did not reach everybody' if sent else 'was not sent'}",
        (*_said(why), then, _seen_at(newsletter, key) if draft else ""),
        day=key.day,
        now=now,
        about=about or _slug(why),
    )


def quiet(newsletter: Newsletter, key: EditionKey, why: str, *, now: datetime) -> Notice:
    """Too little happened for an edition: nothing is wrong, and nothing needs fixing."""
    return _notice(
        NoticeKind.NOT_SENT,
        newsletter,
        f"{_edition(key.day)} is left out: it is a quiet day",
        (
            *_said(why),
            "What came in goes into the next edition. What happens on a quiet day is set by min_items and "
            "quiet_day in schedules.toml.",
        ),
        day=key.day,
        now=now,
        about="quiet",
    )


def not_made(newsletter: Newsletter, key: EditionKey, why: DigestError | str, *, now: datetime) -> Notice:
    """There is no draft: a quiet day, or no feed could be read."""
    return _notice(
        NoticeKind.NOT_SENT,
        newsletter,
        f"{_edition(key.day)} has no draft",
        (*_said(why), f"To try again: digest build {key.newsletter} --date {key.day}"),
        day=key.day,
        now=now,
        about=f"no draft: {_slug(why)}",
    )


def failed(
    newsletter: Newsletter, key: EditionKey, stage: str, error: DigestError, *, now: datetime, sent: int = 0
) -> Notice:
    """What ended a "build" or a "send" of the edition: something to fix in it or in what it needs, or a stop.

    *sent*: how many readers have it.
    """
    if isinstance(error, SendError | StoreError | ConfigError):
        return trouble(newsletter, error, now=now)
    if stage == "build":
        return not_made(newsletter, key, error, now=now)
    return not_sent(newsletter, key, error, now=now, sent=sent)


def sent(
    newsletter: Newsletter, key: EditionKey, tally: Tally | str, *, now: datetime, held: int = 0
) -> Notice:
    """The edition is out, in numbers; for a campaign in its provider's words.

    *held*: readers who were called unknown, too many to be suppressed.
    """
    lines = [str(tally), too_many_unknown(key, held) if held else ""]
    if isinstance(tally, Tally) and tally.deferred:
        were = f"{counted(tally.deferred, 'mail')} {'was' if tally.deferred == 1 else 'were'}"
        lines.append(f"{were} put off by the readers' servers, and will be tried again.")
    if isinstance(tally, Tally) and tally.unsure:
        lines.append(f"Of {tally.unsure} nobody knows whether they left; to list them: {_send(key)} --unsure")
    count = f": {counted(tally.sent, 'mail')}" if isinstance(tally, Tally) else ""
    return _notice(
        NoticeKind.SENT,
        newsletter,
        f"{_edition(key.day)} is out{count}",
        lines,
        day=key.day,
        now=now,
    )


def too_many_unknown(key: EditionKey, count: int) -> str:
    """What is to be done about readers whom servers call unknown, and who are too many to believe it."""
    are = counted(count, "address was", "addresses were")
    return (
        f"{are} called unknown, too many to believe it: they are not suppressed yet, and are tried with "
        "the next editions. If they are indeed unknown, suppress them now, for such mails harm your "
        f"reputation: digest subscribers suppress {key.newsletter} --unknown {key.day}"
    )


def feed_ill(newsletter: Newsletter, state: FeedState, *, now: datetime) -> Notice:
    """A feed that fails and fails: told once from the first failure to the next success."""
    title = _title(newsletter, state.url)
    since = _when(newsletter, state.succeeded_at) if state.succeeded_at else "never since it was added"
    gone = ("It is not fetched any more.",) if state.gone_at else ()
    return _notice(
        NoticeKind.FEED_ILL,
        newsletter,
        f"{title} is gone for good"
        if state.gone_at
        else f"{title} has failed {counted(state.failures, 'time')} in a row",
        (
            f"Feed: {shown(state.url)}",
            f"Last error: {state.problem}",
            f"Last read: {since}",
            *gone,
            "Editions are made without it until it can be read again, or is removed from schedules.toml.",
        ),
        day=_day(newsletter, state.succeeded_at) if state.succeeded_at else None,
        now=now,
        about=shown(state.url),
    )


def ill(newsletter: Newsletter, states: Mapping[str, FeedState]) -> Sequence[FeedState]:
    """The newsletter's feeds that its editors are to be told about, by its own setting."""
    found = (states[feed.url] for feed in newsletter.feeds if feed.url in states)
    return [state for state in found if state.gone_at or state.failures >= newsletter.notices.ill_after]


def feed_well(newsletter: Newsletter, state: FeedState, *, now: datetime) -> Notice:
    """A feed that was reported as ill can be read again."""
    title = _title(newsletter, state.url)
    return _notice(
        NoticeKind.RECOVERED,
        newsletter,
        f"{title} can be read again",
        (),
        day=_day(newsletter, now),
        now=now,
        about=shown(state.url),
    )


def trouble(newsletter: Newsletter, why: DigestError | str, *, now: datetime, about: str = "") -> Notice:
    """A certificate, a login, the sender or the store: told once a day for each *about*."""
    first = _said(why)[0].partition("; ")[0]
    rest = _said(why) if str(why) != first else ()
    return _notice(
        NoticeKind.TROUBLE,
        newsletter,
        f"It cannot go on: {first}",
        (
            *rest,
            f"To see what is wrong: digest check {newsletter.key}",
        ),
        day=_day(newsletter, now),
        now=now,
        about=about or _slug(why),
    )


def settings_refused(newsletter: Newsletter, error: ConfigError, *, now: datetime) -> Notice:
    """A changed ``schedules.toml`` with problems: told once a day for each state of it."""
    count = counted(len(error.problems), "problem")
    return _notice(
        NoticeKind.SETTINGS_REFUSED,
        newsletter,
        f"The new settings are refused: {count}",
        (
            *error.problems,
            "The old settings stay in force; the file is read again when it changes.",
        ),
        day=_day(newsletter, now),
        now=now,
        about=_digest(*error.problems),
    )


def missed(
    newsletter: Newsletter, key: EditionKey, why: str, *, now: datetime, draft: bool = True, sent: int = 0
) -> Notice:
    """An edition, or what was left of it, that will not be caught up.

    *draft*: there is one to send; *sent*: how many readers have it.
    """
    first = "" if draft else f"digest build {key.newsletter} --date {key.day}, and then "
    what, rest = ("did not reach everybody", "the rest") if sent else ("was missed", "it")
    return _notice(
        NoticeKind.MISSED,
        newsletter,
        f"{_edition(key.day)} {what}",
        (why, f"It will not be sent automatically; to send {rest} anyway: {first}{_send(key)}"),
        day=key.day,
        now=now,
    )


def together(several: Sequence[Notice]) -> Notice:
    """Notices of one kind as one; the advice that all of them end with is given once."""
    first, *others = several
    if not others:
        return first
    advice = first.lines[-1:] if all(other.lines[-1:] == first.lines[-1:] for other in others) else ()
    listed = (
        ". ".join(line.removesuffix(".") for line in (one.headline, *one.lines) if line not in advice)
        for one in several
    )
    numbered = (f"{number}. {words}." for number, words in enumerate(listed, start=1))
    return replace(
        first, headline=f"{first.headline}, and {len(others)} more", lines=(*numbered, *advice), about=""
    )


def _notice(
    kind: NoticeKind,
    newsletter: Newsletter,
    headline: str,
    lines: Sequence[str],
    *,
    day: date | None,
    now: datetime,
    about: str = "",
) -> Notice:
    return Notice(
        kind=kind,
        newsletter=newsletter.key,
        day=day,
        headline=headline,
        lines=tuple(line for line in lines if line),
        at=now,
        about=about,
    )


def _edition(day: date) -> str:
    return f"The edition of {day:%A} {day.day} {day:%B}"


def _items(edition: Edition) -> Sequence[str]:
    return [
        f"{number}. {blurb.headline}{f' ({blurb.outlet})' if blurb.outlet else ''}"
        for number, blurb in enumerate(edition.used, 1)
    ]


def _pending(edition: Edition) -> str:
    count = len(edition.pending)
    return f"{counted(count, 'more story is', 'more stories are')} pending." if count else ""


def _seen_at(newsletter: Newsletter, key: EditionKey) -> str:
    where = newsletter.notices.preview or f"digest preview {key.newsletter} --date {key.day}"
    return f"See and change it: {where}"


def _what_next(newsletter: Newsletter, day: date) -> str:
    """What happens to the draft if nobody does anything."""
    send = f"{newsletter.send:%H:%M}"
    rule, _, hour = newsletter.approval.partition(" after ")
    approve = f"digest approve {newsletter.key} --date {day}"
    if rule == "required":
        return f"It goes out at {send} once somebody approves it, and not otherwise: {approve}"
    if hour and time.fromisoformat(hour) > newsletter.send:
        return f"It goes out at {send} if somebody approves it ({approve}), otherwise at {hour}."
    return f"It goes out at {send} automatically."


def _send(key: EditionKey) -> str:
    return f"digest send {key.newsletter} --date {key.day}"


def _title(newsletter: Newsletter, url: str) -> str:
    titles = {feed.url: feed.title for feed in newsletter.feeds}
    return titles.get(url) or shown(url)


def _said(why: DigestError | str) -> Sequence[str]:
    return str(why).splitlines() or [""]


def _slug(why: DigestError | str) -> str:
    """An error's kind is enough: its words change while editors fix it."""
    return type(why).__name__ if isinstance(why, DigestError) else _digest(why)


def _digest(*words: str) -> str:
    return sha256("\0".join(words).encode()).hexdigest()[:12]


def _day(newsletter: Newsletter, moment: datetime) -> date:
    return timetable.today(newsletter, moment)


def _hour(newsletter: Newsletter, moment: datetime) -> str:
    return f"{moment.astimezone(newsletter.timezone):%H:%M}"


def _when(newsletter: Newsletter, moment: datetime) -> str:
    return f"{moment.astimezone(newsletter.timezone):%Y-%m-%d %H:%M}"
