"""Headlines Written Like This One, as a sentence: by what the article itself writes in small letters.

    Sweden Drops Its Case Against Bo Li        Sweden drops its case against Bo Li

A name is hardly ever in the headline alone: a word or two that the article never has are no names. If more
are unknown, the headline stays as it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from digest.words.terms import STOPWORDS
from digest.words.text import listed

_WORD = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)*")
#: A word that has its capital for no other reason than its place in a headline, or as a name.
_TITLED = re.compile(r"(?=[^\W\d_])[^a-z\W\d_][^A-Z\W\d_]*(?:[’'][^A-Z\W\d_]+)?\Z")
_WITHIN = re.compile(
    r"(?<=[a-z,;] )[^\W\d_]+|(?<=-)[^\W\d_]+"
    # A title or an initial has a stop, and ends no sentence: "Mr. Li", "Bo S. Li".
    r"|(?:(?<=\b[DM]r\. )|(?<=\bMs\. )|(?<=\bMrs\. )|(?<=\b(?:Sen|Rep|Gov|Gen)\. )|(?<= [A-Z]\. ))[^\W\d_]+"
)
_POSSESSIVE = re.compile(r"[’']s?\Z")
#: Before a name, "Rep. Bo Li", it is a title of the name's.
_TITLE_OF_SOMEBODY = re.compile(
    r"(?:Adm|Amb|Capt|Col|Dr|Gen|Gov|Hon|Lt|Mrs?|Ms|Prof|Rep|Rev|Sen|Sgt|Supt)\. [A-Z]"
)
#: Behind these begins another sentence, or somebody's own words.
_BEGINS = re.compile(
    r"(?:(?<!\b[A-Z])(?<!\b[DJMS]r)(?<!\bvs)(?<!\bNo)[.]\s+|[!?:;|]\s+|[\"“„«\[]|(?:\A|\s)['‘]|\s[–—-]\s)\Z"
)
#: A word or a few in quotation marks, as a headline takes them out of a sentence.
_QUOTED = re.compile(r"(?<=\w )[\"“‘'](?P<words>[^\"“”‘’']+)[\"”’']")
_FEW_QUOTED = 2
_NAMED_A = re.compile(
    r"category|class|grade|group|hepatitis|influenza|level|liga|part|plan|schedule|section|serie|series|team"
    r"|title|type|vitamins?",
    re.IGNORECASE,
)
#: "13-Inch": it begins no headline.
_BEHIND_A_NUMBER = re.compile(r"\d-\Z")
#: Between two words of one name.
_JOINED = re.compile(r"[ -]\Z")
_SHORT_DAYS = listed("mon tue tues wed thu thur thurs fri sat sun jan feb mar apr aug sep sept oct nov dec")
_CALENDAR = frozenset(
    ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february")
) | {"march", "april", "may", "june", "july", "august", "september", "october", "november", "december"}
#: Names whatever an article has, which may have them in its dateline only.
NAMES = listed(
    "afghan afghanistan africa african america american americans arab asia asian australia "
    "australian baghdad beijing berlin brazil brazilian britain british brussels cairo california "
    "canada canadian chicago chinese christian christians colorado democrat democrats dublin egypt "
    "egyptian england english europe european florida france french gaza geneva german germany "
    "greece greek hollywood india indian iran iranian iraq iraqi ireland irish israel israeli "
    "israelis italian italy japan japanese jerusalem jewish kabul kenya kiev korea korean kyiv "
    "lebanon london madrid mexican mexico moscow muslim muslims nigeria ohio pakistan palestinian "
    "palestinians paris pentagon poland republicans rome russia russian russians scotland scottish "
    "seoul spain spanish sweden swedish sydney syria syrian taliban tehran texas tokyo ukraine "
    "ukrainian vatican virginia washington zealand"
)
#: Words that every German text has, and no English one; the part of its words that they are at least, and the
#: characters of a text that tell.
_GERMAN = listed(
    "der die das und den dem des im ist sich mit für auf nicht eine einer ein zu von wird auch bei"
)
_GERMAN_SHARE, _TELLING = 0.1, 2000
#: No names whatever an article has, which may never say them but in its headline.
_NO_NAMES = listed(
    "accuses admits ahead aide allegations amid amidst announces apologizes appears approves argues "
    "armed asked asking asks attacks backs bans beats becomes begins biggest blames blasts blocks "
    "boosts breaks brings builds buys calls cancels caught celebrates challenges cheaper claims "
    "clears clinches closes comes coming concerned condemns confirms considers continues controversy "
    "criticism criticizes crowds crucial cuts deadly deals declares defends defies delays demands "
    "denies details dies differ draws drops early ending ends enters escapes expands faces facing "
    "failing fails falls fatal fears fights files finally finds fires fleeing flees follows furious "
    "gains gets gives goes growing grows hails halts heavy helping helps highest historic hits holds "
    "hosts huge ignoring increasingly insult intensifies joins keeps killed kills knows largest latest "
    "launches leads leaves leaving likely longest looking looks loose loses lowest makes making massive "
    "meets missing mocks moves names needs newest offers opens orders ousts outrage outrageous outside "
    "passes pays plans plays pleads poised popular possible potential prepares pressure previously "
    "prompts prosecutors proves pulls pushes quits raises rare reaches reaffirms rebukes recalls recent "
    "record rejects released releases remains reports residents resigns responds retains returns "
    "reveals rises rules rumors running runs seeks seems sees seizes selling sells sends serious "
    "sets severe shooting shot shows signs sinks slams smaller soars sparking starts stirs stops "
    "strikes stronger sues supports surges surprise surveillance suspects takes talks targeted targets "
    "taunts tells thousands threat threatens threats tops tough tries turns unlikely unveils update "
    "updated urgent urges uses victims victory violent visits votes vows vying wanted wants warning "
    "warns winning wins words worldwide worse worst wounded wrong"
)
#: Months that are also other words; they are months behind one of these, or before a number.
_DOUBTFUL = frozenset(("may", "march"))
_BEFORE_A_MONTH = re.compile(r"\b(?:in|since|until|by|of|on|from) \Z", re.IGNORECASE)
#: Of the words that matter, so many have a capital in a headline that is written like a title.
_FEWEST, _SHARE = 3, 0.8
#: Names of people, too: "the actor Will Smith", "Mayor Mark May".
_ALSO_NAMES = frozenset(("will", "may", "can"))
#: Letters that two forms of one word begin with, and how many the headline's may have beyond them.
_STEM, _ENDING = 4, 3
#: A name is written as one so many times as often as not: "Apple" in an article that eats an apple.
_AS_A_NAME = 2
#: For so many words of an article, it may lack one of its headline's; never more than so many.
_WHOLE, _UNKNOWN = 75, 2


def sentence_case(headline: str, text: str) -> str:
    """*headline* with capitals only where *text* has them; as it is where that does not tell.

    German is not touched: there a capital is a noun's.
    """
    if not _is_like_a_title(headline) or _is_german(f"{headline} {text[:_TELLING]}"):
        return headline
    writing = _Writing(text.replace(headline, " "))
    found = list(_WORD.finditer(headline))
    terms = _terms(headline, text)
    mottoes = _mottoes(headline, text)
    parts: list[str] = []
    at = unknown = 0
    for number, match in enumerate(found):
        word, small = match.group(), False
        begins = _BEGINS.search(headline[: match.start()]) and match.start() not in terms
        alone = len(word) == 1 and not _is_an_article(headline, match, text)
        titled = _TITLE_OF_SOMEBODY.match(headline, match.start()) or match.start() in mottoes
        if (
            (number or _BEHIND_A_NUMBER.search(headline[: match.start()]))
            and not alone
            and not titled
            and _TITLED.match(word)
            and not begins
        ):
            is_day = word.casefold() in _SHORT_DAYS and headline.startswith(".", match.end())
            told = False if is_day else writing.small(word, _pairs(headline, found, number), match)
            unknown += told is None
            small = told is not False and not (
                told is None and number == 1 and _is_unknown(found[0], writing)
            )
        parts += (headline[at : match.start()], word.lower() if small else word)
        at = match.end()
    is_told = unknown <= min(_UNKNOWN, len(text.split()) // _WHOLE)
    return "".join((*parts, headline[at:])) if is_told else headline


def _is_german(text: str) -> bool:
    words = text.casefold().split()
    return sum(word in _GERMAN for word in words) > _GERMAN_SHARE * len(words)


def _is_unknown(first: re.Match[str], writing: _Writing) -> bool:
    """Whether nothing tells of a headline's *first* word either: with a second such word it is somebody."""
    begins = re.match(r"[^\s:]+ [^\s:]+ ", first.string[first.start() :])  # "Fact Check: …" is a label
    return begins is not None and writing.small(first.group(), (), first) is None


