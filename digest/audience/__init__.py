"""Subscribers: their addresses, lists of them, and the tokens that stand for them. Pure.

Addresses are personal: messages show them masked.
"""

from digest.audience.addresses import address_key, mask, read_address
from digest.audience.lists import STATES, Import, read_subscribers, write_subscribers
from digest.audience.tokens import message_id, new_id, read_token, unsubscribe_token
from digest.audience.verp import bounce_address, read_bounce_address

__all__ = [
    "STATES",
    "Import",
    "address_key",
    "bounce_address",
    "mask",
    "message_id",
    "new_id",
    "read_address",
    "read_bounce_address",
    "read_subscribers",
    "read_token",
    "unsubscribe_token",
    "write_subscribers",
]
