"""What kind of article an item is, from its enclosures, its title's first words and its categories."""

from __future__ import annotations

import re
from collections.abc import Iterable

from digest.model import Enclosure, Kind

_WORDS = {
    Kind.COLUMN: """opinion opinions op-ed column columns columnist columnists commentary comment
    editorial editorials""",
    Kind.ANALYSIS: "analysis explainer explainers",
    Kind.REVIEW: "review reviews",
    Kind.INTERVIEW: "interview interviews q&a",
    Kind.CONVERSATION: "conversation conversations",
    Kind.PODCAST: "podcast podcasts listen",
    Kind.VIDEO: "video videos watch",
    Kind.STORY: "feature features longread longreads",
}
_KINDS = {word: kind for kind, words in _WORDS.items() for word in words.split()} | {
    "news analysis": Kind.ANALYSIS,
    "in conversation": Kind.CONVERSATION,
    "the interview": Kind.INTERVIEW,
    "long read": Kind.STORY,
    "long reads": Kind.STORY,
}
#: "Opinion: …", "Analysis | …", "Interview — …". A dash needs its spaces: "Watch-maker" is no video.
_LABEL = re.compile(r"^([\w&-]+(?: [\w-]+)?)(?::| [|–—-]) ")
#: "Album review: …", "The Salt Road review – …", "River podcast: …": the word before the mark says it.
_OF_A_SORT = re.compile(
    r"(?:[\w’'-]+ (?P<kind>review|interview|podcast|analysis)(?::| [|–—-]) |.*\S (?P<of>review) [|–—-] )",
    re.IGNORECASE,
)
_UNDER_REVIEW = re.compile(
    r"(?:.* )?(?:a|after|case|court|demands|faces|for|in|into|judicial|of|on|orders|peer|policy|safety|seeks"
    r"|the|to|under|wants|year) review\b",
    re.IGNORECASE,
)


def kind_of(title: str, categories: Iterable[str], enclosures: Iterable[Enclosure]) -> Kind:
    """A report, unless something says otherwise."""
    for enclosure in enclosures:
        if enclosure.type.startswith("audio/"):
            return Kind.PODCAST
        if enclosure.type.startswith("video/"):
            return Kind.VIDEO
    label = _LABEL.match(title)
    said = [label[1]] if label else []
    if (of := _OF_A_SORT.match(title)) and not _UNDER_REVIEW.match(title):
        said.append(of["kind"] or of["of"])
    named = (_KINDS.get(word.casefold()) for word in (*said, *categories))
    return next((kind for kind in named if kind), Kind.REPORT)
