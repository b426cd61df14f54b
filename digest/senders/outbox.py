"""The outbox: one .eml file per mail, in ``outbox/<newsletter>/<day>/``. Nothing leaves the machine."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from digest.errors import SendError
from digest.model import Mail, Outcome, Receipt
from digest.senders.mime import message


class OutboxSender:
    name = "outbox"
    batch = 100

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, mails: Iterable[Mail]) -> Iterator[Receipt]:
        for mail in mails:
            yield Receipt(
                subscriber_id=mail.subscriber_id,
                outcome=Outcome.SENT,
                remote_id=str(self._write(mail)),
            )

    def check(self) -> str:
        return f"mails are written to {self._folder}"

    def _write(self, mail: Mail) -> Path:
        key = mail.rendered.key
        folder = self._folder / key.newsletter / key.day.isoformat()
        about = mail.rendered.about
        path = folder / (f"{about}-{file_name(mail)}" if about else file_name(mail))
        try:
            folder.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(".part")
            part.write_bytes(message(mail))
            part.replace(path)
        except OSError as exc:
            raise SendError(f"{folder}: cannot write a mail: {exc.strerror or exc}") from exc
        return path


def file_name(mail: Mail) -> str:
    """The receiver's address where that is a plain file name; else made one, told apart by the id."""
    plain = re.sub(r"[^A-Za-z0-9.@+_-]", "_", mail.to)[:100]
    return (
        f"{plain}.eml"
        if plain == mail.to and not plain.startswith(".")
        else f"{plain.lstrip('.')}-{mail.subscriber_id}.eml"
    )
