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
    from digest.pipeline.articles.gathering import Gathered, gather
    from digest.pipeline.delivery.addressing import mail_for
    from digest.pipeline.delivery.campaigning import Campaigned, deliver_campaign, rehearse_campaign
    from digest.pipeline.delivery.correcting import Corrected, correct, rendered_correction
    from digest.pipeline.delivery.delivering import (
        Delivered,
        deliver,
        render_edition,
        require_approval,
        resend_unsure,
    )
    from digest.pipeline.delivery.mailing import Mailed, mail_correction
    from digest.pipeline.delivery.publishing import Shelf, archived_edition, open_archive, shelf
    from digest.pipeline.delivery.tempo import Tempo
    from digest.pipeline.desk import Desk, composed_edition, read_edition
    from digest.pipeline.draft.building import Built, build, require_no_build
    from digest.pipeline.draft.composing import Composed, compose
    from digest.pipeline.draft.proofing import doubts, proof, to_look_at
    from digest.pipeline.draft.relating import archive
    from digest.pipeline.draft.replaying import Replayed, reel_of, replay, tape_of
    from digest.pipeline.draft.summarizing import summarize
    from digest.pipeline.draft.taping import taped
    from digest.pipeline.duties import Hold, on_duty
    from digest.pipeline.editors.telling import tell, tell_again, tell_of_feeds
    from digest.pipeline.editors.watching import Concern, Watch, watch
    from digest.pipeline.journalling import journalled, require_publishing_day
    from digest.pipeline.outing import is_out, went_out
    from digest.pipeline.readers.correspondence import Correspondence, Stationery
    from digest.pipeline.readers.membership import (
        Answer,
        Asker,
        Card,
        Membership,
        Other,
        Question,
        Topic,
        Wishes,
    )
    from digest.pipeline.readers.returning import Effect, Returns

#: The names that each stage offers. A stage is loaded when one of them is first used: sending needs no feed
#: parser, and the stages that read take most of a second and most of the memory.
STAGES = {
    "delivery.addressing": ("mail_for",),
    "draft.building": ("Built", "build", "require_no_build"),
    "delivery.campaigning": ("Campaigned", "deliver_campaign", "rehearse_campaign"),
    "draft.composing": ("Composed", "compose"),
    "delivery.correcting": ("Corrected", "correct", "rendered_correction"),
    "readers.correspondence": ("Correspondence", "Stationery"),
    "delivery.delivering": ("Delivered", "deliver", "render_edition", "require_approval", "resend_unsure"),
    "desk": ("Desk", "composed_edition", "read_edition"),
    "duties": ("Hold", "on_duty"),
    "articles.gathering": ("Gathered", "gather"),
    "journalling": ("journalled", "require_publishing_day"),
    "delivery.mailing": ("Mailed", "mail_correction"),
    "readers.membership": ("Answer", "Asker", "Card", "Membership", "Other", "Question", "Topic", "Wishes"),
    "outing": ("is_out", "went_out"),
    "draft.proofing": ("doubts", "proof", "to_look_at"),
    "delivery.publishing": ("Shelf", "archived_edition", "open_archive", "shelf"),
    "draft.relating": ("archive",),
    "draft.replaying": ("Replayed", "reel_of", "replay", "tape_of"),
    "readers.returning": ("Effect", "Returns"),
    "draft.summarizing": ("summarize",),
    "draft.taping": ("taped",),
    "editors.telling": ("tell", "tell_again", "tell_of_feeds"),
    "delivery.tempo": ("Tempo",),
    "editors.watching": ("Concern", "Watch", "watch"),
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
