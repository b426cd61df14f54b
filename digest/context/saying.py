"""Paragraphs in which somebody speaks, and how to ask for them: "What has the council said?"."""

from __future__ import annotations

import re

from digest.context.matters import said_about
from digest.context.paragraphs import TITLES_BEFORE, Known, Line, Paragraph
from digest.context.speakers import NO_NAME, PEOPLE, REACTING, SAYING, Speaker, speaker
from digest.sentences import split
from digest.sentences.faults import outside_quotations
from digest.words.terms import term, terms
from digest.words.wording import possessive

#: What such questions are worth: of somebody who reacts, who speaks, whose role is all that can be named, and
#: of whom not even that can.
_REACTS, _SPEAKS, _HAS_A_ROLE, _IS_SOMEBODY = 0.85, 0.8, 0.75, 0.6
_MOST_WORDS = 10
#: Words of a name with its title that nobody wants to read twice in a row.
_LONG_NAME = 5

_REACTING = re.compile(REACTING)
_HAVING = r"(?:(?:has|have|had|also) )?"
_WHAT_SAID = re.compile(r"What (?:has|have) (?!else )(?P<who>.+?) said\b")
_TITLE = re.compile(
    r"(?:Mayor|Gov\.|Governor|Sen\.|Senator|Rep\.|Representative|President|Vice President|Prime Minister"
    r"|Chancellor|(?:[A-Z]\w+ ){0,2}Minister|(?:[A-Z]\w+ ){0,2}(?:Police )?Chief|Sheriff|Judge"
    r"|(?:[A-Z]\w+ ){0,2}Secretary|Attorney General|Coach|King|Queen|Pope|Prince|Archbishop|Cardinal|Gen\."
    r"|General|Adm\.|Congressman|Congresswoman|Ambassador)(?: of (?:the )?[A-Z]\w+)? [A-Z]"
)
#: "Representative Bo Li of Ohio": a question has no need of it.
_FROM_A_PLACE = re.compile(
    r"(?P<who>[A-Z][a-z]+\.? (?:[A-Z][\w.’-]+ )+[A-Z][\w’-]+"
    r"(?<!Minister)(?<!General)(?<!Secretary)(?<!Chief)) of (?:the )?[A-Z][\w’' -]*"
)
#: Who passes on what others said.
_MEDIA = re.compile(
    r"\b(?:Times|Post|News|CNN|BBC|Reuters|AP|AFP|ANI|PTI|NBC|ABC|CBS|Journal|Guardian|Herald|Telegraph"
    r"|Mail|Mirror|Sun|Tribune|Press|TMZ|Newspaper|Gazette|Xinhua|TASS|Chronicle|Bloomberg|Globe|Magazine"
    r"|Fox|Newsweek|Daily|Today|Insider|Politico|agency)\b|[’']s\b| and "
)
_PLURAL = re.compile(rf"(?:{PEOPLE})\Z", re.IGNORECASE)
#: Words that begin a sentence before "officials", and no name.
_COMMON = re.compile(
    r"(?:The|Former|Many|Some|Other|Local|Several|Most|Senior|Federal|State|City|Top|Legal|Medical|Health"
    r"|Military|Government|Company|School|Two|Three|Four) "
)
#: "the White House", "the US State Department", "the FBI", but not "the Portuguese".
_PROPER_BODY = re.compile(r"[Tt]he (?:[A-Z]{2,}\Z|(?:\w+ )+[A-Z])")
_SPEAKS_FOR = r"spokes(?:man|woman|person)"
_FOR_WHOM = re.compile(
    rf"\b(?i:{_SPEAKS_FOR}|director|head|chief|coordinator|commander|president|chair(?:man|woman)?"
    r"|commissioner|secretary|chief executive|CEO|leader|executive)(?: (?:for|of) [^,]* at| (?:of|for|with"
    r"|at)) (?P<body>(?:the )?[A-Z][\w.’'&-]*"
    r"(?: (?:(?:of|for|on) (?:the )?)?[A-Z][\w’'&-]*){0,5})"
    rf"|\b(?P<other>the (?:[A-Z][\w’'-]+ )+)(?:\w+ )?{_SPEAKS_FOR}"
)
#: "of New York-based Salt Watch", but not "of Salt Hills".
_FROM_A_BODY = re.compile(
    r"(?:of|from|with) (?:the )?(?:[A-Z][\w-]*(?: [A-Z][a-z]+)?-based )?(?P<body>(?:[A-Z][\w’&-]+ ){1,4}"
    r"(?:Alliance|Association|Center|Centre|Coalition|Council|Foundation|Fund|Institute|International|League|Society"
    r"|Trust|Union|University|Watch))\Z"
)
_BODYS_OWN = re.compile(rf"(?P<body>(?:[A-Z][\w’'&-]+ )+){_SPEAKS_FOR} ")
_TAKES_THE = re.compile(
    r"\b(?:Pentagon|White House|Kremlin|Vatican|Department|Ministry|Agency|Service|Office|Commission"
    r"|Bureau|Administration|Council|Committee|Association|Union|Army|Navy|Force|Guard|Foundation"
    r"|Authority|FBI|CIA)\Z"
)
_HONORIFIC = re.compile(r"\A(?:Mr|Mrs|Ms|Miss|Mx|Dr)\.? ")
_NO_MORE = re.compile(r"\b(?:former\w*|ex|late|retired|then)\b|\bex-", re.IGNORECASE)
_DEFINITE = re.compile(r"\bthe (?:[a-z]+ )*?([a-z]+)\b(?! [a-z])")
_OF_THE_SPEAKER = re.compile(r"(?:He|She) (?:also|cited|spoke|pointed|referred) ")
_OFFICIALS = "What have officials said?"
_LAWMAKERS = "What do lawmakers say?"
#: They say less than an office and a name do.
_VAGUE = ("", _OFFICIALS, _LAWMAKERS)
#: "Bo Li, a Republican strategist", makes no laws.
_OF_A_PARTY = re.compile(
    r"\b(?:[Ss]taff\w*|[Aa]ides?|[Ss]trategist|[Aa]dvis[eo]r|[Cc]onsultant|[Oo]perative|[Pp]ollster|[Cc]andidate"
    r"|[Dd]onor|[Vv]oters?|[Cc]ampaign|[Ss]pokes\w+)\b"
)
#: Nobody's own words are what an actor says on a stage.
_IN_A_PART = re.compile(r"\bin character\b")
#: What a speaker's role makes of them, where the name says nothing to the reader yet.
_ROLES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(rf"\b(?:{pattern})\b"), words)
    for pattern, words in (
        (
            r"[Pp]rosecutors?|(?:[Dd]istrict|[Cc]ounty|[Pp]rosecuting|U\.S\.|[Ss]tate[’']s) [Aa]ttorney",
            "What have prosecutors said?",
        ),
        (r"[Aa]ttorney(?! [Gg]eneral)|[Ll]awyer|barrister|solicitor", "What do the lawyers say?"),
        (
            r"[Pp]rofessor|[Rr]esearchers?|[Ss]cientists?|[Aa]nalysts?|[Ee]conomists?|[Ee]xperts?"
            r"|[Hh]istorian|[Pp]sychologist|[Aa]stronomers?|[Gg]eologist|[Ee]pidemiologist|[Ss]eismologist"
            r"|[Pp]hysicist|[Bb]iologist|[Ss]cholar|[Ss]enior [Ff]ellow|author of the study",
            "What do experts say?",
        ),
        (
            r"[Pp]olice|[Ss]heriff|[Dd]etectives?|Det|Sgt|Superintendent|[Ii]nspector|[Cc]onstable",
            "What have police said?",
        ),
        (
            r"Sen\.|Rep\.|Senator|Representative|Republican|Democrat|Democratic|lawmaker|Congress(?:man"
            r"|woman)|MP|legislator",
            _LAWMAKERS,
        ),
        (
            r"(?:[’']s?|\b[Hh]is|\b[Hh]er|\b[Tt]heir|\bwhose|victim) (?:\w+ )?(?:mother|father|brother"
            r"|sister|son|daughter|uncle|aunt|cousin|wife|husband|widow|grandmother|grandfather)"
            r"|\b(?:mother|father|brother|sister|son|daughter|uncle|aunt|cousin|wife|husband) of (?=[A-Z])",
            "What has the family said?",
        ),
        (r"[Nn]eighbou?rs?", "What do neighbors say?"),
        (r"[Ww]itness(?:es)?|who witnessed|who saw", "What do witnesses say?"),
        (r"[Rr]esidents?", "What do residents say?"),
        (r"doctors?|surgeon|physician", "What do doctors say?"),
        (
            r"[Aa]ttorney [Gg]eneral|[Mm]inister|[Gg]overnor|[Mm]ayor|Secretary|[Cc]ommissioner|officials?"
            r"|diplomat|ambassador|alderman|council(?:man|woman|member|lor|or)"
            r"|(?<!executive )(?<!operating )(?<!financial )(?<!technology )officer",
            _OFFICIALS,
        ),
        (r"Col\.|Gen\.|Maj\.|[Cc]olonel", "What has the military said?"),
        (r"activists?|campaigner|advocates?", "What do activists say?"),
    )
)
_WHOSE = r"(?:(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov)\.? |President )?(?P<whose>[A-Z][\w-]+(?: [A-Z][\w-]+)?)"
_ACTS_FOR = (
    r"(?P<who>attorney(?! [Gg]eneral)|lawyer|advis[eo]r|agent|aide|manager|publicist|spokes(?:wo)?man)"
)
#: Who acts for somebody, and for whom: "Li’s attorney", "an adviser to Bo Li", "Li attorney Ana Sá".
_AGENTS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b{_WHOSE}[’'](?:s )?(?:[a-z]+ )?{_ACTS_FOR}\b",
        rf"\b{_ACTS_FOR} (?:for|to|who represents|representing) {_WHOSE}(?:,|\Z)",
        rf"\A(?P<whose>[A-Z][\w-]+) {_ACTS_FOR} [A-Z]",
    )
)
_OF_THE_STUDY = re.compile(
    r"\b(?:author of the (?:study|paper|research|report)|(?:study|paper|report)[’']s (?:\w+ )?author"
    r"|who led the (?:study|research))\b"
)
_STUDIED = re.compile(r"\b(?:[Ss]tudy|[Rr]esearch\w*|[Ss]cientists?)\b")
#: "another deportee", "a teacher at the school".
_ONE_OF_MANY = re.compile(
    r"(?:an?|another|one of the) (?:[a-z-]+ )??(?P<noun>[a-z]{4,})s?(?:,| (?:at|from|in|of|who|with)\b|\Z)"
)
#: Who has such an office speaks for somebody, perhaps for those whom the news is about: they are no "others".
_IN_OFFICE = re.compile(
    r"\b(?:president|director|chancellor|provost|chair(?:man|woman)?|secretary|chief|manager|executive|leader"
    r"|head|commander|(?:co-)?founder|CEO|administrator|spokes\w+|owner|principal|superintendent|captain"
    r"|coach|publisher|editor)\b",
    re.IGNORECASE,
)
_PUBLIC = re.compile(
    r"\b(?:[Ff]ire|[Cc]ity|[Ss]tate|[Cc]ounty|[Dd]epartment|[Mm]inistry|[Aa]gency|[Gg]overnment"
    r"|[Ff]ederal)\b"
)


