"""The domain's types: everything that travels from stage to stage, frozen.

``Fetched`` → ``Article`` → ``Story`` → ``Blurb`` in ``Section`` in ``Edition`` → ``Mail`` → ``Receipt``.

All moments are aware and in UTC; all text is plain text without control characters, its paragraphs
parted by a line break, unless a field says otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.loading import lazily

if TYPE_CHECKING:
    from digest.model.archive import ArchivedEdition, Content, Correction
    from digest.model.articles import Article, Enclosure, Image, Kind
    from digest.model.delivery import (
        CAMPAIGN,
        Campaign,
        Delivery,
        Outcome,
        Receipt,
        Remote,
        Standing,
        State,
        Tally,
    )
    from digest.model.editions import (
        Approval,
        Aside,
        Blurb,
        Edition,
        EditionRecord,
        Finding,
        Link,
        Quote,
        Section,
        Sponsor,
        Use,
    )
    from digest.model.keys import EditionKey, Window
    from digest.model.mails import GMAIL, NOTHING, Letter, Mail, Reader, Rendered, Slotted, Subscriber
    from digest.model.network import FeedState, Fetched, Request, Unchanged
    from digest.model.returns import EventKind, MailEvent, Reason, Suppressed
    from digest.model.runs import Duty, Notice, NoticeKind, Run, Stage, Watch
    from digest.model.stories import Candidate, Context, Provenance, Ran, Selection, Span, Story, Summary

#: Which module each type is in. Few programs need all of them, and loading all takes as long as a summarizer.
HOMES = {
    "archive": ("ArchivedEdition", "Content", "Correction"),
    "articles": ("Article", "Enclosure", "Image", "Kind"),
    "delivery": (
        "CAMPAIGN",
        "Campaign",
        "Delivery",
        "Outcome",
        "Receipt",
        "Remote",
        "Standing",
        "State",
        "Tally",
    ),
    "editions": (
        "Approval",
        "Aside",
        "Blurb",
        "Edition",
        "EditionRecord",
        "Finding",
        "Link",
        "Quote",
        "Section",
        "Sponsor",
        "Use",
    ),
    "keys": ("EditionKey", "Window"),
    "mails": ("GMAIL", "NOTHING", "Letter", "Mail", "Reader", "Rendered", "Slotted", "Subscriber"),
    "network": ("FeedState", "Fetched", "Request", "Unchanged"),
    "returns": ("EventKind", "MailEvent", "Reason", "Suppressed"),
    "runs": ("Duty", "Notice", "NoticeKind", "Run", "Stage", "Watch"),
    "stories": ("Candidate", "Context", "Provenance", "Ran", "Selection", "Span", "Story", "Summary"),
}
__all__ = [
    "CAMPAIGN",
    "GMAIL",
    "NOTHING",
    "Approval",
    "ArchivedEdition",
    "Article",
    "Aside",
    "Blurb",
    "Campaign",
    "Candidate",
    "Content",
    "Context",
    "Correction",
    "Delivery",
    "Duty",
    "Edition",
    "EditionKey",
    "EditionRecord",
    "Enclosure",
    "EventKind",
    "FeedState",
    "Fetched",
    "Finding",
    "Image",
    "Kind",
    "Letter",
    "Link",
    "Mail",
    "MailEvent",
    "Notice",
    "NoticeKind",
    "Outcome",
    "Provenance",
    "Quote",
    "Ran",
    "Reader",
    "Reason",
    "Receipt",
    "Remote",
    "Rendered",
    "Request",
    "Run",
    "Section",
    "Selection",
    "Slotted",
    "Span",
    "Sponsor",
    "Stage",
    "Standing",
    "State",
    "Story",
    "Subscriber",
    "Summary",
    "Suppressed",
    "Tally",
    "Unchanged",
    "Use",
    "Watch",
    "Window",
]

__getattr__ = lazily(__name__, HOMES)
