"""What was sent, and what was corrected since."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from digest.model.editions import Edition
from digest.model.keys import EditionKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """An edition's content when it was sent: whatever becomes of its file, the archive shows this."""

    key: EditionKey
    #: As in the ledger's rows.
    sha256: str
    #: ``Rendered.source``.
    source: str = field(repr=False)
    #: When the first of its mails was about to leave.
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What an edition got wrong, and what is right. One for each (edition, item, text)."""

    key: EditionKey
    #: A blurb's id; "" when it is about the edition as a whole.
    item: str = ""
    #: One paragraph; inline marks work in it.
    text: str
    #: (wrong words, right words): how the pages of the archive read from now on.
    replaced: tuple[tuple[str, str], ...] = ()
    at: datetime
    #: The edition whose draft has it among its corrections; None as long as none has.
    told_on: date | None = None

    @property
    def id(self) -> str:
        """12 hex digits, different within an edition."""
        from hashlib import sha256  # takes 3 ms to load, and few who load the model ask for an id

        return sha256(f"{self.item}\0{self.text}".encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedEdition:
    """An edition as the archive knows it."""

    #: As it was sent.
    edition: Edition = field(repr=False)
    #: When it was.
    at: datetime
    #: The oldest first.
    corrections: tuple[Correction, ...] = ()

    @property
    def changed_at(self) -> datetime:
        return max([self.at, *(correction.at for correction in self.corrections)])
