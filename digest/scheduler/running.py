"""``digest run``: APScheduler wakes up a shift, again and again, until the process is told to stop.

It decides nothing: each tick looks for itself at what is due, so a wake-up that is late, lost or doubled
costs nobody an edition. That is why its jobs are kept in memory and created again at each start.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

from digest import pipeline, timetable
from digest.app import App
from digest.errors import ConfigError
from digest.pipeline.editors import notices
from digest.scheduler.project import Project
from digest.scheduler.shift import Done, Shift
from digest.settings import Newsletter

#: The longest time between two ticks, in case the clock jumped, the machine slept, or somebody approved.
POLL = timedelta(seconds=30)
#: Seconds between two looks at the settings.
CHECK = 2.0
#: Seconds that jobs have to finish: a mail in flight gets its answer, or else is unsure.
GRACE = 8.0
#: More than there are jobs, so that a newsletter with a slow server holds up no other.
THREADS = 200


class Wake(BaseTrigger):  # type: ignore[misc]
    """At each moment of a newsletter's timetable, and every ``POLL`` besides. *clock* may rehearse."""

    def __init__(self, newsletter: Newsletter, clock: Callable[[], datetime]) -> None:
        self._newsletter = newsletter
        self._clock = clock

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        if previous is None:
            return now  # what is due already
        wanted = timetable.next_moment(self._newsletter, self._clock()) - self._clock()
        return now + min(max(wanted, timedelta()), POLL)


def run(
    folder: Path,
    opens: Callable[[Path], App],
    *,
    clock: Callable[[], datetime],
    wait: Callable[[float], bool],
    say: Callable[[Done], None],
    catch_up: bool = True,
) -> None:
    """Run every newsletter of the project until *wait* says to stop.

    Raises:
        ConfigError: ``schedules.toml`` is wrong at the start.
        StoreError: The database cannot be opened at the start.
    """
    # That a tick is still running is no news, but the library would say so each time.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    project = Project(folder, opens)
    shift = Shift(project.app, clock=clock)
    if not catch_up:
        shift.begin_anew()
    shift.app.store.roster.duties("", since=clock().date())  # a database that cannot be opened ends it here
    watch = _Watch(project, clock, wait, say)
    for newsletter in project.app.settings.newsletters.values():
        say(_ahead(newsletter, clock()))
    watch.begin()
    try:
        while not wait(CHECK):
            watch.look_at_settings()
    finally:
        idle = watch.end()
    project.close()
    if not idle:
        # A feed or a server that hangs: whatever was begun is free as soon as this process is gone.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


class _Watch:
    """The jobs: for each newsletter one for its editions and one for its feeds, and one for the rest."""

    def __init__(
        self,
        project: Project,
        clock: Callable[[], datetime],
        wait: Callable[[float], bool],
        say: Callable[[Done], None],
    ) -> None:
        self._project = project
        self._clock = clock
        self._wait = wait
        self._say = say
        self._running = 0
        self._over = False
        self._ended = threading.Condition()
        self._shift = Shift(project.app, clock=clock, wait=wait)
        self._scheduler = BackgroundScheduler(timezone=UTC)

    def begin(self) -> None:
        self._scheduler.add_executor(ThreadPoolExecutor(max_workers=THREADS))
        self._plan_jobs()
        self._scheduler.start()

    def end(self) -> bool:
        """Start nothing more, and wait for what is running; False if something still is."""
        deadline = monotonic() + GRACE
        self._scheduler.remove_all_jobs()
        self._scheduler.shutdown(wait=False)
        with self._ended:
            self._over = True
            return self._ended.wait_for(lambda: not self._running, timeout=deadline - monotonic())

    def look_at_settings(self) -> None:
        """Put changed settings into force; or refuse them, tell the editors, and go on as before."""
        try:
            if not self._project.changed():
                return
        except ConfigError as exc:
            self._say(Done(newsletter="", what="settings", code=exc.exit_code, words=str(exc)))
            app = self._project.app
            for newsletter in app.settings.newsletters.values():
                notice = notices.settings_refused(newsletter, exc, now=self._clock())
                pipeline.tell(newsletter, notice, app.tellers(newsletter), app.notices)
            return
        self._shift = Shift(self._project.app, clock=self._clock, wait=self._wait)
        self._plan_jobs()
        self._say(
            Done(
                newsletter="",
                what="settings",
                code=0,
                words="schedules.toml was changed, and is in force now",
            )
        )
        for newsletter in self._project.app.settings.newsletters.values():
            self._say(_ahead(newsletter, self._clock()))

    def _plan_jobs(self) -> None:
        self._scheduler.remove_all_jobs()
        # A wake-up is never too late; several that were missed become one; and none runs twice at once.
        ways: dict[str, Any] = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        for key, newsletter in self._project.app.settings.newsletters.items():
            trigger = Wake(newsletter, self._clock)
            self._scheduler.add_job(self._editions, trigger, [key], id=f"{key} editions", **ways)
            self._scheduler.add_job(self._feeds, trigger, [key], id=f"{key} feeds", **ways)
        first = next(iter(self._project.app.settings.newsletters.values()))
        self._scheduler.add_job(self._chores, Wake(first, self._clock), id="chores", **ways)

    def _editions(self, key: str) -> None:
        self._work(lambda shift: shift.editions(shift.app.settings.newsletters[key]))

    def _feeds(self, key: str) -> None:
        self._work(lambda shift: shift.feeds(shift.app.settings.newsletters[key]))

    def _chores(self) -> None:
        self._work(Shift.chores)

    def _work(self, do: Callable[[Shift], Iterable[Done]]) -> None:
        """One job, unless it comes too late: a process that was told to stop has closed everything."""
        with self._ended:
            if self._over:
                return
            self._running += 1
        try:
            with self._project.using() as app:
                shift = self._shift
                if shift.app is not app:
                    shift = Shift(app, clock=self._clock, wait=self._wait)
                for one in do(shift):
                    self._say(one)
        finally:
            with self._ended:
                self._running -= 1
                self._ended.notify_all()


def _ahead(newsletter: Newsletter, now: datetime) -> Done:
    """What comes next, in the newsletter's own time."""
    day = timetable.today(newsletter, now)
    try:
        if not timetable.is_publishing_day(newsletter, day) or timetable.plan(newsletter, day).last <= now:
            day = timetable.next_day(newsletter, day)
    except LookupError as exc:
        return Done(newsletter=newsletter.key, what="ahead", code=2, words=str(exc))
    plan = timetable.plan(newsletter, day)
    build, send = (moment.astimezone(newsletter.timezone) for moment in (plan.build, plan.send))
    words = f"next edition {day:%A} {day}: build {build:%H:%M}, send {send:%H:%M} ({newsletter.timezone.key})"
    return Done(newsletter=newsletter.key, day=day, what="ahead", code=0, words=words)
