"""What an enhanced status code says about an address (RFC 3463, and its registry of RFC 5248)."""

from __future__ import annotations

import re

from digest.model import EventKind

_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")

#: About the sender's address, not the receiver's: bad syntax or system, or no MX that takes bounces.
SENDERS = frozenset({"5.1.7", "5.1.8", "5.1.9"})
#: Too large for the mailbox or the system: another edition may fit.
TOO_LARGE = frozenset({"5.2.3", "5.3.4"})
#: What Outlook.com and others say of mailboxes that are closed or were never there, among other things.
UNSAID = "5.5.0"
#: Protocol, content and policy: about the mail and who sends it. A day on which our signature is broken must
#: not cost a newsletter all its readers at one provider.
OURS = frozenset({"5", "6", "7"})


def kind_of(status: str, words: str = "") -> EventKind:
    """What became of a mail that was given up with that status; *words* are the server's.

    5.1.x is believed to be about the address. What is neither about the address nor about the mail (a full
    or closed mailbox, a server that was never reached) is soft: it suppresses when it does not end.
    """
    code = status_of(status, words)
    class_, _, rest = code.partition(".")
    if class_ != "5":
        return EventKind.SOFT
    subject = rest.partition(".")[0]
    if code in SENDERS or code in TOO_LARGE or (subject in OURS and code != UNSAID):
        return EventKind.BLOCKED
    return EventKind.HARD if subject == "1" else EventKind.SOFT


def status_of(status: str, words: str = "") -> str:
    """The status as it is written in RFC 3463, "5.1.1"; that of *words* where it is the more telling one.

    Many servers report "5.0.0" and quote the reply that tells more.
    """
    given = _normal(status)
    if given and given.partition(".")[2] != "0.0":
        return given
    quoted = _normal(words)
    return quoted if quoted and quoted[:1] == (given or quoted)[:1] else given


def _normal(text: str) -> str:
    found = _STATUS.search(text)
    return f"{found[1]}.{int(found[2])}.{int(found[3])}" if found else ""
