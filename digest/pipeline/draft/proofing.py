"""Proof: what an editor should look at before the edition goes out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache, partial

from digest import grounding, proofreading
from digest.errors import DigestError
from digest.model import (
    Article,
    Blurb,
    Edition,
    EditionKey,
    EditionRecord,
    Finding,
    Mail,
    Rendered,
    Subscriber,
)
from digest.pipeline.delivery.addressing import mail_for
from digest.pipeline.delivery.delivering import render_edition
from digest.pipeline.desk import read_edition
from digest.pipeline.draft.relating import REPEAT
from digest.ports import EditionFiles, Store
from digest.rendering import Template
from digest.sentences import split
from digest.settings import Newsletter

#: As long as most are; the lengths of identity and address are in each mail's HTML.
_READER = ("0" * 32, "a.typical.reader@example.com")
#: What may end a sentence, and what may stand before one: the end of another, or a dateline's dash.
_STOPS = '.!?…”"’'
_BEFORE = f"{_STOPS})—–\n"


def proof(
    newsletter: Newsletter, edition: Edition, rendered: Rendered, record: EditionRecord | None, store: Store
) -> tuple[Finding, ...]:
    """All findings about *edition*, the most serious first.

    *rendered* is it as it would go out, *record* what the store keeps of it (None: it was not composed here).
    """
    mail = _typical_mail(edition, rendered, newsletter)
    seen = proofreading.proofread(edition, mail, newsletter, led_to=_led_to(edition, store))
    found = (*_numbered(edition, store), *seen, *_unsupported(edition, newsletter, record, store))
    return proofreading.by_weight(found)


def doubts(
    newsletter: Newsletter, edition: Edition, rendered: Rendered, record: EditionRecord | None, store: Store
) -> int:
    """How many of the findings somebody should look at before it goes out."""
    found = proof(newsletter, edition, rendered, record, store)
    return sum(finding.level != "note" for finding in found)


def to_look_at(
    newsletter: Newsletter,
    key: EditionKey,
    template: Callable[[Newsletter], Template],
    files: EditionFiles,
    store: Store,
) -> int:
    """How much the desk would point at in the edition as its file is."""
    try:
        edition = read_edition(key, files)
        rendered = render_edition(newsletter, key, template(newsletter), files)
        return doubts(newsletter, edition, rendered, store.editions.get(key), store)
    except DigestError:
        return 1  # it cannot be shown as it is, and the desk says why


def _typical_mail(edition: Edition, rendered: Rendered, newsletter: Newsletter) -> Mail:
    id_, address = _READER
    at = edition.window.until
    reader = Subscriber(id=id_, newsletter=newsletter.key, email=address, added_at=at)
    return mail_for(reader, rendered, newsletter, secret=b"proof", now=at)


def _numbered(edition: Edition, store: Store) -> Iterator[Finding]:
    if edition.number < store.editions.number(edition.key) and not store.ledger.tally(edition.key).sent:
        words = f"another edition went out as number {edition.number}: build this one again"
        yield Finding(level="warning", item="", key="number", words=words)


def _led_to(edition: Edition, store: Store) -> frozenset[str]:
    """Dig-deeper targets of the last days; none once the edition is out, for it stays as it is."""
    key = edition.key
    if store.ledger.tally(key).sent:
        return frozenset()
    return store.editions.sent_targets(key.newsletter, since=key.day - REPEAT, before=key.day)


def _unsupported(
    edition: Edition, newsletter: Newsletter, record: EditionRecord | None, store: Store
) -> Iterator[Finding]:
    """What items say and none of their sources; an item that came from no feed has none."""
    known = record.provenance if record else {}
    # An item that was held is not in today's record: its id is its article's.
    behind = {
        blurb.id: known[blurb.id].articles if blurb.id in known else (blurb.id,) for blurb in edition.used
    }
    found = store.feeds.find({id_ for ids in behind.values() for id_ in ids})
    for blurb in edition.used:
        if sources := _sources(behind[blurb.id], found, newsletter):
            yield from proofreading.doubts(blurb, partial(_compared, sources=sources))
        else:
            yield _incomparable(blurb, is_own=blurb.id not in known)


def _sources(
    ids: Sequence[str], found: Mapping[str, tuple[Article, Article]], newsletter: Newsletter
) -> tuple[str, ...]:
    """What each article says, in its feed and on its page, and whose it is."""
    return tuple(_words(*found[id_], newsletter) for id_ in ids if id_ in found)


def _words(now: Article, read: Article, newsletter: Newsletter) -> str:
    versions = [
        part for article in (read, now) for part in (article.title, article.description, article.text)
    ]
    day = now.when.astimezone(newsletter.timezone)
    date = f"{day:%A}, {day:%B} {day.day}"  # what "today" becomes in a summary
    lines = dict.fromkeys((*versions, now.outlet, *read.authors, *now.authors, date))
    return "\n".join(filter(None, lines))


@lru_cache(maxsize=512)  # an edition is proofread again with each save, and most of it is as before
def _compared(text: str, sources: tuple[str, ...]) -> tuple[grounding.Problem, ...]:
    # Most sentences are the publisher's own, and a look for them costs a hundredth of reading the sources.
    sentences = [text[start:end] for start, end in split(text)]
    if all(any(_has_sentence(source, sentence) for source in sources) for sentence in sentences):
        return ()
    return tuple(grounding.problems(text, sources))


def _has_sentence(source: str, sentence: str) -> bool:
    """Whether *sentence* is one of *source*, from its beginning to its end: a part can say the opposite."""
    at = source.find(sentence)
    while at >= 0:
        before, behind = (
            source[max(at - 3, 0) : at].rstrip(" "),
            source[at + len(sentence) : at + len(sentence) + 1],
        )
        begins = not before or before[-1] in _BEFORE
        if begins and (sentence[-1] in _STOPS or behind in ("", "\n")):
            return True
        at = source.find(sentence, at + 1)
    return False


def _incomparable(blurb: Blurb, *, is_own: bool) -> Finding:
    words = "its articles are no longer kept: there is nothing to compare it with"
    if is_own:
        words = "is your own: there is nothing to compare it with"
    return Finding(level="note", item=blurb.id, key="", words=words)
