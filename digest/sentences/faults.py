"""What may not be in a blurb, checked for one sentence at a time."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice

from digest.sentences.splitting import balanced, quotations

#: Characters; a longer stretch without an end is no sentence but a broken page.
_LONGEST = 700
_FEWEST_LETTERS = 10
_FEWEST_OWN_LETTERS = 12
#: Of a last word and the marks behind it.
_LONGEST_END = 24
_MOST_CAPITALS = 0.6
#: Beside a quotation, who said it: "“…,” Li said".
_SAYS = re.compile(r"[A-Z][\w’'-]+ [a-z]{3,}|\b[a-z]{3,} [A-Z]\w|\b(?:he|she|they) [a-z]{3,}")


def _any_of(words: str, *, end: str = "") -> re.Pattern[str]:
    """A pattern for any of the alternatives in *words* that begins with a word.

    Those that begin with the same letter are tried only where that letter is: there are dozens.
    """
    by_initial: dict[str, list[str]] = {}
    for alternative in _alternatives(words):
        plain = alternative[0].isalpha() and alternative[1] not in "?*+{"
        by_initial.setdefault(alternative[0] if plain else "", []).append(alternative[plain:])
    groups = (f"{initial}(?:{'|'.join(rests)})" for initial, rests in by_initial.items())
    return re.compile(rf"\b(?:{'|'.join(groups)}){end}")


def _alternatives(pattern: str) -> list[str]:
    """The alternatives of *pattern*; those that begin with a group are taken apart by that, too."""
    found, depth = [""], 0
    for piece in re.findall(r"\\.|\[[^]]*\]|.", pattern):
        depth += (piece == "(") - (piece == ")")
        if piece == "|" and not depth:
            found.append("")
        else:
            found[-1] += piece
    return [one for alternative in found for one in _opened(alternative)]


def _opened(alternative: str) -> list[str]:
    group = re.match(r"\(\?:([^()]+)\)(?![?*+{])", alternative)
    if group is None:
        return [alternative]
    return [begun + alternative[group.end() :] for begun in group[1].split("|")]


_OWN_SPELLING = re.compile(r"\W*[a-z][A-Z]")  # iPhone, eBay
_WHOLE_END = re.compile(r"(?:[.!?؟۔।]|[。！？])[\"”’'»“)\]」』\s]*\Z")
_CUT_END = re.compile(
    r"(?:…|\.\.+|\[…\])[\"”’'»)\]]*\Z"
    r"|\b(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Lt|Col|Sgt|Capt|Prof|St|vs)\.\Z"
    r"|\b(?:the|an|of|and|or)\.\Z|[:;,][.]\Z"
)
_ASIDE_END = re.compile(r"\)[\"”’'.!?]*\Z")
#: What depends on the sentence before it: "The latest being Bo Li.", "Posting a picture of the bridge."
_VERBLESS = re.compile(
    r"The (?:latest|newest|most recent|last|first|reason) being\b|[A-Z][a-z]+ing\b[^,;:]*\.\Z"
)
_A_VERB = re.compile(
    r"\b(?:are|can|could|did|do|had|have|may|might|must|should|was|were|will|would|[a-z]+(?:s|ed|[a-z]n[’']t)"
    r"|became|began|brought|came|cost|cut|fell|found|gave|got|held|hit|hurt|kept|led|left|let|lost|made|meant|met"
    r"|paid|proved|put|ran|rose|said|saw|sent|set|shot|sold|spoke|spread|stood|told|took|went|won|wrote)\b"
)
#: Without one of these there is nothing of _MARKUP, which takes ten times as long to look for.
_PAGE_MARK, _PAGE_WORDS = re.compile("[][<&{}|#@•·►▪�*_/]"), ("http", "www.", "pic.", ".jp", ".png", ".htm")
# Those to _CAPTION are looked for in small letters: to ignore case takes three times as long.
_MARKUP = re.compile(
    r"<[a-z/!]|&(?:[a-z]{2,8}|#\d+);|\{\{|\}\}|\[\[|\]\]|https?:|www\.|pic\.twitter|\bt\.co/|\.(?:jpe?g"
    r"|png|html?)\b"
    r"|[|#@]\w|\s\||[•·►▪�]|\*\*|__",
)
#: Each begins with a mark, which is looked for faster than the letters around it.
_GLUED = re.compile(
    r"[,;](?<=[a-z].)[A-Za-z]|[.!?:](?<=[a-z]{2}.)[A-Z][a-z]|\)[A-Za-z]|\((?<=[a-z].)[A-Z]|[?!][A-Z]"
    r"|[.:](?:(?<=[a-z]{3}\d.)|(?<=[a-z]{3}\d\d.))\d\d"
    r"|\?(?:(?<=[a-z]\?)\d|\.(?!\.))"
)
_BOILERPLATE = _any_of(
    r"read (?:more|also|next|the full|our)|must read|click (?:here|on)|tap (?:here|to)"
    r"|sign(?:ing)?[ -]?up (?:for (?:our|the|free|more)|here|below|now|today)"
    r"|(?:sign|log) ?in (?:to (?:your|our|read|comment|continue|view)|or |here|now|below|with your)"
    r"|subscribe (?:to|now|here|today|for)|our newsletters?|daily newsletter|email newsletter"
    r"|cookies? (?:policy|settings|preferences)|(?:uses?|of|our|accept|these) cookies|privacy (?:policy"
    r"|notice)|terms (?:of (?:use|service)|and conditions)|all rights reserved|follow us"
    r"|(?:follow|visit|find|like) (?:\w+ ){1,3}on (?:twitter|facebook|instagram|youtube|x\b)|like us on"
    r"|find us on|join the conversation"
    r"|share this|tell us|let us know|scroll down|(?:post|leave) a comment|comments? below"
    r"|comments are (?:closed|moderated)|latest comments|please (?:wait|enable|log|sign|click|read|share"
    r"|note|visit|check|subscribe|email|contact)|(?:story|article|report|page|post|headline) (?:has been"
    r"|was) (?:updated|corrected|amended|first|originally)|this (?:story|article|post|piece|column"
    r"|transcript|interview)\b|originally (?:published|appeared) (?:in|on|by|at)"
    r"|(?:story|article|post|piece|column|review|interview|essay|report) first (?:published|appeared)"
    r"|republished"
    r"|may not be published|(?:e-?mail|contact) (?:us|the (?:reporter|author|writer)) at"
    r"|can be reached at|download (?:our|the) (?:\w+ )?app|get (?:our|the latest|breaking)|(?:story"
    r"|article) continues|continue reading|more (?:stories|coverage) (?:from|on|about)|see also\b"
    r"|enjoy (?:the|our|these|more) (?:\w+ )?(?:photos|pictures|images)"
    r"|check out (?:the|our|these|more) (?:\w+ )?(?:photos|pictures|images)"
    r"|photo gallery|free articles?|already a (?:member|subscriber)|support (?:our"
    r"|independent) journalism|make a donation|contributed to this|with inputs? from"
    r"|is an? (?:[\w-]+ ){0,4}(?:reporter|writer|correspondent|columnist|contributor|editor) (?:for|at"
    r"|with|based|in|who|covering)\b|(?:views|opinions) expressed (?:here|in this|on this|are|do)"
    r"|fast facts|copyright (?:©|\d{4})"
    r"|here(?:[’']s| is| are) (?:(?:what|how|where) (?:you|we|to)|(?:\w+ ){1,2}(?:look|list|guide|tips)\b)"
    r"|(?:read|see|watch|find|hear|join|vote) (?:\w+ )?(?:it|them|more|him|her) here"
    r"|stay (?:tuned|up to date)|(?:breaking )?news alerts"
)
#: "Unlocking the code: 4 tips to know your value.": the headline of another piece, that is linked to.
_COUNTED_ADVICE = re.compile(r": \d+ (?:things|ways|tips|reasons|facts|lessons|takeaways|questions)\b")
_OPENING_LABEL = re.compile(
    r"(?:[A-Z][\w/’' -]{0,24}: )?(?:photos?|images?|pictures?|pictured|video|sources?|credit|graphic"
    r"|listen|watch|related|read|more|correction|clarification|note|editor[’']s note|update|updated"
    r"|published|posted|timeline|advertisement|caption|file|edited|written|compiled|anchor|presenter"
    r"|(?:fig(?:ure|\.)|table|chart|graph|map) \d+|(?:additional "
    r"|with )?reporting|editing|writing)(?: by\b|\s?[:|])|(?:watch|listen to|view|click|tap|swipe|scroll"
    r"|follow|subscribe|download|find out|learn more|share|register|timeline of)"
    r" (?!said|says|of|from|and)[a-z’']+"
    r"|[\w.’' -]{2,30}\(\d+[–-]\d+\): |\d{1,2}[.)] "
    r"|(?:(?:last|first) )?(?:updated|published|posted|modified) (?:(?:on|at) )?(?:[a-z]+,? )?\d",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"(?:By|Von|Par|Por|Text|Story|Words):? [A-Z][\w.'’-]+(?:(?:,| and| &)? [A-Z][\w.'’-]+){0,9}[.,]?\Z"
    r"|By [A-Z][a-z]+ [A-Z][a-z]+,"
)
_CAPTION = _any_of(
    r"file photo|getty images|ap photo|shutterstock|photo(?:graph)?s? (?:by|courtesy|credit"
    r"|provided)|courtesy of|(?:image|media) (?:source|caption|copyright|credit)|(?:this|an) (?:undated"
    r"|handout|file) (?:photo|image|picture)"
    r"|this (?:photo(?:graph)?|image|picture|graphic|chart|map) shows"
    r"|in this (?:photo|image|picture|screen|still|frame|file"
    r"|undated|handout|courtroom|\w+\.? \d{1,2}, \d{4})|(?:seen|pictured|shown) (?:here|above|below|left"
    r"|right|in this|with)"
    r"|(?:seen(?<!were seen)(?<!was seen)(?<!be seen)(?<!been seen)|pictured|shown)"
    r" (?:together|arriving|outside)"
    r"|poses?(?<!to pose)(?<!it poses)(?<!they pose)(?<!that poses) (?:for|with|during|in|on|at)"
    r"|looks on (?:as"
    r"|during|prior|before)|undated (?:photo|image|handout|picture)",
    end=r"\b",
)
#: The same by its marks.
_CREDITED = re.compile(
    r"/(?:(?<=reuters.)|(?<=\bap.)|(?:ap|afp|reuters|getty|epa)\b)|\bvia (?:ap|afp|reuters|getty|epa)\b"
    r"|photo: |\((?:[^()]{0,40}\b)?(?:left|right|cent(?:er|re)|pictured"
    r"|above|below|top|bottom|middle|inset|file|l|r|c|l-r|stock image)"
    r"(?:\b[^()]{0,40})?\)|, (?<=\w, )(?:left|right|cent(?:er|re)),",
)
#: "Rep. Ana Sá (R-Ohio)", "Gov. Bo Li (R)": a party, and nobody's place in a picture.
_PARTY = re.compile(
    r"\([RDIL][-–][A-Z][^()]{0,20}\)"
    r"|\b(?:Gov|Sens?|Reps?|[Gg]overnor|[Ss]enator|[Cc]ongress(?:man|woman)|[Cc]andidate)\b[^()]{0,40}\([RDIL]\)"
)
#: "Here are some of the arguments.", which no blurb has room for.
_LEADS_TO_A_LIST = re.compile(
    r"(?:But |And )?[Hh]ere(?: are "
    r"|(?:[’']s| is) (?:what|how|why|where|everything|an? (?:video|list|guide|look))\b)"
)
#: "See all the winners.": a link, which a page has between its paragraphs.
_LEADS_ELSEWHERE = re.compile(
    r"(?:See|View|Browse) (?:all|more|our|the|photos|pictures|which|what|how|where)\b[^,;:]{0,80}[.!]\Z"
)
#: Lines of a match's ticker, of which no report is made.
_TICKER = re.compile(
    r"(?:Match ends|(?:First|Second) Half (?:begins|ends)|Lineups are|Corner|Foul by|Offside|Hand ball by"
    r"|Attempt (?:missed|blocked|saved)|Substitution|Delay (?:in match|over))\b[,. ]|Goal! "
    r"|[^(]{3,40}\([A-Z][\w .&-]{2,30}\) (?:wins a free kick|is shown the|hits the (?:bar|left|right))"
)
#: "The Friendly Ferrymen Next Door.": the headline of another piece has no longer word in small letters.
_SMALL_WORD = re.compile(r"(?<![\w’'-])[a-z][a-z’'-]{3,}")
_MOST_OF_A_HEADLINE = 9  # words
#: "CNN’s Ana Sá reported from Oslo, and Bo Li wrote from Rome.": names and places with these words only.
_REPORTED = ("reported", "wrote", "contributed", "edited")
_REPORTING = frozenset(
    (*_REPORTED, "and", "while", "also", "from", "in", "to", "for", "this", "the", "story", "report")
) | {"journalist", "journalists"}
#: What asks the reader for something, or lays down rules for comments.
_PROMOTION = re.compile(
    r"\b(?:click here|sign up (?:for|to|here|now)|subscribe (?:to|now|here|today|for)|follow us"
    r"|our newsletters?|delivered (?:\w+ )?(?:in|to|through) your|\d+ issues (?:for|from)\b"
    r"|all rights reserved"
    r"|comments? (?:[\w’'-]+ ){0,12}(?:will|may) (?:not )?be (?:\w+ )?(?:approved|deleted|moderated|removed)"
    r"|(?:coment[aá]rios|commentaires|kommentare|commenti|reacties)\b.{0,160}\b(?:moder|aprova|aproba"
    r"|publi|elimin|exclu|remov|supprim|gelöscht|entfernt|verwijderd))",
)
#: Behind a sentence, it makes that one the words of a picture: "… on Monday. (IANS)".
_CREDIT = re.compile(
    r"\s*\((?:AFP|ANI|AP|EPA|Getty(?: Images)?|IANS|PTI|Reuters|Xinhua)(?:[ /][\w /]{1,30})?\)(?=\s|\.?\Z)",
    re.IGNORECASE,
)
#: "Fallen: The bridge of …", "Ferry timetable: See …": the words of a picture, a list or a link.
_LABEL = re.compile(r"[A-Z][\w’'-]*(?: [\w’'-]+){0,2}: [A-Z]")
#: ‘ Marks like these, ’ with space on both sides: single ones read as apostrophes, double ones as either end.
_LOOSE_MARKS = re.compile(r"(?:\A|(?<![’'])\s)[\"“”]\s|(?:\A|\s)['‘]\s[^'‘’]*[.,!?]\s['’](?:\s|\Z)")
_MARKS = re.compile("[\"“”'‘] ")
_FIRST_PERSON = re.compile(
    r"\b(?=[ILMNOUWlmnouw])(?:"
    r"I(?<!War I)(?<!Elizabeth I)(?<!Charles I)(?<!Part I)(?<!Type I)(?<!Phase I)(?<!Class I)"
    r"(?<!Division I)(?:[’'](?:m|ve|d|ll))?,? (?=[a-z])"
    r"|(?:[Ww]e(?:[’'](?:re|ve|ll|d))?|[Oo]urs?|[Mm]y|me|us|[Mm]yself|[Oo]urselves|[Ll]et[’']s)\b"
    r"|(?:[Ww]ir|uns|[Uu]nser(?:e[nmrs]?)?|[Nn]ous|notre|[Nn]osotros|[Nn]uestr[oa]s?)\b)"
)


def fault(sentence: str) -> str:
    """The first reason why *sentence* cannot stand in a blurb; "" when it can."""
    problem = _unfinished(sentence)
    if problem:
        return problem
    small = sentence.lower()
    marked = _PAGE_MARK.search(small) or any(word in small for word in _PAGE_WORDS)
    if (marked and _MARKUP.search(small)) or _GLUED.search(sentence):
        return "leftovers of a page"
    if _is_boilerplate(sentence, small):
        return "boilerplate"
    named = sentence.partition(": ")[2] if _LABEL.match(sentence) else sentence
    if len(small.split()) <= _MOST_OF_A_HEADLINE and not _SMALL_WORD.search(named) and small.isascii():
        return "a headline"
    shown = _PARTY.sub("", sentence).lower() if "(" in sentence else small
    if _CAPTION.search(shown) or _CREDITED.search(shown):
        return "a caption"
    if not balanced(sentence) or (_MARKS.search(sentence) and _LOOSE_MARKS.search(sentence)):
        return "a quotation cut open"
    own = outside_quotations(sentence)
    if not _has_letters(own, _FEWEST_OWN_LETTERS) and not _SAYS.search(own):
        return "only a quotation"
    if _FIRST_PERSON.search(own):
        return "first person"
    return "a question" if own.rstrip("\"”’'»“) ").endswith("?") else ""


def _is_boilerplate(sentence: str, small: str) -> bool:
    signs = (_OPENING_LABEL, _BYLINE, _TICKER, _LEADS_TO_A_LIST, _LEADS_ELSEWHERE)
    looks = any(sign.match(sentence) for sign in signs)
    if looks or _BOILERPLATE.search(small) or (":" in small and _COUNTED_ADVICE.search(small)):
        return True
    return any(word in sentence for word in _REPORTED) and _says_who_reported(sentence)


def _says_who_reported(sentence: str) -> bool:
    """Whether *sentence* says who wrote the article where, and nothing else."""
    words = [word.strip(".,;:()") for word in sentence.split()]
    return all(word[:1].isupper() or word in _REPORTING for word in words)


def promotes(paragraph: str) -> bool:
    """Whether *paragraph* asks the reader for something: to subscribe, to click, to mind the rules."""
    return _PROMOTION.search(paragraph.lower()) is not None


def is_credited(behind: str) -> bool:
    """Whether what stands *behind* a sentence is an agency in brackets, as below a picture."""
    return _CREDIT.match(behind) is not None


def is_quoted(sentence: str) -> bool:
    """Whether *sentence* is a quotation with no more than who said it."""
    return not _has_letters(outside_quotations(sentence), _FEWEST_OWN_LETTERS)


def is_labelled(sentence: str) -> bool:
    """Whether *sentence* is set off by a word before it; at the head of an article that may be its style."""
    return _LABEL.match(sentence) is not None


@lru_cache(maxsize=16)  # every question about a sentence begins with it
def outside_quotations(sentence: str) -> str:
    """*sentence* with an empty pair of quotation marks in place of each quotation."""
    parts: list[str] = []
    at = 0
    for start, end in quotations(sentence):
        parts.append(sentence[at:start])
        at = end
    return "“”".join([*parts, sentence[at:]])


def _unfinished(sentence: str) -> str:
    if len(sentence) > _LONGEST:
        return "too long"
    if not _has_letters(sentence, _FEWEST_LETTERS):
        return "too short"
    first = next(filter(str.isalnum, sentence))
    if first.islower() and not _OWN_SPELLING.match(sentence):
        return "it begins within a sentence"
    if not _WHOLE_END.search(sentence) or _CUT_END.search(sentence[-_LONGEST_END:]):
        return "cut short"
    if _is_shouted(sentence):
        return "capitals"
    if sentence[0] == "(" and _ASIDE_END.search(sentence):
        return "an aside"
    return "cut short" if _VERBLESS.match(sentence) and not _A_VERB.search(sentence) else ""


def _has_letters(text: str, count: int) -> bool:
    """Whether *text* has so many; most have them at their beginning, and no more is read."""
    return next(islice(filter(str.isalpha, text), count - 1, None), None) is not None


def _is_shouted(sentence: str) -> bool:
    capitals = sum(map(str.isupper, sentence))
    if capitals <= _FEWEST_LETTERS * _MOST_CAPITALS:
        return False
    return capitals > sum(map(str.isalpha, sentence)) * _MOST_CAPITALS
