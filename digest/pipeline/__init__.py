"""The way of an article, from feed bytes to delivered mail::

    fetch | parse | keep                    gather(newsletter)
    choose | read | relate | summarize      compose(newsletter) -> the edition's file
                                            (the editors may now change it)
    render | claim | send | record          deliver(newsletter) -> the ledger

Only ports are called for I/O; every decision is made by a pure function of the layers below.
"""

from digest.pipeline.addressing import mail_for
from digest.pipeline.building import Built, build, journalled, require_publishing_day
from digest.pipeline.campaigning import Campaigned, deliver_campaign, rehearse_campaign
from digest.pipeline.composing import Composed, archive, compose
from digest.pipeline.correcting import Corrected, correct, rendered_correction
from digest.pipeline.correspondence import Correspondence, Stationery
from digest.pipeline.delivering import Delivered, deliver, render_edition, resend_unsure
from digest.pipeline.desk import Desk, read_edition
from digest.pipeline.gathering import Gathered, gather
from digest.pipeline.mailing import Mailed, mail_correction
from digest.pipeline.membership import Answer, Asker, Card, Membership, Other, Question, Topic, Wishes
from digest.pipeline.proofing import proof
from digest.pipeline.publishing import Shelf, issue_of, open_archive, shelf
from digest.pipeline.returning import Effect, Returns
from digest.pipeline.summarizing import summarize
from digest.pipeline.tempo import Tempo

__all__ = [
    "Answer",
    "Asker",
    "Built",
    "Campaigned",
    "Card",
    "Composed",
    "Corrected",
    "Correspondence",
    "Delivered",
    "Desk",
    "Effect",
    "Gathered",
    "Mailed",
    "Membership",
    "Other",
    "Question",
    "Returns",
    "Shelf",
    "Stationery",
    "Tempo",
    "Topic",
    "Wishes",
    "archive",
    "build",
    "compose",
    "correct",
    "deliver",
    "deliver_campaign",
    "gather",
    "issue_of",
    "journalled",
    "mail_correction",
    "mail_for",
    "open_archive",
    "proof",
    "read_edition",
    "rehearse_campaign",
    "render_edition",
    "rendered_correction",
    "require_publishing_day",
    "resend_unsure",
    "shelf",
    "summarize",
]
