"""The mails' contents: composed, signed, and handed out when they may leave."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from digest.model import Mail
from digest.senders import dkim, mime
from digest.senders.smtp.conversation import END, Job
from digest.senders.smtp.pace import Pace
from digest.senders.smtp.signers import Signers, further_threads
from digest.settings import DkimSettings


class Contents:
    """Jobs that wait for a connection. Where mails are signed they come to it later: *ring* tells when."""

    def __init__(self, settings: DkimSettings | None, pace: Pace, ring: Callable[[], None]) -> None:
        self._pace = pace
        self._ready: deque[Job] = deque()
        #: Mails that are with the signers.
        self._unsigned = 0
        self._domain = settings.domain if settings else ""
        self._keys = dkim.keys_of(settings) if settings else ()
        self._signers = Signers(self._signed, ring, threads=further_threads()) if settings else None
        #: Seconds until a job may leave that waits for nothing else.
        self.wait: float | None = None

    def add(self, number: int, mail: Mail) -> None:
        """Make a job of *mail*.

        Raises:
            SendError: A header field would hold a line break or something that is not ASCII.
        """
        message = mime.compose(mail)
        if self._signers is None:
            self._ready.append(_job(number, mail, message))
        else:
            self._unsigned += 1
            self._signers.ask((number, mail, dkim.unsigned(message, mail.date, self._domain, self._keys)))

    def put_back(self, job: Job) -> None:
        self._ready.appendleft(job)

    def take(self) -> Job | None:
        """A job that may leave now, if there is one."""
        self._collect()
        self.wait = None
        for place, job in enumerate(self._ready):
            wait = self._pace.wait(job.mail.to)
            if not wait:
                del self._ready[place]
                return job
            self.wait = min(wait, self.wait or wait)
        return None

    def gathers(self, fewest: int) -> bool:
        """Whether fewer jobs than that are here, and others on their way.

        A mail that follows another one over the same connection costs half the packets.
        """
        self._collect()
        return len(self._ready) < fewest and self._unsigned > 0

    @property
    def has_news(self) -> bool:
        """Whether a mail was signed since ``take`` looked."""
        return self._signers is not None and self._signers.has_signed

    @property
    def has_unsigned(self) -> bool:
        """Whether a mail waits for somebody who has time to sign it."""
        return self._signers is not None and self._signers.has_drafts

    def sign(self) -> None:
        """Sign a mail in this thread, if one waits for it."""
        if self._signers is not None:
            self._signers.help()

    def clear(self) -> None:
        """Forget every job: it is not to leave."""
        self._ready.clear()
        if self._signers is not None:
            self._signers.clear()
            self._unsigned = 0

    def close(self) -> None:
        if self._signers is not None:
            self._signers.close()

    def _collect(self) -> None:
        """Make jobs of what was signed meanwhile."""
        if self._signers is None:
            return
        for number, mail, unsigned, signatures in self._signers.signed():
            self._unsigned -= 1
            self._ready.append(_job(number, mail, dkim.finished(unsigned, signatures)))

    def _signed(self, draft: tuple[int, Mail, dkim.Unsigned]) -> tuple[int, Mail, dkim.Unsigned, list[bytes]]:
        number, mail, unsigned = draft
        signatures = [key.sign(data) for key, data in zip(self._keys, unsigned.data, strict=True)]
        return number, mail, unsigned, signatures


def _job(number: int, mail: Mail, message: mime.Message) -> Job:
    # No line begins with a dot: there is none to double (RFC 5321, 4.5.2).
    return Job(number, mail, (message.head, *message.body, END))
