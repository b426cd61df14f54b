"""The wording of headline, byline, subject and preheader, in the newsletter's style."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from digest.words.casing import sentence_case
from digest.words.idioms import idiom, joined
from digest.words.terms import spellings
from digest.words.text import cut_off, listed, shorten, word_count
from digest.words.typography import marked_like

#: Characters that an inbox shows.
SUBJECT, PREHEADER = 60, 90
#: A cut subject keeps so many characters, and ends where a phrase does behind them.
FEWEST = SUBJECT // 2


class Headline(NamedTuple):
    text: str
    #: The publisher called it an update.
    update: bool


_LABEL = re.compile(
    r"\W*(?:(?P<update>updated?(?: ?\d+)?|the latest)|breaking(?: news)?|just in|developing(?: story)?"
    r"|(?:must[ -])?watch(?: live| now| this)?|live(?: updates?| blog| now)?|video|audio|photos?|pics"
    r"|pictures"
    r"|in (?:pictures|photos)|gallery|exclusive|listen|must[ -]read|read(?: more)?|urgent|(?:news )?alert"
    r"|first on \w+|top story|editor[’']?s pick|premium|subscribers? only"
    r"|eilmeldung|live-?(?:ticker|blog)|exklusiv|en direct|vidéo|en images|exclusif|en (?:vivo|directo)"
    r"|última hora|urgente|vídeo|fotos|ao vivo|diretta|срочно|видео|фото|عاجل|فيديو"
    r"|速報|動画|快讯|视频|속보|영상"
    r"|opinion(?=\s*\|)|analysis(?=\s*\|)|perspective(?=\s*\|)|commentary(?=\s*\|)|editorial(?=\s*\|)"
    r"|fact check(?=\s*\|))\s*(?:[:：|\])]+|[-–—]+\s|\++\s)\s*",
    re.IGNORECASE,
)
#: As French newspapers begin: "EN DIRECT. La crue monte".
_STOPPED_LABEL = re.compile(
    r"(?:EN DIRECT|DIRECT|VID[ÉE]O|EN IMAGES|PHOTOS|INFOGRAPHIE|ENTRETIEN)S?\.\s+(?=\S+ \S)"
)
#: What decorates a headline before or behind it: "▶", "+++", "**", and "(+)" where it is for subscribers.
_DECORATION = re.compile(
    r"\A(?:(?:\++|\*\*+|[\u2190-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2b00-\u2bff\ufe0f\U0001f300-\U0001faff]"
    r"|\([A-Z]?\+\))\s*)+(?=\S)|(?:\s+\++|\s*\*\*+|\s*\([A-Z]?\+\))\Z"
)
#: As news agencies number their versions: "UPDATE 2-Mayor quits".
_WIRE_LABEL = re.compile(
    r"(?:(?:(?P<update>UPDATE \d+)|WRAPUP \d+|RPT|REFILE|CORRECTED|EXCLUSIVE|INSIGHT|FACTBOX)-(?=\w))+"
)
_CLOSING_LABEL = re.compile(
    r"\s*(?:[\[(](?P<update>updated?)[\])]"
    r"|[\[(](?:(?:with |w/ ?)?(?:videos?|photos?|pics)|watch|listen|pictures|gallery|live|exclusive)[\])]"
    r"|[|–—-] (?:videos?|photos|in pictures|live(?: updates)?|as it happened)"
    r"|: (?:live(?: updates)?|video))\Z",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"\s+(?:[|»·•–—:/-]|::|--)\s+")
_BRACKET = re.compile(r"\s+[(\[]([^()\[\]]{2,60})[)\]]\Z")
#: A title with so many of one separator is a list of contents.
_LIST = 3
#: What outlets and their feeds are called, besides their names.
_COMMON = frozenset(
    ["the", "news", "rss", "feed", "feeds", "top", "stories", "latest", "headlines", "online", "com", "world"]
)
_MASTHEAD = re.compile(
    r"(?:the )?(?:[\w.'’&-]+ ){0,4}(?:news|times|post|herald|tribune|journal|gazette|guardian|telegraph"
    r"|chronicle|magazine|daily|weekly|press|observer|review|mail|mirror|express|today|radio|tv|online"
    r"|[\w-]+\.(?:com|org|net|info|co\.uk|[a-z]{2}))"
    r"|(?:the )?(?:news|radio|daily|channel|tv) \w+"
    r"|bbc|bbc \w+|cnn|npr|reuters|bloomberg|politico|axios|ap|cbc|abc|nbc|cbs|dw|rte|the hill|vox|wired",
    re.IGNORECASE,
)
#: Words that an outlet's name has no use for: "What to Know Today" is none.
_NOT_IN_NAMES = listed("a an are as at be by for how is it to what when where who why will with you your")
#: What begins a phrase of its own: before it, a cut leaves something whole. "To", "of", "for" and "that" do,
#: too, but what is before them asks for them; and who cuts at "if" or "until" tells another story.
_BEGINS_PHRASE = listed(
    "after against amid among as at because before but by despite during following from in into on over when"
    " where which while who with – — - --"
)
_QUOTATION_END = re.compile(r"(?:‘[^‘“”]+ [^‘“”]+’|“[^“”]+”|\"[^\"]+\")\Z")
_SENTENCE_END = re.compile(r"(?<=[^\s.])[.!?][”’\"']?(?= [\"“‘']?[A-Z\d])")
#: What promises another word.
_PROMISES_MORE = listed(
    """a about already also an and are be been can could even for from had has have her his how if in is its
    just may might more most must never no not now of on only or our says set soon still than that the their
    this to was were what when where which who why will with would your"""
)
_FINAL_STOP = re.compile(r"(?<![.…])\.\Z")
_ABBREVIATION = re.compile(
    r"\b(?:[A-Z]|Jr|Sr|St|Co|Inc|Ltd|Corp|Bros|Mr|Mrs|Ms|Dr|Gov|Sen|Rep|Gen|Jan|Feb|Aug|Sept?|Oct|Nov|Dec|Mon"
    r"|Tues?|Wed|Thurs?|Fri|Sat|Sun|Ala|Ariz|Ark|Calif|Colo|Conn|Del|Fla|Ga|Ill|Ind|Kan|Ky|La|Md|Mass|Mich"
    r"|Minn|Miss|Mo|Mont|Neb|Nev|Okla|Ore|Pa|Tenn|Tex|Vt|Va|Wash|Wis|Wyo|Dept|Univ|Bln|Mln|vs|etc|a\.m|p\.m)\.\Z"
)
_SPACE_BEFORE_COMMA = re.compile(r"(?<=[\w”’\"']) ,(?= )")
#: A feed or a search engine cut the title here. Without a space before it, it may be a pause: "Wait…".
_CUT = re.compile(r"(?:\s+|(?<=\b(?:of|to|in|on))|(?<=\b(?:the|and|for)))(?:\.\.\.|…)\Z")
#: Where a cut title can end: behind what was said in full.
_CLAUSE_END = re.compile(r"[.!?](?=\s+[A-Z“‘\"'\d])|;(?=\s)|\s[–—|-](?=\s)")
#: They only lead on, so that no cut title ends with one.
_LEADS_ON = listed(
    """a about after amid among an and another are as at be because been before between but by can could
    despite did do does during for from had has have he her his how if in into is it its like may more most
    must my new no not of off on or other our out over says she should since so some than that the their
    there these they this those through to toward under until up via was we were what when where whether
    which while who whose why will with without would you your"""
)
_CLOSED = re.compile(r"[”’'\"](?!\w)")
#: Letters by which a site is known.
_TELLING = 5
#: Fewer words than this are no headline any more.
_LEAST = 4
#: "Ana Sá. Example International", but not "Ana P. Sá".
_ORGANIZATION_BEHIND = re.compile(r"\A(\S+ .*?\w\w)(?<!\b[JS]r)(?<!\bSt)(?<!\bRev)\.\s+[A-Z].*\Z")
_SHOUTED_WORD = re.compile(r"\b[A-Z]{4,}\b")
_WORD = re.compile(r"[^\W\d_][\w’'.-]*")
_SHOUTING = 0.7
_KEPT_CAPITALS = re.compile(
    r"(?:U\.?[SKN]\.?A?\.?|EU|NATO|NASA|FBI|CIA|WHO|UNICEF|UNESCO|IMF|OPEC|FIFA|UEFA|NBA|NFL|MLB|NHL|BBC"
    r"|CNN|AP|AI|GDP|CEO|GOP|COVID|HIV|AIDS|DNA|LGBT\w*|TV|UFO|ISIS|NSA|EPA|FDA|CDC|IRS|DOJ|NYPD|LAPD"
    r"|NHS|MP|MPS|PM|UAE|NYC|LA|DC|D\.C\.|WTO|G7|G20|II|III|IV)(?:['’]?S)?\Z"
)
_SMALL = re.compile(
    r"an?|and|as|at|but|by|for|from|in|into|is|of|off|on|or|over|the|to|up|with|after|before|amid|are|be"
    r"|he|she|it|its|his|her|their|not|out|was|were"
)


def headline(title: str, outlet: str, *, text: str = "") -> Headline:
    """*title* without the outlet's name, "BREAKING:" and their like, shouting capitals, a Title's Capitals,
    a final stop, and the mark where a feed cut it.

    *text* is the article's: it tells which words of the headline are names, and whether its quotation
    marks are typographic. A title of nothing but such labels is kept; only of an empty one nothing is left.
    """
    whole = _SPACE_BEFORE_COMMA.sub(",", " ".join(title.split()))
    words, update = _without_labels(without_outlet(whole, outlet))
    words = _without_cut(words)
    if not _ABBREVIATION.search(words):
        words = _FINAL_STOP.sub("", words).strip()
    if not any(map(str.isalnum, words)):
        return Headline(whole, update)
    words = lowered(words, text) if _is_shouted(words) else _calmed(words, text)
    words = marked_like(sentence_case(words, text), text)
    return Headline(words[0].upper() + words[1:] if re.match(r"[a-z]+\b", words) else words, update)


def byline(authors: Sequence[str], language: str = "en") -> str:
    """ "By A", "By A & B", "By A, B & C", from four on "By A, B & others"; "" without a name."""
    said = idiom(language)
    names = list(dict.fromkeys(filter(None, map(_name, authors))))
    if len(names) > 3:
        names = [*names[:2], said.others]
    return said.by + joined(names, said.last) if names else ""


def subject(words: str) -> str:
    """A mail's subject of a headline: at most 60 characters, cut where a phrase ends, or between words.

    Of a headline of several sentences it is the first ones, as they are.
    """
    if len(words) <= SUBJECT:
        return words
    if whole := _whole_sentences(words):
        return whole
    cuts = [at for at in range(FEWEST, SUBJECT) if words[at] == " " and len(cut_off(words, at)) <= SUBJECT]
    whole_words = [at for at in cuts if _last(words[:at]) not in _PROMISES_MORE and not _awaits(words, at)]
    whole_words = [at for at in whole_words if not _is_in_a_short_quotation(words, at, whole_words[-1])]
    good = (
        [at for at in whole_words if _ends_phrase(words[:at], words[at + 1 :])]
        or [at for at in whole_words if _first(words[at + 1 :]) in ("and", "&")]
        or whole_words
    )
    return cut_off(words, good[-1]) if good else shorten(words, SUBJECT)


def _whole_sentences(words: str) -> str:
    """The sentences with which *words* begin, as many as a subject can hold; "" where it is none."""
    ends = [
        end.end()
        for end in _SENTENCE_END.finditer(words, 0, SUBJECT + 1)
        if end.end() >= FEWEST and not _ABBREVIATION.search(words[: end.end()])
    ]
    whole = words[: ends[-1]] if ends else ""
    if sum(map(whole.count, '“”‘"')) % 2 or whole.count("‘") > whole.count("’"):
        return ""  # the rest of a quotation would be missing
    return _FINAL_STOP.sub("", whole)


def _ends_phrase(before: str, behind: str) -> bool:
    ended = before.endswith((",", ";", ":", "–", "—")) or _QUOTATION_END.search(before)
    return bool(ended) or _first(behind) in _BEGINS_PHRASE


def _awaits(words: str, at: int) -> bool:
    """Whether what is cut off belongs to a "between"."""
    _, between, behind = f"{words[:at]} ".rpartition(" between ")
    return bool(between) and " and " not in behind and " and " in words[at:]


def _is_in_a_short_quotation(words: str, at: int, last: int) -> bool:
    """Whether a cut at *at* would leave a quotation open that ends before the *last* cut there may be."""
    return not cut_off(words, at).endswith("…") and cut_off(words, last).endswith("…")


def _first(words: str) -> str:
    return words.partition(" ")[0].casefold()


def _last(words: str) -> str:
    return words.rpartition(" ")[2].casefold()


def preheader(headlines: Iterable[str], language: str = "en") -> str:
    """ "Plus: …" with as many whole headlines as fit into 90 characters; "" without any."""
    plus = idiom(language).plus
    line = ""
    for words in headlines:
        longer = f"{line}; {words}" if line else f"{plus}{words}"
        if len(longer) > PREHEADER:
            return line or shorten(longer, PREHEADER)
        line = longer
    return line


def possessive(name: str) -> str:
    """ "Ana Sá’s", "James’", as the Associated Press writes it."""
    return f"{name}’" if name.endswith(("s", "S")) else f"{name}’s"


# --- the parts of a headline ------------------------------------------------------------------------------


def without_outlet(words: str, outlet: str) -> str:
    """*words* without the names of outlet and section that stand behind or before it."""
    for _ in range(3):
        parts = list(_SEPARATOR.finditer(words))
        if not parts:
            break
        first, last = parts[0], parts[-1]
        is_list = words.count(f" {last.group().strip()} ") >= _LIST
        if _is_name(
            words[last.end() :], outlet, "" if is_list else last.group().strip(), words[: last.start()]
        ):
            words = words[: last.start()]
        elif _is_same(words[: first.start()], outlet):
            words = words[first.end() :]
        else:
            break
    words = _without_bracket(_without_motto(words, outlet), outlet)
    before, colon, behind = words.partition(": ")
    return behind if colon and behind and _is_equal(before, outlet) else words


def _without_motto(words: str, outlet: str) -> str:
    """*words* up to the outlet's name, where more about it stands behind that."""
    parts = list(_SEPARATOR.finditer(words))
    ends = [separator.start() for separator in parts[1:]]
    for separator, end in zip(parts, ends, strict=False):
        if _is_equal(words[separator.end() : end], outlet):
            return words[: separator.start()]
    return words


