"""What a piece is about, in words that read on behind "about": made of its headline by sure rules only.

    Putin praises Kim's support        Putin praising Kim’s support
    Why the truce holds                why the truce holds
    The long road to peace             the long road to peace
    Mayor: "I quit"                    “Mayor: ‘I quit’”

A headline that no rule is sure of is quoted whole; nothing is ever said that it does not say.
"""

from __future__ import annotations

import re

from digest.terms import spellings
from digest.text import listed

_LONGEST = 18  # words


_WORD = re.compile(r"[^\W_]+(?:[’'.&-][^\W_]+)*(?:[’'](?!\w))?")
_BROKEN = re.compile(r"[:;?!|…—–\"“”„‘«»()\[\]*]|(?<!\w)'|'(?!\w)| [-/] |\.\s|\.\.")
_DOUBLE_MARKS = re.compile(r"[\"“”„«»]")
_PERSONAL = re.compile(
    r"\b(?:I|we|you|my|our|your|us|me|i['’]m|you['’]re|we['’]re|here['’]s)\b", re.IGNORECASE
)

#: Verbs that a headline has in the third person, by their bare form.
_VERBS = listed(
    "abandon accept accuse acquire admit adopt agree allow announce apologise apologize appear appoint "
    "approve argue arrest arrive ask assist attend avoid back ban become begin believe bet blame block "
    "bolster break bring build buy call cancel capture carry catch celebrate challenge charge choose "
    "clinch collapse complete concede condemn confirm consider continue convict create cut declare "
    "decline defend defy delay deliver demand deny deploy describe destroy detain die discover dismiss "
    "dissolve donate double drag draw drop earn ease elect eliminate embark embrace emerge end enter "
    "escape evacuate expand expect explain explode expose extend extradite face fail fall fight find fine "
    "fire follow free freeze get give go grow hail halt head hear help hire hit hold honor honour hope "
    "identify ignore impeach impose improve indict inspire install introduce invade investigate invite "
    "invoke join keep kill lash launch lead leave legalize lift lose maintain make mark marry meet miss "
    "mourn move name near need nominate obtain offer open oppose order oust overcome overtake overturn "
    "pass pay plan play plead pledge plunge postpone praise prepare probe promise promote propose "
    "prosecute protect prove provide publish pull pursue push quit raise reach ready reaffirm reassure "
    "rebuild recall receive recommend recover refuse regain reject remain remember remove rename reopen "
    "repeal replace rescind rescue resign resist restore restrict resume retire return reveal revive rise "
    "rule run say secure see seek seize sell send sentence set settle shun shut sign sink slam soar speak "
    "start stay stop strike submit succeed sue suffer support surge surrender survive suspend tackle take "
    "target teach tell test testify thank threaten top topple trounce try turn uncover undergo unite "
    "unveil uphold urge veto visit vote vow want warn welcome win withdraw work write"
)
#: Their third persons are nouns as often, so what stands behind has to tell.
_NOUNS_TOO = listed(
    "arrest back ban bet block break build buy call catch challenge charge cut delay demand double drag "
    "draw drop end face fall fight find fine fire free head help hire hit hold hope lash launch lead lift "
    "mark move name near need offer open order pass plan play pledge plunge probe promise pull push raise "
    "recall return rise rule run sentence set sign sink start stop strike support surge target test top "
    "turn veto visit vote vow want win work"
)
_MEANS_TO = listed("agree fail hope move need plan pledge promise refuse seek try vote vow want")
_OBJECT = re.compile(
    r"(?:an?|the|his|her|its|their|him|them|this|that|these|all|no|new|more|for|on|against|off|out|over|down"
    r"|into|with|by|from)\b|[A-Z\d$€£]"
)
_DOUBLED = listed(
    "admit ban begin bet cut drag drop get hit plan quit run set shun shut slam stop submit top win"
)
_NOT_A_SUBJECT = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|will|can|could|would|should|may|might|must|do|does|did"
    r"|to|that|who|which|as|if"
    r"|when|while|after|before|because|but|and|or|than|not|how|why|what|where|it|there|he|she|they)\b",
    re.IGNORECASE,
)
_ENDS_NO_SUBJECT = re.compile(
    r"(?:the|an?|of|in|on|at|for|by|with|from|over|into|his|her|its|their|this|new|old|big|more|no|two|three|four|five|six|\d.*)\Z",
    re.IGNORECASE,
)
_DOING = re.compile(
    r"(?!(?:king|wing|building|wedding|meeting|ruling|filing|string|spring)\Z)\w+ing", re.IGNORECASE
)
_SECOND_VERB = re.compile(r"(?:,| and| but| or|;) +([a-z]+s)\b")
#: Behind a comma, a verb that no table has, or somebody who says so: "…, checks into …", "…, officials say".
_MAY_BE_ONE = re.compile(
    r", [a-z]+s(?<!ss)(?<!us)(?<!is)"
    r" (?:into|to|out|up|down|off|says?|said|an?|the|his|her|its|new|on|at|with|that|[A-Z]\w+)\b"
)
_CLAUSE = re.compile(
    r"(?:how|why|what|where) (?!(?:is|are|was|were|do|does|did|can|could|will|would|should|has|have|had|may"
    r"|might|must|if|about)\b)(?:\S+ ){2,}",
    re.IGNORECASE,
)
_PHRASE = re.compile(r"(?:the|an?) (?:\S+ ){2,8}\S+\Z", re.IGNORECASE)
_PAST = re.compile(r"\b[a-z]+ed\b(?! (?:by|in|at|on|for|from|with|to|of)\b)")
_IRREGULAR_PAST = re.compile(
    r"\b(?:said|told|made|took|got|went|came|won|lost|found|gave|kept|held|led|left|met|paid|put|ran|saw"
    r"|sent|set|sold|spoke|stood|thought|wrote|knew|became|began|broke|brought|built|bought|fell|felt"
    r"|grew|rose|come|comes|goes|get|need|want|looks?|seems?)\b"
)
_FINITE = re.compile(
    r"\b(?:is|are|was|were|be|has|have|had|will|can|could|would|should|may|might|must|do|does|did|says?"
    r"|isn['’]t|won['’]t|can['’]t)\b"
)
_SMALL = listed(
    "a about after against amid an and are as at be behind between but by during for from has have her "
    "his how if in into is its not of off on or out over than that the their to up was were what when "
    "where who why will with"
)
#: They begin many headlines, and few names when a small letter follows.
_COMMON = listed(
    "council mayor court judge government president minister lawmakers scientists researchers report "
    "study company city state school teen man woman men women police officials one two three four five "
    "six new former first second third public legal local federal national top major more most several "
    "thousands hundreds dozens"
)
_TAKES_A = listed("man woman boy girl teen teenager study report judge jury couple driver family")
#: So does what begins like this, unless the text has "the" before it.
_BEGINS_WITH_A = re.compile(r"(?:former|second|third|local|major|new|ex-\w+)\b")
_TAKES_NONE = listed("police congress parliament inflation unemployment trade nobody everyone someone")
#: A title of such words alone is a date line.
_DATE_LINE = re.compile(
    r"(?:[\W\d_]|\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may"
    r"|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|[ap]\.?m|gmt|e[sd]t|last|updated"
    r"|published|posted|at|on)\b)*",
    re.IGNORECASE,
)


