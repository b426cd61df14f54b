"""By mail: one to each editor, through a sender that takes the newsletter's mails, and past its ledger."""

from __future__ import annotations

from email.utils import parseaddr
from hashlib import sha256

from digest.errors import NoticeError, SendError
from digest.model import EditionKey, Mail, Notice, Outcome, Rendered, Slotted
from digest.ports import Sender
from digest.settings import Newsletter
from digest.tellers import letter

#: What counts as told: an unsure mail may have been read, and is not to come again.
REACHED = {Outcome.SENT, Outcome.UNSURE}


class MailTeller:
    name = "mail"

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def tell(self, notice: Notice, newsletter: Newsletter) -> None:
        rendered = _rendered(notice, newsletter)
        mails = [_mail(editor, rendered, notice, newsletter) for editor in newsletter.editors]
        try:
            receipts = list(self._sender.send(mails))
        except SendError as exc:
            raise NoticeError(str(exc)) from exc
        if not any(receipt.outcome in REACHED for receipt in receipts):
            outcomes = ", ".join(sorted({receipt.outcome.value for receipt in receipts})) or "no receipt"
            raise NoticeError(f"no editor's mail was taken ({outcomes})")


def _rendered(notice: Notice, newsletter: Newsletter) -> Rendered:
    subject, html, text = letter.write(notice, newsletter)
    told_apart = sha256(f"{notice.about}\0{notice.at.isoformat()}".encode()).hexdigest()[:8]
    return Rendered(
        key=EditionKey(newsletter=newsletter.key, day=notice.day or notice.at.date()),
        subject=subject,
        html=Slotted((html,), ()),
        text=Slotted((text,), ()),
        web="",
        sha256=sha256(f"{subject}\0{html}\0{text}".encode()).hexdigest(),
        about=f"notice-{notice.kind.slug}-{told_apart}",
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
        message_id=f"<{rendered.sha256[:24]}.{who}@{domain}>",
        # RFC 3834, section 5: no vacation program answers it.
        headers=(("Auto-Submitted", "auto-generated"),),
        values={},
        date=notice.at,
    )