def _without_bracket(words: str, outlet: str) -> str:
    """*words* without the outlet's name in brackets behind them."""
    found = _BRACKET.search(words)
    return words[: found.start()] if found and _is_equal(found[1], outlet) else words


def _is_equal(part: str, outlet: str) -> bool:
    """Whether *part* is the outlet's name, "The" and "News" apart."""
    return part.casefold() == outlet.casefold() or (bool(_key(part)) and _key(part) == _key(outlet))


def without_site(words: str, host: str) -> str:
    """*words* without a name behind them that *host* tells: "… - Salt Nation" at saltnation.example."""
    parts = list(_SEPARATOR.finditer(words))
    label = max(host.casefold().split("."), key=len)
    if not parts or len(words[: parts[-1].start()].split()) < _LEAST:
        return words
    name = "".join(filter(str.isalnum, words[parts[-1].end() :].casefold()))
    own = "".join(filter(str.isalnum, label))
    shorter = min(len(name), len(own))
    same = shorter >= _TELLING and name[:shorter] == own[:shorter]
    return words[: parts[-1].start()] if same else words


def _without_labels(words: str) -> tuple[str, bool]:
    update = False
    words = _STOPPED_LABEL.sub("", words) if _STOPPED_LABEL.match(words) else words
    for pattern in (_WIRE_LABEL, _LABEL, _LABEL, _CLOSING_LABEL):
        match = pattern.search(words) if pattern is _CLOSING_LABEL else pattern.match(words)
        if match:
            update = update or match["update"] is not None
            words = words[: match.start()] + words[match.end() :]
    return _DECORATION.sub("", words.strip()).strip(), update


