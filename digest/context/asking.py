"""The words of a question, once a paragraph's kind is known: "" if it cannot be asked after all."""

from __future__ import annotations

import re

from digest.context.matters import background_of
from digest.context.paragraphs import TITLES_BEFORE, Known, Paragraph
from digest.context.phrases import EARLIER, FIGURE
from digest.context.speakers import NO_NAME
from digest.words.terms import term, words

_Match = re.Match[str]

_EVENTS = {
    term(noun): noun
    for noun in words(
        "accident arrest attack blast bombing collapse crash earthquake explosion fire flood killing lawsuit "
        "merger murder outage outbreak protest quake raid resignation riot shooting stabbing strike takeover"
    )
}
BACKGROUND = re.compile(r"What is (?:.*’s? background|the (?:background to|history of) .*)\?")
#: A reader has met it under another name: "The decision" of a council that has just decided.
_DEEDS = frozenset(words("announcement arrest arrests decision resignation ruling violence vote"))
_BEGUN = re.compile(
    r"\b(dispute|case|controversy|feud|conflict|unrest|violence|protests|scandal|row) (?:\w+ )?"
    r"(?:began|started|erupted|broke out)\b"
)
_FOLLOWING = re.compile(r"The (?:[a-z’'-]+ ){0,2}?([a-z]+) (?:[a-z]+ )?(?:comes?|came|stem|follow)")
#: So many figures are what a paragraph is about.
_MANY = 3
_REPORTED = re.compile(r"\b(?:said|says|told|reported|questioned|asked|argued|estimated|according)\b")
_DIED = re.compile(r"\b(?:dies|died|dead|deaths?|killed|murdered)\b")
_SOMEBODY = re.compile(r"\b(?:[Hh]e|[Ss]he|[Hh]is|[Hh]er)\b")
_HE_OR_SHE = re.compile(r"(?:He|She|His|Her)\b")
#: What was done to somebody who is not known yet.
_DONE_TO = re.compile(
    r"\b(?P<done>arrested|killed|shot|stabbed|charged|sued|fined|attacked|jailed|suspended|seized|rescued|recalled"
    r"|kidnapped|banned|fired|died|crashed|collapsed)\b"
    r"(?: (?:an?|another|two|three|four|five|six|seven|eight|nine|ten|\d+) [a-z]|(?= (?:in|at|on|near)\b))"
)
_NOT_PAST_MATTER = re.compile(r"\b(?:will|should|could|may|might|must|[Nn]ow|[Tt]oday)\b")


def _event(known: Known) -> str:
    """The one event that the reader knows of; "" when there are none or several."""
    found = {noun for key, noun in _EVENTS.items() if key in known.terms}
    found = {noun for noun in found if re.search(rf"\b{noun}\b", known.text)}
    return found.pop() if len(found) == 1 else ""


def cause(_match: _Match, paragraph: Paragraph, known: Known) -> str:
    event = _event(known)
    first = paragraph.lines[0].own
    if not event or not re.search(rf"\b{event}\b", first):
        return ""
    unsure = re.search(
        r"\b(?:not|no|un\w+|under investigation|yet|determin\w+|whether|investigat\w+)\b", first
    )
    return f"What is known about the {event}’s cause?" if unsure else f"What caused the {event}?"


def led_up(_match: _Match, paragraph: Paragraph, known: Known) -> str:
    first = paragraph.lines[0].own
    begun = _BEGUN.search(first)
    if begun and re.search(rf"\b{begun[1]}\b", known.text):
        return f"How did the {begun[1]} begin?"
    subject = _FOLLOWING.match(first)
    if subject:
        named = term(subject[1]) in known.terms or subject[1] in _DEEDS
        return f"What led up to the {subject[1]}?" if named else ""
    event = _event(known)
    return f"What led up to the {event}?" if event else ""


def paper(match: _Match, _paragraph: Paragraph, known: Known) -> str:
    noun, verb = match["noun"], match["verb"]
    if term(noun) not in known.terms:
        return ""
    if verb in ("would", "will"):
        return f"What {verb} the {noun} do?"
    return f"What does the {noun} {'include' if verb.startswith('include') else 'do'}?"


