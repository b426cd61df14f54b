"""Hands an edition to a provider that holds the list: look for its campaign, draft it, launch it.

A provider's file translates; what follows from its words is decided here, the same for all of them:

* Looking changes nothing, and a draft may be written twice: without an answer, both are repeated.
* A draft that may have been made is looked for. One that nobody finds again reaches nobody.
* A launch is asked for once. Without an answer the campaign is read again: it is on its way, or nobody knows.
* Not now (429, 503): wait as long as the provider asks, up to ``PATIENCE``, and ask again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple, Protocol

from digest.errors import SendError
from digest.model import Campaign, EditionKey, Remote, Standing
from digest.ports import Capabilities
from digest.senders.answers import UNREADABLE, Answer, Ruling, Verdict
from digest.senders.batching import ATTEMPTS
from digest.senders.http import Call, Door, NoAnswer
from digest.senders.rate import Patience, Rate

#: Pages of a provider's campaigns that are looked through, the newest first.
PAGES = 20
#: Where an edition has several, because an answer to "make it" was lost: the one that went furthest. Beside
#: one that somebody called off, a draft that was left over is not launched.
FURTHEST = (
    Standing.SENT,
    Standing.SENDING,
    Standing.PAUSED,
    Standing.SCHEDULED,
    Standing.UNKNOWN,
    Standing.CANCELLED,
    Standing.DRAFT,
)


class Page(NamedTuple):
    """An edition's campaigns on one page of a provider's list, and whether there is another page."""

    found: Sequence[Remote]
    more: bool


class CampaignProvider(Protocol):
    """What an adapter's file gives: pure translations both ways."""

    name: str
    can: Capabilities
    #: Where its API is: "https://api.example.org".
    server: str

    def search(self, key: EditionKey, page: int) -> Call:
        """That page (from 1) of the campaigns among which the edition's would be."""
        ...

    def found(self, key: EditionKey, answer: Answer) -> Page | None:
        """None where the answer is no such page: then nobody knows what is there."""
        ...

    def read(self, remote_id: str) -> Call: ...

    def remote(self, answer: Answer) -> Remote | None:
        """The campaign that an answer is about; None when it is about none."""
        ...

    def create(self, campaign: Campaign) -> Call: ...

    def write(self, campaign: Campaign, remote: Remote, *, new: bool) -> Sequence[Call]:
        """What makes the draft say what *campaign* says; a *new* one has what its creation said."""
        ...

    def review(self, remote: Remote) -> Call | None:
        """The provider's own look at a draft before it is launched, where it offers one."""
        ...

    def objections(self, answer: Answer) -> str:
        """What such a look found that keeps the draft from being sent."""
        ...

    def trial(self, campaign: Campaign, remote: Remote, addresses: Sequence[str]) -> Sequence[Call]: ...

    def launch(self, campaign: Campaign, remote: Remote) -> Call: ...

    def probe(self) -> Call:
        """A request that only tells whether the key is taken."""
        ...

    def is_gone(self, answer: Answer) -> bool:
        """Whether it says that there is no such campaign."""
        ...

    def refusal(self, answer: Answer) -> Verdict:
        """What an answer means that is no success."""
        ...