def _terms(headline: str, text: str) -> set[int]:
    """Where in *headline* begin quoted words that are no sentence: a few, or *text* has them small."""
    return {
        match.start("words")
        for match in _QUOTED.finditer(headline)
        if len(match["words"].split()) <= _FEW_QUOTED or match["words"].strip(".,").lower() in text
    }


def _mottoes(headline: str, text: str) -> set[int]:
    """Where in *headline* words stand in quotation marks that *text* writes as a title, too."""
    body = text.replace(headline, " ")
    return {
        place
        for quoted in _QUOTED.finditer(headline)
        if " " in quoted["words"] and quoted["words"].strip(".,") in body
        for place in range(quoted.start("words"), quoted.end("words"))
    }


def _pairs(headline: str, found: Sequence[re.Match[str]], number: int) -> list[str]:
    """The word at *number* with the one before it, and with the one behind it, where a name may join them."""
    return [
        headline[one.start() : other.end()]
        for one, other in pairwise(found[max(number - 1, 0) : number + 2])
        if _JOINED.match(headline[one.end() : other.start()])
    ]


def _is_like_a_title(headline: str) -> bool:
    later = [match.group() for match in _WORD.finditer(headline)][1:]
    telling = [word for word in later if word.casefold() not in STOPWORDS and not word[1:].isupper()]
    capitals = sum(map(str.isupper, (word[0] for word in telling)))
    return capitals >= _FEWEST and capitals >= _SHARE * len(telling)


