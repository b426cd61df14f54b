"""feeds: their health, and the list of them; only their place in `schedules.toml` is changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from digest.cli.audience import named
from digest.cli.session import Session, answer, answering, with_session
from digest.errors import ConfigError, NothingToDo

if TYPE_CHECKING:
    from digest.pipeline.articles.discovering import Found
    from digest.settings import Newsletter
    from digest.sources import Health

#: After this many failures in a row, a feed is ill; a single one may pass.
ILL = 2


class Listing(click.Group):
    """A group whose "list" command runs if none is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or args[0] not in {*self.commands, *ctx.help_option_names}:
            args = ["list", *args]
        return super().parse_args(ctx, args)


@click.group(cls=Listing)
def feeds() -> None:
    """List the feeds with their health; add and remove them."""


@feeds.command("list")
@click.argument("newsletter", required=False)
@with_session
def list_(session: Session) -> None:
    """Show each feed's health, what it brings, and how much is used.

    When it last answered, how many articles it brings a week, and at what hour. "Used" is the share of its
    articles of the last four weeks that led an item of an edition. Exits with 1 if a feed is ill or gone.
    """
    from digest.pipeline.articles.surveying import survey

    with session.app() as app:
        known = app.settings.newsletters
        chosen = [app.newsletter(session.newsletter)] if session.newsletter else list(known.values())
        found = {each.key: survey(each, app.store, app.files, now=session.now) for each in chosen}
        if not session.as_json:
            for each in chosen:
                _table(each, found[each.key], len(chosen) > 1)
        rows = [_row(each, one) for each in chosen for one in found[each.key]]
    ill = sum(row["state"] == "gone" or row["failures"] >= ILL for row in rows)
    session.done(f"feeds: {len(rows)}, ill: {ill}", code=1 if ill else 0, feeds=rows)


def _row(newsletter: Newsletter, one: Health) -> dict[str, Any]:
    from digest.urls import shown

    return {
        "newsletter": newsletter.key,
        "title": one.feed.title,
        "section": one.feed.section,
        "url": shown(one.feed.url),
        "state": one.state,
        "succeeded_at": one.succeeded_at.isoformat(timespec="seconds") if one.succeeded_at else "",
        "failures": one.failures,
        "weekly": round(one.weekly, 1),
        "hour": one.hour,
        "newest": one.newest.isoformat(timespec="seconds") if one.newest else "",
        "articles": one.articles,
        "used": one.used,
        "words": one.words,
    }


def _table(newsletter: Newsletter, found: Sequence[Health], is_one_of_several: bool) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from digest.cli.session import printable
    from digest.urls import shown

    table = Table(
        "feed",
        "state",
        "last answer",
        "a week",
        "mostly at",
        "used",
        "last words",
        box=None,
        pad_edge=False,
        title=newsletter.title if is_one_of_several else None,
    )
    for one in found:
        at = one.succeeded_at.astimezone(newsletter.timezone) if one.succeeded_at else None
        cells = (
            one.feed.title or shown(one.feed.url),
            _state(one),
            f"{at:%a %d %b %H:%M}" if at else "never",
            f"{one.weekly:.0f}" if one.articles else "-",
            f"{one.hour:02}:00" if one.hour is not None else "-",
            f"{one.used} of {one.articles}, {one.share:.0%}" if one.articles else "-",
            one.words,
        )
        table.add_row(*(Text(printable(cell)) for cell in cells))
    console = Console()
    with answering():
        Console(width=max(console.width, 140) if not console.is_terminal else None).print(table)


def _state(one: Health) -> str:
    """The table calls those ill that the last line counts."""
    if one.state != "ill":
        return one.state
    return f"ill, {one.failures} in a row" if one.failures >= ILL else "failed once"


