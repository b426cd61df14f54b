"""Opens everything that the settings name. The only module that knows the adapters."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property, lru_cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import TYPE_CHECKING, Self

from digest.errors import ConfigError, RenderError
from digest.masking import Redaction
from digest.pipeline.desk import Desk, Recording, silent, unheard
from digest.ports import (
    CampaignSender,
    EditionFiles,
    NoticeStore,
    Progress,
    Sender,
    Store,
    Summarizer,
    Teller,
)
from digest.settings import CampaignSettings, ExtractiveSettings, Newsletter, Settings

if TYPE_CHECKING:
    from digest.fetching import HttpFetcher
    from digest.model import Selection
    from digest.pipeline import Replayed
    from digest.rendering import Template
    from digest.tapes import Reel

#: What the program ships: beside the package in a checkout, inside it in a wheel.
PACKAGE = Path(__file__).parent
SHIPPED = PACKAGE if (PACKAGE / "templates").is_dir() else PACKAGE.parent
#: The complete shipped template; others contain only what differs from it.
BASE = "sift"


def utc_now() -> datetime:
    return datetime.now(UTC)


def build(project: Path, environ: Mapping[str, str] | None = None) -> App:
    """The app of the project in that folder; nothing is opened yet.

    Raises:
        ConfigError: ``schedules.toml`` is missing or wrong.
    """
    from digest import config

    environ = os.environ if environ is None else environ
    text = config.read(project)
    settings = config.parse(text, source=str(project / config.FILE), environ=environ, base=project)
    return App(project, settings, text=text, environ=environ)


class App:
    """A project's newsletters and everything they need, opened on first use and closed together."""

    def __init__(
        self, project: Path, settings: Settings, *, text: str = "", environ: Mapping[str, str] | None = None
    ) -> None:
        self.project = project
        self.settings = settings
        #: What *settings* were read from; "" if they were made in memory.
        self._text = text
        self._environ = environ or {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name in ("fetcher", "store"):
            if name in self.__dict__:
                self.__dict__.pop(name).close()

    def newsletter(self, key: str | None) -> Newsletter:
        """The one with that key, or the only one.

        Raises:
            ConfigError: There is none, or there are several.
        """
        known = self.settings.newsletters
        if key is None and len(known) == 1:
            return next(iter(known.values()))
        if key is None:
            words = f"it names no newsletter, and there are several; name one of {', '.join(known)}"
            raise ConfigError("the command line", [words])
        if key not in known:
            words = f"there is no newsletter {key!r} in schedules.toml; known are {', '.join(known)}"
            raise ConfigError("the command line", [words])
        return known[key]

    @cached_property
    def redaction(self) -> Redaction:
        """Removes addresses and the settings' secrets from everything that is logged or told."""
        return Redaction.of(self.settings)

    @cached_property
    def store(self) -> Store:
        from digest.stores import open_store

        return open_store(self.settings.store.url.reveal(), project=self.project)

    @cached_property
    def notices(self) -> NoticeStore:
        """The notices that editors were told: in the store, and in files beside it while that fails."""
        from digest.stores.notices import SteadyNotices

        return SteadyNotices(lambda: self.store.notices, folder=self.project / "var")

    @cached_property
    def files(self) -> EditionFiles:
        from digest.stores.files import DiskEditionFiles

        return DiskEditionFiles(self.project)

    @cached_property
    def fetcher(self) -> HttpFetcher:
        from digest.fetching import HttpFetcher

        return HttpFetcher(self.settings.fetching)

    def desk(self, newsletter: Newsletter, progress: Progress = silent, *, composes: bool = True) -> Desk:
        """Everything that a run of the pipeline works with; the summarizers are needed only to compose."""
        return Desk(
            store=self.store,
            files=self.files,
            fetcher=self.fetcher,
            summarizers=self._summarizers(newsletter) if composes else (),
            progress=progress,
            recording=partial(self._recording, newsletter)
            if self._text and self.settings.replay.days
            else None,
            bounces=self.settings.bounces,
        )

    def _summarizers(self, newsletter: Newsletter) -> Sequence[Summarizer]:
        from digest.summarizers import open_summarizers

        return open_summarizers(newsletter.summarizer, self.store.answers)

    def _recording(self, newsletter: Newsletter) -> Recording:
        from digest import config

        settings = config.portable(self._text, newsletter.key)
        return Recording(
            settings=settings,
            environment=config.public_values(settings, self._environ, self.project),
            days=self.settings.replay.days,
        )

    def sender(self, newsletter: Newsletter) -> Sender:
        """Who takes the newsletter's mails.

        Raises:
            ConfigError: A provider that takes editions, not mails, holds its list; or a setting is wrong.
        """
        from digest.senders import open_sender

        if isinstance(newsletter.sender, CampaignSettings):
            kind = newsletter.sender.kind
            words = f"{kind} holds the list of {newsletter.key} itself, and takes no mail to one reader"
            raise ConfigError(f"sender {kind}", [words])
        return open_sender(newsletter.sender, project=self.project)

    def campaigns(self, newsletter: Newsletter) -> CampaignSender | None:
        """The provider that holds the newsletter's list, and is handed whole editions; None if we hold it.

        Raises:
            ConfigError: A setting is wrong.
        """
        from digest.senders import open_campaigns

        if isinstance(newsletter.sender, CampaignSettings):
            return open_campaigns(newsletter.sender)
        return None

    def tellers(self, newsletter: Newsletter) -> tuple[Teller, ...]:
        """The ways to reach the newsletter's editors, not opened yet; none if nobody is to be told."""
        from digest.tellers.chat import ChatTeller
        from digest.tellers.mail import MailTeller

        by_mail = (MailTeller(lambda: self._notice_sender(newsletter)),) if newsletter.editors else ()
        chats = newsletter.notices.apprise
        return (*by_mail, *((ChatTeller(chats),) if chats else ()))

    def _notice_sender(self, newsletter: Newsletter) -> Sender:
        from digest.senders import open_sender

        if (own := newsletter.notices.sender) is not None:
            return open_sender(own, project=self.project)
        if isinstance(newsletter.sender, CampaignSettings):
            words = (
                f"{newsletter.sender.kind} holds the list and takes no mail to editors: name who does in "
                f"[newsletters.{newsletter.key}.notices.sender]"
            )
            raise ConfigError(f"newsletters.{newsletter.key}.notices.sender", [words])
        return self.sender(newsletter)

    def template(self, newsletter: Newsletter) -> Template:
        """The newsletter's template; a file in the project replaces the shipped one of that name.

        Files that a template lacks are those of the shipped template ``BASE``.

        Raises:
            RenderError: There is no such template, or a file of it is wrong.
        """
        own = [place / "templates" / newsletter.template for place in (SHIPPED, self.project)]
        found = [template_sources(folder) for folder in own]
        if not any(found):
            places = {place / "templates" for place in (SHIPPED, self.project)}
            names = sorted({folder.name for place in places for folder in place.glob("*/")})
            known = ", ".join(names)
            raise RenderError(
                f"there is no template {newsletter.template!r}; known are {known}, or add one to templates/"
            )
        layers = [template_sources(SHIPPED / "templates" / BASE), *found]
        sources = {name: text for layer in layers for name, text in layer.items()}
        return _compiled(newsletter.template, tuple(sources.items()))


class _StandIns(dict[str, str]):
    """An environment in which every name has a value: a replay asks no server, and needs no credential."""

    def get(self, name: str, default: object = None) -> str:  # noqa: ARG002
        return super().get(name) or "(not kept)"


def replayed(reel: Reel, *, chosen: Callable[[Selection], object] = unheard) -> Replayed:
    """The edition of *reel* made again, in an empty store that is thrown away.

    *chosen* hears what was chosen from, also on a day that ends without an edition.

    Raises:
        ConfigError: Its settings are invalid, or of a version that this one cannot read.
        DigestError: What the build ended with, or would have.
    """
    from digest import config, pipeline
    from digest.stores import open_store
    from digest.summarizers import open_summarizers

    newsletter = config.parse(
        reel.premises.settings,
        source="the settings of that run",
        environ=_StandIns(reel.premises.environment),
    ).newsletters[reel.tape.key.newsletter]
    with TemporaryDirectory(prefix="digest-replay-") as folder:
        empty = open_store("sqlite:///replay.db", project=Path(folder))
        try:
            summarizers = open_summarizers(ExtractiveSettings())
            return pipeline.replay(newsletter, reel, empty=empty, summarizers=summarizers, chosen=chosen)
        finally:
            empty.close()


@lru_cache(maxsize=4)  # the desk renders with each save, and compiling costs more than all else
def _compiled(name: str, sources: tuple[tuple[str, str], ...]) -> Template:
    from digest.rendering import Template

    return Template(name, dict(sources))


def shipped_template(like: str | None, name: str) -> dict[str, str]:
    """Every file of the shipped template *like*, its README among them, by its path.

    Without *like* it is the one called *name*, or else ``BASE``.

    Raises:
        ConfigError: There is no such template.
    """
    shipped = SHIPPED / "templates"
    known = sorted(folder.name for folder in shipped.glob("*/"))
    chosen = like or (name if name in known else BASE)
    if chosen not in known:
        raise ConfigError(
            "--like", [f"there is no shipped template {chosen!r}; known are {', '.join(known)}"]
        )
    files = template_sources(shipped / BASE) | template_sources(shipped / chosen)
    return files | {"README.md": (shipped / BASE / "README.md").read_text(encoding="utf-8")}


def template_sources(folder: Path) -> dict[str, str]:
    """The files of a template by their path below its folder."""
    paths = sorted(folder.rglob("*.j2"))
    try:
        return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in paths}
    except (OSError, UnicodeDecodeError) as exc:
        raise RenderError(f"{folder}: a template cannot be read: {exc}") from exc
