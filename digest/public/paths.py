"""Where a newsletter's pages are: below the path of its address ``web``, whatever host a request names."""

from __future__ import annotations

from urllib.parse import urlsplit

from digest.app import App
from digest.errors import ConfigError
from digest.settings import Newsletter


def base(newsletter: Newsletter) -> str:
    """How the paths of its pages begin: "/first-light", or "" if ``web`` is only a host."""
    return urlsplit(newsletter.web).path.rstrip("/")


def address(newsletter: Newsletter, path: str = "") -> str:
    """The public address of a page. It is built from ``web``, never from a request's Host."""
    return newsletter.web.rstrip("/") + path


def served(app: App) -> list[Newsletter]:
    """The newsletters that have pages.

    Raises:
        ConfigError: None has any, or two have theirs in the same place.
    """
    found: dict[str, Newsletter] = {}
    for newsletter in app.settings.newsletters.values():
        if not newsletter.web:
            continue
        twin = found.setdefault(base(newsletter), newsletter)
        if twin is not newsletter:
            raise ConfigError(
                "schedules.toml",
                [
                    f"newsletters.{newsletter.key}.web: has the path of newsletters.{twin.key}.web; "
                    "give each a path of its own, as in https://news.example.org/NAME"
                ],
            )
    if not found:
        raise ConfigError(
            "schedules.toml",
            [
                "no newsletter has pages: say where they are to be seen, as in "
                'web = "https://news.example.org/NAME"'
            ],
        )
    return list(found.values())
