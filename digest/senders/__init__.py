"""Who takes the mails: one file a provider, all behind ``ports.Sender``."""

from __future__ import annotations

from pathlib import Path

from digest.ports import Sender
from digest.settings import OutboxSettings, SenderSettings


def open_sender(settings: SenderSettings, *, project: Path) -> Sender:
    """The sender that *settings* names; nothing is connected before its first mail."""
    if isinstance(settings, OutboxSettings):
        from digest.senders.outbox import OutboxSender

        return OutboxSender(project / settings.path)
    from digest.senders.smtp import SmtpSender

    return SmtpSender(settings)
