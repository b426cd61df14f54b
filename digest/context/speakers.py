"""Who says what a sentence says: "Mayor Bo Li said …", "“…,” said Bo Li", "according to police"."""

from __future__ import annotations

import re
from dataclasses import dataclass

SAYING = (
    r"(?:said|says|say|told|tells|added|adds|wrote|writes|tweeted|explained|explains|argued|argues|noted"
    r"|notes|insisted|insists|claimed|claims|stated|states|announced|confirmed|warned|warns|believes?"
    r"|thinks?|described|acknowledged|admitted|maintained|recalled|testified|predicted|suggested|suggests"
    r"|stressed|reiterated|urged|urges|vowed|vows|thanked|demanded|demands|accused|accuses|pledged"
    r"|promised|blamed|blames|called|calls|declined|offered|refused)"
)
REACTING = (
    r"(?:condemned|condemns|criticised|criticized|criticizes|praised|praises|welcomed|welcomes|denied"
    r"|denies|rejected|rejects|apologised|apologized|expressed|blasted|slammed|defended|defends|denounced"
    r"|dismissed|responded|replied|hailed|mourned|reacted)"
)
_TELLING = rf"(?:{SAYING}|{REACTING})"
PEOPLE = (
    r"police|officials|authorities|investigators|detectives|prosecutors|lawyers|attorneys|researchers"
    r"|scientists|experts|analysts|economists|critics|activists|campaigners|residents|neighbou?rs"
    r"|witnesses|doctors|supporters|opponents|democrats|republicans|lawmakers|diplomats|engineers"
    r"|forecasters|firefighters|organi[sz]ers|advocates|rescuers|astronomers|relatives|friends|aides"
    r"|teachers|parents|protesters"
)
_BODIES = (
    r"government|council|company|department|ministry|university|school|district|agency|court|commission"
    r"|committee|board|family|union|party|club|team|league|association|airline|hospital|bank|military|army"
    r"|navy|foundation|group|firm|charity|church|city|state|administration|president|mayor|governor|coach"
    r"|manager|judge|sheriff|coroner|prime minister|White House|Pentagon|State Department|Kremlin|Vatican"
    r"|FBI|EU|United Nations|European Union|European Commission|Justice Department|Foreign Ministry"
)
NAME = r"[A-Z][\w’'-]*\.?(?: (?:(?:de|van|von|der|al|bin|el|la|of) )?[A-Z][\w’'-]*\.?){0,6}"
#: What may stand before a name: "police spokesman", "a professor of law,".
_CALLED = (
    r"(?:(?:[\w’'.-]+ ){0,4}(?:spokes(?:man|woman|person)|analyst|expert|professor|detective|attorney"
    r"|lawyer|prosecutor|director|chief|president|minister|mayor|governor|leader|founder|researcher"
    r"|scientist|economist|historian|resident|activist|commissioner|secretary|chairman|chairwoman) )?"
)
_WHO = (
    rf"(?P<who>(?:[A-Z]\w+ )?(?:[\w-]+ ){{0,2}}(?i:{PEOPLE})|[Tt]he (?:[\w’'-]+ ){{0,2}}(?:{_BODIES})"
    rf"|{_CALLED}{NAME})"
)
_STOPPED = (
    r"(?:[^.“]|(?:(?<=\b[A-Z])|(?<=\b[DMS]r)|(?<=\bM[sx])|(?<=\bSt)|(?<=\bMrs)|(?<=\b(?:Sen|Rep|Gov)))\.)"
)
_APPOSITION = r"(?P<role>(?:,(?: [^,“]{2,120}(?:, [^,“]{2,60})??)?,)?)"
#: What they said before they said this is no reaction: "Li had dismissed the plan".
_BEFOREHAND = re.compile(r"\b(?:had|previously)\b")
_ADVERBS = (
    r"(?:(?:has|have|had|also|later|then|further|previously|recently|repeatedly|strongly"
    r"|immediately) ){0,2}"
)
_ACTIVE = re.compile(
    rf"(?:\A|“”,? |, (?:but |and )?){_WHO}{_APPOSITION} (?P<adverbs>{_ADVERBS})(?P<verb>{_TELLING})\b"
)
_INVERTED = re.compile(
    rf"(?:“”,?|,) (?P<verb>said|says|added|wrote|explained"
    rf"|asked) {_WHO}(?P<role>(?:, {_STOPPED}{{2,120}})?)"
)
_ACCORDING = re.compile(rf"\b[Aa]ccording to {_WHO}(?P<role>(?:, {_STOPPED}{{2,80}})?)(?P<verb>)")
_PRONOUN = re.compile(
    rf"(?:\A|“”,? |, )(?:[Bb]ut |[Aa]nd )?(?P<who>[Hh]e|[Ss]he|[Tt]hey"
    rf"|[Ii]t) {_ADVERBS}(?P<verb>{_TELLING})\b"
    r"|(?:“”,?|,) (?P<verb2>said) (?P<who2>he|she|they)\b"
)
#: Capitals that begin no name.
NO_NAME = re.compile(
    r"(?:In|On|At|As|For|But|And|The|A|An|After|Before|When|While|It|He|She|They|We|That|This|There|If"
    r"|Some|Many|Most|All|One|Who|Which|Also|Previously|Earlier|Meanwhile|However|Later|Then|What|How|Now"
    r"|So|With|From|By|To|Of|Not|No|January|February|March|April|May|June|July|August|September|October"
    r"|November|December|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|Twitter|Facebook"
    r"|Instagram)\b"
)


@dataclass(frozen=True, slots=True)
class Speaker:
    #: As the sentence has it: "Mayor Bo Li", "the council", "police", "he".
    name: str
    #: What stands behind the name: "the shelter’s director".
    role: str
    #: "" of "according to".
    verb: str

    @property
    def is_pronoun(self) -> bool:
        return self.name.lower() in ("he", "she", "they", "it")

    @property
    def surname(self) -> str:
        return self.name.rpartition(" ")[2]


def speaker(own: str) -> Speaker | None:
    """Who speaks in a sentence, of which *own* stands outside quotations; None when nobody surely does."""
    for pattern in (_ACTIVE, _INVERTED, _ACCORDING):
        match = pattern.search(own)
        if match and not NO_NAME.match(match["who"].removeprefix("The ")):
            earlier = _BEFOREHAND.search(match.groupdict().get("adverbs") or "")
            return Speaker(match["who"], match["role"].strip(" ,"), "said" if earlier else match["verb"])
    match = _PRONOUN.search(own)
    return Speaker(match["who"] or match["who2"], "", match["verb"] or match["verb2"]) if match else None
