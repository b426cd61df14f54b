"""Datelines: "WASHINGTON (AP) — ", "(CNN)", "New Delhi, Jul 27 (PTI) ", "BERLIN: ", "MADRID (EFE).- "."""

from __future__ import annotations

import re

#: No dateline is longer, so no paragraph is searched beyond.
_LONGEST = 120

_AGENCY = (
    r"(?:\((?:AP|Associated Press|The Associated Press|AAP|AFP|ANI|ANSA|APA|BBC|Bloomberg|BP"
    r"|Canadian Press|The Canadian Press|CBS|CNA|CNN|CP|DPA|dpa|EFE|epd|EUROPA PRESS|Europa Press"
    r"|HealthDay|IANS|Interfax|JTA|KNA|Kyodo|NBC|PTI|Reuters|REUTERS|RFE/RL|RIA|RNS|TASS"
    r"|Thomson Reuters Foundation|TNS|UPI|Xinhua|Yonhap)(?:[ /][^()\n]{0,30})?\)|/(?:TASS|PRNewswire|CNW"
    r"|PAP)[^/\n]{0,20}/\.?)"
)
_DASH = r"(?:--+|[—–―]|-(?=\s))"
_REGION_OR_DATE = r"(?:, ?[A-Z\d][\w.'’ ]{0,24}){0,3}"
_PLACE = r"[A-Z][\w.'’/-]*(?: [A-Z\d][\w.'’/-]*| d[aeou]s?| of){0,4}"
_CAPITALS = r"[A-Z][A-Z.'’-]+(?:[ /][A-Z][A-Z.'’-]+){0,3}"

_BY_AGENCY = re.compile(
    rf"((?:{_PLACE}{_REGION_OR_DATE})?)(\s*)({_AGENCY})(?:\.(?=\s?[-–—]))?\s*({_DASH}|[:|])?\s*"
)
#: A partner's text: "(WIRED)Screens are", "(The Example Times) -- Screens are".
_BY_OUTLET = re.compile(rf"\([A-Z][\w.’'&/ -]{{1,30}}\)(?:\s*{_DASH}\s*|(?=[\"“A-Z]))")
_BY_CAPITALS = re.compile(
    rf"({_CAPITALS})({_REGION_OR_DATE})\s*(\([^()\n]{{2,40}}\))?\s*(?:{_DASH}|:)\s*(?=[\"“‘'A-Z\d])"
)
#: In other scripts: "… (رويترز) - ", "МОСКВА, 5 янв (ТАСС). ", "【ワシントン共同】", "新华社北京1月5日电 ".
_IN_OTHER_SCRIPTS = re.compile(
    r"(?:[^\W\d_a-zA-Z][^()\n.!?a-zA-Z]{0,40})?\((?:رويترز|أ ?ف ?ب|أ\.ف\.ب|د ?ب ?أ|الأناضول|واس|وام|قنا|بترا"
    r"|ТАСС|РИА Новости|Рейтер|Интерфакс|УНИАН|Укринформ|ロイター|共同|時事|新华社|新華社)\)"
    r"[.:：]?\s*(?:[-–—]\s*)?"
    r"|(?=[^a-zA-Z])【[^】\n]{1,30}】\s*|[（［](?:ロイター|共同|時事)[^）］\n]{0,20}[）］]\s*"
    r"|(?:新华社|中新社|中新网)[^，。\n]{1,20}电\s*(?:（[^）\n]{1,30}）)?\s*"
)
_BY_CITY = re.compile(
    r"(?:New Delhi|Mumbai|Kolkata|Chennai|Bengaluru|Bangalore|Hyderabad|Lucknow|Patna|Islamabad|Karachi"
    r"|Lahore|Dhaka|Kathmandu|Beijing|Tokyo|Seoul|Moscow|Kyiv|Kiev|London|Paris|Berlin|Brussels|Geneva"
    r"|Rome|Madrid|Washington|New York|Jerusalem|Cairo|Beirut|Baghdad|Tehran|Kabul|Nairobi|Lagos"
    r"|Johannesburg|Sydney|Ottawa)(?:, [A-Z][\w.]+(?: \d{1,2})?)?\s?(?:[—–]|--+|-(?=\s)"
    r"|:)\s*(?=[\"“A-Z])"
)
#: Of no city known here: "Springfield – Several", "Old Springfield, EX, Exampleland: Several".
_BY_SHAPE = re.compile(
    r"[A-Z][a-z]+(?: [A-Z][a-z]+){0,2}(?:(?:, [A-Z][\w.]*(?: [A-Z][\w.]*)?){0,2}\s(?:[—–]|--)\s"
    r"|(?:, [A-Z][\w.]*(?: [A-Z][\w.]*)?){2}: )(?=[\"“A-Z][^—–]*\Z)"
)
#: Capitals this short are an abbreviation, as in "IBM - The Board", unless they are one of these.
_SHORT = 4
_SHORT_PLACES = re.compile(
    r"ADEN|BAKU|BATH|BERN|BONN|CHAD|CORK|CUBA|DOHA|GAZA|GOA|IRAN|IRAQ|KIEV|KYIV|LIMA|LYON|MALI|NICE|OMAN|OSLO"
    r"|RENO|RIGA|ROME|TOGO|WACO|YORK"
)

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
#: When it was published, with a year: "Updated: Fri, 20 Nov 2026 at 09:56 IST ", "November 20, 2026 9:56 am".
_STAMP = re.compile(
    r"(?:(?:last |originally |first )?(?:published|posted|updated)(?: (?:on|at))?\s?:?\s+)?"
    r"(?:\d{1,2}: ?\d\d(?: ?[ap]\.? ?m\b\.?)?,? )?"
    r"(?:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?\.?,?\s+)?"
    rf"(?:{_MONTH} \d{{1,2}},? \d{{4}}|\d{{1,2}} {_MONTH},? \d{{4}}|\d{{4}}-\d\d-\d\d"
    r"|\d{1,2} ?/ ?\d{1,2} ?/ ?(?:\d\d){1,2})"
    r"(?:\s*[-–—,|]?\s*(?:at )?\d{1,2}: ?\d\d(?:: ?\d\d)?(?: ?[ap]\.? ?m?\b\.?)?(?: hrs)?"
    r"(?: (?:GMT|UTC|BST|CET|IST|[ECMP][SD]?T)\b)?)?"
    r"\s*[-–—:|.]?\s+(?=[\"“‘'A-Z])",
    re.IGNORECASE,
)