def saying(paragraph: Paragraph, known: Known) -> tuple[str, float] | None:
    """The question that a paragraph of somebody's words answers, and its worth."""
    asked = _asked(paragraph, known)
    return (_asking_for_more(asked[0], known), asked[1]) if asked else None


def _asking_for_more(question: str, known: Known) -> str:
    """*question* with an "else", where the summary has words of the same people already."""
    found = _WHAT_SAID.match(question)
    if not found or len(question.split()) >= _MOST_WORDS:
        return question
    said = rf"(?<!of )\b{re.escape(found['who'])} {_HAVING}{SAYING}\b"
    more = re.search(said, known.summary, re.IGNORECASE)
    return question.replace("What ", "What else ", 1) if more else question


def _asked(paragraph: Paragraph, known: Known) -> tuple[str, float] | None:
    first, *others = paragraph.lines
    if first.speaker is None or first.speaker.is_pronoun:
        return None
    if any(_IN_A_PART.search(line.own) for line in paragraph.lines):
        return None
    speakers = [first.speaker]
    for line in others:
        if _tells_more(line) and line is others[-1]:
            continue
        if not _goes_on(line, speakers[-1]):
            if line.speaker is None or line.speaker.is_pronoun:
                return None
            speakers.append(line.speaker)
    if len(speakers) > 1:
        return _of_several(speakers)
    repeated = first.own.startswith(first.speaker.name)
    return _of_one(first.speaker, known, repeated=repeated, about=said_about(paragraph, known))


