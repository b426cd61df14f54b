"""Address: one subscriber's mail, made of what the edition shares and that reader's own links."""

from __future__ import annotations

from datetime import datetime
from email.utils import parseaddr
from urllib.parse import quote

from digest import audience
from digest.model import Mail, Rendered, Subscriber
from digest.settings import Newsletter


def mail_for(
    subscriber: Subscriber, rendered: Rendered, newsletter: Newsletter, *, secret: bytes, now: datetime
) -> Mail:
    """One subscriber's mail: the edition with that reader's own links, and the header fields of a list.

    RFC 2369 and 8058: List-Unsubscribe names an https address (where the newsletter has pages) and a mailbox.
    """
    _, address = parseaddr(newsletter.from_)
    _, answers = parseaddr(newsletter.reply_to or newsletter.from_)
    domain = address.rpartition("@")[2]
    token = audience.unsubscribe_token(secret, subscriber.id, newsletter.key)
    mailto = f"mailto:{answers}?subject={quote(f'unsubscribe {newsletter.key} {token}')}"
    web = newsletter.web.rstrip("/")
    page = f"{web}/unsubscribe/{token}" if web else ""
    one_click = (("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),) if web else ()
    return Mail(
        rendered=rendered,
        subscriber_id=subscriber.id,
        to=subscriber.email,
        to_name=subscriber.name,
        sender=newsletter.from_,
        reply_to=newsletter.reply_to,
        message_id=audience.message_id(rendered.key, subscriber.id, domain),
        headers=(
            ("List-Id", f"<{newsletter.key}.{domain}>"),
            ("List-Unsubscribe", f"<{page}>,\r\n <{mailto}>" if page else f"<{mailto}>"),
            *one_click,
            ("Precedence", "bulk"),
        ),
        values={
            "unsubscribe": page or mailto,
            "preferences": f"{web}/preferences/{token}" if web else "",
            "address": subscriber.email,
        },
        date=now,
    )
