"""Proofreading: what an editor should look at before an edition goes out.

unmarked        a text without its marks, and where each of its characters is in the marked text
places          the texts and links of an edition, with their keys
heads           subject, preheader, sections, sponsors
items           headline, summary, question, picture, link
repeats         links to the same page, or to one that was linked lately
leftovers       placeholders that nobody filled
size, contrast  the mail's HTML: where Gmail cuts it, and whether it can be read
doubts          numbers, names, quotations and claims that are in none of an item's sources
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from digest.model import Edition, Finding, Mail
from digest.proofreading import contrast, heads, items, leftovers, repeats, size
from digest.proofreading.doubts import Compare, Doubt, doubts
from digest.proofreading.places import Linked, links
from digest.settings import Newsletter

__all__ = ["Compare", "Doubt", "Linked", "by_weight", "doubts", "links", "proofread"]

_WEIGHTS = {"error": 0, "warning": 1, "note": 2}


def proofread(
    edition: Edition, mail: Mail, newsletter: Newsletter, *, led_to: Collection[str] = ()
) -> tuple[Finding, ...]:
    """Everything that can be seen of *edition* itself, the weightiest first.

    *mail* is a typical reader's mail of it. *led_to* are the canonical addresses that dig-deeper links of
    the last days' editions led to.
    """
    found = (
        *size.findings(edition, mail, newsletter),
        *heads.findings(edition, newsletter),
        *items.findings(edition, newsletter),
        *repeats.findings(edition, led_to),
        *leftovers.findings(edition),
        *contrast.findings(mail.html),
    )
    return by_weight(found)


def by_weight(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Errors, then warnings, then notes; those of a kind in the order in which they come."""
    return tuple(sorted(findings, key=lambda finding: _WEIGHTS[finding.level]))
