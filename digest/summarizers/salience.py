"""How likely each word of an article is to be in a summary that a person would write of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import accumulate
from math import exp, log, sqrt

from digest.sentences import Sentence
from digest.words.terms import term, tokens

# A chance is 1 / (1 + exp(-x)), where x is a sum of these: logistic regression, fitted to 843 news articles
# and the summaries that people wrote of them. On articles that were held back its blurbs score as well.
_SHARE, _LEADING, _FIRST, _LATE, _IN_TITLE, _CONTENT = 1.16, 0.19, 1.20, -0.67, 1.72, 4.55
#: Of stop words it counts only how often the article has them.
_STOP_SHARE, _STOP_LEADING, _STOP = 1.10, 0.44, 4.41
#: What the odds are multiplied by for the first, second, … time in one summary; none is worth anything after.
_AGAIN: tuple[float, ...] = (1.0, 0.0896, 0.0142)
_STOP_AGAIN: tuple[float, ...] = (1.0, 0.1666, 0.0511, 0.0148, 0.0148)
#: Usable sentences at the head of an article that count as its lead.
_LEAD = 3
#: Against rash conclusions: words of no article, added to its length, and to what the lead has of each.
_UNSEEN, _UNSEEN_LEADING = 60, 0.3
#: From this sentence on a first occurrence is no later.
_LATEST = 12


class Salience:
    """What the sentences of an article are worth to a reader who has read others of them."""

    def __init__(self, sentences: Sequence[Sentence], title: str) -> None:
        said = [tokens(sentence.text) for sentence in sentences]
        counts = [Counter(own) for own in said]
        worth = _worth(counts, _lead(sentences, said), frozenset(tokens(title)))
        self._parts = [[(token, count, worth[token]) for token, count in own.items()] for own in counts]
        #: How many tokens each sentence has.
        self.lengths = [len(own) for own in said]
        #: The figures of the title that any of them has.
        self.figures = frozenset(
            token for token in tokens(title) if token[0].isdigit() and any(token in own for own in counts)
        )

    def read_on(self, read: dict[str, int], place: int) -> float:
        """Add the sentence at *place* to the tokens *read*, which are counted.

        Returns how many more tokens a person's summary is expected to share with them.
        """
        gained = 0.0
        for token, count, worth in self._parts[place]:
            known = read.get(token, 0)
            read[token] = known + count
            gained += worth[known + count] - worth[known]
        return gained


def _lead(sentences: Sequence[Sentence], said: Sequence[Sequence[str]]) -> Counter[str]:
    usable = [own for sentence, own in zip(sentences, said, strict=True) if not sentence.fault]
    return Counter(token for own in usable[:_LEAD] for token in own)


def _worth(
    counts: Sequence[Mapping[str, int]], lead: Mapping[str, int], title: frozenset[str]
) -> dict[str, list[float]]:
    """For each token, how many a summary is expected to share with a text that has it 0, 1, 2, … times."""
    total: Counter[str] = Counter()
    first: dict[str, int] = {}
    for place, own in enumerate(counts):
        total.update(own)
        for token in own:
            first.setdefault(token, place)
    length = total.total() + _UNSEEN
    # Of a thousand tokens most have the same few counts: logarithms are taken once for each.
    share = {count: log(count / length) for count in {*total.values()}}
    leading = {count: log(count + _UNSEEN_LEADING) for count in {0, *lead.values()}}
    met = [
        _CONTENT + _FIRST / sqrt(place + 1) + _LATE * min(place, _LATEST) / _LATEST
        for place in range(len(counts))
    ]
    worth: dict[str, list[float]] = {}
    for token, count in total.items():
        led = leading[lead.get(token, 0)]
        if term(token):
            signs = _SHARE * share[count] + _LEADING * led + met[first[token]]
            signs += _IN_TITLE if token in title else 0.0
            odds_again = _AGAIN
        else:
            signs = _STOP_SHARE * share[count] + _STOP_LEADING * led + _STOP
            odds_again = _STOP_AGAIN
        against = exp(-signs)
        if count == 1:  # as most are
            worth[token] = [0.0, 1 / (1 + against)]
            continue
        chances = [1 / (1 + against / times) for times in odds_again[:count]]
        chances += [0.0] * (count - len(chances))
        worth[token] = list(accumulate(chances, initial=0.0))
    return worth