def _without_cut(words: str) -> str:
    """*words* without the mark of a cut, and without what it left unfinished, as far as that shows."""
    kept = _CUT.sub("", words)
    if kept == words:
        return words
    ends = [end for end in _CLAUSE_END.finditer(kept) if len(kept[: end.start()].split()) >= _LEAST]
    if ends:
        kept = kept[: ends[-1].start() + (ends[-1].group() in "!?")]
    opened = max(kept.rfind(mark) for mark in ("“", "‘", " '", ' "'))
    if opened > 0 and not _CLOSED.search(kept, opened + 2):
        if kept[:opened].rstrip().endswith(":"):
            return words  # who said it is no headline without what was said
        kept = kept[:opened]
    while (last := kept.rpartition(" "))[1] and not (
        any(map(str.isalnum, last[2])) and last[2].casefold() not in _LEADS_ON
    ):
        kept = last[0]
    kept = kept.rstrip(" ,;:–—-(")
    return kept if len(kept.split()) >= _LEAST else words


def _is_name(part: str, outlet: str, separator: str, rest: str) -> bool:
    """Whether *part*, behind *separator*, names where *rest* was published."""
    if _is_same(part, outlet) or (_MASTHEAD.fullmatch(part) and _is_titled(part)):
        return True
    words = part.split()
    most = 3 if words[:1] == ["The"] else 2
    return separator in ("|", "»", "::", "·") and len(words) <= most and word_count(rest) > 3


