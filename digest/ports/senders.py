"""Who takes mails and campaigns, and who tells the editors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, Protocol

from digest.model import Campaign, EditionKey, Mail, Notice, Receipt, Remote
from digest.settings import Newsletter


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a provider's API can do, as its documents say; settings are checked against it."""

    #: "message": we hold the list, and hand over a mail for each. "campaign": the provider holds the list.
    kind: Literal["message", "campaign"]
    #: Mails in one request; for a campaign 1.
    batch_max: int = 1
    #: Bytes of one request.
    bytes_max: int
    #: A request has the edition once, and for each mail only what is its own.
    shares_content: bool = False
    #: How long a repeated request is recognized by its key, and not carried out twice; 0: not at all.
    idempotency: timedelta = timedelta()
    #: A request may be accepted for some of its mails only, and the answer says for which.
    partial_results: bool = False
    #: The provider can put in an unsubscribe link and header fields of its own.
    native_unsubscribe: bool = False
    #: How far ahead it can be told to send; 0: it cannot.
    schedule: timedelta = timedelta()
    #: Requests a second that its documents allow; 0: they name no number.
    rate: float = 0.0
    #: A campaign's text part is ours; otherwise the provider makes one of the HTML.
    own_text: bool = True
    #: What opens its placeholders, as documents show it; neutralised in an edition's text.
    placeholders: tuple[str, ...] = ()


class Sender(Protocol):
    name: str
    #: How many mails are claimed together: those, and what is under way, may be in doubt after a crash.
    batch: int

    def send(self, mails: Iterable[Mail]) -> Iterator[Receipt]:
        """A receipt for each mail, in order, as soon as it is known. A refusal is a receipt.

        *mails* are claimed while they are asked for, in the caller's thread: no more than can be sent soon.

        Raises:
            SendError: Nothing can be sent now; mails without a receipt have not left.
        """
        ...

    def check(self) -> str:
        """Do everything except sending (connect, log in), and return what was found.

        Raises:
            SendError: Nothing could be sent now.
        """
        ...


class CampaignSender(Protocol):
    """Hands an edition to a provider that holds the list: a draft first, which is then launched.

    A draft reaches nobody, and a campaign is launched once, however often that is requested. So a lost answer
    only costs a look, and no reader gets two.
    """

    name: str

    def look(self, key: EditionKey, *, remote_id: str = "") -> Remote | None:
        """The edition's campaign at the provider, by its id there if that is known; None if there is none.

        Raises:
            SendError: The provider does not say.
        """
        ...

    def draft(self, campaign: Campaign, remote: Remote | None) -> Remote:
        """Create the draft; or update *remote*, which is a draft, to what *campaign* says.

        Raises:
            SendError: There is no such draft now, and nothing was launched.
        """
        ...

    def test(self, campaign: Campaign, remote: Remote, addresses: Sequence[str]) -> None:
        """Send what *remote* would send to these addresses, and to nobody else.

        Raises:
            SendError: Not everyone will get it.
        """
        ...

    def launch(self, campaign: Campaign, remote: Remote) -> Remote:
        """Have the provider send the draft, now or at the campaign's hour. ``UNKNOWN``: it may or may not.

        Raises:
            SendError: It was certainly not launched.
        """
        ...

    def check(self) -> str:
        """Ask whether the key is accepted, and return what was found.

        Raises:
            SendError: Nothing could be sent now.
        """
        ...


class Teller(Protocol):
    """One way to reach the editors: their mailboxes, a chat."""

    name: str

    def tell(self, notice: Notice, newsletter: Newsletter) -> None:
        """Say it to them, all of it or as much as fits.

        Raises:
            NoticeError: Nobody was reached.
        """
        ...

    def check(self) -> str:
        """Do everything except telling, and return what was found.

        Raises:
            NoticeError: Nobody could be reached now.
        """
        ...
