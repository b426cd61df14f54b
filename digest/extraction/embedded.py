"""An article that stands on its page as data only: a script is to show it, and no script is run here.

It is looked for in JSON-LD's ``articleBody``, then in the data that frameworks leave beside an empty page:
the longest text in them that comes in sentences.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from lxml import html

from digest.extraction import jsonld
from digest.extraction.pruning import SENTENCE_END
from digest.words.text import html_to_text, listed, looks_like_html, paragraphs

#: A shorter text is no article, and a shorter script holds none.
_LEAST = 250
#: Values, characters and assignments that are examined: a page's data has some thousands of values.
_MOST_VALUES, _MOST_CHARACTERS, _MOST_ASSIGNMENTS = 50_000, 3_000_000, 50
#: Under these names a part of an article has its words; a caption, a title or a teaser has others.
_WORDS = listed(
    "text content value html copy body data children blocks nodes paragraph paragraphs elements model spans"
    " richtext content_elements items"
)
_ELSEWHERE = re.compile(
    r"comment|related|recommend|trending|popular|latest|footer|menu|nav|translations|messages|i18n|locale"
    r"|teaser|sidebar",
    re.IGNORECASE,
)
#: What a script sets to an object: "window.__STATE__ = {…}".
_ASSIGNED = re.compile(r"[\w\])]\s*=\s*(?=[{\[])")
#: Where two paragraphs met, when whoever wrote the data took the tags out: "was.Then".
_GLUED = re.compile(r"(?:(?<=[a-zà-ÿ\d’)][.!?])|(?<=[.!?]”))(?=[A-ZÀ-Þ“])")
#: Steps from a part of an article down to its words.
_DEEPEST = 12


def scripts(tree: html.HtmlElement) -> list[str]:
    """What may hold data; to be asked for before *tree* is pruned."""
    return [
        script.text
        for script in tree.iter("script")
        if script.text and len(script.text) > _LEAST and "ld+json" not in (script.get("type") or "")
    ]


def told(node: jsonld.Node, scripts: Iterable[str]) -> str:
    """The article that *node* or one of *scripts* holds, a paragraph a line; "" where none does."""
    return _longest(map(_prose, _bodies(node))) or _longest(
        text for script in scripts for data in _loaded(script) for text in _texts(data)
    )


def _bodies(node: jsonld.Node) -> Iterator[str]:
    for value in jsonld.many(node.get("articleBody")):
        if isinstance(value, str):
            yield value if "\n" in value.strip() or looks_like_html(value) else _GLUED.sub("\n", value)
    updates = [one for one in jsonld.many(node.get("liveBlogUpdate")) if isinstance(one, dict)]
    said = (one.get("articleBody") for one in updates)
    yield "\n\n".join(body for body in said if isinstance(body, str))


def _loaded(script: str) -> Iterator[Any]:
    """The objects in a script: it is one, or sets variables to them."""
    decode = json.JSONDecoder(strict=False).raw_decode
    script = script.strip()
    at = 0
    for _ in range(_MOST_ASSIGNMENTS):
        if not script.startswith(("{", "["), at):
            assigned = _ASSIGNED.search(script, at)
            if assigned is None:
                return
            at = assigned.end()
        try:
            data, at = decode(script, at)
        except (ValueError, RecursionError):
            at += 1
        else:
            yield data


def _texts(data: Any) -> Iterator[str]:
    """Every text in *data* that may be an article: in one value, or in a list of its parts."""
    values, seen, read = [data], 0, 0
    while values and seen < _MOST_VALUES and read < _MOST_CHARACTERS:
        value = values.pop()
        seen += 1
        if isinstance(value, dict):
            values += (value[name] for name in value if not _ELSEWHERE.search(name))
        elif isinstance(value, list):
            values += value
            parts = [words for words in map(_words_of, value) if len(words) > 1]
            read += sum(map(len, parts))
            yield "\n".join(filter(None, map(_prose, parts)))
        elif isinstance(value, str) and len(value) > _LEAST and looks_like_html(value):
            read += len(value)
            yield _prose(value)


def _words_of(part: Any) -> str:
    """The words of one part of an article, however deep they lie in it."""
    found: list[str] = []
    values = [(part, 0)]
    while values and len(found) < _MOST_VALUES:
        value, depth = values.pop()
        if isinstance(value, str):
            found.append(value)
        elif depth < _DEEPEST and isinstance(value, list):
            values += [(one, depth + 1) for one in reversed(value)]
        elif depth < _DEEPEST and isinstance(value, dict):
            values += [(value[name], depth + 1) for name in reversed(value) if name.lower() in _WORDS]
    return "".join(found)


def _prose(text: str) -> str:
    """*text* as paragraphs, as far as they are sentences: no addresses, names or code."""
    plain = html_to_text(text) if looks_like_html(text) else paragraphs(text)
    lines: Sequence[str] = plain.split("\n")
    return "\n".join(line for line in lines if SENTENCE_END.search(line) and _has_words(line))


def _has_words(line: str) -> bool:
    return " " in line or not line.isascii()


def _longest(texts: Iterable[str]) -> str:
    best = max(texts, key=len, default="")
    return best if len(best.encode()) >= _LEAST else ""
