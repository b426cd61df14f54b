"""What builds knew and heard: rows for the requests, blobs for the answers."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, delete, func, select, update

from digest.model import Article, EditionKey
from digest.stores.database import Database, insert, portions
from digest.stores.feeds import article_of, unpacked_page
from digest.stores.past import recalled, squeeze, unsqueeze
from digest.stores.schema import article, blob, heard, page, past, tape
from digest.tapes import Heard, Premises, Remembered, Said, Tape, adapter

#: Columns of "heard" that are not part of "given".
_APART = ("url", "outcome", "at", "sha256")
#: Tables whose rows belong to a tape, the tapes last.
_OF_A_TAPE: tuple[tuple[Table, str], ...] = ((heard, "tape"), (past, "tape"), (tape, "id"))


class SqlTapes:
    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, key: EditionKey, premises: Premises, *, stage: str, at: datetime) -> int:
        content = adapter(Premises).dump_json(premises)
        row = {"newsletter": key.newsletter, "day": key.day, "stage": stage, "at": at}
        with self._database.writing() as connection:
            row |= {"words": "", "composed": "", "said": "", "premises": _kept(connection, content, at)}
            return int(connection.execute(tape.insert().returning(tape.c.id), row).scalar_one())

    def hear(self, tape: int, answers: Sequence[tuple[Heard, bytes]]) -> None:
        if not answers:
            return
        with self._database.writing() as connection:
            places = select(func.count()).where(heard.c.tape == tape)
            place = connection.scalar(places) or 0
            rows = [_row(tape, place + number, one) for number, (one, _) in enumerate(answers)]
            connection.execute(heard.insert(), rows)
            for one, body in answers:
                _kept(connection, body, one.at)

    def end(
        self, tape_: int, *, composed: str, said: Sequence[Said], code: int, words: str, at: datetime
    ) -> None:
        told = adapter(list[Said]).dump_json(list(said)) if said else b""
        with self._database.writing() as connection:
            ended = {
                "composed": _kept(connection, composed.encode(), at),
                "said": _kept(connection, told, at),
            }
            statement = update(tape).where(tape.c.id == tape_)
            connection.execute(statement.values(code=code, words=words, **ended))

    def of(self, key: EditionKey) -> Sequence[Tape]:
        its = (tape.c.newsletter == key.newsletter) & (tape.c.day == key.day) & (tape.c.stage == "build")
        with self._database.reading() as connection:
            rows = connection.execute(select(tape).where(its).order_by(tape.c.id.desc())).mappings()
            return [_tape(row) for row in rows]

    def premises(self, tape_: int) -> Premises:
        return adapter(Premises).validate_json(self._blob_of(tape_, "premises"))

    def heard(self, tape: int) -> Sequence[Heard]:
        with self._database.reading() as connection:
            rows = connection.execute(
                select(heard).where(heard.c.tape == tape).order_by(heard.c.place)
            ).mappings()
            return [Heard(**{name: row[name] for name in _APART}, **row["given"]) for row in rows]

    def said(self, tape_: int) -> Sequence[Said]:
        content = self._blob_of(tape_, "said")
        return adapter(list[Said]).validate_json(content) if content else ()

    def remembered(
        self, tape: int, feed_urls: Sequence[str], *, since: datetime, ids: Collection[str]
    ) -> Iterator[Remembered]:
        with self._database.reading() as connection:
            urls = sorted({*feed_urls, *_homes(connection, ids)})
            then = recalled(connection, tape, urls)
            for one, read in _as_of(connection, urls, then):
                if one.when < since and one.id not in ids:
                    yield Remembered(article=replace(one, description="", text=""))
                else:
                    yield Remembered(article=one, page=read)

    def body(self, sha256: str) -> bytes | None:
        with self._database.reading() as connection:
            content = connection.scalar(select(blob.c.body).where(blob.c.sha256 == sha256))
        return None if content is None else unsqueeze(content)

    def prune(self, before: datetime) -> int:
        with self._database.writing() as connection:
            old = connection.scalars(select(tape.c.id).where(tape.c.at < before)).all()
            for some in portions(old):
                for table, name in _OF_A_TAPE:
                    connection.execute(delete(table).where(table.c[name].in_(some)))
            if old:
                connection.execute(delete(blob).where(blob.c.at < before))
        return len(old)

    def _blob_of(self, tape_: int, name: str) -> bytes:
        with self._database.reading() as connection:
            statement = select(blob.c.body).join(tape, tape.c[name] == blob.c.sha256)
            content = connection.scalar(statement.where(tape.c.id == tape_))
        return b"" if content is None else unsqueeze(content)


def _kept(connection: Connection, content: bytes, at: datetime) -> str:
    """Its SHA-256, or "" for nothing. A body that is there already is kept for longer."""
    if not content:
        return ""
    name = sha256(content).hexdigest()
    since = connection.scalar(select(blob.c.at).where(blob.c.sha256 == name))
    if since is None:
        put = insert(connection.dialect.name, blob).on_conflict_do_nothing()
        connection.execute(put, {"sha256": name, "at": at, "body": squeeze(content)})
    elif since < at:
        connection.execute(update(blob).where(blob.c.sha256 == name).values(at=at))
    return name


def _row(tape_id: int, place: int, one: Heard) -> dict[str, Any]:
    given = asdict(one)
    apart = {name: given.pop(name) for name in _APART}
    return {"tape": tape_id, "place": place, "given": given, **apart}


def _tape(row: RowMapping) -> Tape:
    values = {name: row[name] for name in ("id", "stage", "at", "code", "words", "composed")}
    return Tape(key=EditionKey(newsletter=row["newsletter"], day=row["day"]), **values)


def _homes(connection: Connection, ids: Collection[str]) -> set[str]:
    """The feeds of these articles."""
    urls: set[str] = set()
    for some in portions(sorted(ids)):
        urls.update(connection.scalars(select(article.c.feed_url).where(article.c.id.in_(some)).distinct()))
    return urls


def _as_of(
    connection: Connection, urls: Sequence[str], then: Mapping[tuple[str, str, str], bytes | None]
) -> Iterator[tuple[Article, tuple[Article, Article] | None]]:
    """The articles of these feeds with their pages; those that changed since, as they were *then*."""
    for url in urls:
        of_feed = select(page).where(page.c.feed_url == url)
        pages = {row["id"]: dict(row) for row in connection.execute(of_feed).mappings()}
        for row in connection.execute(select(article).where(article.c.feed_url == url)).mappings():
            one: Article | None = article_of(row)
            id_ = row["id"]
            if (url, id_, "article") in then:
                was = then[url, id_, "article"]
                one = None if was is None else adapter(Article).validate_json(was)
            if one is None:
                continue
            read: Mapping[str, Any] | None = pages.get(id_)
            if (url, id_, "page") in then:
                was = then[url, id_, "page"]
                read = None if was is None else json.loads(was)
            yield one, None if read is None else unpacked_page(one, read)
