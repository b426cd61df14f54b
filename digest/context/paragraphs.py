"""Paragraphs from an article: neighbouring sentences that can be read without the rest of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from digest.context.speakers import Speaker, speaker
from digest.model import Article
from digest.sentences import Sentence, read
from digest.sentences.faults import outside_quotations
from digest.words.terms import term, terms, words

#: Words of a paragraph.
SHORTEST, BEST_LENGTH, LONGEST = 45, 70, 95
#: Sentences of an article that are examined.
_FIRST = 22
_MOST_SENTENCES = 6
#: With so many of a sentence's terms in the summary and headline, it says them again.
_SAID_ALREADY = 0.6
#: So many words in a row that the summary or headline has too are a quotation, or a sentence, told twice.
_IN_A_ROW = 8
#: Terms that a paragraph shares with the summary and headline, lest it be about something else.
_IN_COMMON = 2
#: Quotations whole sentences long are taken behind the sentence that says whose they are.
_ONLY_QUOTED = "only a quotation"
#: They stand between sentences of the text, not in it.
_BETWEEN = frozenset(("a caption", "boilerplate"))

#: Who reads them first in a paragraph asks "which?" or "when?".
_CANNOT_OPEN = re.compile(
    r"\W*(?:Another|Here|Now|Even|Not|Nothing|You|Your|Each|First|Firstly|Second|Secondly|Third"
    r"|Last(?:ly)?|Then|Perhaps|Maybe|Sure|Well|Of course|Just|Only|Too|Rather|Worse|Better|Either|None"
    r"|Two of|Consider|One of them|Among them|During one|Until (?:then|now)|By (?:then|now)|What|How|Why"
    r"|Like|Unlike|If|Once|To do|Doing|(?:That|It|There)[’']s|There (?:[A-Z]|the)|In (?:truth|short|fact"
    r"|reality|all|total)|At (?:the time|first|one point|that)|One (?=is|was)|The (?:former|latter|other"
    r"|others|same|next|following|previous|two|three|pair|couple|idea|answer|results?|reason|problem"
    r"|difference|point|first|second|third|last|trio|duo|rest|news|question)|(?:On|In|By|For) the (?:same"
    r"|next|following|other|first|second|meantime|latter|former))\b|.{0,60}\b(?:of|in|on|at) that (?:year"
    r"|month|week|day|night|time|season|same)\b|\W*(?:\w+ ){1,3}(?:later|earlier|afterwards?|after that"
    r"|before that)\b"
)
#: The question that these answer names them.
_ASKED_FOR = re.compile(r"The (?:victims?|investigation|inquiry|death toll)\b")
#: "told the committee": which one?
_TOLD = re.compile(r"\btold the ([a-z]+)")
_SPEAKS_OF_ITSELF = re.compile(
    r"\b(?:report(?:ed|ing) from|wrote from|contributed|told in this|as mentioned|mentioned (?:above"
    r"|earlier)|see (?:above|below)|(?:this|our) (?:newspaper|website|reporter|column|article|story))\b"
    r"|: ['‘\"“][^'’\"”]+['’\"”] [A-Z][a-z]+ [A-Z]|:\W*\Z|\A[-–—*]|\bRead:|\d[A-Z][a-z]{2}"
    r"|\A\W*[A-Z][A-Z ]{3,}:"
)
_FULL_NAME = re.compile(
    r"\b[A-Z][\w’'-]+\.?(?: [A-Z]\.)?(?: (?:de|van|von|der|al|bin|el|la|da|di))*(?: [A-Z][\w’'-]+)+"
)
_LONGEST_NAME = 4  # words
_NO_PART_OF_A_NAME = re.compile(r"\A(?:(?:Former|The|After|When|While|But|And|As|In|On|For|\w+ing) )+")
#: They stand before a name, and are written small elsewhere: "Photographer Ana Sá".
TITLES_BEFORE = re.compile(
    r"\A.*\b(?:Mayor|President|Gov\.|Governor|Sen\.|Senator|Rep\.|Representative|Minister|Chief|Secretary"
    r"|Justice|Judge|Chairman|Director|General|Speaker|Leader|CEO|Attorney|Coach|Mr\.?|Mrs\.?|Ms\.?|Dr\.?"
    r"|Prof\.?|Professor|Lt\.|Sgt\.|Col\.|Capt\.|Maj\.|Gen\.|Det\.|Detective|Officer|Captain|Manager"
    r"|Photographer|Actor|Actress|Singer|Author|Comedian|Rapper|Artist|Journalist|Spokesman|Spokeswoman"
    r"|Lawyer|Analyst|Economist|Activist|Researcher|Scientist|Lawmaker|Councilman|Councilwoman) "
)
_CAPITAL = re.compile(r"[A-Z][\w’'-]+")
_ABBREVIATED = re.compile(r"\(([A-Z][A-Za-z]*[A-Z])\)")
_POSSESSIVE = re.compile(r"[’']s?\Z")
_DATED = re.compile(
    r"\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|today|yesterday|tomorrow|tonight|(?:this|last|next"
    r"|past|coming)"
    r" (?:\w+ )?(?:week(?:end)?|month|year|morning|afternoon|evening|night|spring|summer|autumn|fall"
    r"|winter)|ago|recently|now|currently|hours|will)\b"
)


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence with what its questions are told by."""

    sentence: Sentence
    #: Without the words of its quotations.
    own: str
    speaker: Speaker | None
    #: Nothing but somebody's words.
    quoted: bool

    @property
    def leans(self) -> bool:
        return self.sentence.leans or self.quoted