def topic(headline: str, text: str = "") -> str:
    """*headline* as the object of "about"; "" when nothing can be said.

    *text* is the article's: it tells names from other words, and "a" from "the".
    """
    words = _said(headline)
    if not words:
        return ""
    own = "" if _BROKEN.search(words) or len(words.split()) > _LONGEST else _in_sentence_case(words, text)
    return (own and (_as_clause(own) or _as_gerund(own, text) or _as_phrase(own))) or _quoted(words)


def quotable(headline: str) -> str:
    """*headline* as it stands between quotation marks; "" when it says nothing, or is too long for that."""
    return _quoted(_said(headline)).removeprefix("“").removesuffix("”")


def _said(headline: str) -> str:
    """*headline* without its stop; "" where it is a date line, or was cut off."""
    words = " ".join(headline.split())
    return "" if _DATE_LINE.fullmatch(words) or words.endswith(("…", "..")) else words.removesuffix(".")


def gerund(bare: str) -> str:
    """The -ing form of a verb: "praise" → "praising", "win" → "winning", "die" → "dying"."""
    if bare.endswith("ie"):
        return bare[:-2] + "ying"
    if bare in _DOUBLED:
        return bare + bare[-1] + "ing"
    if bare.endswith("e") and not bare.endswith(("ee", "oe", "ye")):
        return bare[:-1] + "ing"
    return bare + "ing"


def _bare(verb: str) -> str:
    """The bare form of a third person that is in the table; "" of another word."""
    forms = [verb[:-1]]
    if verb.endswith("es"):
        forms.append(verb[:-2])
    if verb.endswith("ies"):
        forms.append(verb[:-3] + "y")
    return next((form for form in forms if form in _VERBS), "") if verb.endswith("s") else ""


def _as_clause(words: str) -> str:
    if not _CLAUSE.match(words + " ") or _PERSONAL.search(words):
        return ""
    return _curled(words[0].lower() + words[1:])


def _as_gerund(words: str, text: str) -> str:
    """ "Council votes to rebuild bridge" → "the council voting to rebuild bridge"."""
    if _PERSONAL.search(words):
        return ""
    for match in list(_WORD.finditer(words))[1:7]:
        verb, behind = match.group(), words[match.end() :].strip()
        bare = _bare(verb)
        if not bare:
            continue
        subject = words[: match.start()].strip()
        if not (_can_act(subject) and _takes(bare, behind)) or _has_second_verb(behind):
            return ""
        return _curled(f"{_with_article(subject, text)} {gerund(bare)} {behind}".strip())
    return ""


