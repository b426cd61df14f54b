"""The way of an article, from feed bytes to delivered mail::

    fetch | parse | keep                    gather(newsletter)
    choose | read | relate | summarize      compose(newsletter) -> the edition's file
                                            (the editors may now change it)
    render | claim | send | record          deliver(newsletter) -> the ledger

Only ports are called for I/O; every decision is made by a pure function of the layers below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.loading import lazily

if TYPE_CHECKING:
    from digest.pipeline.addressing import mail_for
    from digest.pipeline.building import Built, build, require_no_build
    from digest.pipeline.campaigning import Campaigned, deliver_campaign, rehearse_campaign
    from digest.pipeline.composing import Composed, compose
    from digest.pipeline.correcting import Corrected, correct, rendered_correction
    from digest.pipeline.correspondence import Correspondence, Stationery
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
    from digest.pipeline.journalling import journalled, require_publishing_day
    from digest.pipeline.mailing import Mailed, mail_correction
    from digest.pipeline.membership import Answer, Asker, Card, Membership, Other, Question, Topic, Wishes
    from digest.pipeline.outing import is_out, went_out
    from digest.pipeline.proofing import doubts, proof, to_look_at
    from digest.pipeline.publishing import Shelf, archived_edition, open_archive, shelf
    from digest.pipeline.relating import archive
    from digest.pipeline.replaying import Replayed, reel_of, replay, tape_of
    from digest.pipeline.returning import Effect, Returns
    from digest.pipeline.summarizing import summarize
    from digest.pipeline.taping import taped
    from digest.pipeline.telling import tell, tell_again, tell_of_feeds
    from digest.pipeline.tempo import Tempo
    from digest.pipeline.watching import Concern, Watch, watch

#: The names that each stage offers. A stage is loaded when one of them is first used: sending needs no feed
#: parser, and the stages that read take most of a second and most of the memory.
STAGES = {
    "addressing": ("mail_for",),
    "building": ("Built", "build", "require_no_build"),
    "campaigning": ("Campaigned", "deliver_campaign", "rehearse_campaign"),
    "composing": ("Composed", "compose"),
    "correcting": ("Corrected", "correct", "rendered_correction"),
    "correspondence": ("Correspondence", "Stationery"),
    "delivering": ("Delivered", "deliver", "render_edition", "require_approval", "resend_unsure"),
    "desk": ("Desk", "composed_edition", "read_edition"),
    "duties": ("Hold", "on_duty"),
    "gathering": ("Gathered", "gather"),
    "journalling": ("journalled", "require_publishing_day"),
    "mailing": ("Mailed", "mail_correction"),
    "membership": ("Answer", "Asker", "Card", "Membership", "Other", "Question", "Topic", "Wishes"),
    "outing": ("is_out", "went_out"),
    "proofing": ("doubts", "proof", "to_look_at"),
    "publishing": ("Shelf", "archived_edition", "open_archive", "shelf"),
    "relating": ("archive",),
    "replaying": ("Replayed", "reel_of", "replay", "tape_of"),
    "returning": ("Effect", "Returns"),
    "summarizing": ("summarize",),
    "taping": ("taped",),
    "telling": ("tell", "tell_again", "tell_of_feeds"),
    "tempo": ("Tempo",),
    "watching": ("Concern", "Watch", "watch"),
}

__all__ = [
    "Answer",
    "Asker",
    "Built",
    "Campaigned",
    "Card",
    "Composed",
    "Concern",
    "Corrected",
    "Correspondence",
    "Delivered",
    "Desk",
    "Effect",
    "Gathered",
    "Hold",
    "Mailed",
    "Membership",
    "Other",
    "Question",
    "Replayed",
    "Returns",
    "Shelf",
    "Stationery",
    "Tempo",
    "Topic",
    "Watch",
    "Wishes",
    "archive",
    "archived_edition",
    "build",
    "compose",
    "composed_edition",
    "correct",
    "deliver",
    "deliver_campaign",
    "doubts",
    "gather",
    "is_out",
    "journalled",
    "mail_correction",
    "mail_for",
    "on_duty",
    "open_archive",
    "proof",
    "read_edition",
    "reel_of",
    "rehearse_campaign",
    "render_edition",
    "rendered_correction",
    "replay",
    "require_approval",
    "require_no_build",
    "require_publishing_day",
    "resend_unsure",
    "shelf",
    "summarize",
    "tape_of",
    "taped",
    "tell",
    "tell_again",
    "tell_of_feeds",
    "to_look_at",
    "watch",
    "went_out",
]

__getattr__ = lazily(__name__, STAGES)
