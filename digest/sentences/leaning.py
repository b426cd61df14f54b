"""Sentences that lean on the one before: read alone, they leave the reader asking "who?" or "what?"."""

from __future__ import annotations

import re
from collections.abc import Container

from digest.sentences.faults import outside_quotations

_TIME = r"(?:year|week|month|morning|afternoon|evening|weekend|season|summer|winter|spring|autumn|fall)\b"
_OPENING = re.compile(
    rf"\W*(?:(?:This|That|These|Those)\b(?! {_TIME})"
    r"|(?:He|She|They|It|His|Her|Hers|Their|Theirs|Its|Him|Them|But|And|So|Or"
    r"|Nor|Yet|However|Meanwhile|Also|Still|Instead|Then|Thus|Therefore|Hence|Nevertheless|Nonetheless"
    r"|Moreover|Furthermore|Additionally|Besides|Likewise|Similarly|Otherwise|Indeed|Consequently"
    r"|Accordingly|Both|Neither|Such|Others|Later|Afterwards?|Elsewhere|Again|Yes|Asked|Speaking"
    r"|Responding|Alternatively|Conversely|Eventually|Finally|Which|Notably|(?:Not )?[Ss]urprisingly"
    r"|To be sure|Even (?:so|then)|What[’']s (?:more|worse)|(?:More|Most|Less) importantly|After all"
    r"|As (?:for|to)|Above all|Granted|Admittedly|Ultimately|Maybe)\b"
    r"|(?:In|As|On|For|At|To|Of|By|With|From|After|Before|During|Under|Over|Following|Despite|Besides"
    rf"|Since|Through|Against|Amid|Like|Unlike|Among|Beyond|Behind|Around)"
    rf" (?:this\b(?! {_TIME})|that|these|those|it|its|him|his"
    r"|her|them|their|addition|fact|contrast|turn|response|return|short|other|result|example|instance|such|all"
    r"|both|the other|the same|the meantime|a result|the contrary|the process|the end|a statement|part"
    r"|comparison|other words"
    r"|which)\b|(?:When|While|As|After|Before|Although|Though|If|Once|Because|Since|Where|Until|Unless"
    r"|Whether) (?:he|she|they|it|this|that|these|those|his|her|their|its|asked|there|so)\b|(?:According"
    r"|Thanks|Due|Contrary|Prior|Compared) (?:to|with) (?:him|her|them|it|this|that|these|those|his"
    r"|their|its)\b|[A-Z][a-z]+ of (?:them|these|those|his|her|their|its)\b"
    r"|(?:In|On|By|Since|After|Before|During|Until|Last|Now|Today|Yesterday|For|Over)(?: [\w’'-]+){1,6},?"
    r" (?:he|she|they|it)\b|(?:In|During|At) the (?:interview|video|clip|footage|letter|statement|meeting"
    r"|speech|post|message|hearing|call|lawsuit|complaint|film|attack|incident|raid|ceremony),"
    r"|You know,|Of course,|What an? |Because [^,]*\Z"
    r"|[A-Z][a-z]+ly, (?:(?:all|both|few|many|most|none|some) of )?"
    r"(?:he|she|they|it|this|that|these|those|them)\b"
    r"|The (?:short|simple|long|obvious) answer\b|To (?:understand|see|find out) (?:why|how|this|that),"
    r"|(?:According|Thanks|Due|Depending|Based|Judging) (?:to|on|by) [^,“\"]*\b[a-z]+, (?:he|she|they|it)\b"
    r"|(?:In|Over|During) the (?:[a-z]+ )?(?:hours|days|weeks|months|years) (?:since|after|that followed),"
    r"|(?:[A-Z][a-z]*|\d+)(?: [a-z]+)? (?:minute|hour|day|week|month|year|decade)s?"
    r" (?:later|earlier|afterwards?)\b(?! than))"
)
#: "It is clear that …", "It has been ten years since …": this "it" is nothing that was named.
_IMPERSONAL = re.compile(
    r"It(?:[’']s| is| was| has been| will be)(?: (?:not|now|still|just|only|been))*"
    r" (?:no (?:secret|surprise|wonder)|(?:clear|unclear|hard|easy|possible|important|likely|unlikely"
    r"|official|unusual|common|unknown|difficult|known|believed|thought|expected|estimated|reported)"
    r" (?:that|to|how|when|whether|for|if|what|why|who)\b"
    r"|(?:more than |about |nearly |almost )?[\w-]+ (?:years|months|weeks|days|decades) since)\b"
    r"|It (?:appears|seems|emerged|turns out|turned out)(?: that)? "
)
#: "“…,” the chief told the court", "At least two other students …": which, who has read on knows.
_POINTING_LATE = re.compile(
    r"\A“”,? the [a-z]+ (?:said|says|told|added|wrote)\b"
    r"|\A(?:At least |About |Some |More than )?(?:[A-Za-z]+|\d+) others?\b(?! than| side| day)"
)
#: They point back at something, but not so strongly that only the sentence before can hold it.
_POINTING = re.compile(
    r"\W*(?:The [a-z\d“\"]|[\d-]+-year-old\b"
    r"|(?:It|This|That|These|Those|Another|Some|Many|Most|Each|All|There|Here|Now|Only|Even|Not|No|One|You|Your|Earlier|Previously)\b)"
)
_CONTINUING = re.compile(
    r"\b(?:however|meanwhile|though|therefore|nevertheless|nonetheless|moreover|furthermore)\b|, instead\b"
    r"|\b(?:one|another|no) such\b|, that [a-z]+ (?:is|was|has|had|will)\b"
)
#: "… of this ratio", "… tweeted this": it was named before the sentence, wherever that speaks of it.
_NAMED_BEFORE = re.compile(
    rf"\b(?:this|these) (?!{_TIME}|(?:time|stage|point|days?|country|century|is|was|are)\b)[a-z]"
    r"|\b(?:in|of|to|for|on|at|from|with|by|about|under|after|before|during|since) that [a-z]{3,}"
    r"(?:[’']s|s|[.,]| (?:and|but|in|of|on|for|is|was|has|had|will|would|by|as|at|with))"
    r"|[a-z](?:ed|of|to|against|for|about|on|with|from) such (?:(?!as\b|an?\b|that\b)[a-z]+ )??"
    r"[a-z]{3,}s\b(?! as\b)"
    r"|\bthat (?:kind|sort|type) of\b|\bthis[.,]|, that is\.\Z|\bfigure(?:d|s)? (?:that|this|it) out\b"
)
_NAMING = ("that", "this", "these", "such")
#: "The council also …" adds to what was said, though not to the last sentence only.
_ADDING = re.compile(
    r"\b(?:also\b|as well\b(?! as)|too[.,])|, (?:too\b|another [a-z]+,)"
    r"|\A[A-Z][\w.’'-]* (?:[\w.’'-]+ ){0,3}even [a-z]+ed\b"
)
#: In so many words from the beginning, they speak of what was said before the sentence.
_EARLY = 9
_SPEAKER = re.compile(
    r"“”,? *(?:he|she|they|it|the (?:man|woman|official|statement|spokesman|spokeswoman|spokesperson"
    r"|source|report|two))\b"
)
#: "The mission will start in 2022, he said", "The mission, she said, is late": somebody spoke before.
_SAID_BY_HIM = re.compile(
    r", (?:he|she|they) (?:said|says|added|noted|wrote|explained)"
    r"(?:,|(?: on)?(?: [A-Z][a-z]+day)?(?: (?:in|on|during|at) (?:an?|the) [a-z]+)?\W*\Z)"
)
#: A name of two words before "he said" is whom it says it of.
_IN_FULL = re.compile(r"(?!The )[A-Z][a-zà-ÿ’'-]+ (?:[A-Z]\. )?[A-Z][a-zà-ÿ’'-]")
#: "Cleo Marsh said in the same interview …", "In May, for example, …".
_OF_WHAT_WAS_SAID = re.compile(
    r" in the same (?:story|interview|report|statement|article|speech|post)\b|, for (?:example|instance)[,.]"
)
#: "Nobody will buy it.": in so few words nothing else was named.
_NAMELESS, _FEW = (" it.", " them.", " him."), 8
#: "Officials measured them …": in so many words from the beginning, nobody was named.
_THEM_EARLY = re.compile(r"\W*[\w’'-]+ [a-z]+ (?:[a-z]+ )?them\b")
#: Behind a question, and only there, such words answer it.
_ANSWERING = re.compile(
    r"\W*(?:According to [^,]{2,60}, (?:yes|no|not|only|probably|maybe|it)\b|Well\b|Because\b"
    r"|If (?:your?|so|not)\b|Only (?:if|when|because)\b|Not (?:yet|really|quite|so|likely|at|exactly)\b"
    r"|Probably\b|Perhaps\b|Absolutely\b|(?:[\w’']+,? ){0,9}[Tt]he answer\b)"
)
_COUNT = r"(?i:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_IS = r"(?:is|are|was|were|has|have|had|will|would|could|can|did|do|does)\b"
#: "Several of the visits were …": of which, the sentence before knows.
_SOME_OF = re.compile(
    rf"\W*(?:Several|Some|Many|Most|Each|None|All|Another|{_COUNT}) of the (?!most|top)"
    rf"(?:(?![a-z]+est )[a-z-]+ )?[a-z]+ {_IS}"
)
#: "Two wanted to cut it", "Another was found": two of what, the sentence before knows.
_COUNTED_ALONE = re.compile(
    r"\W*(?:(?:At least|About|Around|Nearly|Almost|Only|Just|More than) )?"
    rf"(?:{_COUNT}(?! (?:can|could|would|do)\b)|\d{{1,3}}|Several|Some|Many|Most|Few|None|Each|All|Another"
    r"|The (?:two|three|four|five|six|first|second|third|last|latter|former|others?|rest))"
    r" (?:(?:also|even|still|then|later|now|each|all|both|[a-z]+ly) )?"
    rf"(?:{_IS}|(?:came|went|died|said|told|took|made|got|gave|left|fell|won|lost|met|knew|saw|spoke|ran|wrote)\b"
    r"|[a-z]+ed (?:to|in|on|at|for|with|from|by|as|that|the|an?|his|her|their|its|up|out|into|over|after)\b)"
)
_OPENERS = (_THEM_EARLY, _SOME_OF, _COUNTED_ALONE)
_HE_OR_SHE = re.compile(r"\b(?:he|she|him|his|her|hers|himself|herself)\b")
_SOMEBODY = re.compile(
    r"\w\W+[A-Z][a-z]|\b[Aa]n? (?:[\w-]+ ){0,4}[a-z]{3,}|\A(?:“”)?[A-Z][\w’'-]+ [A-Z]"
    r"|\b(?:whose|who|man|woman|boy|girl|mother|father)\b"
)
#: Names that are no "he": days, months, and bodies by their last word.
_NOBODY = re.compile(
    r"\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August"
    r"|September|October|November|December)\b"
    r"|\b(?:University|Ministry|Department|Bank|House) of (?:the )?[A-Z]\w+"
    r"|\b(?:[A-Z][\w.’'-]* )+(?:University|College|School|Records|Courts?|Police"
    r"|Department|Ministry|Party|Bank|Company|League|Cup|House|States|City|County|Council|Committee|Senate"
    r"|Commission|Association|Times|Post|News|Journal|Agency|Institute|Act|Airlines?|Hospital|Congress"
    r"|Parliament|Office|Union|Army|Force|Front|Center|Centre|Foundation|Museum|Street|Games|World)\b"
)
_FIRST_WORD = re.compile(r"\W*(?:Mrs?\.? |Ms\.? |Dr\.? )?([A-Z][\w-]+)(?:[’']s)?[\s,]")