class ApiCampaigns:
    """A ``ports.CampaignSender`` on a provider's API."""

    def __init__(self, provider: CampaignProvider, *, timeout: timedelta, rate: Rate) -> None:
        self.name = provider.name
        self._provider = provider
        self._rate = rate
        self._door = Door(provider.name, provider.server, timeout=timeout)

    def look(self, key: EditionKey, *, remote_id: str = "") -> Remote | None:
        with self._door:
            return self._read(remote_id) if remote_id else self._search(key)

    def draft(self, campaign: Campaign, remote: Remote | None) -> Remote:
        with self._door:
            new = remote is None
            remote = remote or self._created(campaign)
            for call in self._provider.write(campaign, remote, new=new):
                self._settled(call, "the draft was not written")
            return remote

    def test(self, campaign: Campaign, remote: Remote, addresses: Sequence[str]) -> None:
        with self._door:
            for call in self._provider.trial(campaign, remote, addresses):
                self._settled(call, "the test was not sent", again=False)

    def launch(self, campaign: Campaign, remote: Remote) -> Remote:
        with self._door:
            if (review := self._provider.review(remote)) is not None:
                answer = self._settled(review, "the draft could not be checked")
                if objections := self._provider.objections(answer):
                    raise SendError(f"{self.name}: the draft cannot be sent: {objections}")
            answer_or_no = self._asked(self._provider.launch(campaign, remote), again=False)
            return self._launched(remote, answer_or_no)

    def check(self) -> str:
        with self._door:
            answer = self._settled(self._provider.probe(), "it cannot be asked")
        if not answer.is_object:
            raise SendError(f"{self.name}: it cannot be used: {UNREADABLE}")
        return f"{self._provider.server} accepts the key"

    # --- steps ------------------------------------------------------------------------------------

    def _read(self, remote_id: str) -> Remote | None:
        found = self._asked(self._provider.read(remote_id), again=True, gone_is_well=True)
        if isinstance(found, Verdict):
            raise SendError(f"{self.name}: the campaign cannot be read: {found.words}")
        if self._provider.is_gone(found):
            return None
        if (remote := self._provider.remote(found)) is None:
            raise SendError(f"{self.name}: its answer about the campaign cannot be read")
        return remote

    def _search(self, key: EditionKey) -> Remote | None:
        found = sorted(self._pages(key), key=lambda remote: FURTHEST.index(remote.standing))
        return found[0] if found else None

    def _pages(self, key: EditionKey) -> Iterator[Remote]:
        for number in range(1, PAGES + 1):
            answer = self._settled(self._provider.search(key, number), "its campaigns cannot be listed")
            if (page := self._provider.found(key, answer)) is None:
                raise SendError(f"{self.name}: its campaigns cannot be listed: {UNREADABLE}")
            yield from page.found
            if not page.more:
                return

    def _created(self, campaign: Campaign) -> Remote:
        found = self._asked(self._provider.create(campaign), again=False)
        made = None if isinstance(found, Verdict) else self._provider.remote(found)
        if made is not None:
            return made
        in_doubt = not isinstance(found, Verdict) or found.ruling is Ruling.UNSURE
        made = self._search(campaign.rendered.key) if in_doubt else None
        if made is None or made.standing is not Standing.DRAFT:
            words = found.words if isinstance(found, Verdict) else "its answer cannot be read"
            raise SendError(f"{self.name}: no draft was made: {words}; nothing was sent")
        return made

    def _launched(self, remote: Remote, found: Answer | Verdict) -> Remote:
        """What became of a launch. A refusal may mean that an earlier one, which got lost, arrived."""
        words = found.words if isinstance(found, Verdict) else ""
        try:
            now = self._read(remote.id)
        except SendError as exc:
            now, words = None, words or str(exc)
        if now is not None and now.standing is not Standing.DRAFT:
            return now
        if not isinstance(found, Verdict):
            # Taken, though the provider does not show it yet.
            return replace(remote, standing=Standing.SENDING)
        if found.ruling is Ruling.UNSURE:
            return replace(remote, standing=Standing.UNKNOWN, words=words)
        raise SendError(f"{self.name}: the campaign was not launched: {words}")

    # --- one request ------------------------------------------------------------------------------

    def _settled(self, call: Call, failure: str, *, again: bool = True) -> Answer:
        """The answer to a request that leaves nothing in doubt that matters."""
        found = self._asked(call, again=again)
        if isinstance(found, Verdict):
            raise SendError(f"{self.name}: {failure}: {found.words}")
        return found

    def _asked(self, call: Call, *, again: bool, gone_is_well: bool = False) -> Answer | Verdict:
        """A success, or what the answer means; *again*: a request without an answer may be repeated."""
        patience = Patience()
        while True:
            self._rate.turn()
            asked_for = None
            try:
                answer = self._door.ask(call)
            except NoAnswer as exc:
                found = Verdict(Ruling.UNSURE, str(exc))
            else:
                self._rate.heard(answer)
                if 200 <= answer.status < 300 or (gone_is_well and self._provider.is_gone(answer)):
                    return answer
                found, asked_for = self._provider.refusal(answer), answer.retry_after
            repeats = again and found.ruling is Ruling.UNSURE and patience.attempts + 1 < ATTEMPTS
            if not (repeats or found.ruling is Ruling.LATER):
                return found
            if (pause := patience.pause(asked_for)) is None:
                return found
            self._rate.hold(pause)


def is_id(text: object) -> bool:
    """Whether *text* may stand in a path as it is."""
    return isinstance(text, str) and re.fullmatch(r"[A-Za-z0-9_-]+", text) is not None
