"""What an article is about, as words that can follow "about": made from its headline, by safe rules only.

    Putin praises Kim's support        Putin praising Kim’s support
    Why the truce holds                why the truce holds
    The long road to peace             the long road to peace
    Mayor: "I quit"                    “Mayor: ‘I quit’”

A headline that no rule is sure of is quoted whole; nothing is ever said that it does not say.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from digest.topics.lexicon import DONE, DOUBLED, MEANS_TO, NOUNS_TOO, PLURALS, TELLS, VERBS, bare_form
from digest.topics.naming import in_sentence_case, with_article

_LONGEST = 18  # words


_WORD = re.compile(r"[^\W_]+(?:[’'.&-][^\W_]+)*(?:[’'](?!\w))?")
_BROKEN = re.compile(r"[:;?!|…—–\"“”„‘«»()\[\]*]|(?<!\w)'|'(?!\w)| (?:--?|/) |\.\s|\.\.")
_MARKS = "'\"‘“„«"
#: A few words of somebody's, within a headline that is otherwise one's own.
_QUOTATION = re.compile(r"(?<!\w)(?:‘[^‘”“\"]+?’|“[^“”\"]+”|'[^'‘“”\"]+?'|\"[^\"“”]+\")(?!\w)")
_STOPPED_TITLE = re.compile(r"\b(?:Rep|Sen|Gov|Gen|Lt|Col|Sgt|Dr|Mr|Mrs|Ms|Prof|Rev|St|Jr|Sr|[A-Z])\. ")
_BEING = re.compile(
    r"(?P<subject>\S+(?: \S+){0,5}) (?:is|are) (?P<doing>(?!being|having|going)[a-z]+ing)\b(?P<rest>.*)\Z"
)
_DONE = re.compile(
    r"(?P<subject>\S+(?: \S+){0,5}) (?P<done>[a-z]+)"
    r"(?P<rest> (?:after|amid|at|by|during|for|from|in|near|of|on|outside|over|to|with)\b.*)\Z"
)
_DOUBLE_MARKS = re.compile(r"[\"“”„«»]")
_PERSONAL = re.compile(
    r"\b(?:I|we|you|my|our|your|us|me|i['’]m|you['’]re|we['’]re|here['’]s)\b", re.IGNORECASE
)

_OBJECT = re.compile(
    r"(?:an?|the|his|her|its|their|him|them|this|that|these|all|no|new|more|for|on|against|off|out|over|down"
    r"|into|with|by|from)\b|[A-Z\d$€£]"
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
#: Before a second verb, it says how that belongs to the sentence.
_OPENS_A_CLAUSE = re.compile(
    r"\b(?:that|who|which|what|where|when|while|why|how|as|if|whether|after|before|because|until|once|since|so"
    r"|than|though|although|unless|says?|saying|like|whose|but|and|for)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"(?:how|why|what|where) (?!(?:is|are|was|were|do|does|did|can|could|will|would|should|has|have|had|may"
    r"|might|must|if|about)\b)(?:\S+ ){2,}",
    re.IGNORECASE,
)
_HOW_TO_AS_A_TITLE = re.compile(r"\w+ to [A-Z][a-z]")
_NO_OWNER = r"(?!(?:There|Here|That|This|It|He|She|What|Who|Where|How|Let|Everybody|Everyone)[’']s )"
_OWNED = re.compile(
    rf"{_NO_OWNER}(?:[A-Z]\S* ){{0,3}}[A-Z]\S*[’']s? (?:[^\s,]*[^\Ws] ){{0,2}}"
    r"(?:(?:battle|bid|campaign|effort|fight|guide|key|move|path|plan|push|quest|road|roadmap|way) to"
    r"|[^\s,]*[^\Ws] (?:about|against|between|for|of|on|with)) (?:[^\s,]+ ){0,7}[^\s,]+\Z"
)
#: Somebody's own words, with who said so behind them: "‘I quit,’ mayor says".
_SAID_BEFORE = re.compile(r"[,.!?][’'”\"]")
_PHRASE = re.compile(r"(?:the|an?) (?:\S+ ){2,8}\S+\Z", re.IGNORECASE)
_PAST = re.compile(r"\b[a-z]+ed\b(?! (?:by|in|at|on|for|from|with|to|of)\b)")
_IRREGULAR_PAST = re.compile(
    r"\b(?:said|told|made|took|got|went|came|won|lost|found|gave|kept|held|led|left|met|paid|put|ran|saw"
    r"|sent|set|sold|spoke|stood|thought|wrote|knew|became|began|broke|brought|built|bought|fell|felt"
    r"|grew|rose|come|comes|goes|get|need|want|looks?|seems?)\b"
)
#: Behind a name, and before what it is done to, such an ending is a verb's: "the firm Acme operates in …".
_NAMED_ACTS = re.compile(
    r" [A-Z][\w-]* [a-z]+(?:[a-z]s|ed) (?:an?|the|at|by|for|from|in|into|on|to|with|[A-Z]\S*)\b"
)
_FINITE = re.compile(
    r"\b(?:is|are|was|were|be|has|have|had|will|can|could|would|should|may|might|must|do|does|did|says?"
    r"|isn['’]t|won['’]t|can['’]t)\b"
)
#: A title of such words alone is a date line.
_DATE_LINE = re.compile(
    r"(?:[\W\d_]|(?<![^\W\d_])(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tues?|wed|thu(?:rs?)?|fri|sat|sun"
    r"|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|[ap]\.?m|gmt|utc|[ecmp][sd]?t|bst|cet|ist|last|updated"
    r"|published|posted|at|on|st|nd|rd|th)\b)*",
    re.IGNORECASE,
)


def is_date_line(words: str) -> bool:
    """Whether *words* say no more than when something was published."""
    return _DATE_LINE.fullmatch(words) is not None


def topic(headline: str, text: str = "") -> str:
    """*headline* as the object of "about"; "" when nothing can be said.

    *text* is the article's: it tells names from other words, and "a" from "the".
    """
    words = _said(headline)
    if not words:
        return ""
    return (_is_plain(words) and _in_own_words(in_sentence_case(words, text), text)) or _quoted(words)


def _is_plain(words: str) -> bool:
    """Whether *words* are one sentence or phrase; titles of persons have stops, and some words are quoted."""
    bare = _STOPPED_TITLE.sub("Mr ", _veiled(words))
    if words[0] in _MARKS:  # a title of a work, or the words that the sentence is about
        return False
    return not _BROKEN.search(bare) and not _SAID_BEFORE.search(words) and len(words.split()) <= _LONGEST


def _veiled(words: str) -> str:
    """*words*, as long as they are, where each quotation within them is one word without a meaning."""
    return _QUOTATION.sub(lambda match: "Q" * len(match.group()), words)


def _in_own_words(own: str, text: str) -> str:
    return own and (
        _as_clause(own)
        or _as_gerund(own, text)
        or _as_being(own, text)
        or _as_done(own, text)
        or _as_phrase(own)
    )


def quotable(headline: str) -> str:
    """*headline* as it stands between quotation marks; "" when it says nothing, or is too long for that."""
    return _quoted(_said(headline)).removeprefix("“").removesuffix("”")


def _said(headline: str) -> str:
    """*headline* without its stop; "" where it is a date line, or was cut off."""
    words = " ".join(headline.split())
    return "" if is_date_line(words) or words.endswith(("…", "..")) else words.removesuffix(".")


def gerund(bare: str) -> str:
    """The -ing form of a verb: "praise" → "praising", "win" → "winning", "die" → "dying"."""
    if bare.endswith("ie"):
        return bare[:-2] + "ying"
    if bare in DOUBLED:
        return bare + bare[-1] + "ing"
    if bare.endswith("e") and not bare.endswith(("ee", "oe", "ye")):
        return bare[:-1] + "ing"
    return bare + "ing"


def _as_clause(words: str) -> str:
    if not _CLAUSE.match(words + " ") or _PERSONAL.search(words) or _HOW_TO_AS_A_TITLE.match(words):
        return ""
    return _curled(words[0].lower() + words[1:])


def _as_gerund(words: str, text: str) -> str:
    """ "Council votes to rebuild bridge" → "the council voting to rebuild bridge"."""
    veiled = _veiled(words)
    if _PERSONAL.search(veiled):
        return ""
    for match in list(_WORD.finditer(veiled))[1:7]:
        verb, behind = match.group(), veiled[match.end() :].strip()
        before = veiled[: match.start()].strip()
        many = _are_many(before)
        bare = verb if many and verb in VERBS - {"say"} else bare_form(verb)
        if not bare:
            continue
        if (
            _has_second_verb(behind)
            or _is_another_sentence(bare, behind)
            or not (_are_to_act(before, bare, behind) if many else _is_to_act(before, bare, behind))
        ):
            return ""
        subject = words[: match.start()].strip()
        named = subject if many else with_article(subject, text)
        return _curled(f"{named} {gerund(bare)}{words[match.end() :]}".strip()) if named else ""
    return ""


def _is_to_act(subject: str, bare: str, behind: str) -> bool:
    if _DOING.match(behind) and bare == "keep":
        return False
    return _can_act(subject) and _takes(bare, behind) and (bare != "say" or _is_a_clause(behind))


def _is_a_clause(behind: str) -> bool:
    """Whether what is said has a subject and a verb: not "says Li ‘unfit’", nor "says has no plans"."""
    _, _, later = behind.partition(" ")
    verbs = {bare_form(word) for word in later.split()} - {""} - NOUNS_TOO
    return bool(_FINITE.search(later) or verbs) and not _FINITE.match(behind)


def _is_another_sentence(bare: str, behind: str) -> bool:
    """Whether a verb follows that has its subject neither in a clause of its own nor in what is said.

    "Hall that Li attends was sold" and "Li sells hall aides have left" are no sentences with one verb.
    """
    finite = _FINITE.search(behind)
    if finite is None or bare in TELLS:
        return finite is not None and not finite.start()
    return not _OPENS_A_CLAUSE.search(behind[: finite.start()])


def _are_to_act(subject: str, bare: str, behind: str) -> bool:
    """ "Senators keep …": a bare form is more often something else, so that an object has to follow."""
    takes = _takes(bare, behind) and (_OBJECT.match(behind) or bare not in NOUNS_TOO)
    return bool(takes) and bool(behind) and not _FINITE.search(behind) and _is_a_subject(subject)


def _are_many(subject: str) -> bool:
    return subject.rpartition(" ")[2].casefold() in PLURALS


def _as_being(words: str, text: str) -> str:
    """ "Bo Li is running for mayor" → "Bo Li running for mayor"."""
    match = _BEING.match(words)
    if match is None or _PERSONAL.search(words) or _FINITE.search(match["rest"]):
        return ""
    subject = match["subject"]
    if not (_can_act(subject) or (_are_many(subject) and _is_a_subject(subject))):
        return ""
    named = subject if _are_many(subject) else with_article(subject, text)
    return _curled(f"{named} {match['doing']}{match['rest']}") if named else ""


def _as_done(words: str, text: str) -> str:
    """ "Bo Li criticized for his plan" → "Bo Li being criticized for his plan"."""
    match = _DONE.match(words)
    if match is None or match["done"] not in DONE or _PERSONAL.search(words):
        return ""
    subject = match["subject"]
    last = subject.rpartition(" ")[2]
    if not _is_a_subject(subject) or _FINITE.search(match["rest"]) or _has_second_verb(match["rest"]):
        return ""
    many = last.islower() and last.endswith("s")
    named = subject if many or _are_many(subject) else with_article(subject, text)
    return _curled(f"{named} being {match['done']}{match['rest']}") if named else ""


def _can_act(subject: str) -> bool:
    """Whether *subject* is surely a noun in the singular."""
    return not _is_with_s(subject.rpartition(" ")[2]) and _is_a_subject(subject)


def _is_with_s(word: str) -> bool:
    """Whether *word* is a noun in the plural, or a verb with its subject before it."""
    return word.islower() and word.endswith("s") and not word.endswith(("ss", "us", "is", "’s", "'s"))


def _is_a_subject(subject: str) -> bool:
    last = subject.rpartition(" ")[2]
    if (
        "," in subject
        or _DOING.fullmatch(last)
        or _NOT_A_SUBJECT.search(subject)
        or _ENDS_NO_SUBJECT.match(last)
        # "Parliament caps rent increases": no table has all verbs.
        or any(map(_is_with_s, subject.split()[1:-1]))
    ):
        return False
    return not last.endswith(("’s", "'s", "s’", "s'")) and not any(
        word in VERBS for word in subject.split()[1:]
    )


def _takes(bare: str, behind: str) -> bool:
    if behind.startswith("to "):
        return bare not in NOUNS_TOO or (bare in MEANS_TO and not behind.startswith("to be "))
    return bare not in NOUNS_TOO or _OBJECT.match(behind) is not None


def _has_second_verb(behind: str) -> bool:
    return any(bare_form(word) for word in _SECOND_VERB.findall(behind)) or bool(_MAY_BE_ONE.search(behind))


def _as_phrase(words: str) -> str:
    if not (_PHRASE.match(words) or _OWNED.match(words)) or _PERSONAL.search(words):
        return ""
    rest = words.split()[1:]
    if any(bare_form(word) or word in VERBS - NOUNS_TOO for word in _unless_to(rest)) or _FINITE.search(
        words
    ):
        return ""
    if _PAST.search(words) or _IRREGULAR_PAST.search(words) or _NAMED_ACTS.search(words):
        return ""
    return _curled(words[0].lower() + words[1:] if _PHRASE.match(words) else words)


def _unless_to(words: Sequence[str]) -> list[str]:
    """*words* without those behind "to", which is no verb of a sentence: "plan to build"."""
    return [word for before, word in pairwise(["", *words]) if before != "to"]


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
    words = re.sub(r'"([^"]*)"', r"“\1”", words)
    return re.sub(r"(?<=[\w,.!?])'", "’", re.sub(r"(?<!\w)'(?=\w)", "‘", words))