def _tells_more(line: Line) -> bool:
    """Whether a last sentence tells more of the speaker, or of what was said, without saying who says so."""
    return line.speaker is None and _OF_THE_SPEAKER.match(line.own) is not None


def _goes_on(line: Line, who: Speaker) -> bool:
    """Whether *who* goes on speaking in *line*."""
    if line.speaker is None:
        return line.quoted
    return line.speaker.is_pronoun or line.speaker.surname.lower() == who.surname.lower()


def _of_several(speakers: list[Speaker]) -> tuple[str, float] | None:
    if any(_MEDIA.search(who.name) for who in speakers):
        return None
    roles = {_role(who) for who in speakers}
    if len(roles) == 1 and (words := roles.pop()):
        return words, _REACTS
    if all(_REACTING.fullmatch(who.verb) for who in speakers):
        return "What has the reaction been?", _REACTS
    return None


def _of_one(who: Speaker, known: Known, *, repeated: bool, about: str) -> tuple[str, float] | None:
    """What to ask of one speaker, whose name in full the answer *repeated* at its beginning.

    What they speak *about* is said where their name is, unless that makes the question too long.
    """
    if words := _of_known_people(who, known):
        return words, _HAS_A_ROLE
    name = _whom(who, known)
    spoken = _spoken(who, known)
    if (
        spoken
        and re.search(rf"\b{_SPEAKS_FOR}\b", f"{spoken.name} {spoken.role}")
        and (words := _role(spoken))
    ):
        return words.replace("What ", "What else ", 1), _HAS_A_ROLE
    if name and repeated and len(name.split()) >= _LONG_NAME and (words := _role(who)) not in _VAGUE:
        return words, _HAS_A_ROLE
    if name:
        reacts = _REACTING.fullmatch(who.verb) is not None
        have = "have" if _is_plural(name) else "has"
        more = " else" if spoken else ""
        words = f"How {have} {name} responded?" if reacts else f"What{more} {have} {name} said?"
        if len(words.split()) > _MOST_WORDS:
            return None
        return (words, _REACTS) if reacts else (_with(words, about), _SPEAKS)
    if _MEDIA.search(who.name) or who.name.startswith(("the ", "The ")) or " " not in who.name:
        return None
    if words := _role(who):
        return words, _HAS_A_ROLE
    if _IN_OFFICE.search(who.role) or not _tells_who(who.role, known):
        return None
    return "What are others saying?", _IS_SOMEBODY


