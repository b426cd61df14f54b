"""What came back: each event once, with everything that follows from it, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, func, select, update

from digest.model import EventKind, MailEvent, Reason, State, Suppressed
from digest.ports import TAKEN_FOR_EACH, Facts, Taken, Use, Whose
from digest.stores.database import Database, insert
from digest.stores.schema import delivery, event_count, mail_event, subscriber, used_token
from digest.stores.suppressions import suppress

#: Of a mail in another state nothing can come back.
LEFT = (State.SENDING.value, State.SENT.value, State.UNSURE.value)

#: How long a used token is remembered: far longer than any is taken for new.
REMEMBERED = timedelta(days=7)

_WEIGHT = {kind.value: weight for weight, kind in enumerate(EventKind)}


class SqlEvents:
    def __init__(self, database: Database) -> None:
        self._database = database

    def take(
        self,
        event: MailEvent,
        whose: Whose,
        *,
        at: datetime,
        since: datetime,
        decide: Callable[[Facts], Reason | None],
    ) -> Taken:
        with self._database.writing() as connection:
            if not _insert(connection, event, whose, at):
                return Taken(new=False, reason=None)
            # If two events about one reader come at once, the second counts the first.
            connection.execute(
                select(subscriber.c.id).where(subscriber.c.id == whose.subscriber.id).with_for_update()
            )
            _note(connection, event.kind, whose)
            if event.kind is EventKind.UNSUBSCRIBE:
                _unsubscribe(connection, whose, at)
            reason = decide(_facts(connection, whose, since))
            if reason is not None:
                suppress(
                    connection,
                    Suppressed(
                        newsletter=whose.newsletter,
                        email=whose.subscriber.email,
                        reason=reason,
                        source=event.source,
                        detail=f"{event.status} {event.detail}".strip(),
                        at=at,
                    ),
                )
            return Taken(new=True, reason=reason)

    def use(self, source: str, token: str, post: str, *, at: datetime) -> Use:
        own = f"{token} {post}"
        with self._database.writing() as connection:
            old = (used_token.c.source == source) & (used_token.c.at < at - REMEMBERED)
            connection.execute(delete(used_token).where(old))
            put = insert(connection.dialect.name, used_token).on_conflict_do_nothing()
            first = put.values(source=source, token=token, at=at).returning(used_token.c.token)
            if connection.scalar(first) is not None:
                connection.execute(put, {"source": source, "token": own, "at": at})
                return Use.NEW
            same = (used_token.c.source == source) & (used_token.c.token == own)
            known = connection.scalar(select(used_token.c.token).where(same))
            return Use.SPENT if known is None else Use.SAME

    def count(self, source: str, types: Mapping[str, int]) -> None:
        rows = [{"source": source, "type": type_, "times": types[type_]} for type_ in sorted(types)]
        if not rows:
            return
        with self._database.writing() as connection:
            put = insert(connection.dialect.name, event_count)
            more = {"times": event_count.c.times + put.excluded.times}
            keys = event_count.primary_key.columns
            connection.execute(put.on_conflict_do_update(index_elements=keys, set_=more), rows)

    def counts(self) -> Mapping[tuple[str, str], int]:
        by_kind = select(mail_event.c.source, mail_event.c.kind, func.count()).group_by(
            mail_event.c.source, mail_event.c.kind
        )
        others = select(event_count.c.source, event_count.c.type, event_count.c.times)
        with self._database.reading() as connection:
            rows = [*connection.execute(by_kind), *connection.execute(others)]
        return {(source, words): times for source, words, times in rows}


def _insert(connection: Connection, event: MailEvent, whose: Whose, at: datetime) -> bool:
    put = insert(connection.dialect.name, mail_event).values(
        source=event.source,
        id=event.id,
        at=at,
        kind=event.kind.value,
        newsletter=whose.newsletter,
        day=whose.day,
        subscriber_id=whose.subscriber.id,
        status=event.status,
        detail=event.detail,
    )
    return connection.scalar(put.on_conflict_do_nothing().returning(mail_event.c.id)) is not None


def _note(connection: Connection, kind: EventKind, whose: Whose) -> None:
    """Note it beside the ledger's row, whose state stays: sent is sent. The most serious event is kept."""
    here = (
        (delivery.c.newsletter == whose.newsletter)
        & (delivery.c.day == whose.day)
        & (delivery.c.subscriber_id == whose.subscriber.id)
        & delivery.c.state.in_(LEFT)
    )
    lighter = [known for known, weight in _WEIGHT.items() if weight > _WEIGHT[kind.value]]
    free = delivery.c.returned.is_(None) | delivery.c.returned.in_(lighter)
    connection.execute(update(delivery).where(here & free).values(returned=kind.value))


def _unsubscribe(connection: Connection, whose: Whose, at: datetime) -> None:
    here = (subscriber.c.id == whose.subscriber.id) & subscriber.c.state.in_(["active", "unconfirmed"])
    connection.execute(update(subscriber).where(here).values(state="unsubscribed", changed_at=at))


def _facts(connection: Connection, whose: Whose, since: datetime) -> Facts:
    theirs = (mail_event.c.newsletter == whose.newsletter) & (
        mail_event.c.subscriber_id == whose.subscriber.id
    )
    failed = mail_event.c.kind.in_([EventKind.HARD.value, EventKind.SOFT.value])
    bounced = select(func.count(mail_event.c.day.distinct())).where(
        theirs & failed & (mail_event.c.at >= since)
    )
    edition = (mail_event.c.newsletter == whose.newsletter) & (mail_event.c.day == whose.day)
    hard = select(func.count(mail_event.c.subscriber_id.distinct())).where(
        edition & (mail_event.c.kind == EventKind.HARD.value)
    )
    unknown = connection.scalar(hard) or 0
    return Facts(
        bounced=connection.scalar(bounced) or 0,
        unknown=unknown,
        taken=_taken(connection, whose, unknown * TAKEN_FOR_EACH),
    )


def _taken(connection: Connection, whose: Whose, limit: int) -> int:
    """How many mails of the edition went and did not come back, counted no further than *limit*."""
    went: ColumnElement[bool] = (
        (delivery.c.newsletter == whose.newsletter)
        & (delivery.c.day == whose.day)
        & (delivery.c.state == State.SENT.value)
        & delivery.c.returned.is_(None)
    )
    some = select(delivery.c.subscriber_id).where(went).limit(limit).subquery()
    return connection.scalar(select(func.count()).select_from(some)) or 0
