"""check: what would spoil the next edition, and what to do about it."""

from __future__ import annotations

import click

from digest.cli.session import Session, say, with_session

#: What a line begins with, by level; the worst comes last, next to the numbers.
MARKS = {"ok": "ok  ", "unknown": "?   ", "warning": "warn", "bad": "BAD "}


@click.command()
@click.argument("newsletter", required=False)
@with_session
def check(session: Session) -> None:
    """List what would spoil the next edition; sends nothing.

    Each finding says what to do about it. The check fetches every feed, tries the template with the longest
    and oddest items, reads the store and today's edition, tries the sender's login, and looks at certificates
    and at SPF, DKIM, DMARC and MX. What could not be checked is marked "?". Exits with 1 if anything is BAD.
    """
    from digest.checking import Level, findings

    with session.app() as app:
        known = app.settings.newsletters
        chosen = [app.newsletter(session.newsletter)] if session.newsletter else list(known.values())
        found = [(letter.key, one) for letter in chosen for one in findings(app, letter, session.now)]
    found.sort(key=lambda of: list(MARKS).index(of[1].level))
    if not session.as_json:
        for key, one in found:
            of = f"{key}: " if len(chosen) > 1 else ""
            say(f"{MARKS[one.level]} {of}{one.what}: {one.words}")
            if one.todo:
                say(f"     → {one.todo}")
    counts = {level: sum(one.level is level for _, one in found) for level in Level}
    others = "".join(
        f", {counts[level]} {words}"
        for level, words in ((Level.WARNING, "to look at"), (Level.UNKNOWN, "unknown"))
        if counts[level]
    )
    session.done(
        f"{len(found)} checked, {counts[Level.BAD]} to fix{others}",
        code=1 if counts[Level.BAD] else 0,
        findings=[
            {
                "newsletter": key,
                "what": one.what,
                "level": str(one.level),
                "well": one.level is not Level.BAD,
                "words": one.words,
                "todo": one.todo,
            }
            for key, one in found
        ],
    )
