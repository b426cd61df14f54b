"""Everything that could spoil the next edition, checked now. Nothing is sent, and nothing is stored.

material        every feed, fetched
looks           the template with the longest and oddest items
readiness       settings, store, list, sender, today's edition
mailing         SPF, DKIM, DMARC and MX of the domains; built on spf, records and dns
certificates    of the pages and of the mail server
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from digest.app import App
from digest.checking import readiness
from digest.checking.certificates import certificates
from digest.checking.dns import Dns
from digest.checking.finding import Check, Level, bad, ok
from digest.checking.looks import looks
from digest.checking.mailing import mail_records
from digest.checking.material import material
from digest.errors import DigestError
from digest.settings import Newsletter

__all__ = ["Check", "Level", "findings"]


def findings(app: App, newsletter: Newsletter, now: datetime) -> Iterator[Check]:
    """In the order of an edition's way: from the settings to the readers' mail servers."""
    asked = app.settings.check
    yield from readiness.settings(app, newsletter, now)
    yield from readiness.store(app, newsletter)
    yield from _template(app, newsletter)
    yield from material(newsletter, app.fetcher, now)
    yield from readiness.edition(app, newsletter, now)
    yield readiness.sender(app, newsletter)
    yield from readiness.tellers(app, newsletter)
    yield from certificates(newsletter, timeout=asked.timeout, now=now)
    yield from mail_records(newsletter, Dns(asked.dns, asked.timeout))


def _template(app: App, newsletter: Newsletter) -> Iterator[Check]:
    what = f"template {newsletter.template}"
    try:
        template = app.template(newsletter)
        template.compile()
    except DigestError as error:
        yield bad(what, str(error))
        return
    yield ok(what, "can be read")
    yield from looks(newsletter, template)
