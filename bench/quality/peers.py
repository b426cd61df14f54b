"""The others: what one would take instead. A peer that is not installed is named, and left out.

None of them reaches the network, whatever it tries (see ``offline``).
"""

from __future__ import annotations

import importlib.util
import logging
import re
import socket
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from lxml import html

#: A page's bytes and address → its text, a paragraph a line.
Extractor = Callable[[bytes, str], str]
#: A text → the sentences of a blurb.
Picker = Callable[[str], list[str]]
#: Texts with their titles before them → groups of their indices.
Grouper = Callable[[Sequence[str]], list[list[int]]]

SENTENCES = 3
#: sumy's methods rank sentences: the best are taken until they have so many words.
WORDS, MOST_WORDS = 50, 80

_WORD = re.compile(r"\w+(?:['’]\w+)?")
#: A word with a capital that begins no sentence, or a number.
_NAME = re.compile(r"(?<![.!?:] )(?<!^)\b[A-Z]\w+|\d+")
_WANTED: list[str] = []


def missing() -> list[str]:
    """The packages that were looked for and not found."""
    return sorted(set(_WANTED))


def _has(module: str, package: str) -> bool:
    if importlib.util.find_spec(module) is not None:
        return True
    _WANTED.append(package)
    return False


@contextmanager
def offline() -> Iterator[None]:
    """No connection can be made: newspaper4k would load the pictures that a page names."""

    def refuse(_: socket.socket, address: object) -> None:
        raise OSError(f"the bench is offline: {address}")

    connect = socket.socket.connect
    socket.socket.connect = refuse  # type: ignore[method-assign]
    try:
        yield
    finally:
        socket.socket.connect = connect  # type: ignore[method-assign]


# --- page to text -------------------------------------------------------------------------------------


def extractors() -> dict[str, Extractor]:
    found: dict[str, Extractor] = {}
    if _has("trafilatura", "trafilatura"):
        found["trafilatura"] = lambda page, url: _trafilatura(page, url, precise=False)
        found["trafilatura, precision"] = lambda page, url: _trafilatura(page, url, precise=True)
    if _has("readability", "readability-lxml"):
        found["readability-lxml"] = _readability
    if _has("newspaper", "newspaper4k"):
        found["newspaper4k"] = _newspaper
    return found


def _trafilatura(page: bytes, url: str, *, precise: bool) -> str:
    import trafilatura

    return (
        trafilatura.extract(
            page, url=url, favor_precision=precise, include_comments=False, include_tables=False
        )
        or ""
    )


def _readability(page: bytes, url: str) -> str:
    from readability import Document

    logging.getLogger("readability").setLevel(logging.CRITICAL)
    summary = html.fromstring(Document(page.decode("utf-8", "replace"), url=url).summary())
    for tag in summary.iter("p", "div", "li", "br", "h1", "h2", "h3", "h4", "blockquote", "tr"):
        tag.tail = f"\n{tag.tail or ''}"
    lines = (" ".join(line.split()) for line in summary.text_content().splitlines())
    return "\n".join(filter(None, lines))


def _newspaper(page: bytes, url: str) -> str:
    import newspaper

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        article = newspaper.Article(url, fetch_images=False, memorize_articles=False)
        article.download(input_html=page.decode("utf-8", "replace"))
        try:
            article.parse()
        except ImportError:  # it wants another package for some languages, and reads these pages not at all
            return ""
    return str(article.text)


def description(page: bytes) -> str:
    """The publisher's own, as search engines show it."""
    return _meta(page, "//meta[@property='og:description' or @name='description']/@content")


def title(page: bytes) -> str:
    return _meta(page, "//meta[@property='og:title']/@content | //title/text()")


def _meta(page: bytes, path: str) -> str:
    values = html.document_fromstring(page, parser=html.HTMLParser(encoding="utf-8")).xpath(path)
    return next((" ".join(value.split()) for value in values if value.strip()), "")


# --- text to blurb ------------------------------------------------------------------------------------


def pickers() -> dict[str, Picker]:
    """The first three sentences; and sumy's best of about sixty words, in the article's order."""
    found: dict[str, Picker] = {}
    if not _has("nupunkt", "nupunkt"):
        return found
    found["lead-3"] = lambda text: sentences(text)[:SENTENCES]
    if _has("sumy", "sumy"):
        for name in ("LexRank", "TextRank", "LSA", "Luhn"):
            found[f"sumy {name}"] = _sumy(name)
    return found


def sentences(text: str) -> list[str]:
    """By nupunkt, paragraph for paragraph."""
    import nupunkt

    return [
        sentence.strip()
        for line in text.splitlines()
        if line.strip()
        for sentence in nupunkt.sent_tokenize(line)
        if sentence.strip()
    ]


