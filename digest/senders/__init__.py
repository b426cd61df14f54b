"""The senders: one file per provider, all behind ``ports.Sender``."""

from __future__ import annotations

from pathlib import Path

from digest.ports import CampaignSender, Sender
from digest.settings import ApiSettings, CampaignSettings, OutboxSettings, SmtpSettings


def open_sender(settings: OutboxSettings | SmtpSettings | ApiSettings, *, project: Path) -> Sender:
    """The sender that *settings* names; nothing is connected before its first mail.

    Raises:
        ConfigError: The settings ask for more than the provider can do.
    """
    if isinstance(settings, OutboxSettings):
        from digest.senders.outbox import OutboxSender

        return OutboxSender(project / settings.path)
    if isinstance(settings, SmtpSettings):
        from digest.senders.smtp import SmtpSender

        return SmtpSender(settings)
    from digest.senders.providers import open_api

    return open_api(settings)


def open_campaigns(settings: CampaignSettings) -> CampaignSender:
    """The sender that *settings* names, which holds the list itself; nothing is connected before it is asked.

    Raises:
        ConfigError: The settings hold a key that cannot be one.
    """
    from digest.senders import providers

    return providers.open_campaigns(settings)