#: Only a title or an initial has a stop, or a name would run on into the next sentence.
#: Behind a surname: whose son somebody is, as far as his name tells.
SUFFIX = r"(?:,? (?:[JS]r\.?|I{2,3}|IV)(?![\w’'-]))?"
_BEFORE_SURNAME = (
    r"(?:Adm|Amb|Atty|Capt|Cmdr|Col|Cpl|Det|Dr|Gen|Gov|Insp|Lt|Maj|Mr|Mrs|Ms|Prof|Rep|Rev|Sec|Sen|Sgt"
    r"|Supt|[A-Z])\. |[A-Z][\w’-]+ "
)


@dataclass(frozen=True, slots=True)
class Known:
    """What the reader of a paragraph knows by then: the headline and the summary."""

    text: str
    #: Without the headline, where any word may have a capital.
    summary: str
    terms: frozenset[str]
    #: Those of the headline, which say what the story is about.
    matter: frozenset[str]
    names: frozenset[str]
    #: Every few words in a row.
    runs: frozenset[tuple[str, ...]]

    @property
    def headline(self) -> str:
        return self.text.partition("\n")[0]

    @classmethod
    def of(cls, title: str, summary: str) -> Known:
        text = f"{title}\n{summary}"
        names = frozenset(map(_bare, _CAPITAL.findall(text)))
        return cls(
            text, summary, frozenset(terms(text)), frozenset(terms(title)), names, frozenset(_runs(text))
        )

    def in_full(self, surname: str) -> str:
        """The one name of several words that ends in *surname*; "" when there are none or several.

        Father and son are two: the name has the "Jr." that it is said with.
        """
        before = re.findall(
            rf"\b(?!State )(?:{_BEFORE_SURNAME}){{1,8}}{re.escape(surname)}\b{SUFFIX}", self.summary
        )
        found = {TITLES_BEFORE.sub("", _NO_PART_OF_A_NAME.sub("", str(name))) for name in before}
        full = [
            name
            for name in found
            # "Mr. Li" says no more than "Li", nor does "Bo Li" than "Bo Li Jr." before it.
            if " " in name and not any(other.startswith(f"{name} ") for other in found)
        ]
        return full[0] if len(full) == 1 and len(full[0].split()) <= _LONGEST_NAME else ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    lines: tuple[Line, ...]
    #: How many sentences of its article stand before it.
    depth: int

    @property
    def text(self) -> str:
        return " ".join(line.sentence.text for line in self.lines)

    @property
    def length(self) -> int:
        return sum(line.sentence.length for line in self.lines)


