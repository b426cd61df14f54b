"""What comes back after sending: bounces and complaints by mail, and providers' reports. Pure.

statuses     what a status code says about an address
mail         a message that came back
reports      its standard forms (RFC 3464, RFC 5965)
prose        bounces in plain text
providers    what providers post to a web address, once it is verified
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.loading import lazily

if TYPE_CHECKING:
    from digest.bounces.mail import Reading, read_mail
    from digest.bounces.statuses import kind_of

#: Where each name stands: who sends needs the statuses, and nothing that reads mail.
HOMES = {"mail": ("Reading", "read_mail"), "statuses": ("kind_of",)}
__all__ = ["Reading", "kind_of", "read_mail"]

__getattr__ = lazily(__name__, HOMES)
