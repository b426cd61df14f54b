"""send, if a provider holds the list: the edition as one campaign."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from digest.cli.delivery import tempo_of, typed_address
from digest.cli.session import Session
from digest.errors import NothingToDo, SendError

if TYPE_CHECKING:
    from digest.app import App
    from digest.model import Rendered
    from digest.ports import CampaignSender
    from digest.settings import Newsletter

#: What was done in one line, the exit code, and the numbers for ``--json``.
Said = tuple[str, int, dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """One edition, and the provider that is to send it."""

    app: App
    newsletter: Newsletter
    rendered: Rendered
    sender: CampaignSender
    session: Session

    def done(self, to: tuple[str, ...], dry_run: bool, way: str | None, *, at_its_hour: bool) -> Said:
        """What ``digest send`` asks for with these options."""
        if dry_run:
            return self.rehearsed()
        if to:
            return self.tested(to)
        return self.made(resume=way == "resume", at_its_hour=at_its_hour)

    def rehearsed(self) -> Said:
        size = sum(map(len, self.rendered.html.pieces))
        words = (
            f"{self.rendered.key}: would hand one campaign over to {self._kind}, {size} bytes of HTML; "
            "nothing was sent"
        )
        return words, 0, {"would_send": 1, "html_bytes": size}

    def tested(self, to: tuple[str, ...]) -> Said:
        """The provider's own test of its draft."""
        from digest import pipeline

        addresses = [typed_address(address) for address in to]
        remote = pipeline.rehearse_campaign(
            self.newsletter,
            self.rendered,
            self.app.desk(self.newsletter),
            self.sender,
            addresses,
            now=self.session.now,
        )
        words = f"{self.rendered.key}: {len(addresses)} tested, by {self._kind}: campaign {remote.id}"
        return words, 0, {"tested": len(addresses), "campaign": remote.id}

    def made(self, *, resume: bool, at_its_hour: bool) -> Said:
        """To the whole list, once."""
        from digest import pipeline, timetable
        from digest.model import Outcome

        key, kind = self.rendered.key, self._kind
        go_on = f"go on with: digest send {key.newsletter} --date {key.day} --resume"
        go_on += " --at-its-hour" if at_its_hour else ""
        hour = timetable.local(self.newsletter, key.day, self.newsletter.send) if at_its_hour else None
        try:
            with tempo_of(self.newsletter, self.session) as tempo:
                done = pipeline.deliver_campaign(
                    self.newsletter,
                    self.rendered,
                    self.app.desk(self.newsletter),
                    self.sender,
                    now=self.session.now,
                    at=hour,
                    resume=resume,
                    tempo=tempo,
                )
        except SendError as exc:
            raise SendError(f"{exc}; {go_on}") from exc
        if done.differs:
            self.session.note(f"{kind} has other words of this edition than it has now")
        if done.before and done.outcome is Outcome.SENT:
            raise NothingToDo(f"{key}: {kind} has it already ({done.words}); nobody gets it twice")
        words = {
            Outcome.SENT: f"handed over to {kind}: {done.words}",
            Outcome.REFUSED: f"called off at {kind}, and not sent: {done.words}",
        }.get(done.outcome, f"unsure whether {kind} sends it: {done.words}; {go_on}")
        numbers = {"outcome": str(done.outcome), "campaign": done.remote.id if done.remote else ""}
        return f"{key}: {words}", 0 if done.complete else 1, numbers

    @property
    def _kind(self) -> str:
        return self.newsletter.sender.kind


def require_sense(sender: CampaignSender | None, *, way: str | None, at_its_hour: bool, whole: bool) -> None:
    """Do nothing, unless an option is not for this kind of sender.

    Raises:
        UsageError: It is not; the message says which kind it is for.
    """
    if sender is not None and way == "resend":
        raise click.UsageError(f"{sender.name} sends a campaign once; --resume says how it stands.")
    if at_its_hour and (sender is None or not whole):
        raise click.UsageError(
            "--at-its-hour is for a provider that holds the list, and cannot be used with --to or --dry-run."
        )
