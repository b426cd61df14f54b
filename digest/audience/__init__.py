"""Subscribers: their addresses, lists of them, and the tokens that stand for them. Pure.

Addresses are personal: messages show them masked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.loading import lazily
from digest.masking import mask, mask_all

if TYPE_CHECKING:
    from digest.audience.addresses import address_key, mailbox_key, read_address
    from digest.audience.lists import Import, read_subscribers, read_tags, write_subscribers
    from digest.audience.spellings import STATES
    from digest.audience.tokens import (
        Confirmation,
        address_mark,
        confirmation_token,
        count_mark,
        message_id,
        new_id,
        read_confirmation,
        read_token,
        unsubscribe_token,
    )
    from digest.audience.verp import bounce_address, read_bounce_address

#: Where each name stands: who sends reads no lists.
HOMES = {
    "addresses": ("address_key", "mailbox_key", "read_address"),
    "lists": ("Import", "read_subscribers", "read_tags", "write_subscribers"),
    "spellings": ("STATES",),
    "tokens": (
        "Confirmation",
        "address_mark",
        "confirmation_token",
        "count_mark",
        "message_id",
        "new_id",
        "read_confirmation",
        "read_token",
        "unsubscribe_token",
    ),
    "verp": ("bounce_address", "read_bounce_address"),
}
__all__ = [
    "STATES",
    "Confirmation",
    "Import",
    "address_key",
    "address_mark",
    "bounce_address",
    "confirmation_token",
    "count_mark",
    "mailbox_key",
    "mask",
    "mask_all",
    "message_id",
    "new_id",
    "read_address",
    "read_bounce_address",
    "read_confirmation",
    "read_subscribers",
    "read_tags",
    "read_token",
    "unsubscribe_token",
    "write_subscribers",
]

__getattr__ = lazily(__name__, HOMES)
