"""An article that stands on its page as data only: a script is to show it, and no script is run here.

It is looked for in JSON-LD's ``articleBody``, then in the data that frameworks leave beside an empty page:
the longest text in them that comes in sentences. Such data have other pages' articles, comments and settings,
too: first comes what stands beside the page's own title, and nothing is taken that is not on its matter.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from lxml import etree, html

from digest.extraction import jsonld, page
from digest.extraction.elements import SENTENCE_END, drop, unseen
from digest.extraction.matter import Matter, is_paid
from digest.extraction.pruning import prune
from digest.words.text import html_to_text, listed, looks_like_html, paragraphs

#: A shorter text is no article, and a shorter script holds none.
_LEAST = 250
#: Values, characters and assignments that are examined: a page's data has some thousands of values.
_MOST_VALUES, _MOST_CHARACTERS, _MOST_ASSIGNMENTS = 50_000, 3_000_000, 50
#: The part of them that an article has at most; objects that may be it; and steps from its title out to it.
_ONE_ARTICLE, _MOST_OWN, _STEPS_OUT = 0.1, 12, 3
#: Under these names a part of an article has its words; a caption, a title or a teaser has others.
_WORDS = listed(
    "text content value html copy body data children blocks nodes paragraph paragraphs elements model spans"
    " richtext content_elements items"
)
_ELSEWHERE = re.compile(
    r"comment|related|recommend|trending|popular|latest|footer|menu|nav|translations|messages|i18n|locale"
    r"|teaser|sidebar|repl(?:y|ies)|responses|discussion|reviews?|consent|cookie|privacy|legal|vendor|newsletter"
    r"|promo|advert|suggest|paywall|subscri|strings|^(?:next|prev|more|further|other|terms|faq|product)",
    re.IGNORECASE,
)
#: What a part of an article calls itself that holds none of its words.
_NO_WORDS = re.compile(
    r"image|photo|picture|video|audio|gallery|embed|code|script|html_?widget|newsletter|promo|related|recommend"
    r"|advert|pull_?quote|caption|byline|author|comment|sign_?up|link_?list|teaser",
    re.IGNORECASE,
)
_TYPES = ("type", "_type", "__typename", "kind", "component")
#: What a script sets to an object: "window.__STATE__ = {…}".
_ASSIGNED = re.compile(r"[\w\])]\s*=\s*(?=[{\[])")
#: Where two paragraphs met, when whoever wrote the data took the tags out: "was.Then".
_GLUED = re.compile(r"(?:(?<=[a-zà-ÿ\d’)][.!?])|(?<=[.!?]”))(?=[A-ZÀ-Þ“])")
#: No prose: a script's code, and what an editor's program puts in square brackets.
_CODE = re.compile(r"[{}]|=>|\bfunction\s*\w*\(|\bvar \w+ ?=|</?\w|\w\(\)")
_BRACKETS = re.compile(
    r"\[caption\b[^\]]{0,500}\][^\[]{0,1000}\[/caption\]|\[/[a-z_-]{2,20}\]"
    r"|\[[a-z_-]{2,20} [^\]=]{0,100}=[^\]]{0,500}\]"
)
#: HTML that may hold more than an article's paragraphs.
_MORE_THAN_PROSE = re.compile(
    r"<(?:aside|article|button|div|figure|footer|form|header|h1|iframe|nav|section)\b"
    r"|\b(?:style|hidden|class|aria-hidden)\b\s*[=>]",
    re.IGNORECASE,
)
#: Steps from a part of an article down to its words.
_DEEPEST = 12


def scripts(tree: html.HtmlElement) -> list[str]:
    """What may hold data; to be asked for before *tree* is pruned."""
    return [
        script.text
        for script in tree.iter("script")
        if script.text and len(script.text) > _LEAST and "ld+json" not in (script.get("type") or "")
    ]


def told(node: jsonld.Node, scripts: Iterable[str], own: Matter) -> str:
    """The article that *node* or one of *scripts* holds, a paragraph a line; "" where none does.

    It is on the matter that is the page's *own*.
    """
    bodies = map(_prose, _bodies(node))
    if found := _longest(bodies, own, surely=own.is_title(jsonld.text(node.get("headline")))):
        return found
    loaded = [data for script in scripts for data in _loaded(script)]
    beside = [one for data in loaded for one in _beside_title(data, own)][:_MOST_OWN]
    for data in beside:
        if found := _longest(_texts(data, own, part=_ONE_ARTICLE), own):
            return found
    return _longest((text for data in loaded for text in _texts(data, own)), own)


def _bodies(node: jsonld.Node) -> Iterator[str]:
    for value in jsonld.many(node.get("articleBody")):
        if isinstance(value, str):
            yield _parted(value)
    updates = [one for one in jsonld.many(node.get("liveBlogUpdate")) if isinstance(one, dict)]
    said = (one.get("articleBody") for one in updates)
    yield "\n\n".join(body for body in said if isinstance(body, str))


def _parted(text: str) -> str:
    """*text* with its paragraphs parted again, where nothing parts them."""
    return text if "\n" in text.strip() or looks_like_html(text) else _GLUED.sub("\n", text)


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


def _beside_title(data: Any, own: Matter) -> Iterator[dict[str, Any]]:
    """The objects that have the page's title, or whose parts do, the innermost first."""
    values: list[tuple[Any, tuple[dict[str, Any], ...]]] = [(data, ())]
    seen = 0
    while values and seen < _MOST_VALUES:
        value, around = values.pop()
        seen += 1
        if isinstance(value, dict):
            around = (value, *around)[:_STEPS_OUT]
            if any(map(own.is_title, value.values())):
                yield from around
            values += ((each, around) for name, each in value.items() if not _ELSEWHERE.search(name))
        elif isinstance(value, list):
            values += ((each, around) for each in value)


