"""Slots: what differs from subscriber to subscriber, in an edition that is otherwise rendered once.

A template writes a slot as ``{{ slots.unsubscribe }}``. In its output that is the slot's name between
two private-use characters, which ``cleaning`` removes from all other text; ``split`` finds them.
"""

from __future__ import annotations

import re

from digest.model import Slotted

#: Where the subscriber unsubscribes (an https or mailto address), changes preferences (an https
#: address; only newsletters with web pages have it), and the subscriber's own address.
SLOTS = ("unsubscribe", "preferences", "address")

OPEN, CLOSE = "\ue000", "\ue001"


def markers(*, preferences: bool) -> dict[str, str]:
    """What a template prints for each slot; "" for preferences where there are none."""
    return {name: marker(name) if preferences or name != "preferences" else "" for name in SLOTS}


def marker(name: str) -> str:
    return f"{OPEN}{name}{CLOSE}"


def split(text: str) -> Slotted:
    """*text* cut at its markers."""
    parts = re.split(f"{OPEN}([a-z]+){CLOSE}", text)
    return Slotted(pieces=tuple(parts[::2]), slots=tuple(parts[1::2]))
