"""Everything that can go wrong, and what the program does about it.

DigestError
├── NothingToDo        a quiet day, a holiday, all sent: say why, and end (exit 3)
├── ConfigError        schedules.toml is wrong: stop, list every problem (exit 2)
├── GatherError        every feed failed: no edition now, try again (exit 75)
├── FeedError          one feed or page failed: go on without it, say so
│   ├── FetchError
│   └── ParseError
├── SummaryError       a summarizer failed: use the extractive one
├── EditionError       the edition's file is wrong or may not be overwritten: stop (exit 1)
│   ├── ConflictError  two editors changed the same words: nothing is written, both are shown
│   └── ApprovalError  nobody approved what it says now: it waits for that
├── RenderError        a template is wrong: stop before anything is sent (exit 1)
├── StoreError         the database cannot be read or written: nothing is sent (exit 75)
├── HookError          a post is not its provider's, or too old: it is refused, nothing is changed
├── NoticeError        the editors could not be told this way: try the others, say so in the log
├── OutputError        the answer cannot be written: what was done is done (exit 75)
├── MailboxError       the bounce mailbox cannot be read: nothing is marked as read (exit 75)
├── StoppedError       the process was told to end: the next one goes on (exit 75)
├── BusyError          another process is doing the same: leave it to that one (exit 75)
└── SendError          nothing can be sent now: stop the run, keep the ledger (exit 75)
"""

from __future__ import annotations

from collections.abc import Sequence

#: The exit code of a bug, and of a process that was ended (sysexits: an internal error).
BUG = 70


class DigestError(Exception):
    """The base of all of our errors. Anything else that is raised is a bug."""

    #: The exit code if nobody catches it (sysexits: 75 is "try again later").
    exit_code = 1


class ConfigError(DigestError):
    """All problems of a configuration at once, one line each."""

    exit_code = 2

    def __init__(self, source: str, problems: Sequence[str]) -> None:
        self.source = source
        self.problems = tuple(problems)
        count = len(self.problems)
        lines = "".join(f"\n  * {problem}" for problem in self.problems)
        super().__init__(f"{source}: {count} problem{'' if count == 1 else 's'}{lines}")


class NothingToDo(DigestError):  # noqa: N818 - no error, but an end
    """Not a failure, but no edition or mail either; the message says why."""

    exit_code = 3


class GatherError(DigestError):
    """No feed could be read: not a quiet day, but a failure."""

    exit_code = 75


class FeedError(DigestError):
    """One feed or page that could not be used; *reason* completes "url: …"."""

    def __init__(self, url: str, reason: str) -> None:
        self.url = url
        self.reason = reason
        super().__init__(f"{url}: {reason}")


class FetchError(FeedError):
    """No usable answer came back.

    *status* is the HTTP status when there was one; *retry_after* is the number of seconds that the
    server asked us to wait.
    """

    def __init__(
        self, url: str, reason: str, *, status: int | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(url, reason)
        self.status = status
        self.retry_after = retry_after


class ParseError(FeedError):
    """An answer came, but it is not a feed."""


class SummaryError(DigestError):
    """A summarizer has no blurb for this story."""


class EditionError(DigestError):
    """An edition's file cannot be used. *line* and *column* count from 1 when they are known.

    *others* are further problems of the same file, each shown on a line of its own.
    """

    def __init__(
        self,
        source: str,
        reason: str,
        *,
        line: int | None = None,
        column: int | None = None,
        others: Sequence[EditionError] = (),
    ) -> None:
        self.source = source
        self.reason = reason
        self.line = line
        self.column = column
        self.others = tuple(others)
        where = source if line is None else f"{source}:{line}:{column or 1}"
        super().__init__("\n".join([f"{where}: {reason}", *map(str, self.others)]))


class ConflictError(EditionError):
    """Somebody else changed what an editor is changing; *present* is what is there now."""

    def __init__(self, source: str, present: object) -> None:
        super().__init__(source, "somebody else changed this meanwhile; choose which words stay")
        self.present = present


class ApprovalError(EditionError):
    """The edition waits for somebody to approve it as it is now."""


class RenderError(DigestError):
    """A template, or one blurb in it, does not make a mail."""


class StoreError(DigestError):
    """The database is missing, locked, damaged, full or of a newer version."""

    exit_code = 75


class HookError(DigestError):
    """A post to a webhook's address cannot be believed; the message is for whoever runs the program."""


class NoticeError(DigestError):
    """A notice reached no editor this way; the message says why, and contains no address."""


class MailboxError(DigestError):
    """A mailbox is missing or locked, or its server refuses us."""

    exit_code = 75


class StoppedError(DigestError):
    """The process was told to end before this was done; nothing is lost."""

    exit_code = 75


class BusyError(DigestError):
    """Another process, which is alive, is doing this right now."""

    exit_code = 75


class SendError(DigestError):
    """Nothing can be sent now (no route, login refused): the run stops."""

    exit_code = 75


class OutputError(DigestError):
    """What was asked for cannot be written to standard output; all else was done."""

    exit_code = 75