@feeds.command()
@click.argument("words", nargs=-1, required=True, metavar="[NEWSLETTER] URL")
@click.option("--section", default="", help="The section that its stories go to.")
@click.option("--title", default="", help="The outlet's name (default: the feed's own title).")
@click.option("--yes", is_flag=True, help="Take the first feed that is found, without asking.")
@click.option("--allow-private", is_flag=True, help="Allow its host to have a private address.")
@with_session
def add(
    session: Session, words: tuple[str, ...], section: str, title: str, yes: bool, allow_private: bool
) -> None:
    """Add a feed by its own address, or by that of its site.

    Every feed that is found on a site is read first, and shown. If there are several, you are asked which.
    """
    from digest.pipeline.articles.discovering import discover
    from digest.urls import shown

    with session.app() as app:
        newsletter, urls = named(app, words)
        if len(urls) != 1:
            raise ConfigError(
                "digest feeds add", ["name one address, as in: digest feeds add https://example.com/"]
            )
        url = urls[0] if "://" in urls[0] else f"https://{urls[0]}"
        found = discover(url, app.fetcher, at=session.now, allow_private=allow_private)
        chosen = _chosen(found, session, yes=yes)
        if chosen.url in {feed.url for feed in newsletter.feeds}:
            raise NothingToDo(f"{newsletter.key} has {chosen.title or shown(chosen.url)} already")
        table: dict[str, Any] = {"url": chosen.url, "title": _line(title or chosen.title)}
        table |= {"section": section} if section else {}
        table |= {"allow_private": True} if allow_private else {}
        _change(session, lambda text, source: _added(text, newsletter.key, [table], source))
    session.done(
        f"{newsletter.key}: {chosen.title or chosen.url} is added, {chosen.articles} articles now",
        url=chosen.url,
        title=table["title"],
        articles=chosen.articles,
    )


def _chosen(found: Sequence[Found], session: Session, *, yes: bool) -> Found:
    """The feed that is meant; if there are several, a terminal asks.

    Raises:
        ConfigError: There are several, and nobody can be asked.
    """
    import sys

    from digest.urls import shown

    for number, one in enumerate(found, 1):
        newest = f", the newest of {one.newest:%Y-%m-%d}" if one.newest else ""
        name = one.title or "without a title"
        session.note(f"{number}. {shown(one.url)}: {name}, {one.articles} articles{newest}")
        for headline in one.headlines:
            session.note(f"     {headline}")
    if len(found) == 1 or yes:
        return found[0]
    if session.as_json or not sys.stdin.isatty():
        several = ", ".join(shown(one.url) for one in found)
        raise ConfigError(
            "digest feeds add",
            [f"there are several: {several}; name one, or take the first with --yes"],
        )
    place = click.prompt("Which", type=click.IntRange(1, len(found)), default=1, err=True)
    return found[place - 1]


@feeds.command()
@click.argument("words", nargs=-1, required=True, metavar="[NEWSLETTER] FEED")
@with_session
def remove(session: Session, words: tuple[str, ...]) -> None:
    """Remove a feed, named by its address or its title.

    The comment right above it in schedules.toml is removed as well.
    """
    from digest.config.editing import remove_feed

    with session.app() as app:
        newsletter, names = named(app, words)
        if len(names) != 1:
            raise ConfigError("digest feeds remove", ["name one feed, by its address or its title"])
        place = _place(newsletter, names[0])
        feed = newsletter.feeds[place]
        _change(session, lambda text, source: remove_feed(text, newsletter.key, place, source=source))
    session.done(f"{newsletter.key}: {feed.title or feed.url} is removed", url=feed.url, title=feed.title)


def _place(newsletter: Newsletter, name: str) -> int:
    found = [place for place, feed in enumerate(newsletter.feeds) if feed.url == name]
    found = found or [
        place for place, feed in enumerate(newsletter.feeds) if feed.title.casefold() == name.casefold()
    ]
    if len(found) == 1:
        return found[0]
    if found:
        several = ", ".join(newsletter.feeds[place].url for place in found)
        raise ConfigError(
            "digest feeds remove", [f"several are called {name!r}: {several}; name one by its address"]
        )
    raise ConfigError(
        "digest feeds remove", [f"{newsletter.key} has no feed {name!r}; digest feeds list shows them"]
    )


