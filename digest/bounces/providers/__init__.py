"""What providers post when a mail bounced or a reader complained: verified, then put into our words.

Each provider is one file with ``read(post, settings) -> Told``: it raises ``HookError`` unless the post is
the provider's own, by what its documents say of that, and judges the raw body, not what was made of it. The
answers to a post are the web's business; what follows from an event is the pipeline's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from digest.bounces.providers.posts import Post, Told
from digest.settings import (
    BrevoHook,
    ButtondownHook,
    MailgunHook,
    PostmarkHook,
    ResendHook,
    SendgridHook,
    SesHook,
)

__all__ = ["Hook", "Post", "Told", "read"]

Hook = SesHook | PostmarkHook | ResendHook | MailgunHook | SendgridHook | ButtondownHook | BrevoHook


def read(post: Post, hook: Hook, *, fetch: Callable[[str], bytes]) -> Told:
    """What a provider tells. *fetch* gets the certificate that Amazon signs with.

    Raises:
        HookError: It is not the provider's, or too old: nothing in it is to be believed.
    """
    # Imported here: two of them need cryptography, and most projects have one provider.
    match hook:
        case SesHook():
            from digest.bounces.providers import ses

            return ses.read(post, hook, fetch=fetch)
        case PostmarkHook():
            from digest.bounces.providers import postmark

            return postmark.read(post, hook)
        case ResendHook():
            from digest.bounces.providers import resend

            return resend.read(post, hook)
        case MailgunHook():
            from digest.bounces.providers import mailgun

            return mailgun.read(post, hook)
        case SendgridHook():
            from digest.bounces.providers import sendgrid

            return sendgrid.read(post, hook)
        case ButtondownHook():
            from digest.bounces.providers import buttondown

            return buttondown.read(post, hook)
        case BrevoHook():
            from digest.bounces.providers import brevo

            return brevo.read(post, hook)
    assert_never(hook)