def leans(sentence: str) -> bool:
    """Whether *sentence* speaks of what was said before it: "He …", "But …", "“…,” she said", "… also …"."""
    return continues(sentence) or adds(sentence)


def continues(sentence: str, names: Container[str] = ()) -> bool:
    """Whether *sentence* makes sense behind the one before it only: "He …", "But …", "Police … he …".

    *names* are words that are known as names: "Li lost his way" needs no other where "Li" is one.
    """
    if starts_midway(sentence) or any(sign.match(sentence) for sign in _OPENERS):
        return True
    if sentence.endswith(_NAMELESS) and len(sentence.split()) <= _FEW:
        return True
    own = outside_quotations(sentence)
    if _CONTINUING.search(_opening_words(own)) or _names_what_was_said(own):
        return True
    said = _SAID_BY_HIM.search(own)
    if said is not None and not _IN_FULL.search(own[: said.start()]):
        return True
    pronoun = _HE_OR_SHE.search(own)
    if pronoun is None or _names_somebody(own[: pronoun.start()]):
        return False
    first = _FIRST_WORD.match(own[: pronoun.start()])
    return first is None or first.group(1).isupper() or first.group(1) not in names


def _names_what_was_said(own: str) -> bool:
    if _SPEAKER.search(own) or _OF_WHAT_WAS_SAID.search(own):
        return True
    # Most sentences have none of the words, and to look for them alone is ten times as fast.
    return (
        any(word in own for word in ("that", "this", "these", "such"))
        and _NAMED_BEFORE.search(own) is not None
    )


def _names_somebody(words: str) -> bool:
    found = _SOMEBODY.search(words)
    return found is not None and _SOMEBODY.search(_NOBODY.sub("it", words)) is not None


def answers(sentence: str) -> bool:
    """Whether *sentence*, behind a question, is the answer: "According to Li, only if …", "Not yet …"."""
    return _ANSWERING.match(sentence) is not None


def starts_midway(sentence: str) -> bool:
    """Whether the first words of *sentence* speak of something that was said: "He …", "After that …"."""
    return _OPENING.match(sentence) is not None and _IMPERSONAL.match(sentence) is None


def points_back(sentence: str) -> bool:
    """Whether *sentence* reads as a later one, though not only behind its own: "The move …", "Li also …"."""
    pointing = _POINTING.match(sentence) or _POINTING_LATE.match(outside_quotations(sentence))
    return pointing is not None or adds(sentence)


def adds(sentence: str) -> bool:
    """Whether *sentence* adds to what was said before it: "The council also …"."""
    return _ADDING.search(_opening_words(outside_quotations(sentence))) is not None


def _opening_words(own: str) -> str:
    return " ".join(own.split()[:_EARLY])