def _can_act(subject: str) -> bool:
    """Whether *subject* is surely a noun in the singular."""
    last = subject.rpartition(" ")[2]
    if (
        "," in subject
        or _DOING.fullmatch(last)
        or _NOT_A_SUBJECT.search(subject)
        or _ENDS_NO_SUBJECT.match(last)
    ):
        return False
    if last.endswith(("’s", "'s", "s’", "s'")) or any(word in _VERBS for word in subject.split()[1:]):
        return False
    plural = last.islower() and last.endswith("s") and not last.endswith(("ss", "us", "is"))
    return not plural


def _takes(bare: str, behind: str) -> bool:
    if behind.startswith("to "):
        return bare not in _NOUNS_TOO or (bare in _MEANS_TO and not behind.startswith("to be "))
    return bare not in _NOUNS_TOO or _OBJECT.match(behind) is not None


def _has_second_verb(behind: str) -> bool:
    return any(_bare(word) for word in _SECOND_VERB.findall(behind)) or bool(_MAY_BE_ONE.search(behind))


def _with_article(subject: str, text: str) -> str:
    """ "council" → "the council": headlines leave out what a sentence needs."""
    first = subject.partition(" ")[0]
    if not first.islower():
        article = "the " if _is_called_the(subject, text) else ""
        if not article and subject.rpartition(" ")[2] in _TAKES_A:  # "a Springfield man"
            article = "an " if first[0] in "AEIO" else "a "
        return f"{article}{subject}"
    if first in _TAKES_NONE or first in ("the", "a", "an", "one", "no"):
        return subject
    folded = text.casefold()
    is_one = f"a {subject}" in folded or subject in _TAKES_A or _BEGINS_WITH_A.match(subject)
    if f"the {subject}" not in folded and is_one:
        return f"{'an' if subject[0] in 'aeio' else 'a'} {subject}"
    return f"the {subject}"


def _is_called_the(name: str, text: str) -> bool:
    """Whether *text* mostly has the article before *name*: "the Indian Navy", but not "the Trump …"."""
    found = re.findall(rf"\b(the )?{re.escape(name)}\b", text, re.IGNORECASE)
    return 2 * sum(map(bool, found)) > len(found)


def _as_phrase(words: str) -> str:
    if not _PHRASE.match(words) or _PERSONAL.search(words):
        return ""
    rest = words.split()[1:]
    if any(_bare(word) or word in _VERBS - _NOUNS_TOO for word in rest) or _FINITE.search(words):
        return ""
    if _PAST.search(words) or _IRREGULAR_PAST.search(words):
        return ""
    return _curled(words[0].lower() + words[1:])


def _quoted(words: str) -> str:
    if len(words.split()) > _LONGEST:
        return ""
    words = re.sub(r"\.(?=[\"”’'»]\Z)", "", words)
    if len(_DOUBLE_MARKS.findall(words)) % 2:  # one was forgotten, and nobody knows where
        words = _DOUBLE_MARKS.sub("", words)
    inner = re.sub(r"(?<!\w)(?:[\"“„](?=\S)|«\s?)", "‘", words)
    inner = re.sub(r"[\"”]|(?<=\S)“(?!\w)|\s?»", "’", inner)
    return f"“{_curled(inner)}”"


def _curled(words: str) -> str:
    return re.sub(r"(?<=[\w,.!?])'", "’", re.sub(r"(?<!\w)'(?=\w)", "‘", words))


# --- case -----------------------------------------------------------------------------------------------


def _in_sentence_case(words: str, text: str) -> str:
    """*words* as they stand within a sentence; "" when *text* does not tell which of them are names."""
    spelled = spellings(text)
    found = _WORD.findall(words)
    later = [word for word in found[1:] if word.casefold() not in _SMALL]
    capitals = [word for word in later if word[:1].isupper()]
    is_title_case = len(capitals) > 2 and len(capitals) > 0.6 * len(later)
    unknown: list[str] = []

    def cased(match: re.Match[str]) -> str:
        word, small = match.group(), match.group().casefold()
        if not re.fullmatch(r"[A-Z][a-z’'-]*", word) or (match.start() and not is_title_case):
            return word
        if small in _SMALL:
            return small
        if _is_in_a_name(words, match, text, is_title_case=is_title_case):
            return word
        stem = re.sub(r"['’]s?\Z", "", small)
        if spelled.get(stem, stem if small in _COMMON or (match.start() and _bare(small)) else "") == stem:
            return small
        if match.start() and stem not in spelled:
            unknown.append(word)
        return word

    sentence = _WORD.sub(cased, words)
    return "" if unknown else re.sub(r"\AEx-(?=\w)", "ex-", sentence)


def _is_in_a_name(words: str, match: re.Match[str], text: str, *, is_title_case: bool) -> bool:
    """Whether a capital belongs to a name of several words: "New York", "General Motors"."""
    behind = re.match(r" ([A-Z][\w’'-]*)", words[match.end() :])
    if not is_title_case:
        return behind is not None
    before = re.search(r"([A-Z][\w’'-]*) \Z", words[: match.start()])
    pairs = [
        f"{match.group()} {behind[1]}" if behind else "",
        f"{before[1]} {match.group()}" if before else "",
    ]
    return any(pair and pair in text for pair in pairs)
