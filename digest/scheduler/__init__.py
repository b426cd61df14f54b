"""The scheduler: what is due is done, once, by whichever process comes first.

::

    deciding     what is to be done now, and when to look again       pure: timetable + duties -> tasks
    shift        does it: one tick of a newsletter, or of all
    sending      the edition's hour: everything between a draft and its readers
    project      the settings, read again when they change
    running      APScheduler, which only wakes the others up

A tick looks at the store and the clock alone, so it may be late, be repeated, or run twice at once.
"""

from digest.scheduler.running import run
from digest.scheduler.shift import Done, Shift

__all__ = ["Done", "Shift", "run"]