def _texts(data: Any, own: Matter, *, part: float = 1) -> Iterator[str]:
    """Every text in *data* that may be an article: in one value, or in a list of its parts."""
    values, seen, read = [data], 0, 0
    while values and seen < part * _MOST_VALUES and read < part * _MOST_CHARACTERS:
        value = values.pop()
        seen += 1
        if isinstance(value, dict):
            if not is_paid(value):
                values += (value[name] for name in value if not _ELSEWHERE.search(name))
        elif isinstance(value, list):
            value = [one for one in value if not own.is_elsewhere(one)]
            values += value
            parts = [words for one in value if len(words := _words_of(one, own)) > 1]
            read += sum(map(len, parts))
            yield "\n".join(filter(None, map(_prose, parts)))
        elif isinstance(value, str) and len(value) > _LEAST and looks_like_html(value):
            read += len(value)
            yield _prose(value)


def _words_of(part: Any, own: Matter) -> str:
    """The words of one part of the *own* article, however deep they lie in it."""
    found: list[str] = []
    values = [(part, 0)]
    while values and len(found) < _MOST_VALUES:
        value, depth = values.pop()
        if isinstance(value, str):
            found.append(value)
        elif depth < _DEEPEST and isinstance(value, list):
            values += [(one, depth + 1) for one in reversed(value) if not own.is_elsewhere(one)]
        elif depth < _DEEPEST and isinstance(value, dict) and not (is_paid(value) or _has_no_words(value)):
            values += [(value[name], depth + 1) for name in reversed(value) if name.lower() in _WORDS]
    return _parted("".join(found))


def _has_no_words(part: dict[str, Any]) -> bool:
    return any(isinstance(kind := part.get(name), str) and _NO_WORDS.search(kind) for name in _TYPES)


def _prose(text: str) -> str:
    """*text* as paragraphs, as far as they are sentences: no addresses, names or code."""
    text = _BRACKETS.sub(" ", text) if "[" in text else text
    if looks_like_html(text):
        plain = html_to_text(_pruned(text) if _MORE_THAN_PROSE.search(text) else text)
    else:
        plain = paragraphs(text)
    lines: Sequence[str] = plain.split("\n")
    return "\n".join(line for line in lines if SENTENCE_END.search(line) and _has_words(line))


def _pruned(text: str) -> str:
    """HTML without what is hidden in it, or stands beside an article's paragraphs."""
    tree = page.parse(text)
    if tree is None or page.elements(tree) > page.MOST_ELEMENTS:
        return ""
    for element in unseen(tree):
        drop(element)
    prune(tree)
    return str(etree.tostring(tree, encoding="unicode", method="html"))


def _has_words(line: str) -> bool:
    return (" " in line or not line.isascii()) and not _CODE.search(line)


def _longest(texts: Iterable[str], own: Matter, *, surely: bool = False) -> str:
    """Of *texts* the longest that is an article on the page's *own* matter, of which they may *surely* be."""
    long_enough = {text for text in texts if len(text.encode()) >= _LEAST}
    candidates = islice(sorted(long_enough, key=lambda text: (-len(text), text)), _MOST_OWN)
    return next((text for text in candidates if surely or own.is_on(text)), "")
