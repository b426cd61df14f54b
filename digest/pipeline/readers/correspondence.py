"""Letters: mails to an address that somebody typed in. One at a time, and not too many.

::

    asked for | counted | written | sent, now        or it counts as not asked for

Whoever asks learns nothing about the address: if it gets no letter, the same steps are taken up to the mail.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from digest import audience
from digest.errors import SendError
from digest.logs import log
from digest.masking import mask_all
from digest.model import EditionKey, Letter, Outcome, Rendered
from digest.pipeline.delivery.addressing import letter_to
from digest.ports import Sender, Store
from digest.rendering import Template
from digest.rendering.letters import letter
from digest.settings import Newsletter, WebSettings

#: What a letter says and where its link leads; None where the address is to get nothing.
Contents = tuple[Letter, str] | None


class Posted(StrEnum):
    """What became of a letter, as far as whoever asked for it may know."""

    #: It has left, or nothing was to be sent to that address; which of them is told to nobody.
    DONE = "done"
    #: Enough was asked for from that network today.
    TOO_MANY = "too many"
    #: Nothing can be sent now.
    LATER = "later"


class Stationery:
    """What a newsletter's letters are written on, and who takes them."""

    def __init__(self, newsletter: Newsletter, template: Template, sender: Callable[[], Sender]) -> None:
        self.newsletter = newsletter
        self._template = template
        #: Opens one for each letter: several may be on their way at once.
        self.sender = sender
        self._rendered: dict[tuple[Letter, EditionKey], Rendered] = {}

    def rendered(self, kind: Letter, at: datetime) -> Rendered:
        """Raises RenderError: The template is wrong."""
        key = EditionKey(newsletter=self.newsletter.key, day=at.date())
        if (kind, key) not in self._rendered:
            self._rendered = {known: one for known, one in self._rendered.items() if known[1] == key}
            self._rendered[kind, key] = letter(kind, self.newsletter, self._template, key)
        return self._rendered[kind, key]


class Correspondence:
    """The letters of all newsletters, with the day's limits. Threads may share one."""

    def __init__(self, store: Store, limits: WebSettings) -> None:
        self._store = store
        self._limits = limits

    def write(
        self,
        on: Stationery,
        email: str,
        contents: Callable[[], Contents],
        *,
        network: str,
        at: datetime,
    ) -> Posted:
        """Write to *email* what *contents* says, which is asked once it is sure that something may leave.

        Raises:
            RenderError, StoreError: Nothing was sent.
        """
        counted: list[str] = []
        if not self._count(counted, "network", network, self._limits.per_network, at):
            return Posted.TOO_MANY
        if not self._count(counted, "all", "", self._limits.in_all, at):
            log.warning("no more letters today", in_all=self._limits.in_all)
            self._take_back(counted, at)
            return Posted.LATER
        mailbox = audience.mailbox_key(email)
        may = self._count(counted, "mailbox", mailbox, self._limits.per_address, at)
        try:
            said = contents() if may else None
            outcome = self._send(on, email, said, at)
        except SendError as failure:
            log.warning("letter not sent", newsletter=on.newsletter.key, why=mask_all(str(failure)))
            outcome = Outcome.DEFERRED
        except Exception:
            self._take_back(counted, at)
            raise
        if outcome is Outcome.DEFERRED:
            self._take_back(counted, at)
            return Posted.LATER
        return Posted.DONE

    def _send(self, on: Stationery, email: str, said: Contents, at: datetime) -> Outcome:
        """A refusal is about the address, and so nothing that a stranger is told."""
        sender = on.sender()
        if said is None:
            sender.check()  # as long, and as likely to fail, as a letter
            return Outcome.SENT
        kind, link = said
        mail = letter_to(email, on.rendered(kind, at), on.newsletter, link=link, now=at)
        [receipt] = sender.send([mail])
        if receipt.outcome in (Outcome.REFUSED, Outcome.DEFERRED):
            why = mask_all(receipt.detail)
            log.warning(
                "letter not taken", newsletter=on.newsletter.key, outcome=str(receipt.outcome), why=why
            )
        return receipt.outcome

    def _count(self, counted: list[str], kind: str, name: str, most: int, at: datetime) -> bool:
        who = audience.count_mark(self._store.secret(), kind, name)
        if not self._store.subscribers.ask(who, day=at.date(), most=most):
            return False
        counted.append(who)
        return True

    def _take_back(self, counted: list[str], at: datetime) -> None:
        for who in counted:
            self._store.subscribers.unask(who, day=at.date())
