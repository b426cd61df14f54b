"""What travels as a mail's content: composed, signed, and handed out when it may leave."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from digest.model import Mail
from digest.senders import dkim, mime
from digest.senders.signing import SigningProcess
from digest.senders.smtp.conversation import END, Job
from digest.senders.smtp.pace import Pace
from digest.settings import DkimSettings


class Contents:
    """Jobs that wait for a connection. Where further processes sign, some come to it later."""

    def __init__(self, settings: DkimSettings | None, pace: Pace) -> None:
        self._domain = settings.domain if settings else ""
        self._keys = dkim.keys_of(settings) if settings else ()
        self._pace = pace
        self._ready: deque[Job] = deque()
        self._mails: dict[int, Mail] = {}
        #: For whoever has time first: a process, or this one when there is nothing else to do.
        self._unsigned: deque[tuple[int, dkim.Unsigned]] = deque()
        further = settings.processes - 1 if settings else 0
        self.processes = [SigningProcess(settings) for _ in range(further)] if settings else []
        #: Seconds until a job may leave that waits for nothing else.
        self.wait: float | None = None

    def add(self, number: int, mail: Mail) -> None:
        """Make a job of *mail*.

        Raises:
            SendError: A header field would hold a line break or something that is not ASCII.
        """
        message = mime.compose(mail)
        if not self._keys:
            self._ready.append(_job(number, mail, message))
            return
        self._mails[number] = mail
        self._unsigned.append((number, dkim.unsigned(message, mail.date, self._domain, self._keys)))
        self._ask()

    def put_back(self, job: Job) -> None:
        self._ready.appendleft(job)

    def take(self) -> Job | None:
        """A job that may leave now, if there is one."""
        self.wait = None
        for place, job in enumerate(self._ready):
            wait = self._pace.wait(job.mail.to)
            if not wait:
                del self._ready[place]
                return job
            self.wait = min(wait, self.wait or wait)
        if self._ready or self.processes or not self.sign():
            return None
        return self.take()

    @property
    def has_unsigned(self) -> bool:
        """Whether a mail waits for a process that has time."""
        return bool(self._unsigned)

    def sign(self) -> bool:
        """Sign a mail here; False when there is none that no process was asked for."""
        if not self._unsigned:
            return False
        number, unsigned = self._unsigned.popleft()
        self._sign(
            number, unsigned, [key.sign(data) for key, data in zip(self._keys, unsigned.data, strict=True)]
        )
        return True

    def hear(self, process: SigningProcess) -> bool:
        """Take the signatures that *process* has made; False when it is gone."""
        try:
            self._sign(*process.answer())
        except EOFError:
            return False
        self._ask()
        return True

    def dismiss(self, process: SigningProcess) -> None:
        """Let others do its work."""
        self.processes.remove(process)
        self._unsigned.extendleft(reversed(process.close()))
        self._ask()

    def clear(self) -> None:
        """Forget every job: it is not to leave."""
        self._ready.clear()
        self._unsigned.clear()
        self._mails.clear()

    def close(self) -> None:
        for process in self.processes:
            process.close()
        self.processes = []

    def _ask(self) -> None:
        for process in self.processes:
            while self._unsigned and not process.is_busy:
                process.ask(*self._unsigned.popleft())

    def _sign(self, number: int, unsigned: dkim.Unsigned, signatures: Sequence[bytes]) -> None:
        mail = self._mails.pop(number, None)
        if mail is not None:
            self._ready.append(_job(number, mail, dkim.finished(unsigned, signatures)))


def _job(number: int, mail: Mail, message: mime.Message) -> Job:
    # No line begins with a dot: there is none to double (RFC 5321, 4.5.2).
    return Job(number, mail, (message.head, *message.body, END))
