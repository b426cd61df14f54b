"""The way of an article, from feed bytes to delivered mail::

    fetch | parse | keep                    gather(newsletter)
    choose | read | relate | summarize      compose(newsletter) -> the edition's file
                                            (the editors may now change it)
    render | claim | send | record          deliver(newsletter) -> the ledger

Only ports are called for I/O; every decision is made by a pure function of the layers below.
"""

from digest.pipeline import notices
from digest.pipeline.addressing import mail_for
from digest.pipeline.building import Built, build, journalled, require_publishing_day
from digest.pipeline.campaigning import Campaigned, deliver_campaign, rehearse_campaign
from digest.pipeline.composing import Composed, archive, compose
from digest.pipeline.correcting import Corrected, correct, rendered_correction
from digest.pipeline.delivering import (
    Delivered,
    deliver,
    render_edition,
    require_approval,
    resend_unsure,
)
from digest.pipeline.desk import Desk, composed_edition, read_edition
from digest.pipeline.duties import Hold, on_duty
from digest.pipeline.gathering import Gathered, gather
from digest.pipeline.mailing import Mailed, mail_correction
from digest.pipeline.proofing import proof
from digest.pipeline.publishing import Shelf, issue_of, open_archive, shelf
from digest.pipeline.returning import Effect, Returns
from digest.pipeline.summarizing import summarize
from digest.pipeline.telling import tell
from digest.pipeline.tempo import Tempo

__all__ = [
    "Built",
    "Campaigned",
    "Composed",
    "Corrected",
    "Delivered",
    "Desk",
    "Effect",
    "Gathered",
    "Hold",
    "Mailed",
    "Returns",
    "Shelf",
    "Tempo",
    "archive",
    "build",
    "compose",
    "composed_edition",
    "correct",
    "deliver",
    "deliver_campaign",
    "gather",
    "issue_of",
    "journalled",
    "mail_correction",
    "mail_for",
    "notices",
    "on_duty",
    "open_archive",
    "proof",
    "read_edition",
    "rehearse_campaign",
    "render_edition",
    "rendered_correction",
    "require_approval",
    "require_publishing_day",
    "resend_unsure",
    "shelf",
    "summarize",
    "tell",
]
