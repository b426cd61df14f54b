"""Where sentences begin and end, in text of any European language, Chinese or Japanese.

A rule-based splitter: a mark that can end a sentence does so unless an abbreviation, an initial, a
number, or the word behind it says otherwise, and never inside a quotation or a bracket that is closed
in the same paragraph. All work is linear in the length of the text, whatever the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache

from digest.words.text import listed

# A mark that may end a sentence. Possessive, so that a hundred thousand dots are one match.
_END = re.compile(r"[.!?…؟۔।]++|[。！？]++")
_CLOSERS = frozenset("\"”’'»«“)]}」』）›")
_FULL_WIDTH = frozenset("。！？")
# Quotation marks and brackets; an apostrophe between two letters is none.
_MARK = re.compile(r"[\"“”„«»()\[\]「」『』]|(?<!\w)['’‘‚]|['’‘](?!\w)")
_BRACKETS = {"(": ")", "[": "]", "「": "」", "『": "』"}
_BRACKET_OF = {close: mark for mark, close in _BRACKETS.items()}
#: ’90s, ’em, ’til: an apostrophe before a word, but no quotation.
_ELISION = re.compile(r"\d\ds?\b|(?:em|til|cause|tis|twas|n|bout|round|cos|nuff)\b", re.IGNORECASE)
#: A bracket or single quotation longer than this was never closed: what seems to close it does not.
_LONGEST_PAIR = 600

_NEXT = re.compile(r"[\"“„‚‘’'«»(\[¿¡—–•·*#-]*\s?([^\W_]?)([^\W\d_]*)")
_TOKEN_LENGTH = 24
_BEFORE_TOKEN = re.compile(r"^.*[\"“„‘’'«»()\[\]¿¡—–/]")

#: Words that open a sentence and hardly ever follow an abbreviation within one.
_STARTERS = listed(
    "The A An It He She They We I You This That These Those There Here His Her Their Its Our My But And "
    "Or So If When While As At In On For From By With After Before Since Until Although Though Because "
    "However Also Then Now Not No Yes What Who Why How Where Both Some Many Most Several Others Another "
    "Earlier Later Meanwhile El Una Les Une Elle Der Das Eine Sie Es Wir Dies Según Pero Mais Aber"
)
#: They stand before a name, so they end no sentence.
_TITLES = listed(
    "Mr Mrs Ms Mx Dr Drs Prof Sen Sens Rep Reps Gov Govs Gen Lt Col Sgt Capt Cpt Maj Rev Hon Pres Adm "
    "Cmdr Cpl Pvt Supt Insp Det Fr Msgr Atty Amb Sec Mt Ft Pt Hr Hrn Dipl Ing Mme Mmes Mlle MM Mgr Ste "
    "Sra Srta Dra Dña Ud Uds Lic Gral vs v cf al EE Messrs Pfc Spc Brig Cdr Dir Asst Assoc approx Ph Vgl "
    "vgl bzw Mag ST MT FT"
)
#: They end a sentence only before a word that opens one.
_WORDS = listed(
    "St Sr Jr Esq Inc Corp Co Cos Ltd LLC Bros Assn Dept Univ Ave Blvd Rd Hwy Calif Fla Pa Conn Ill Ariz "
    "Ala Ark Colo Del Ga Ind Kan Ky La Md Mass Mich Minn Miss Mo Mont Neb Nev Okla Ore Tenn Tex Vt Va "
    "Wash Wis Wyo Penn Mio Mrd Str str inkl sog geb gest evtl ggf usw Cía UU av Av Bde Intl Natl Govt Mfg "
    "Hosp Mus Rt Rte ex"
)
#: They end no sentence before a number.
_NUMBERED = listed(
    "No Nos no nos Rs Nr Nrn nr p pp Vol vol Art art Sec Fig fig Figs Ch ch Pg pg ca c Abs núm pág págs Op "
    "op est Rev Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Mon Tue Tues Wed Thu Thur Thurs Fri Okt "
    "Dez janv févr avr juil oct nov déc ene abr ago dic"
)
_MONTHS = listed("Januar Jänner Februar März April Mai Juni Juli August September Oktober November Dezember")
_ORDINAL_BEFORE = listed("am der die das dem den des vom zum im beim seit bis ab und")
_AFTER_HOUR = listed(
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July "
    "August September October November December Eastern Central Mountain Pacific Greenwich Mon Tue Wed "
    "Thu Fri Sat Sun Jan Feb Mar Apr Jun Jul Aug Sept Oct Nov Dec GMT BST EST EDT ET CT CST CDT MT MST PT "
    "PST PDT UTC CET CEST IST Local local"
)
#: A bracket that the sentence goes on behind: "at 10 a.m. (5 a.m. in Salem) on a Monday".
_BRACKET_WITHIN = re.compile(r"\([^()]{1,80}\)(?:[,;:]| [a-z])")
_GLUED = re.compile(r"[\"“]?([A-Z][a-z]*)\s")
_SHOUTED_NAMES = frozenset(("Yahoo", "Jeopardy"))
_DOMAINS = listed("Com Org Net Io Js Co Edu Gov Uk Tv")
_SPEECH = re.compile(
    r"\s+(?:(?:[^\W\d_][\w.'’-]*\s+){1,4}|(?:[A-Z][\w.'’-]*\s+(?:of\s+(?:the\s+)?)?){5,7})"
    r"(?:said|says|asked|asks|wrote|writes|tweeted|added|adds|shouted|cried|replied|wondered|told|exclaimed)\b"
)


def split(text: str) -> list[tuple[int, int]]:
    """The sentences of *text* in order, as (start, end): ``text[start:end]`` is the sentence verbatim.

    Spans begin and end with visible characters, do not overlap, and leave out nothing but white space. The
    end of a line ends a sentence. A closing quotation mark belongs to the sentence that it closes.
    """
    return list(spans(text))


def spans(text: str) -> Iterator[tuple[int, int]]:
    """As ``split``, one after the other: who needs the first ones only, pays for little more."""
    line_start = 0
    for line in text.split("\n"):
        if line and not line.isspace():
            yield from _split_line(line, line_start)
        line_start += len(line) + 1


def balanced(sentence: str) -> bool:
    """Whether every quotation mark and bracket that opens in *sentence* closes in it, and the reverse."""
    _, strays = _pairs(sentence)
    return not strays


def quotations(text: str) -> list[tuple[int, int]]:
    """The quotations of one paragraph in order, as (start, end) with their marks, without nested ones."""
    pairs, _ = _pairs(text)
    found: list[tuple[int, int]] = []
    for start, end in pairs:
        if text[start] not in "([" and (not found or start >= found[-1][1]):
            found.append((start, end + 1))
    return found


def _split_line(line: str, offset: int) -> Iterator[tuple[int, int]]:
    closed = _Closed(line)
    start = 0
    for match in _END.finditer(line):
        end = closed.swallow(match.end())
        if end <= start or closed.holds(end):
            continue
        if _ends(line, start, match, end):
            yield from _visible(line, start, end, offset)
            start = end
    yield from _visible(line, start, len(line), offset)


def _visible(line: str, start: int, end: int, offset: int) -> Iterator[tuple[int, int]]:
    piece = line[start:end]
    visible = piece.strip()
    if visible:
        first = offset + start + len(piece) - len(piece.lstrip())
        yield first, first + len(visible)


class _Closed:
    """The stretches of a line inside which no sentence ends: closed quotations and brackets."""

    def __init__(self, line: str) -> None:
        self._line = line
        pairs, _ = _pairs(line)
        self._openers = frozenset(start for start, _ in pairs)
        self._closers = frozenset(end for _, end in pairs)
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in pairs:  # outermost only: pairs come by their start
            if not self._ends or start > self._ends[-1]:
                self._starts.append(start)
                self._ends.append(end)

    def swallow(self, end: int) -> int:
        """*end* moved behind the closing marks that stand there, in French with a space before."""
        line, openers = self._line, self._openers
        while end < len(line):
            if line[end] in _CLOSERS and end not in openers:
                end += 1
            elif line[end].isspace() and end + 1 in self._closers:
                end += 2
            else:
                break
        return end

    def holds(self, position: int) -> bool:
        index = bisect_right(self._starts, position - 1) - 1
        return index >= 0 and position <= self._ends[index]


@lru_cache(maxsize=16)  # each question about a sentence asks for them
def _pairs(line: str) -> tuple[Sequence[tuple[int, int]], Sequence[int]]:
    """Pairs of opening and closing marks by position, and the positions of marks without a partner.

    An opening mark that is repeated before it was closed makes the earlier one a stray, so that one
    forgotten mark never swallows the paragraph. A lone single quotation mark is an apostrophe.
    """
    pairs: list[tuple[int, int]] = []
    strays: list[int] = []
    waiting: dict[str, int] = {}
    guillemets = ""
    for match in _MARK.finditer(line):
        at, mark = match.start(), match.group()
        if mark in "«»":
            guillemets = guillemets or mark
            family, opens = "«", mark == guillemets
        else:
            family, opens = _role(line, at, mark, waiting)
        if not family:
            continue
        if opens:
            if family in waiting:
                strays.append(waiting[family])
            waiting[family] = at
        elif family not in waiting:
            if family != "'" or line[at - 1 : at] in tuple(".,!?"):
                strays.append(at)
        else:
            start = waiting.pop(family)
            if family != '"' and at - start > _LONGEST_PAIR:
                strays += [start, at]
            else:
                pairs.append((start, at))
    strays.extend(waiting.values())
    pairs.sort()
    return pairs, strays


def _role(line: str, at: int, mark: str, waiting: dict[str, int]) -> tuple[str, bool]:
    """The family of the mark at *at* ("" for an apostrophe), and whether it opens."""
    if mark in _BRACKETS:
        return mark, True
    if mark in _BRACKET_OF:
        return _BRACKET_OF[mark], False
    before, after = line[at - 1 : at] if at else " ", line[at + 1 : at + 2] or " "
    if mark in "„‚":
        return ('"' if mark == "„" else "'"), True
    family = '"' if mark in '"“”' else "'"
    if mark in "“‘":  # „German“, or “English”
        return family, family not in waiting or line[waiting[family]] not in "„‚"
    if mark == "”" or (mark == "’" and not _is_edge(before)):
        return family, False
    if _is_edge(before) and _is_edge(after):  # it stands alone: the other one of a pair
        return family, family not in waiting
    opens = _is_edge(before) and not after.isspace()
    if family == "'":
        if opens and (mark == "’" or _ELISION.match(line, at + 1)):
            return "", False
        if not opens and after.isalnum():
            return "", False
    return family, opens


def _is_edge(char: str) -> bool:
    return char.isspace() or char in "([{—–-/:\"“„«‘'"


def _ends(line: str, start: int, match: re.Match[str], end: int) -> bool:
    """Whether the sentence that began at *start* ends at *end*, with the marks of *match*."""
    marks = match.group()
    if end == len(line):
        return True
    if marks[-1] in _FULL_WIDTH:  # 「行く。」と言った。 is one sentence
        return end == match.end() or not "ぁ" <= line[end] <= "ん"
    if not line[end].isspace():
        return _is_glued(line, match.start(), end)
    following = end + 1
    while following < len(line) and line[following].isspace():
        following += 1
    if line[following : following + 1] == "(" and _BRACKET_WITHIN.match(line, following):
        return False
    behind = _NEXT.match(line, following)
    initial, rest = behind.groups() if behind else ("", "")
    if initial.islower() and not rest[:1].isupper():  # "iPhone" may open a sentence
        return False
    if marks != ".":
        return not _goes_on(line, start, match, end)
    if end > match.end() and line[match.end()] not in ")]":  # a closed quotation: its sentence was whole
        return True
    return _stop_ends(line, start, match.start(), initial + rest)


def _is_glued(line: str, mark: int, end: int) -> bool:
    """Whether a space was forgotten: "told PTI.He said", but not "Amazon.Com" or "U.S.A"."""
    word = line[max(0, mark - 3) : mark]
    behind = _GLUED.match(line, end)
    if behind is None or behind.group(1) in _DOMAINS:
        return False
    return end > mark + 1 or (len(word) == 3 and word.isalpha())


def _goes_on(line: str, start: int, match: re.Match[str], end: int) -> bool:
    """Whether a question or exclamation is followed by who said it, or is part of a name."""
    if end > match.end():
        return _SPEECH.match(line, end) is not None
    return match.group() == "!" and _token(line, start, match.start()) in _SHOUTED_NAMES


def _token(line: str, start: int, end: int) -> str:
    """The word that ends at *end*, without marks before it."""
    piece = line[max(start, end - _TOKEN_LENGTH) : end]
    words = piece.split()
    if not words or piece[-1].isspace():
        return ""
    return _BEFORE_TOKEN.sub("", words[-1])


def _stop_ends(line: str, start: int, end: int, following: str) -> bool:
    """Whether a single full stop at *end* ends a sentence; *following* is the word behind it."""
    token = _token(line, start, end)
    opens = following in _STARTERS
    number = following[:1].isdigit()
    if token in _TITLES:
        return False
    if "." in token:
        return _dotted_ends(token, following, opens=opens)
    if len(token) == 1 and token.isalpha():
        return opens or (number and token.isupper())
    if token in _NUMBERED:
        return not number and (opens or token not in ("Nr", "Nrn", "Art", "Abs"))
    if token.rpartition("-")[2] in _WORDS:  # "R-Ky."
        return opens
    if token.isdigit() and len(token) <= 2:
        return _number_ends(line, start, end - len(token), following, opens=opens)
    return True


def _dotted_ends(token: str, following: str, *, opens: bool) -> bool:
    """Whether "U.S.", "a.m.", "z.B." or "J.-P." ends a sentence."""
    if token.lower() in ("a.m", "p.m"):
        return following not in _AFTER_HOUR
    if token.lower() in ("e.g", "i.e", "z.b", "d.h", "u.a", "p.ex"):
        return False
    parts = token.split(".")
    return opens or parts[-1].isdigit() or max(map(len, parts)) > 3


def _number_ends(line: str, start: int, at: int, following: str, *, opens: bool) -> bool:
    """Whether a short number ends a sentence: not in a numbered list, nor as a German ordinal."""
    if not line[start:at].strip():
        return False
    if following in _MONTHS or following in ("Jahrhundert", "Weltkrieg"):
        return False
    return opens or _token(line, start, len(line[:at].rstrip())) not in _ORDINAL_BEFORE