def stamp(paragraph: str) -> int:
    """How many characters of *paragraph* say when it was published, with the space behind them; or 0."""
    found = _STAMP.match(paragraph[:_LONGEST])
    # Case counts for what begins behind it only: "November 20, 2026 was a Friday".
    return found.end() if found and not paragraph[found.end() : found.end() + 1].islower() else 0


def dateline(paragraph: str) -> int:
    """How many characters of *paragraph* are its dateline, with the white space behind it; 0 without one.

    "IBM - the computer giant - fell" and "The Brihanmumbai Electric Supply and Transport (BEST) is …"
    have none.
    """
    opening = paragraph[:_LONGEST]
    by_agency = _BY_AGENCY.match(opening)
    if by_agency and _names_an_agency(by_agency, opening):
        return by_agency.end()
    by_outlet = _BY_OUTLET.match(opening)
    if by_outlet:
        return by_outlet.end()
    by_capitals = _BY_CAPITALS.match(opening)
    if by_capitals:
        place, region, source = by_capitals.groups()
        if region or source or len(place) > _SHORT or _SHORT_PLACES.fullmatch(place):
            return by_capitals.end()
    by_city = _BY_CITY.match(opening) or _BY_SHAPE.match(opening) or _IN_OTHER_SCRIPTS.match(opening)
    return by_city.end() if by_city else 0


def _names_an_agency(match: re.Match[str], opening: str) -> bool:
    """Not so in "The Associated Press (AP) said" and "British Broadcasting (BBC) Director …"."""
    place, gap, agency, dash = match.groups()
    if opening[match.end() : match.end() + 1].islower():
        return False
    if dash or not place or not gap or place.isupper() or "," in place:
        return True
    initials = "".join(word[0] for word in place.split())
    return not place.startswith("The ") and not agency.strip("(/").startswith(initials[:2])
