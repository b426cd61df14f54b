"""What sort of piece an item is, from its enclosures, its title's first words and its categories."""

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


def kind_of(title: str, categories: Iterable[str], enclosures: Iterable[Enclosure]) -> Kind:
    """A report, unless something says otherwise."""
    for enclosure in enclosures:
        if enclosure.type.startswith("audio/"):
            return Kind.PODCAST
        if enclosure.type.startswith("video/"):
            return Kind.VIDEO
    label = _LABEL.match(title)
    said = [label[1]] if label else []
    named = (_KINDS.get(word.casefold()) for word in (*said, *categories))
    return next((kind for kind in named if kind), Kind.REPORT)