def _is_titled(part: str) -> bool:
    """Whether it is written as a name."""
    words = part.split()
    if any(word.casefold() in _NOT_IN_NAMES for word in words):
        return False
    return (
        all(not word[0].islower() or word in ("of", "the", "and", "&") or "." in word for word in words)
        or len(words) == 1
    )


def _is_same(part: str, outlet: str) -> bool:
    mine, theirs = _key(part), _key(outlet)
    if not mine or not theirs:
        return part.casefold() == outlet.casefold()
    initials = "".join(word[0] for word in re.findall(r"\w+", outlet.casefold()) if word != "the")
    return mine <= theirs or theirs <= mine or mine == {initials}


def _key(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", name.casefold())) - _COMMON


def _is_shouted(words: str) -> bool:
    long = [word for word in _WORD.findall(words) if len(word) > 1]
    return len(long) > 2 and sum(map(str.isupper, long)) > _SHOUTING * len(long)


def _calmed(words: str, text: str) -> str:
    """*words* with those that shout among others as *text* writes them, where it never shouts them."""
    if not _SHOUTED_WORD.search(words):
        return words
    spelled = spellings(text)

    def calm(match: re.Match[str]) -> str:
        word = match.group()
        known = spelled.get(word.casefold(), word)
        return word if word in text or _KEPT_CAPITALS.match(word) else known

    return _SHOUTED_WORD.sub(calm, words)


def lowered(words: str, text: str) -> str:
    """*words* out of capitals: as *text* writes them, else as a title ("Stacy Keibler Is Married")."""
    spelled = spellings(text)

    def lower(match: re.Match[str]) -> str:
        word = match.group()
        if _KEPT_CAPITALS.match(word) or not word.isupper():
            return word
        known = spelled.get(word.casefold())
        if known:
            return known
        small = word.lower()
        return small if _SMALL.fullmatch(small) and match.start() else small[0].upper() + small[1:]

    return _WORD.sub(lower, words)


def _name(author: str) -> str:
    """*author* as a byline has it; "" when it is no name."""
    name = re.sub(r"\A(?:by|von|par|por)\s+", "", " ".join(author.split()), flags=re.IGNORECASE).strip(
        " ,;.|"
    )
    name = _ORGANIZATION_BEHIND.sub(r"\1", name)
    if "@" in name or "://" in name or not any(map(str.isalpha, name)):
        return ""
    return name.title() if name.isupper() and " " in name else name
