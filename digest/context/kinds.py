"""Kinds of questions, known by a paragraph's words and phrases: "What comes next?", "Who is Bo Li?"."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from digest.context import asking
from digest.context.paragraphs import Known, Paragraph
from digest.context.phrases import (
    CRIMES,
    DAY,
    EARLIER,
    FEW,
    FIGURE,
    FUTURE,
    HAPPENED,
    INQUIRERS,
    LATER,
    MONTH,
    NAMED,
    PAPERS,
    TO_COME,
)

_Match = re.Match[str]


@dataclass(frozen=True, slots=True)
class Kind:
    """A paragraph opens with one pattern and goes on with another, looked for outside quotations."""

    #: How sure such a question is answered, and how much a reader wants it answered: 0 to 1.
    worth: float
    opening: re.Pattern[str]
    going_on: re.Pattern[str]
    #: The question, from the opening's match; "" when it cannot be asked after all.
    words: Callable[[_Match, Paragraph, Known], str]
    #: Where the headline or summary has this, they have answered it.
    idle: re.Pattern[str] | None = None
    #: So many sentences may just lean on the one before.
    leaning: int = 1
    #: An old article answers it as well as a new one.
    lasting: bool = False


class _Written(NamedTuple):
    """A kind as it is written below: its patterns are not compiled yet."""

    worth: float
    words: str | Callable[[_Match, Paragraph, Known], str]
    opening: str
    going_on: str
    idle: str = ""
    leaning: int = 1
    lasting: bool = False

    def compiled(self) -> Kind:
        words = self.words
        return Kind(
            self.worth,
            re.compile(self.opening),
            re.compile(self.going_on),
            words if callable(words) else lambda _match, _paragraph, _known: words,
            re.compile(self.idle) if self.idle else None,
            self.leaning,
            self.lasting,
        )


@cache
def kinds() -> tuple[Kind, ...]:
    """All kinds. Compiling their patterns takes 25 ms, so that is left until somebody asks."""
    return tuple(written.compiled() for written in _KINDS)


_KINDS = (
    _Written(
        1.0,
        asking.dated,
        rf"\b(?:not the first (?:time|such)|(?:latest|most recent) in a (?:series|string|spate|wave)"
        rf"|(?:second|third|fourth|fifth|sixth|seventh) (?:such |fatal |major |deadly |mass "
        rf"|similar )?(?:{CRIMES})s?"
        rf" (?:there |here )?(?:in|since|this|within|over)|similar (?:{CRIMES})s?"
        rf"|previous (?:{CRIMES})s)\b",
        rf"\b(?:{EARLIER}|ago|similar|another|second|third)\b",
        idle=r"\bnot the first|\bsimilar\b|\bprevious",
    ),
    _Written(
        0.9,
        asking.paper,
        rf"(?:\AThe|\b[Uu]nder the) (?:[\w’'-]+ ){{0,2}}?(?P<noun>{PAPERS})(?:, (?:which"
        rf"|if)[^,]{{2,80}},)? (?:also )?"
        r"(?P<verb>would|will|requires|allows|gives|bans|makes|calls for|includes|prohibits|creates"
        r"|provides|sets|covers)\b(?! (?:have been|not|likely|go|come|need|face|take|expire|head|now"
        r"|also be|be (?:voted|introduced|signed|debated|considered|discussed|put|sent|heard)))",
        rf"\b(?:would|will|requires?|allows?|includes?|also|{PAPERS})\b",
    ),
    _Written(
        0.95,
        asking.who,
        rf"\A{NAMED}(?:, (?:\d\d|an?|the|who|born)\b[^,]{{0,80}},)? (?:(?:is|was) an?"
        r" (?!vocal|strong|frequent|fierce|key|part|victim)|was born|grew up"
        r"|has (?:served|worked|been (?:an?|the) )|served|worked (?:as|for|at|in)|joined|became"
        r"|graduated|founded"
        r"|rose to|began (?:his|her) career|made (?:his|her) (?:name|debut)|was (?:appointed|elected"
        r"|named|hired))\b",
        r"\A(?:In \S+,? )?(?:[Hh]e|[Ss]he|His|Her)\b",
        leaning=2,
        lasting=True,
    ),
    _Written(
        0.95,
        asking.thing,
        r"\A(?P<the>The )?(?P<name>[A-Z][\w’-]+(?: [A-Z][\w’-]+){0,3})(?:, [^,]{2,80},)? is (?:an?"
        r"|one of)\b",
        r"\b(?:[Ii]ts?|[Tt]hey|[Tt]heir|[Tt]he (?:group|company|organi[sz]ation|party|site|service"
        r"|network|firm|program|project))\b",
        leaning=2,
        lasting=True,
    ),
    _Written(
        0.9,
        asking.cause,
        r"\b(?:[Tt]he cause of the|was caused by|were caused by|what caused the|was (?:sparked"
        r"|triggered) by|believed to have (?:started|been caused))\b",
        r"\b(?:caus\w+|because|investigat\w+|blam\w+|started|fault|believe\w*|due to|evidence)\b",
    ),
    _Written(
        0.9,
        "What are the charges?",
        r"\b(?:was|were|is|are|been|being|faces?|facing) (?:also )?(?:(?:\w+ )?charged with"
        r"|(?:\w+ ){0,4}(?:charges|counts) (?:of|including)|indicted on|arraigned on)\b",
        r"\b(?:charg\w+|counts?|court|plead\w*|guilty|jail|bail|bond|sentenc\w+|convict\w+|prison"
        r"|custody|trial|judge)\b",
        idle=r"\b(?:charged with|charges|counts? of|accused of|pleaded|convicted)\b",
    ),
    _Written(
        0.85,
        "What is the possible penalty?",
        r"\b(?:[Ff]aces?|facing|could (?:face|get|receive)|carries) (?:up to|a (?:maximum|possible"
        r"|mandatory)|(?:\w+ ){0,2}life|the death penalty|as (?:much|many) as)\b|\bmaximum (?:sentence"
        r"|penalty|punishment)\b",
        r"\b(?:convict\w*|sentenc\w+|prison|years|fine\w*|jail|guilty|penalty|judge|court)\b",
        idle=r"\bup to\b|\bpenalty\b",
    ),
    _Written(
        0.9,
        asking.victim,
        r"(?:\AThe|[Pp]olice (?:have )?(?:identified|named) the"
        r"|identified the) (?:\w+ )?(?P<who>victims?)\b.{0,60}"
        r"\bas (?:\d\d-year-old )?(?P<name>[A-Z][\w’-]+(?: [A-Z][\w’-]*\.?)*)",
        r"\b(?:[Hh]e|[Ss]he|[Tt]hey|[Hh]is|[Hh]er|victims?|family|friends?|lived|worked|mother|father)\b",
        leaning=2,
    ),
    _Written(
        0.85,
        "What is known about the injuries?",
        r"\bin (?:critical|serious|stable|fair|good) condition\b|\bbeing treated (?:for|at|in)\b"
        r"|\b(?:suffered|sustained) (?:\w+ ){0,4}(?:injur\w+|wounds|burns)\b",
        r"\b(?:hospital\w*|injur\w+|wounds?|treated|condition|surgery|doctors?|medical|released"
        r"|recover\w*|critical)\b",
        idle=r"\b(?:hospital\w*|condition|died|dead|killed|kills|dies)\b",
    ),
    _Written(
        0.85,
        "What happens next in court?",
        r"\A(?=.*\b(?:appear in court|arraign\w*|hearing|trial|sentencing|sentenced)\b)"
        rf"(?=.*\b(?:will|(?:is|are) (?:scheduled|expected|due|set))\b.*\b{TO_COME})",
        r"\b(?:will|scheduled|expected|due|set|court|trial|hearing|judge|jury|bail|bond|plea\w*"
        r"|convicted|faces?)\b",
    ),
    _Written(0.85, "What comes next?", FUTURE, LATER),
    _Written(
        0.8,
        "Where does the investigation stand?",
        rf"\b{INQUIRERS} (?:(?:said|say) (?:\w+ )?(?:they|it) )?(?:are|is"
        rf"|have) (?:\w+ )?(?:investigating|searching"
        r"|looking (?:for|at|into)|reviewing|interviewing|asking|seeking|trying|examining|launched"
        r"|opened|begun)\b|\b(?:investigation|inquiry|probe) (?:\w+ ){0,3}(?:is (?:continuing|ongoing"
        r"|under way|underway)|has been (?:opened|launched)|continues)\b|\b(?:is|are"
        r"|remains?) under investigation\b",
        r"\b(?:investigat\w+|police|search\w*|evidence|detectives|officers|FBI|inquiry|probe"
        r"|witness\w*|examin\w+|interview\w*|clues?|suspects?|motive|recorder\w*)\b",
    ),
    _Written(
        0.9,
        asking.found,
        r"\b[Tt]he (?:[\w-]+ )?(?P<noun>study|researchers|scientists|survey|poll|report|review|inquiry)"
        r"(?: (?:also|has|have)){0,2} (?:found|showed|shows|finds|suggests|suggested|concluded"
        r"|revealed|discovered)\b",
        r"\b(?:found|showed|shows|finds|suggest\w*|conclud\w+|revealed|compared|percent|per cent"
        r"|researchers|scientists|study|survey|poll|report|respondents|participants|more likely"
        r"|less likely)\b|%",
    ),
    _Written(
        0.85,
        asking.documents,
        r"\bAccording to (?:the |a |an )?(?:\w+ ){0,2}(?P<source>police|affidavit|complaint|indictment"
        r"|court (?:documents|records|papers|filings)|prosecutors|investigators|authorities|witnesses"
        r"|lawsuit|suit)\b",
        r"\b(?:police|affidavit|complaint|indictment|documents|records|prosecutors|investigators"
        r"|authorities|suit|lawsuit|[Hh]e|[Ss]he|[Tt]hey|then|officers?)\b",
        leaning=2,
    ),
    _Written(
        0.9,
        asking.elsewhere,
        r"(?:\bElsewhere (?:in|on|across) the (?:\w+ )?(?:region|country|state|world)"
        r"|\AIn neighbou?ring [A-Z]\w+|\AIn other (?:cities|parts|countries|states|regions|areas)"
        r"|\AAcross the (?:country|region|border|state|nation|continent))\b",
        r".",
    ),
    _Written(
        0.85,
        asking.led_up,
        rf"\AThe (?:\w+ ){{0,2}}(?:{CRIMES}|move|announcement|decision|arrest|ruling|visit|vote"
        rf"|resignation|launch"
        r"|deal|meeting|protest|violence|comment|remark|statement|talk|election)s? (?:comes?|came"
        r"|follows|followed)\b|\b(?:stems?|stemmed) from\b"
        r"|(?<!since the )\b(?:dispute|case|controversy|feud|conflict"
        r"|unrest|violence|protests|scandal|row) (?:\w+ )?(?:began|started|erupted|broke out)\b",
        rf"\b(?:had|was|were|began|started|after|since)\b|{EARLIER}",
    ),
    _Written(0.8, asking.numbers, rf"(?:{FIGURE}).*(?:{FIGURE})", FIGURE, leaning=0),
    _Written(
        0.9,
        asking.deaths,
        rf"\A(?:(?:At least|As many as|More than|Some|About|Nearly|Almost|Around"
        rf"|Another) )?(?:\d[\d,]*|{FEW})"
        r" (?:other )?(?:people|civilians|soldiers|passengers|children|workers|students|others|men"
        r"|women|residents)"
        r" (?:\w+ ){0,3}(?:killed|died|dead)\b|\A(?:\S+ ){0,6}death toll\b",
        r"\b(?:killed|died|dead|deaths?|injur\w+|wounded|missing|toll|casualt\w+|bodies|victims?)\b",
        idle=r"\b(?:killed|died|dead|deaths?|toll|kills?|dies)\b",
    ),
    _Written(
        0.85,
        asking.happened,
        r"\AThe (?:\w+ )?(?P<noun>accident|crash|incident|shooting|attack|fire|collision|blast"
        r"|explosion|robbery|stabbing|fight|brawl) (?:happened|occurred|took place|unfolded|broke out"
        r"|began|started)\b.*\b(?:when|as|after)\b",
        rf"\b{HAPPENED}\b",
        idle=r"\b(?:happened|occurred|took place)\b",
        leaning=2,
    ),
    _Written(
        0.75,
        asking.background,
        rf"\A{EARLIER},? (?!and\b|when\b).*\b{HAPPENED}\b|\A(?:\S+ ){{1,8}}had (?:(?:on|in) (?:{MONTH}"
        rf"|\d{{4}}|{DAY})|already|previously|earlier|long|first) (?:\d+ )?\w+",
        rf"\b(?:had|was|were|began|later)\b|{EARLIER}",
        lasting=True,
    ),
    _Written(
        0.7,
        asking.background_of_subject,
        rf"\A(?:[^\s,]+ ){{1,7}}?(?:{HAPPENED}|has|have)\b.*\b(?:(?:[Ii]n"
        rf"|[Ss]ince) (?:\w+ ){{0,3}}(?:19|20)\d\d"
        r"|(?:years?|decades?|months) (?:ago|earlier)|last year|earlier this year)\b",
        rf"\b(?:had|was|were|began|later)\b|{EARLIER}",
        lasting=True,
    ),
)
