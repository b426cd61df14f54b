"""The providers behind HTTP APIs: which there are, and whether the settings fit what they can do."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from digest.errors import ConfigError
from digest.ports import Capabilities
from digest.senders import brevo, buttondown, listmonk, mailchimp, mailgun, postmark, resend, sendgrid, ses
from digest.senders.batching import ATTEMPTS, ApiSender, Provider
from digest.senders.campaigns import ApiCampaigns, CampaignProvider
from digest.senders.rate import PATIENCE, Rate
from digest.settings import (
    ApiSettings,
    BrevoSettings,
    ButtondownSettings,
    CampaignSettings,
    ListmonkSettings,
    MailchimpSettings,
    MailgunSettings,
    PostmarkSettings,
    ResendSettings,
    Secret,
    SendgridSettings,
    SesSettings,
)

#: Bytes of one mail at the most: HTML and text at their limits, and twice that for what JSON and base64 add.
LARGEST_MAIL = 400_000
#: Requests at once: whole batches are large, and single mails wait for the network.
CONNECTIONS = {True: 2, False: 8}

#: What each can do, by kind; ``docs/senders.md`` is made of it.
CAPABILITIES: dict[str, Capabilities] = {
    module.__name__.rpartition(".")[2]: module.CAN
    for module in (ses, postmark, resend, mailgun, sendgrid, brevo, listmonk, buttondown, mailchimp)
}


def open_api(
    settings: ApiSettings,
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> ApiSender:
    """A sender on the API that *settings* names.

    Raises:
        ConfigError: They ask for more than it can do, or hold a key that cannot be one.
    """
    provider = _provider(settings)
    size = getattr(settings, "batch", 1)
    if problems := list(_misfits(settings, size, provider.can)):
        raise ConfigError(f"sender {settings.kind}", problems)
    rate = Rate(settings.rate or provider.can.rate, clock=clock, sleep=sleep)
    return ApiSender(
        provider, timeout=settings.timeout, size=size, connections=CONNECTIONS[size > 1], rate=rate
    )


def open_campaigns(
    settings: CampaignSettings,
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> ApiCampaigns:
    """A sender of campaigns on the API that *settings* names.

    Raises:
        ConfigError: They hold a key that cannot be one.
    """
    if problems := list(_keys(settings)):
        raise ConfigError(f"sender {settings.kind}", problems)
    provider = _campaign_provider(settings)
    rate = Rate(settings.rate or provider.can.rate, clock=clock, sleep=sleep)
    return ApiCampaigns(provider, timeout=settings.timeout, rate=rate)


def _campaign_provider(settings: CampaignSettings) -> CampaignProvider:
    match settings:
        case ListmonkSettings():
            return listmonk.Listmonk(settings)
        case ButtondownSettings():
            return buttondown.Buttondown(settings)
        case MailchimpSettings():
            return mailchimp.Mailchimp(settings)


def _provider(settings: ApiSettings) -> Provider:
    match settings:
        case SesSettings():
            return ses.Ses(settings)
        case PostmarkSettings():
            return postmark.Postmark(settings)
        case ResendSettings():
            return resend.Resend(settings)
        case MailgunSettings():
            return mailgun.Mailgun(settings)
        case SendgridSettings():
            return sendgrid.Sendgrid(settings)
        case BrevoSettings():
            return brevo.Brevo(settings)


def _misfits(settings: ApiSettings, size: int, can: Capabilities) -> Iterator[str]:
    room = can.batch_max if can.shares_content else can.bytes_max // LARGEST_MAIL
    most = min(can.batch_max, room)
    if size > most:
        yield f"batch: must be at most {most}, as a request holds {can.bytes_max // 1_000_000} MB; got {size}"
    longest = (can.idempotency.total_seconds() - PATIENCE) // ATTEMPTS
    if can.idempotency and settings.timeout.total_seconds() > longest:
        yield (
            f"timeout: must be at most {longest / 60:.0f}m: a repeated request is recognized by its key for "
            f"{can.idempotency.total_seconds() / 60:.0f} minutes only"
        )
    yield from _keys(settings)


def _keys(settings: ApiSettings | CampaignSettings) -> Iterator[str]:
    for name in ("token", "key", "secret_key", "session_token", "access_key"):
        value = getattr(settings, name, None)
        text = value.reveal() if isinstance(value, Secret) else value or ""
        if value is not None and not text and name != "session_token":
            yield f'{name}: is required: write {name} = "${{SENDER_KEY}}" and set SENDER_KEY where it runs'
        # It becomes a header field, and the error of one that cannot be written would show it.
        elif not text.isascii() or not text.isprintable() or " " in text:
            yield f"{name}: contains a space or a character that no key has"
    if (
        isinstance(settings, MailchimpSettings)
        and settings.key
        and not (settings.base_url or mailchimp.server_of(settings.key))
    ):
        yield "key: must end with a hyphen and its data centre, as in -us19"
