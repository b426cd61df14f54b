"""Context: a bold question that a summary leaves open, and the paragraph that answers it.

::

    the lead, its rivals, the archive | paragraphs that stand alone | which question each answers | the best

A paragraph's content tells its question. If the rules are not sure of it, there is none: a
missing question harms nobody, a wrong one shames the desk.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import chain, islice, repeat

from digest.context.paragraphs import BEST_LENGTH, Known, Paragraph, paragraphs
from digest.context.questions import Question, question
from digest.model import Article, Context, Kind, Span, Story, Summary
from digest.words.languages import primary
from digest.words.terms import words

__all__ = ["answer"]

#: Rivals, and pieces of the archive, that are examined when the lead has no answer.
_MOST_RIVALS, _MOST_OLDER = 3, 2
#: An article that is further from the lead's time speaks of another "Monday".
_SAME_DAYS = timedelta(days=3)
#: What a paragraph loses with each sentence before it, and with each word from the best length.
_DEPTH, _LENGTH = 0.004, 0.001

#: They make up a quarter to a half of English text, and hardly a tenth of any other.
_ENGLISH = re.compile(
    r"(?:the|of|to|and|a|in|for|that|on|with|by|was|is|said|from|at|as|it|has|have|be|are)\Z", re.IGNORECASE
)
_LOOKED_AT, _ENOUGH = 80, 0.17


def answer(story: Story, summary: Summary) -> Context | None:
    """A question that *summary* leaves open and a paragraph of one article that answers it, word for word.

    The paragraph comes from what the lead says beyond its summary, else from a rival, else from the archive,
    and says nothing of the headline and summary again. None when no paragraph surely answers a question, and
    where the text is not English.
    """
    known = Known.of(story.lead.title, summary.text)
    told = [(span.start, span.end) for span in summary.spans if span.article_id == story.lead.id]
    for article, archived in _material(story):
        dated = abs(article.when - story.lead.when) <= _SAME_DAYS
        offered = paragraphs(article, known, told=told if article is story.lead else (), dated=dated)
        found = [
            (paragraph, asked)
            for paragraph in offered
            if (asked := question(paragraph, known, archived=archived)) is not None
        ]
        if found:
            return _context(article, *max(found, key=lambda each: _merit(*each)))
    return None


def _material(story: Story) -> Iterator[tuple[Article, bool]]:
    """Where an answer may stand, best first, and whether that is the archive; nothing if not in English."""
    if not _is_english(story.lead):
        return iter(())
    rivals = zip(islice(story.rivals, _MOST_RIVALS), repeat(False))
    older = zip(islice(story.background, _MOST_OLDER), repeat(True))
    every = chain([(story.lead, False)], rivals, older)
    return (each for each in every if each[0].kind is not Kind.COLUMN and _is_english(each[0]))


def _is_english(article: Article) -> bool:
    if primary(article.language) not in ("en", ""):
        return False
    opening = words(article.text[:1000])[:_LOOKED_AT]
    return sum(_ENGLISH.match(word) is not None for word in opening) >= _ENOUGH * len(opening)


def _merit(paragraph: Paragraph, asked: Question) -> float:
    return asked.worth - _DEPTH * paragraph.depth - _LENGTH * abs(paragraph.length - BEST_LENGTH)


def _context(article: Article, paragraph: Paragraph, asked: Question) -> Context:
    sentences = [line.sentence for line in paragraph.lines]
    return Context(
        question=asked.words,
        text=paragraph.text,
        spans=tuple(Span(article_id=article.id, start=each.start, end=each.end) for each in sentences),
    )
