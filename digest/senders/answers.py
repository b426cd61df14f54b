"""What a provider's answer means for the mails of a request, in terms that all providers share."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any, NamedTuple

from digest.audience import mask
from digest.words.text import clean

#: Providers quote receivers.
_ADDRESS = re.compile(r"[^\s<>()\[\]\"',:;]+@[\w.-]+")

#: What providers call the header fields of a limit's window, with "-remaining" and "-reset" behind it.
WINDOWS = ("ratelimit", "x-ratelimit", "x-sib-ratelimit")


class Ruling(StrEnum):
    SENT = "sent"
    #: Not to this address: the provider says so.
    REFUSED = "refused"
    #: Not taken, and the words do not say whether it is this mail or everything that we send.
    REJECTED = "rejected"
    #: Certainly not taken, and may be tried again.
    LATER = "later"
    #: Nobody knows whether it was taken.
    UNSURE = "unsure"
    #: Certainly not taken, and no other mail will be: a wrong key, an account that is closed.
    STOP = "stop"


class Verdict(NamedTuple):
    ruling: Ruling
    words: str = ""
    remote_id: str = ""


#: A verdict for each mail of a request in its order, or one for the request as a whole.
Verdicts = Sequence[Verdict] | Verdict


#: Said of a success that is none, such as somebody else's web page.
UNREADABLE = "the answer is not that of its API: check base_url, and any proxy in between"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An HTTP answer, whole and small."""

    status: int
    #: Names in lower case.
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)

    def json(self) -> Any:
        """The body as JSON; None where it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    def fields(self) -> Mapping[str, Any]:
        """The body as a JSON object; empty where it is none."""
        found = self.json()
        return found if isinstance(found, dict) else {}

    @property
    def is_object(self) -> bool:
        return isinstance(self.json(), dict)

    @property
    def retry_after(self) -> float | None:
        """Seconds that the provider asks to be left alone (RFC 9110, section 10.2.3; 0 is "at once").

        Some say it in a header of their own: the seconds, or the moment (Unix time) when the limit ends.
        """
        text = self.headers.get("retry-after", "").strip()
        if text.isdecimal():
            return float(text)
        if text:
            moment = _moment(text)
            return None if moment is None else self._until(moment)
        return self._reset

    @property
    def window_over_in(self) -> float | None:
        """Seconds until the limit ends, where no request is left; None: some are, or it is not said."""
        left = (self.headers.get(f"{name}-remaining", "").strip() for name in WINDOWS)
        return self._reset if any(number == "0" for number in left) else None

    @property
    def _reset(self) -> float | None:
        for name in WINDOWS:
            number = self.headers.get(f"{name}-reset", "").strip()
            if number.isdecimal():
                return self._until(float(number)) if len(number) > 8 else float(number)
        return None

    def _until(self, moment: float) -> float | None:
        # Both moments are the provider's: a clock that is wrong here does not matter.
        now = _moment(self.headers.get("date", ""))
        return None if now is None else max(moment - now, 0.0)


def _moment(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, OverflowError):
        return None


def by_status(status: int, words: str) -> Verdict:
    """What an answer without better words means: the request as a whole was not taken as it should be.

    RFC 9110, section 15: 503 says that the request was not handled; any other 5xx may have come after it
    was, and so leaves it in doubt, as does a success that cannot be read.
    """
    said = f"{status} {words}".strip()
    if status in (408, 409, 425, 429, 503):
        return Verdict(Ruling.LATER, said)
    if status in (400, 413, 422):
        return Verdict(Ruling.REJECTED, said)
    if 200 <= status < 300:
        return Verdict(Ruling.UNSURE, f"{said} (an answer that cannot be read)")
    if status >= 500:
        return Verdict(Ruling.UNSURE, said)
    if 300 <= status < 400:
        return Verdict(Ruling.STOP, f"{said} (it redirects to another address: check base_url)")
    return Verdict(Ruling.STOP, said)


def plain(words: object) -> str:
    """A provider's words, fit for a message: in one line, and with the addresses in them masked."""
    text = clean(words)[:300] if isinstance(words, str) else ""
    return _ADDRESS.sub(lambda found: mask(found[0]), text)
