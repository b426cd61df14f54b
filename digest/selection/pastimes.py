"""What feeds contain besides news: promotion and pastimes, and items that are less than a report.

Known by the headline, by the publisher's own categories and by the sections in the address. To leave out
news is worse than to let a quiz in: doubtful items pass.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from digest.model import Article
from digest.selection.voices import addresses_the_reader, is_personal


def _headline(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE | re.VERBOSE)


_DAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
_NUMBER = r"\d{1,3}|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty"
#: A label: nothing but the end or a mark behind it.
_END = r"\s*(?:$|[:|\]–—]|-\s)"

_HEADLINES: Mapping[str, re.Pattern[str]] = {
    "promotion": _headline(
        rf"""^\[?(?:sponsored(?:\ (?:content|post))?|advertisement|advertorial|paid\ post|partner\ content
            |from\ our\ partners|promoted|promotion|giveaway|webinar){_END}
          | \(sponsored\)$ | ^subscribe\b | ^sign\ up\b.*\b(?:newsletter|e-?mails?|alerts)\b
          | \bsweepstakes{_END}"""
    ),
    "shopping": _headline(
        rf"""\b(?:promo|discount|coupon)\ codes?\b | ^(?:coupons?|deals?){_END}
          | \bblack\ friday\ deals?\b | \bdeals?\ of\ the\ (?:day|week)\b
          | \b(?:best|top|early|today['’]s)\s(?:[\w'’-]+\s){{0,3}}deals
            (?:{_END}|,|\s(?:on|for|under|today|to\ (?:shop|buy)|right\ now|you\ can)\b)"""
    ),
    "horoscope": _headline(
        rf"^(?:[\w'’]+\s){{0,2}}(?:horoscopes?|zodiac)(?:{_END}|,|\s(?:for|today|this)\b|\s\d)"
    ),
    "puzzle": _headline(
        rf"""\bcrossword(?:{_END}|,|\s(?:no\b|\d|answers?|clues?|solution))
          | ^(?:nyt\ )?(?:wordle|sudoku|connections|strands)
            (?:{_END}|\s(?:\#|\d|today\b|hints?\b|answers?\b))"""
    ),
    "quiz": _headline(rf"^(?:[\w'’]+\s){{0,3}}quiz(?:{_END}|\?)"),
    "recipe": _headline(
        rf"""^recipes?{_END} | ^recipes?\ (?:for|of)\s(?!disaster|success|trouble|change)
          | ^(?!.*\b(?:a|an|the|its|his|her|their|our|of|for|to|over|secret|family|old|new|lost)\srecipes?$)
            (?:[\w'’&-]+,?\s){{1,7}}recipes?$"""
    ),
    "lottery": _headline(
        r"\b(?:lottery|powerball|mega\ millions|lotto)\s(?:winning\ )?(?:numbers|results)\b"
    ),
    "job advertisement": _headline(
        rf"^(?:vacancy|jobs?|job\ (?:opening|posting|vacancy)|now\ hiring|we['’]?(?:re|\ are)\ hiring){_END}"
    ),
    "newsletter": _headline(
        rf"""^(?:(?:the|our|your)\s(?:\w+\s){{0,2}})?newsletter{_END}
          | ^(?:(?:your|the|our)\s)?(?:{_DAY}\s)?(?:morning|evening|daily|weekly|midday)
            \s(?:briefing|digest|round-?up|rundown)(?:{_END}|,)"""
    ),
    "correction": _headline(
        rf"^(?:corrections?(?:\ and\ clarifications?)?|clarifications?|for\ the\ record)(?:{_END}|,?\s\d)"
    ),
}
#: The same by what publishers call their sections; whole names only.
_SECTIONS: Mapping[str, str] = {
    name: kind
    for kind, names in {
        "promotion": "sponsored sponsored-content advertisement advertorial advertisement-feature "
        "partner-content paid-post brandvoice",
        "shopping": "coupons shopping-deals",
        "horoscope": "horoscope horoscopes astrology",
        "recipe": "recipe recipes",
        "puzzle": "crossword crosswords puzzles sudoku",
        "quiz": "quiz quizzes",
        "job advertisement": "classifieds job-listings",
        "newsletter": "newsletter newsletters",
        "correction": "corrections corrections-and-clarifications",
    }.items()
    for name in names.split()
}
_LESSER: Mapping[str, re.Pattern[str]] = {
    "live or pictures": _headline(
        r"""^live\s*[:|-] | \blive\s+(?:updates?|blog|coverage|stream)\b | \bas\ it\ happened\b
          | ^(?:watch(?:\ live)?|listen|photos?|pictures|in\ pictures|gallery|video)\s*[:|]
          | [\[(](?:photos?|pictures|gallery)[\])]\s*$"""
    ),
    "list": _headline(
        rf"""^(?:the\s|top\s|our\s)?(?:{_NUMBER})\s(?:[\w'’&-]+\s){{0,4}}
            (?:ways|reasons|tips|tricks|hacks|ideas|mistakes|habits|gifts|takeaways
            |(?:things|facts|questions)\s(?:to|you|we|about|every\w*|that))\b
          | ^(?:here['’](?:s|\ are)|here\ are)\s"""
    ),
    "advice": _headline(r"^how\ to\s"),
    "announcement": _headline(r"^(?:introducing|announcing|meet\ (?:our|the\ new))\s"),
    "game service": _headline(
        r"""\b(?:snap\ counts|box\ score|starting\ line-?ups?|odds\ and\ picks|tv\ channel|start\ time
            |predictions?,\ (?:odds|picks|time)|fantasy\ (?:football|basketball|baseball|hockey|rankings)
            |power\ rankings)\b"""
    ),
    "letters": _headline(r"^letters?\s*(?:[:|]|to\ the\ editor) | ^readers['’]\ letters\b"),
}


def pastime(article: Article) -> str:
    """What *article* is instead of news: "quiz", "horoscope", …; "" when it may be news."""
    found = _by_headline(article.title, _HEADLINES)
    if found:
        return found
    path = article.url.partition("://")[2].partition("?")[0]
    sections = (*article.categories, *path.split("/")[1:-1])
    named = (_SECTIONS.get(re.sub(r"[\s_]+", "-", each.strip().casefold())) for each in sections)
    return next(filter(None, named), "")


def lesser(article: Article) -> str:
    """What *article* is instead of a report; "" when it may be one."""
    if found := _by_headline(article.title, _LESSER):
        return found
    return "in the first or second person" if _is_personal(article) else ""


def _is_personal(article: Article) -> bool:
    return is_personal(article.text) or addresses_the_reader(article.title)


def _by_headline(title: str, kinds: Mapping[str, re.Pattern[str]]) -> str:
    return next((kind for kind, pattern in kinds.items() if pattern.search(title)), "")