class _Tokenizer:
    """What sumy asks of one; its own downloads NLTK's data."""

    def to_sentences(self, paragraph: str) -> list[str]:
        return sentences(paragraph)

    def to_words(self, sentence: str) -> list[str]:
        return _WORD.findall(sentence)


def _sumy(name: str) -> Picker:
    def pick(text: str) -> list[str]:
        from sumy.parsers.plaintext import PlaintextParser

        document = PlaintextParser.from_string(re.sub(r"\n+", "\n\n", text), _Tokenizer()).document
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return [str(sentence) for sentence in _summarizer(name)(document, _about_sixty_words)]

    return pick


def _about_sixty_words(ranked: Sequence[Any]) -> list[Any]:
    """The best that fit; the best one, however long it is."""
    taken: list[Any] = []
    length = 0
    for rated in ranked:
        words = len(str(rated.sentence).split())
        if not taken or (length < WORDS and length + words <= MOST_WORDS):
            taken.append(rated)
            length += words
    return taken


@lru_cache
def _summarizer(name: str) -> Any:
    from sumy.nlp.stemmers import Stemmer
    from sumy.summarizers.lex_rank import LexRankSummarizer
    from sumy.summarizers.lsa import LsaSummarizer
    from sumy.summarizers.luhn import LuhnSummarizer
    from sumy.summarizers.text_rank import TextRankSummarizer
    from sumy.utils import get_stop_words

    kinds = {
        "LexRank": LexRankSummarizer,
        "TextRank": TextRankSummarizer,
        "LSA": LsaSummarizer,
        "Luhn": LuhnSummarizer,
    }
    made = kinds[name](Stemmer("english"))
    made.stop_words = get_stop_words("english")
    return made


# --- same story ---------------------------------------------------------------------------------------

#: Of those tried on the development data, what served each peer best.
MINHASH_SAME, TFIDF_APART = 0.04, 0.8
#: How much more a name or a number counts for TF-IDF.
NAMED = 2.5


def groupers() -> dict[str, Grouper]:
    found: dict[str, Grouper] = {}
    if _has("datasketch", "datasketch"):
        found["MinHash of word triples"] = minhash
    if _has("sklearn", "scikit-learn"):
        found["TF-IDF, average link"] = tfidf
    return found


def minhash(texts: Sequence[str], *, same: float = MINHASH_SAME) -> list[list[int]]:
    """Texts whose triples of words overlap so much, and what these overlap with."""
    from datasketch import MinHash

    hashes = []
    for text in texts:
        words = [word.lower() for word in _WORD.findall(text)]
        made = MinHash(num_perm=128, seed=1)
        made.update_batch([" ".join(words[n : n + 3]).encode() for n in range(max(len(words) - 2, 1))])
        hashes.append(made)
    group = list(range(len(texts)))
    for one, mine in enumerate(hashes):
        for other in range(one):
            if group[one] != group[other] and mine.jaccard(hashes[other]) >= same:
                old, new = group[one], group[other]
                group = [new if label == old else label for label in group]
    return _by_label(group)


def tfidf(texts: Sequence[str], *, apart: float = TFIDF_APART) -> list[list[int]]:
    from sklearn.cluster import AgglomerativeClustering

    clusters = AgglomerativeClustering(
        n_clusters=None, metric="cosine", linkage="average", distance_threshold=apart
    )
    return _by_label(list(clusters.fit_predict(_vectors(texts).toarray())))


def nearest_outside(texts: Sequence[str]) -> dict[int, int]:
    """For each text the most alike one that ``tfidf`` puts into another group."""
    vectors = _vectors(texts)
    alike = (vectors @ vectors.T).toarray()
    for group in tfidf(texts):
        for member in group:
            alike[member, group] = -1.0
    return {index: int(row.argmax()) for index, row in enumerate(alike) if row.max() > 0}


def _vectors(texts: Sequence[str]) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.preprocessing import normalize

    vectorizer = TfidfVectorizer(stop_words="english", sublinear_tf=True, norm=None)
    vectors = vectorizer.fit_transform(texts)
    for row, text in enumerate(texts):
        named = {vectorizer.vocabulary_.get(name.lower()) for name in _NAME.findall(text)}
        for place in range(vectors.indptr[row], vectors.indptr[row + 1]):
            if vectors.indices[place] in named:
                vectors.data[place] *= NAMED
    return normalize(vectors)


def _by_label(labels: Sequence[int]) -> list[list[int]]:
    groups: dict[int, list[int]] = {}
    for index, label in enumerate(labels):
        groups.setdefault(label, []).append(index)
    return list(groups.values())
