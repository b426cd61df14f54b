"""The dig-deeper sentence, in the house's grammar."""

from __future__ import annotations

import re

from digest.model import Article, Kind, Story
from digest.topics import quotable
from digest.topics import topic as topic_of
from digest.words.idioms import Idiom, idiom
from digest.words.marks import link
from digest.words.wording import headline, possessive

_NOBODY = re.compile(
    r"staff|news|press|desk|editors?|team|agency|reporters?|admin|newsroom|correspondents?|wire|service|associated"
    r"|reuters|online|media|sports?|business|bureau|agencies|politics|culture|[\w.]+\.\w{2,3}\Z|\W|.*\d",
    re.IGNORECASE,
)
_CONVERSED = re.compile(r"interview|conversation", re.IGNORECASE)
#: How a line ends that has its stop already.
_STOPPED = (".", ".”", "?”", "!”", "。”", "？”", "！”", ".’”", "?’”", "!’”")
#: "The Salt Road review – a dazzling show", "Review: The Salt Road", but not "Review: The Salt Road is long".
_WITH_A_VERDICT = re.compile(r"(?P<work>[^:]*\S|.*: .*\S) review(?: [|–—-] |: )", re.IGNORECASE)
_LABELLED_REVIEW = re.compile(
    r"(?:(?:album|art|book|car|concert|dance|exhibition|film|game|gig|movie|music|opera|product|restaurant|stage"
    r"|tech|television|theat(?:re|er)|tv) )?review(?::| [|–—-]) (?P<work>.+)",
    re.IGNORECASE,
)
#: "Harbour Podcast: Who runs the port?", "Episode 12: …": the kind says it already.
_EPISODE = re.compile(
    r"(?:[A-Z][\w’'&-]* ){0,4}(?:podcast|episode|ep\.)(?: #?\d+)?(?:: | [|–—-] )(?=\S+ \S)", re.IGNORECASE
)
_SMALL_WORD = re.compile(r"\b(?!(?:and|at|by|for|from|in|of|on|or|the|to|with)\b)[a-z]{2,}")
_LONGEST_WORK = 8
#: A headline of fewer words says nothing: "Deputy Sheriff".
_TELLING = 3
_MARKS = str.maketrans("", "", "*[]\\")

_VOWEL = re.compile(r"[aeiouyàâäéèêëîïôöùûü]", re.IGNORECASE)


def sentence(story: Story, *, topic: str = "", language: str = "en") -> tuple[str, str]:
    """The sentence with its inline marks, and the canonical address that it leads to.

    It is about ``story.deeper``; where there is none, about the story's own source: "the full report",
    whose headline, which stands above the item already, is not said again. *topic* is what the deeper
    piece is about; without it, that is made of its headline. Both are "" when there is no address. In a
    *language* other than English the headline is quoted instead.
    """
    article, own = story.deeper or story.lead, story.deeper is None
    if not article.url:
        return "", ""
    said = idiom(language)
    title, _ = headline(article.title, article.outlet, text=article.text)
    if article.kind in (Kind.PODCAST, Kind.VIDEO):
        title = _EPISODE.sub("", title, count=1)
    line = _reading(article, title, said, own=own)
    if outlet := _plain(article.outlet):
        line += f" {said.readings[article.kind].place} *{outlet}*"
    if not own:
        line += _about(article, title, said, topic)
    return line + "." if said.quoted else _stopped(line), article.canonical_url or article.url


def _reading(article: Article, title: str, said: Idiom, *, own: bool) -> str:
    """ "Read Ana Sá’s [report](…)", "Lisez l’[article](…) complet"."""
    reading = said.readings[article.kind]
    noun = reading.noun
    if not said.of and article.kind in (Kind.PODCAST, Kind.VIDEO) and (told := _CONVERSED.search(title)):
        noun = told.group().lower()
    if own:
        return f"{reading.own}{link(noun, article.url)}{reading.whole}"
    names = said.conjunction.join(_named(article))
    if not said.of:
        return f"{reading.another}{possessive(names) if names else 'the'} {link(noun, article.url)}"
    of = said.of_vowel if _VOWEL.match(names) else said.of
    return f"{reading.another}{link(noun, article.url)}{of + names if names else ''}"


def _about(article: Article, title: str, said: Idiom, topic: str) -> str:
    if said.quoted:
        words = "" if _is_cut(article) else _plain(quotable(title))
        return said.quoted.format(words) if words else ""
    work = _plain(_work(title)) if article.kind is Kind.REVIEW and not topic else ""
    about = work or _plain(topic or _topic(article, title))
    return f" {'of' if work else 'about'} {about}" if about else ""


def _work(title: str) -> str:
    """What a review is of, where its headline names that and says its verdict behind a mark, or none."""
    if label := _LABELLED_REVIEW.match(title):
        work = label["work"]
        return work if len(work.split()) <= _LONGEST_WORK and not _SMALL_WORD.search(work) else ""
    verdict = _WITH_A_VERDICT.match(title)
    return verdict["work"] if verdict else ""


def _topic(article: Article, title: str) -> str:
    if _is_cut(article) or len(title.split()) < _TELLING:
        return ""
    return topic_of(title, f"{article.description} {article.text}")


def _is_cut(article: Article) -> bool:
    """Whether the publisher cut the title off: the rest may say something else."""
    return article.title.rstrip().endswith(("…", ".."))


def _plain(words: str) -> str:
    return " ".join(words.translate(_MARKS).split())


def _stopped(line: str) -> str:
    """*line* with its full stop, which stands within the quotation marks that end it."""
    if line.endswith(_STOPPED):
        return line
    # What ends with "’" without a "‘" before it is an apostrophe's word: "the Browns’".
    closing = ("’”" if "‘" in line else "”") if line.endswith("’”") else "”"
    return f"{line.removesuffix(closing)}.{closing}" if line.endswith("”") else f"{line}."


def _named(article: Article) -> list[str]:
    """Its authors; none when nobody, or more than two, are named."""
    names = [_plain(author) for author in article.authors]
    named = all(_is_person(name, article.outlet) for name in names)
    return names if named and len(names) <= 2 else []


def _is_person(name: str, outlet: str) -> bool:
    parts = name.split()
    return (
        2 <= len(parts) <= 4
        and name.casefold() != outlet.casefold()
        and not any(_NOBODY.match(part) for part in parts)
        and parts[0][0].isupper()
    )