def _with(question: str, about: str) -> str:
    longer = f"{question.removesuffix('?')} {about}?"
    return longer if about and len(longer.split()) <= _MOST_WORDS else question


def _of_known_people(who: Speaker, known: Known) -> str:
    """ "What does Bo Li’s lawyer say?", "What do the teachers say?": of whom the reader has heard; or ""."""
    described = f"{who.name}, {who.role}"
    agent = next((match for pattern in _AGENTS if (match := pattern.search(described))), None)
    if agent and agent["whose"].rpartition(" ")[2] in known.names and not _NO_MORE.search(who.role):
        whose = known.in_full(agent["whose"].rpartition(" ")[2]) or agent["whose"]
        calling = "lawyer" if agent["who"] == "attorney" else agent["who"]
        return f"What does {possessive(whose)} {calling} say?"
    if _OF_THE_STUDY.search(who.role) and re.search(
        r"\b(?:[Ss]tudy|[Rr]esearch\w*|[Ss]cientists?)\b", known.text
    ):
        return "What do the researchers say?"
    one = _ONE_OF_MANY.match(who.role)
    many = f"{one['noun']}s" if one else ""
    return f"What do the {many} say?" if many and re.search(rf"\b{many}\b", known.text) else ""


def _spoken(who: Speaker, known: Known) -> Speaker | None:
    """The same speaker as the summary has them, where it has something of theirs already."""
    spoken = (speaker(outside_quotations(known.summary[start:end])) for start, end in split(known.summary))
    same = next((each for each in spoken if each and each.surname.lower() == who.surname.lower()), None)
    office = re.escape(re.sub(r"\A[Tt]he ", "", who.name))
    says = re.search(
        rf"\b(?:{re.escape(who.surname)}|{office} (?:[A-Z][\w.’-]* ){{0,4}}) ?{_HAVING}{SAYING}\b",
        known.summary,
    )
    return same or (Speaker(who.surname, "", "") if says else None)


