"""Address: one subscriber's mail, made from the shared edition and that reader's own links."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import parseaddr
from functools import lru_cache
from hashlib import sha256
from urllib.parse import quote

from digest import audience
from digest.addresses import Addresses
from digest.model import NOTHING, Campaign, EditionKey, Mail, Reader, Rendered
from digest.pipeline.delivery.imprint import require_imprint
from digest.rendering.letters import LINK
from digest.settings import Newsletter

#: A list's name has a line to itself; a longer one is left out of its id, where nobody needs it.
LONGEST_NAME = 60
#: What an address may have in a mailto link, beside letters, digits and "._~-" (RFC 6068, 2).
IN_MAILTO = "@!$'*+"


def mail_for(
    reader: Reader, rendered: Rendered, newsletter: Newsletter, *, secret: bytes, now: datetime
) -> Mail:
    """One subscriber's mail: the edition with that reader's own links, and the header fields of a list.

    Raises:
        RenderError: The postal address or the link to unsubscribe is not to be seen: nothing may be sent.
    """
    require_imprint(rendered, newsletter.postal_address)
    if reader.plain:
        rendered = text_only(rendered)
    house = _house(newsletter)
    token = audience.unsubscribe_token(secret, reader.id, newsletter.key)
    mailto = house.mailto + token
    page = house.pages.unsubscribe(token)
    bounces = newsletter.bounces
    return Mail(
        rendered=rendered,
        subscriber_id=reader.id,
        to=reader.email,
        to_name=reader.name,
        sender=newsletter.from_,
        reply_to=newsletter.reply_to,
        envelope_sender=audience.bounce_address(secret, rendered.key, reader.id, bounces) if bounces else "",
        message_id=audience.message_id(rendered.entry, reader.id, house.domain),
        headers=house.headers(rendered.key, page, mailto),
        values={
            "unsubscribe": page or mailto,
            "preferences": house.pages.preferences(token),
            "address": reader.email,
        },
        date=now,
    )


def letter_to(email: str, rendered: Rendered, newsletter: Newsletter, *, link: str, now: datetime) -> Mail:
    """A letter to somebody who need not be a subscriber.

    Nothing in it stands for one: if it comes back, that says nothing of any subscriber's address. Nor does it
    have a name, which strangers could have typed in to have us say their words.
    """
    house = _house(newsletter)
    nobody = audience.new_id()
    return Mail(
        rendered=rendered,
        subscriber_id=nobody,
        to=email,
        sender=newsletter.from_,
        reply_to=newsletter.reply_to,
        envelope_sender=newsletter.bounces,
        message_id=audience.message_id(rendered.entry, nobody, house.domain),
        headers=(
            ("Feedback-ID", f"{rendered.about}:{house.feedback}"),
            ("Auto-Submitted", "auto-generated"),  # RFC 3834: no answering machine answers it
        ),
        values={LINK: link},
        date=now,
    )


def campaign_for(rendered: Rendered, newsletter: Newsletter, *, at: datetime | None) -> Campaign:
    """The edition for a provider that holds the list; the way out of it is the provider's own.

    Raises:
        RenderError: As ``mail_for`` does.
    """
    require_imprint(rendered, newsletter.postal_address)
    house = _house(newsletter)
    fields = house.headers(rendered.key, page="", mailto="")
    return Campaign(
        rendered=rendered,
        sender=newsletter.from_,
        reply_to=newsletter.reply_to,
        postal_address=newsletter.postal_address,
        headers=tuple((name, value) for name, value in fields if not name.startswith("List-Unsubscribe")),
        at=at,
    )


@lru_cache(maxsize=4)
def text_only(rendered: Rendered) -> Rendered:
    """The edition without its HTML: the same object for the same edition, for it is encoded once."""
    return replace(rendered, html=NOTHING)


@dataclass(frozen=True, slots=True)
class House:
    """What the mails of a newsletter share, edition after edition."""

    #: The domain of From: ours, and so that of Message-IDs and of the list.
    domain: str
    pages: Addresses
    #: A mailto address that asks for the end of a subscription, once a token is added.
    mailto: str
    list_id: str
    #: The end of Feedback-ID: newsletter, kind of mail, and who sends.
    feedback: str

    def headers(self, key: EditionKey, page: str, mailto: str) -> tuple[tuple[str, str], ...]:
        """The fields of a list's mail.

        List-Unsubscribe (RFC 2369) names a page where there is one, and a mailbox. One click (RFC 8058, 3.1)
        is for https alone.
        """
        one_click = ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
        return (
            ("List-Id", self.list_id),
            ("List-Unsubscribe", f"<{page}>,\r\n <{mailto}>" if page else f"<{mailto}>"),
            *((one_click,) if page.startswith("https://") else ()),
            ("Feedback-ID", f"{key.day}:{self.feedback}"),
            ("Precedence", "bulk"),
        )


def _house(newsletter: Newsletter) -> House:
    # Who leaves by mail writes to where a program reads it, or else to where people do.
    answers = newsletter.bounces or newsletter.reply_to or newsletter.from_
    return _built(newsletter.key, newsletter.title, newsletter.from_, answers, newsletter.web)


@lru_cache(maxsize=16)
def _built(key: str, title: str, sender: str, answers: str, web: str) -> House:
    domain = parseaddr(sender)[1].rpartition("@")[2]
    plain = title.isascii() and len(title) <= LONGEST_NAME and not set(title) & set('"\\<>')
    leave = quote(parseaddr(answers)[1], safe=IN_MAILTO)
    # Gmail's feedback loop: at most four parts, the last one 5 to 15 characters that stay the same.
    who = sha256(domain.encode()).hexdigest()[:12]
    return House(
        domain=domain,
        pages=Addresses.at(web),
        mailto=f"mailto:{leave}?subject={quote(f'unsubscribe {key} ')}",
        list_id=f'"{title}"\r\n <{key}.{domain}>' if plain else f"<{key}.{domain}>",
        feedback=f"{key}:digest:{who}",
    )
