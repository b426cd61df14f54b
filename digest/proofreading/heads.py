"""What an inbox shows, and what holds for the edition as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from difflib import get_close_matches

from digest.model import Edition, Finding
from digest.proofreading.places import named, texts
from digest.settings import Newsletter
from digest.words.terms import terms
from digest.words.wording import PREHEADER, SUBJECT

#: Of the words of a headline, so many at least stand in the item that it is of, as measured on 270 of them.
KEPT = 0.6
#: With fewer words, nobody can tell.
FEWEST = 3


def findings(edition: Edition, newsletter: Newsletter) -> Iterator[Finding]:
    yield from _subject(edition.subject)
    yield from _preheader(edition)
    yield from _promises(edition)
    yield from _sponsors(edition)
    yield from _sections(edition, newsletter)


def _subject(subject: str) -> Iterator[Finding]:
    if not subject.strip():
        yield Finding(level="error", item="", key="subject", words="there is no subject: write one")
    elif len(subject) > SUBJECT:
        words = f"has {len(subject)} characters; an inbox cuts it at about {SUBJECT}: shorten it"
        yield Finding(level="warning", item="", key="subject", words=words, start=SUBJECT, end=len(subject))


def _preheader(edition: Edition) -> Iterator[Finding]:
    preheader = edition.preheader
    if not preheader.strip():
        words = "there is none, and an inbox shows the mail's first words instead: write one"
        yield Finding(level="warning", item="", key="preheader", words=words)
    elif len(preheader) > PREHEADER:
        words = f"has {len(preheader)} characters; an inbox cuts it at about {PREHEADER}: shorten it"
        yield Finding(
            level="warning", item="", key="preheader", words=words, start=PREHEADER, end=len(preheader)
        )
    elif preheader.strip().casefold() == edition.subject.strip().casefold():
        words = "repeats the subject, which stands beside it: write what else is in the edition"
        yield Finding(level="warning", item="", key="preheader", words=words)


def _promises(edition: Edition) -> Iterator[Finding]:
    """Subject and preheader that are of an item which an editor took out."""
    if edition.quiet:
        return
    heads = (("subject", edition.subject), *(("preheader", part) for part in edition.preheader.split("; ")))
    within = {
        term
        for written in texts(edition)
        if written.key not in ("subject", "preheader")
        for term in terms(written.text)
    }
    for key, words in heads:
        said = terms(words)
        if len(said) >= FEWEST and sum(term in within for term in said) < KEPT * len(said):
            advice = f"“{words}” seems to be about no item that is in: bring it back, or write another"
            at = getattr(edition, key).index(words)
            yield Finding(level="warning", item="", key=key, words=advice, start=at, end=at + len(words))


def _sponsors(edition: Edition) -> Iterator[Finding]:
    running = [sponsor for sponsor in edition.sponsors if sponsor.runs_on(edition.key.day)]
    for place, count in Counter(sponsor.place for sponsor in running).items():
        if count > 1:
            names = " and ".join(named(sponsor.name) for sponsor in running if sponsor.place == place)
            words = f"{names} share the place “{place}” today: move one, or change its dates"
            yield Finding(level="warning", item="", key="sponsors", words=words)
    for sponsor in running:
        if sponsor.image and not sponsor.image.alt.strip():
            words = f"the picture of {named(sponsor.name)} has no alt text: say what is in it"
            yield Finding(level="warning", item="", key="sponsors", words=words)


def _sections(edition: Edition, newsletter: Newsletter) -> Iterator[Finding]:
    known = newsletter.sections
    for blurb in edition.used if known else ():
        if blurb.section not in known:
            near = get_close_matches(blurb.section, known, n=1)
            advice = f"did you mean “{near[0]}”?" if near else f"known are {', '.join(known)}"
            words = f"“{blurb.section}” is not a section of the newsletter, and comes last; {advice}"
            if not blurb.section:
                words = f"is in no section, and comes last: choose one of {', '.join(known)}"
            yield Finding(level="warning", item=blurb.id, key="section", words=words)