def _tells_who(role: str, known: Known) -> bool:
    """Not so "a spokesman for the group", when nobody knows of a group."""
    return bool(role) and all(term(noun) in known.terms for noun in _DEFINITE.findall(role))


def _whom(who: Speaker, known: Known) -> str:
    """The speaker as a question may name them; "" when the reader would ask who that is."""
    name = who.name
    if _MEDIA.search(name):
        return ""
    if _is_plural(name):
        return _plural(name, known)
    if name.startswith(("the ", "The ")):
        heads = name[4].islower() and term(who.surname) in known.terms
        return f"the {name[4:]}" if heads or _PROPER_BODY.match(name) else ""
    body = _BODYS_OWN.match(name)
    if body:
        return f"the {body['body'].strip()}" if _TAKES_THE.search(body["body"].strip()) else ""
    if _TITLE.match(name):
        name = _FROM_A_PLACE.sub(r"\g<who>", name)
        return known.in_full(name.rpartition(" ")[2]) or name
    if who.surname in known.names and not _is_a_namesake(name, who.surname, known):
        return _in_full(name, who.surname, known)
    return _body(who.role, known)


def _is_a_namesake(name: str, surname: str, known: Known) -> bool:
    """Whether the reader knows somebody else of that *surname*: the victim's sister, say."""
    first = _HONORIFIC.sub("", name).partition(" ")[0]
    full = known.in_full(surname)
    return bool(full) and " " in _HONORIFIC.sub("", name) and first[0].isupper() and first not in known.text


def _body(role: str, known: Known) -> str:
    """The body that a speaker in this *role* speaks for; "" of one that nobody may have heard of."""
    from_one = _FROM_A_BODY.match(role)
    found = _FOR_WHOM.search(role)
    if from_one:
        the = "" if from_one["body"].endswith(("International", "Watch", "University")) else "the "
        return f"{the}{from_one['body']}"
    if not found or _NO_MORE.search(role):
        return ""
    body = (found["body"] or found["other"]).strip()
    heard_of = not known.terms.isdisjoint(terms(body)) or _TAKES_THE.search(body)
    return body if heard_of and not body.endswith(".") and not _MEDIA.search(body) else ""


def _is_plural(name: str) -> bool:
    return " of " not in name and _PLURAL.search(name) is not None


def _plural(name: str, known: Known) -> str:
    """ "police", "Dallas police", "Democrats"; "" where it cannot be told whether a capital is a name's."""
    first, _, rest = name.partition(" ")
    if name.startswith(("Democrats", "Republicans")) or (rest and first in known.names):
        return name
    return name[0].lower() + name[1:] if not rest or name[0].islower() or _COMMON.match(name) else ""


def _in_full(name: str, surname: str, known: Known) -> str:
    """A name that the reader knows, as the reader knows it; "" when it may be no person's."""
    name = name.lstrip("abcdefghijklmnopqrstuvwxyz’' -")
    plain = _HONORIFIC.sub("", name)
    if " " in plain:
        return TITLES_BEFORE.sub("", plain)
    full = known.in_full(surname)
    if full and not NO_NAME.match(full):
        return full
    return "" if plain.endswith("s") else plain


def _role(who: Speaker) -> str:
    described = f"{who.name} {who.role}"
    found = next((words for pattern, words in _ROLES if pattern.search(described)), "")
    if not found and re.search(rf"\b{_SPEAKS_FOR}\b", described) and _PUBLIC.search(described):
        found = _OFFICIALS
    if found == _LAWMAKERS and _OF_A_PARTY.search(described):
        return ""
    return "" if found and _NO_MORE.search(described) else found