def who(match: _Match, _paragraph: Paragraph, known: Known) -> str:
    surname = match["name"].rpartition(" ")[2]
    name = known.in_full(surname)
    titled = rf"(?:Mr|Mrs|Ms|President|Minister)\.? (?:[A-Z][\w’-]+ )?{re.escape(surname)}\b"
    if not name or NO_NAME.match(match["name"]) or re.search(titled, known.text):
        return ""
    died = _DIED.search(known.text) and not re.search(r" (?:is|has) ", match[0])
    return f"Who {'was' if died else 'is'} {TITLES_BEFORE.sub('', name)}?"


def thing(match: _Match, paragraph: Paragraph, known: Known) -> str:
    name = match["name"]
    if not re.search(rf"\b{re.escape(name)}\b", known.text) or NO_NAME.match(name):
        return ""
    if any(_SOMEBODY.search(line.own) for line in paragraph.lines):
        return ""
    return f"What is the {name}?" if match["the"] else f"What is {name}?"


def victim(match: _Match, _paragraph: Paragraph, known: Known) -> str:
    if match["name"].rpartition(" ")[2] in known.names:
        return ""
    return "Who were the victims?" if match["who"].endswith("s") else "Who was the victim?"


def found(match: _Match, _paragraph: Paragraph, known: Known) -> str:
    noun = match["noun"]
    return f"What did the {noun} find?" if term(noun) in known.terms else ""


def happened(match: _Match, _paragraph: Paragraph, known: Known) -> str:
    event = match["noun"] if match["noun"] != "incident" else _event(known)
    return f"How did the {event} happen?" if event else "How did it happen?"


def documents(match: _Match, _paragraph: Paragraph, _known: Known) -> str:
    source = match["source"]
    if source.endswith("suit"):
        return "What does the lawsuit say?"
    if source in ("police", "prosecutors", "investigators", "authorities", "witnesses"):
        return f"What do {source} say happened?"
    return "What do court documents say?"


def deaths(_match: _Match, paragraph: Paragraph, _known: Known) -> str:
    before = re.search(rf"\b{EARLIER}", paragraph.lines[0].own)
    return "" if before else "How many people have died?"


def elsewhere(match: _Match, _paragraph: Paragraph, _known: Known) -> str:
    near = re.match(r"In n|.*(?:region|border)", match[0])
    return "What else is happening in the region?" if near else "What is happening elsewhere?"


def numbers(_match: _Match, paragraph: Paragraph, _known: Known) -> str:
    figures = sum(len(re.findall(FIGURE, line.own)) for line in paragraph.lines)
    return "What do the numbers show?" if figures >= _MANY else ""


def dated(_match: _Match, paragraph: Paragraph, _known: Known) -> str:
    later = (line.sentence.text for line in paragraph.lines)
    return "Has this happened before?" if any(map(re.compile(rf"\b{EARLIER}").search, later)) else ""


def background(_match: _Match, paragraph: Paragraph, known: Known) -> str:
    first, *others = paragraph.lines
    if len(known.terms.intersection(first.sentence.terms)) < 2 or first.speaker is not None:
        return ""
    if any(line.speaker and not line.leans for line in others):
        return ""
    if any(_NOT_PAST_MATTER.search(line.own) for line in paragraph.lines):
        return ""
    if any(known.terms.isdisjoint(line.sentence.terms) and not line.leans for line in others):
        return ""
    return (
        "Has this happened before?"
        if _is_another(paragraph, known)
        else background_of(paragraph, known, died=_DIED.search(known.text) is not None)
    )


def background_of_subject(match: _Match, paragraph: Paragraph, known: Known) -> str:
    first = paragraph.lines[0]
    if known.terms.isdisjoint(first.sentence.terms[:3]) or _REPORTED.search(first.own):
        return ""
    return background(match, paragraph, known)


def _is_another(paragraph: Paragraph, known: Known) -> bool:
    """Whether somebody else was met with the same before: "In May, police arrested a man"."""
    first = paragraph.lines[0].own
    done = _DONE_TO.search(first)
    return (
        done is not None
        and re.match(EARLIER, first) is not None
        and re.search(rf"\b{done['done']}\b", known.text) is not None
    )
