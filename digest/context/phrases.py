"""Phrases that tell what a paragraph is about, as patterns: times, figures, names, and the nouns of news."""

MONTH = (
    "(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Aug|Sept|Oct|Nov|Dec)\.)"
)
DAY = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_SEASON = "(?:summer|spring|fall|autumn|winter)"
#: A time that has not come yet, if the verb says so.
TO_COME = (
    rf"(?:{DAY}|tomorrow|tonight|next (?:\w+ )?(?:week|month|year|season|{_SEASON})|later this (?:week"
    rf"|month|year|{_SEASON})|this (?:week|weekend|month|{_SEASON})|coming (?:days|weeks|months)|(?:in|on"
    rf"|until|by|from|of|mid-|late|early) {MONTH}|{MONTH} \d+"
    r"|(?:in|by|until) 20\d\d)"
)
_WILL = r"(?<!what )(?<!which )(?<!who )(?<!that )(?<!when )(?<!how )\bwill\b(?! have been)"
_SET_TO = (
    r"(?<!which )(?<!who )(?<!that )\b(?:is|are) (?:(?:also|now|still|currently|tentatively) )?"
    r"(?:(?:expected|scheduled|due|set|slated|planned) to|(?:scheduled|set|slated|planned) for)\b"
    r"(?! (?:co-?)?(?:star|play)\b)(?!.{0,80}\b(?:century|decades?)\b)"
)
_NOT_PAST = r"(?:(?!\b(?:said|told|was|were|had)\b).)"
#: What is to be, with its time where "will" alone may be a promise.
FUTURE = (
    rf"{_WILL}{_NOT_PAST}{{0,110}}\b{TO_COME}|{_SET_TO}|\A\W*(?:On|In|Next|Later|Tomorrow"
    rf"|This){_NOT_PAST}{{0,60}}{_WILL}"
)
LATER = (
    r"\b(?:will|(?:expected|due|set) to|scheduled|slated|plans? to|planned|hopes? to|next (?:week|month"
    r"|year|season|step))\b"
)
#: A time before that of the news.
EARLIER = (
    rf"(?:[Ii]n (?:(?:{MONTH}|early|late|mid|the \w+ of) )?(?:of )?(?:19|20)\d\d"
    r"|(?:[Aa] |[Mm]ore than |[Aa]bout |[Oo]ver |[Ss]ome )?(?:\w+ )?(?:years?|months?|weeks?"
    r"|decades?) (?:ago|earlier)"
    rf"|[Ll]ast (?:year|month|week|{_SEASON}|{MONTH})|[Ee]arlier this (?:year|month|week|{_SEASON})"
    rf"|[Ss]ince (?:\w+ )?(?:19|20)\d\d|[Oo]n {MONTH} \d+(?:, \d{{4}})?|[Ii]n {MONTH}|[Pp]reviously"
    r"|[Ii]n the (?:19|20)\d0s)"
)
#: A verb in the past.
HAPPENED = (
    r"(?:had|was|were|\w+ed|began|won|took|gave|made|became|left|lost|came|went|broke|fell|shot|found|led"
    r"|met|sent|set|said|told|put|ran|saw|held|kept|brought|bought|sold|built|grew|spent|struck)"
)

#: What can be read, passed and signed.
PAPERS = (
    "bill|law|measure|plan|proposal|legislation|deal|agreement|ruling|policy|ordinance|amendment|treaty|scheme"
    "|programme|program|reform|ban|initiative|project"
)
#: A name of up to four words.
NAMED = r"(?P<name>[A-Z][\w’-]+(?: [A-Z][\w’-]*\.?){0,3})"
FIGURE = r"\d[\d,.]*(?: (?:percent|per cent|percentage points)|%)"
#: Numbers that are written out.
FEW = "(?i:two|three|four|five|six|seven|eight|nine|ten|dozens of|hundreds of|thousands of)"
INQUIRERS = (
    r"(?:[Ii]nvestigators|[Dd]etectives|[Pp]olice|[Aa]uthorities|[Oo]fficers|FBI|[Aa]gents|[Pp]rosecutors)"
)
CRIMES = (
    r"attack|incident|shooting|accident|crash|fire|outbreak|killing|strike|recall|explosion|bombing|quake"
)
