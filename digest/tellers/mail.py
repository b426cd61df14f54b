"""By mail: one to each editor, through a sender that takes single mails; the ledger is not involved."""

from __future__ import annotations

from collections.abc import Callable
from email.utils import parseaddr
from hashlib import sha256

from digest.errors import ConfigError, NoticeError, SendError
from digest.logs import log
from digest.model import EditionKey, Mail, Notice, Outcome, Receipt, Rendered, Slotted
from digest.ports import Sender
from digest.settings import Newsletter
from digest.tellers import letter

#: What counts as told: an unsure mail may have been read, and is not to come again.
REACHED = {Outcome.SENT, Outcome.UNSURE}


class MailTeller:
    """*opened* opens the sender when there is something to tell."""

    name = "mail"

    def __init__(self, opened: Callable[[], Sender]) -> None:
        self._opened = opened

    def tell(self, notice: Notice, newsletter: Newsletter) -> None:
        """Raises NoticeError: Not one editor was sent it. One that was refused is only logged."""
        rendered = _rendered(notice, newsletter)
        mails = [_mail(editor, rendered, notice, newsletter) for editor in newsletter.editors]
        receipts: list[Receipt] = []
        try:
            receipts.extend(self._opened().send(mails))
        except (SendError, ConfigError) as exc:
            raise NoticeError(str(exc)) from exc
        missed = [receipt for receipt in receipts if receipt.outcome not in REACHED]
        for receipt in missed:
            log.warning("editor not reached", outcome=receipt.outcome.value, detail=receipt.detail)
        if len(missed) == len(receipts):
            outcomes = ", ".join(sorted({receipt.outcome.value for receipt in missed}))
            raise NoticeError(f"no editor's mail was taken: {outcomes}")

    def check(self) -> str:
        try:
            sender = self._opened()
            return f"{sender.name}: {sender.check()}"
        except (SendError, ConfigError) as exc:
            raise NoticeError(str(exc)) from exc


def _rendered(notice: Notice, newsletter: Newsletter) -> Rendered:
    subject, html, text = letter.write(notice, newsletter)
    sha = sha256(f"{subject}\0{html}\0{text}".encode()).hexdigest()
    return Rendered(
        key=EditionKey(newsletter=newsletter.key, day=notice.day or notice.at.date()),
        subject=subject,
        html=Slotted((html,), ()),
        text=Slotted((text,), ()),
        web="",
        sha256=sha,
        about=f"notice-{notice.kind.slug}-{sha[:8]}",
    )


def _mail(editor: str, rendered: Rendered, notice: Notice, newsletter: Newsletter) -> Mail:
    name, address = parseaddr(editor)
    sender = newsletter.notices.from_ or newsletter.from_
    domain = parseaddr(sender)[1].rpartition("@")[2]
    who = sha256(address.casefold().encode()).hexdigest()[:12]
    return Mail(
        rendered=rendered,
        subscriber_id=f"editor-{who}",
        to=address,
        to_name=name,
        sender=sender,
        # The same when it is told again, so that a second one folds into the first.
        message_id=f"<{_same(notice)}.{who}@{domain}>",
        # RFC 3834, section 5: no vacation program answers it.
        headers=(("Auto-Submitted", "auto-generated"),),
        values={},
        date=notice.at,
    )


def _same(notice: Notice) -> str:
    what = (notice.newsletter, str(notice.day), notice.kind.value, notice.about)
    return sha256("\0".join(what).encode()).hexdigest()[:24]
