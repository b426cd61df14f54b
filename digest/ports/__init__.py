"""What the pipeline needs from outside: small interfaces that adapters implement.

Every moment is an aware UTC ``datetime`` that the caller passes; no adapter reads a clock for one.
"""

from digest.ports.articles import EditionStore, FeedStore, Known
from digest.ports.ledger import DUE, ArchiveStore, Due, Headcount, Ledger
from digest.ports.minding import Journal, NoticeStore, Roster, TapeStore, Untold
from digest.ports.outside import Answers, Fetcher, Summarizer
from digest.ports.readers import (
    TAKEN_FOR_EACH,
    EventStore,
    Facts,
    SubscriberStore,
    SuppressionStore,
    Taken,
    Use,
    Whose,
)
from digest.ports.senders import CampaignSender, Capabilities, Sender, Teller
from digest.ports.steps import Progress, Step
from digest.ports.store import EditionFiles, Store

__all__ = [
    "DUE",
    "TAKEN_FOR_EACH",
    "Answers",
    "ArchiveStore",
    "CampaignSender",
    "Capabilities",
    "Due",
    "EditionFiles",
    "EditionStore",
    "EventStore",
    "Facts",
    "FeedStore",
    "Fetcher",
    "Headcount",
    "Journal",
    "Known",
    "Ledger",
    "NoticeStore",
    "Progress",
    "Roster",
    "Sender",
    "Step",
    "Store",
    "SubscriberStore",
    "Summarizer",
    "SuppressionStore",
    "Taken",
    "TapeStore",
    "Teller",
    "Untold",
    "Use",
    "Whose",
]