@feeds.command("import")
@click.argument("words", nargs=-1, required=True, metavar="[NEWSLETTER] FILE")
@with_session
def import_(session: Session, words: tuple[str, ...]) -> None:
    """Add the feeds of an OPML file that are not there yet.

    Feeds in an outline that is named like a section go to that section. Nothing is fetched; `digest check`
    tries them all.
    """
    from digest.sources import read_opml
    from digest.words.text import counted

    with session.app() as app:
        newsletter, files = named(app, words)
        if len(files) != 1:
            raise ConfigError("digest feeds import", ["name one file, as in: digest feeds import feeds.opml"])
        try:
            outlines, problems = read_opml(Path(files[0]).read_bytes())
        except OSError as error:
            raise ConfigError(files[0], [f"cannot be read: {error.strerror}"]) from error
        except ValueError as error:
            raise ConfigError(files[0], [str(error)]) from None
        for problem in problems:
            session.note(problem)
        known = {feed.url for feed in newsletter.feeds}
        new = [outline for outline in outlines if outline.url not in known]
        tables, strange = [], dict[str, int]()
        for outline in new:
            section = _section(newsletter, outline.section)
            if outline.section and not section:
                strange[outline.section] = strange.get(outline.section, 0) + 1
            table = {"url": outline.url, "title": _line(outline.title), "section": section}
            tables.append({key: value for key, value in table.items() if value})
        for name, count in strange.items():
            first = newsletter.sections[0] if newsletter.sections else "no section"
            go = counted(count, "feed of it goes", "feeds of it go")
            session.note(f"“{name}” is no section of {newsletter.key}: {go} to {first}")
        if tables:
            _change(session, lambda text, source: _added(text, newsletter.key, tables, source))
    before = len(outlines) - len(new)
    session.done(
        f"{newsletter.key}: {counted(len(new), 'feed')} added, {before} there before, "
        f"{len(problems)} left out",
        code=1 if problems else 0,
        added=len(new),
        known=before,
        left_out=len(problems),
    )


def _section(newsletter: Newsletter, name: str) -> str:
    """The newsletter's section of that name, in any case; any name, if the newsletter has no sections."""
    if not newsletter.sections:
        return _line(name)
    by_name = {section.casefold(): section for section in newsletter.sections}
    return by_name.get(name.strip().casefold(), "")


@feeds.command()
@click.argument("newsletter", required=False)
@with_session
def export(session: Session) -> None:
    """Write the feeds as OPML to standard output.

    They are grouped by section. Feeds whose address holds a credential are left out.
    """
    from digest.sources import Outline, write_opml
    from digest.urls import shown

    with session.app() as app:
        newsletter = app.newsletter(session.newsletter)
    outlines = []
    for feed in newsletter.feeds:
        if shown(feed.url) != feed.url:
            session.note(f"{shown(feed.url)} is left out: its address holds a credential")
        elif urlsplit(feed.url).scheme:
            outlines.append(Outline(url=feed.url, title=feed.title, section=feed.section))
    answer(write_opml(outlines, title=newsletter.title))


def _line(text: str) -> str:
    """A stranger's words as one clean line for a setting."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _added(text: str, newsletter: str, tables: Sequence[Mapping[str, Any]], source: str) -> str:
    from digest.config.editing import add_feed

    for table in tables:
        text = add_feed(text, newsletter, table, source=source)
    return text


def _change(session: Session, change: Callable[[str, str], str]) -> None:
    """Replace the settings by the changed ones, if they are valid; all of it or nothing.

    Raises:
        ConfigError: They would have problems, or the file has changed meanwhile; it is left as it is.
    """
    import os

    from digest import config

    path = session.project / config.FILE
    before = path.read_bytes()
    mark = before[:3] if before.startswith(b"\xef\xbb\xbf") else b""
    text = change(before.removeprefix(mark).decode("utf-8"), str(path))
    config.parse(text, source=str(path), environ=os.environ, base=session.project)
    draft = path.with_name(f".{path.name}.tmp")
    try:
        draft.write_bytes(mark + text.encode())
        draft.chmod(path.stat().st_mode & 0o7777)
        if path.read_bytes() != before:
            raise ConfigError(str(path), ["was changed meanwhile; it is left as it is, run this again"])
        draft.replace(path)
    except OSError as error:
        raise ConfigError(str(path), [f"cannot be written: {error.strerror}"]) from error
    finally:
        draft.unlink(missing_ok=True)