def paragraphs(
    article: Article, known: Known, *, told: Sequence[tuple[int, int]] = (), dated: bool = True
) -> Iterator[Paragraph]:
    """Every run of sentences of *article* that can stand behind what is *known*.

    None of them says again what is known, nor touches a stretch of the text that is *told* already. With
    *dated* false, none has words that were true on its article's day only: "on Monday", "will".
    """
    lines = _lines(article)
    strangers = _strangers(article.text, known)
    for number, line in enumerate(lines):
        if line is None or not _opens(line, known):
            continue
        run: list[Line] = []
        for each in lines[number : number + _MOST_SENTENCES]:
            if (
                each is None
                or not _adds(each, known, told)
                or not (dated or not _DATED.search(each.sentence.text))
            ):
                break
            run.append(each)
            found = Paragraph(tuple(run), number)
            if found.length > LONGEST:
                break
            if len(run) > 1 and found.length >= SHORTEST and _stands_alone(found, known, strangers):
                yield found


def _lines(article: Article) -> list[Line | None]:
    """The article's sentences in order, None in place of each that cannot stand in a paragraph."""
    found: list[Line | None] = []
    for sentence in read(article.text, article.title, forgiven=(_ONLY_QUOTED,), first=_FIRST):
        if sentence.fault in _BETWEEN:
            continue
        if sentence.fault or _SPEAKS_OF_ITSELF.search(sentence.text):
            found.append(None)
            continue
        own = outside_quotations(sentence.text)
        quoted = sum(map(str.isalpha, own)) < 12
        found.append(Line(sentence, own, speaker(own), quoted))
    return found


def _opens(line: Line, known: Known) -> bool:
    sentence = line.sentence
    if sentence.leans or _CANNOT_OPEN.match(sentence.text):
        return False
    audience = _TOLD.search(line.own)
    if audience and term(audience[1]) not in known.terms:
        return False
    if line.quoted:
        return line.speaker is not None and not line.speaker.is_pronoun
    if sentence.text.startswith("The ") and sentence.points_back and not _ASKED_FOR.match(sentence.text):
        return not known.terms.isdisjoint(sentence.terms[:3])
    return True


def _adds(line: Line, known: Known, told: Sequence[tuple[int, int]]) -> bool:
    sentence = line.sentence
    if any(sentence.start < end and start < sentence.end for start, end in told):
        return False
    own = frozenset(sentence.terms)
    if own and len(own & known.terms) >= _SAID_ALREADY * len(own):
        return False
    return known.runs.isdisjoint(_runs(sentence.text))


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    spoken = [word.casefold() for word in words(text)]
    return zip(*(spoken[number:] for number in range(_IN_A_ROW)), strict=False)


def _stands_alone(paragraph: Paragraph, known: Known, strangers: frozenset[str]) -> bool:
    shared = {key for line in paragraph.lines for key in line.sentence.terms} & known.terms
    return len(shared) >= _IN_COMMON and not _names_a_stranger(paragraph.text, strangers)


def _strangers(text: str, known: Known) -> frozenset[str]:
    """Surnames and abbreviations that *text* explains somewhere and the reader does not know."""
    full = (_bare(name.rpartition(" ")[2]) for name in _FULL_NAME.findall(text))
    return frozenset((*full, *_ABBREVIATED.findall(text))) - known.names


def _names_a_stranger(text: str, strangers: frozenset[str]) -> bool:
    """Whether one of *strangers* is named in *text* before it says who that is."""
    introduced: set[str] = set(_ABBREVIATED.findall(text))
    stretches = [match.span() for match in _FULL_NAME.finditer(text)]
    at = 0
    for match in _CAPITAL.finditer(text):
        while at < len(stretches) and stretches[at][1] <= match.start():
            introduced.add(_bare(text[slice(*stretches[at])].rpartition(" ")[2]))
            at += 1
        inside = at < len(stretches) and stretches[at][0] <= match.start()
        name = _bare(match.group())
        if not inside and name in strangers and name not in introduced:
            return True
    return False


def _bare(name: str) -> str:
    return _POSSESSIVE.sub("", name)
