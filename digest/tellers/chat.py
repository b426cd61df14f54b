"""By chat: Slack, Teams, Telegram, Matrix, ntfy and some hundred more, through Apprise."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from digest.errors import NoticeError
from digest.model import Notice, NoticeKind
from digest.settings import Newsletter, Secret
from digest.tellers.letter import grouped
from digest.words.text import clean, shorten

if TYPE_CHECKING:
    from apprise import Apprise

#: Characters of a message: what the strictest of the usual services take.
LONGEST = 1500
MORE = "… more of it is in the mail"
#: How each kind is shown, as Apprise names it.
LOOKS = {
    NoticeKind.SENT: "success",
    NoticeKind.RECOVERED: "success",
    NoticeKind.REMINDER: "warning",
    NoticeKind.FEED_ILL: "warning",
    NoticeKind.NOT_SENT: "failure",
    NoticeKind.MISSED: "failure",
    NoticeKind.TROUBLE: "failure",
    NoticeKind.SETTINGS_REFUSED: "failure",
}
#: Services read these in plain text, too: @everyone calls a whole room, and [words](address) hides a link.
_CALLS = re.compile(r"@(?=\w)|(?<=\])(?=\()")
#: A space of no width.
_APART = "\u200b"


class ChatTeller:
    name = "chat"

    def __init__(self, addresses: Sequence[Secret]) -> None:
        self._addresses = addresses

    def tell(self, notice: Notice, newsletter: Newsletter) -> None:
        """Raises NoticeError: Not one of them took it; which, and no more, for an address is a key."""
        title = inert(f"[{newsletter.title}] {notice.headline}")
        failed = []
        for number, service in enumerate(self._opened(), 1):
            if not service.notify(
                body=message(notice),
                title=title,
                notify_type=LOOKS.get(notice.kind, "info"),
                body_format="text",
            ):
                failed.append(f"{_name(service)} (apprise[{number}])")
        if len(failed) == len(self._addresses):
            raise NoticeError(f"{' and '.join(failed)} did not take it")

    def check(self) -> str:
        return ", ".join(map(_name, self._opened()))

    def _opened(self) -> list[Apprise]:
        """Raises NoticeError: Apprise is not installed, or an address is none of its own."""
        try:
            import apprise
        except ImportError as exc:
            raise NoticeError(
                'apprise in notices needs Apprise: pip install "digest-newsletter[notices]"'
            ) from exc
        # Nothing is kept on disk, and no picture of Apprise's is shown.
        asset = apprise.AppriseAsset(
            app_id="digest",
            app_desc="digest",
            app_url="",
            image_url_mask="",
            image_url_logo="",
            async_mode=False,
            storage_mode=apprise.PersistentStoreMode.MEMORY,
        )
        return [_open(apprise, number, each, asset) for number, each in enumerate(self._addresses, 1)]


def message(notice: Notice) -> str:
    """The notice's lines, as many as fit, with nothing in them that a service would act on."""
    whole = "\n".join("\n".join(group) for group in grouped([inert(line) for line in notice.lines]))
    if len(whole) <= LONGEST:
        return whole or inert(notice.headline)
    return f"{shorten(whole[:LONGEST], LONGEST - len(MORE) - 1)}\n{MORE}"


def inert(words: str) -> str:
    """*words* on one line, with what calls people or hides links taken apart."""
    return _CALLS.sub(lambda found: found[0] + _APART, clean(words))


def _open(apprise: Any, number: int, address: Secret, asset: Any) -> Apprise:
    service: Apprise = apprise.Apprise(asset=asset)
    if not service.add(address.reveal()):
        raise NoticeError(
            f"apprise[{number}] in notices is no address that Apprise knows, as in slack://…; "
            "see what its variable holds"
        )
    return service


def _name(service: Apprise) -> str:
    return " and ".join(str(one.service_name) for one in service)
