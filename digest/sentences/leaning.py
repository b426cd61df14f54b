"""Sentences that lean on the one before: who reads them alone asks "who?" or "what?"."""

from __future__ import annotations

import re

from digest.sentences.faults import outside_quotations

_OPENING = re.compile(
    r"\W*(?:(?:He|She|They|It|This|That|These|Those|His|Her|Hers|Their|Theirs|Its|Him|Them|But|And|So|Or"
    r"|Nor|Yet|However|Meanwhile|Also|Still|Instead|Then|Thus|Therefore|Hence|Nevertheless|Nonetheless"
    r"|Moreover|Furthermore|Additionally|Besides|Likewise|Similarly|Otherwise|Indeed|Consequently"
    r"|Accordingly|Both|Neither|Such|Others|Later|Afterwards?|Elsewhere|Again|Yes|Asked|Speaking"
    r"|Responding|Alternatively|Conversely|Eventually|Finally|Which|Notably|(?:Not )?[Ss]urprisingly)\b"
    r"|(?:In|As|On|For|At|To|Of|By|With|From|After|Before|During|Under|Over|Following|Despite|Besides"
    r"|Since|Through|Against|Amid|Like|Unlike|Among) (?:that|this|these|those|it|its|him|his|her|them"
    r"|their|addition|fact|contrast|turn|response|return|short|other|result|example|instance|such|all"
    r"|both|the other|the same|the meantime|a result|the contrary|the process|the end|a statement|part"
    r"|which)\b|(?:When|While|As|After|Before|Although|Though|If|Once|Because|Since|Where|Until|Unless"
    r"|Whether) (?:he|she|they|it|this|that|these|those|his|her|their|its|asked|there|so)\b|(?:According"
    r"|Thanks|Due|Contrary|Prior|Compared) (?:to|with) (?:him|her|them|it|this|that|these|those|his"
    r"|their|its)\b)"
)
#: They point back at something, but not so strongly that only the sentence before can hold it.
_POINTING = re.compile(
    r"\W*(?:The [a-z]|[\d-]+-year-old\b"
    r"|(?:Another|Some|Many|Most|Each|All|There|Here|Now|Only|Even|Not|No|One|You|Your|Earlier|Previously)\b)"
)
_CONTINUING = re.compile(
    r"\b(?:also|however|meanwhile|though|therefore|nevertheless|nonetheless|moreover|furthermore)\b"
    r"|, (?:too|instead)\b|\btoo\."
)
#: In so many words from the beginning, "also" speaks of the sentence before.
_EARLY = 9
_SPEAKER = re.compile(
    r"“”,? *(?:he|she|they|it|the (?:man|woman|official|statement|spokesman|spokeswoman|spokesperson"
    r"|source|report|two))\b"
)
_HE_OR_SHE = re.compile(r"\b(?:he|she|him|his|her|hers|himself|herself)\b")
_SOMEBODY = re.compile(
    r"\w\W+[A-Z][a-z]|\b[Aa]n? (?:[\w-]+ ){0,4}[a-z]{3,}|\A(?:“”)?[A-Z][\w’'-]+ [A-Z]"
    r"|\b(?:whose|who|man|woman|boy|girl|mother|father)\b"
)


def leans(sentence: str) -> bool:
    """Whether *sentence* needs the one before it: "He …", "But …", "“…,” she said", "… also …"."""
    if _OPENING.match(sentence):
        return True
    own = outside_quotations(sentence)
    if _CONTINUING.search(" ".join(own.split()[:_EARLY])) or _SPEAKER.search(own):
        return True
    pronoun = _HE_OR_SHE.search(own)
    return pronoun is not None and not _SOMEBODY.search(own[: pronoun.start()])


def points_back(sentence: str) -> bool:
    """Whether *sentence* reads as a second one, though not only behind its own: "The move …"."""
    return _POINTING.match(sentence) is not None