def _is_an_article(headline: str, match: re.Match[str], text: str) -> bool:
    """Whether "A" is no more than that, and no grade or vitamin."""
    before = headline[: match.start()].rpartition(" ")[0].rpartition(" ")[2]
    behind = headline[match.end() : match.end() + 2]
    return (
        match.group() == "A"
        and headline[match.start() - 1] != "-"
        and behind[:1] == " "
        and behind[1:] not in ("", "–", "-", "|")
        and not _NAMED_A.fullmatch(before)
        and f"{before} A" not in text.replace(headline, " ")
    )


def _is_a_month(match: re.Match[str]) -> bool:
    before, behind = match.string[: match.start()], match.string[match.end() :]
    return _BEFORE_A_MONTH.search(before) is not None or re.match(r" \d", behind) is not None


class _Writing:
    """How an article writes its words within sentences."""

    def __init__(self, text: str) -> None:
        self._text = text
        words = Counter(match.group() for match in _WITHIN.finditer(text))
        self._small = {word: count for word, count in words.items() if word[0].islower()}
        self._named = Counter[str]()
        for word, count in words.items():
            if _TITLED.match(word):
                self._named[word.casefold()] += count

    def small(self, word: str, pairs: Sequence[str], match: re.Match[str]) -> bool | None:
        """Whether *word*, the *match* in a headline, is no name; None where nothing tells.

        *pairs* are it and a word beside it.
        """
        folded = _POSSESSIVE.sub("", word.casefold())
        if any(self._is_a_name(pair) for pair in pairs):
            return False
        if folded in NAMES:
            return False
        if folded in _CALENDAR:
            return folded in _DOUBTFUL and not _is_a_month(match)
        if word.casefold().replace("’", "'") in STOPWORDS or folded in STOPWORDS:
            return True
        small, named = self._small.get(folded, 0), self._named[folded]
        if small or named:
            return small > 0 and named < _AS_A_NAME * small
        told = self._by_its_stem(folded)
        return True if told is None and folded in _NO_NAMES else told

    def _is_a_name(self, pair: str) -> bool:
        """Whether the article writes both words with a capital, side by side, within a sentence."""
        both = re.split(r"[ -]", pair)
        if not all(word[0].isupper() for word in both) or pair not in self._text:
            return False
        doubtful = [word.casefold() for word in both if word.casefold() in STOPWORDS]
        if not doubtful:
            return True
        if len(doubtful) == len(both) or not _ALSO_NAMES.issuperset(doubtful):
            return False
        begins_none = re.search(rf"[^\W_],? {re.escape(pair)}\b", self._text) is not None
        return begins_none or both[0].casefold() not in doubtful

    def _by_its_stem(self, folded: str) -> bool | None:
        stem = folded[: max(_STEM, len(folded) - _ENDING)]
        if len(stem) < _STEM:
            return None
        small = any(word.startswith(stem) for word in self._small)
        named = any(word.startswith(stem) for word in self._named)
        return None if small == named else small
