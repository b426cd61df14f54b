"""The way of an article, from feed bytes to delivered mail::

    fetch | parse | keep                    gather(newsletter)
    choose | read | relate | summarize      compose(newsletter) -> the edition's file
                                            (the editors may now change it)
    render | claim | send | record          deliver(newsletter) -> the ledger

Only ports are called for I/O; every decision is made by a pure function of the layers below.
"""

from digest.pipeline.addressing import mail_for
from digest.pipeline.building import Built, build, journalled, require_publishing_day
from digest.pipeline.composing import Composed, archive, compose
from digest.pipeline.delivering import Delivered, deliver, render_edition, resend_unsure
from digest.pipeline.desk import Desk, read_edition
from digest.pipeline.gathering import Gathered, gather
from digest.pipeline.proofing import proof
from digest.pipeline.summarizing import summarize
from digest.pipeline.tempo import Tempo

__all__ = [
    "Built",
    "Composed",
    "Delivered",
    "Desk",
    "Gathered",
    "Tempo",
    "archive",
    "build",
    "compose",
    "deliver",
    "gather",
    "journalled",
    "mail_for",
    "proof",
    "read_edition",
    "render_edition",
    "require_publishing_day",
    "resend_unsure",
    "summarize",
]
