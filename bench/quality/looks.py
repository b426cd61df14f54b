"""What faults look like: one pattern a fault, one alternative a line."""

from __future__ import annotations

import re


def either(alternatives: str, *, flags: int = 0, **parts: str) -> re.Pattern[str]:
    """A pattern of the lines of *alternatives*, in which "<NAME>" stands for one of *parts*."""
    for name, part in parts.items():
        alternatives = alternatives.replace(f"<{name}>", part)
    return re.compile("|".join(filter(None, map(str.strip, alternatives.splitlines()))), flags)


def _one_of(words: str) -> str:
    return f"(?:{'|'.join(words.split())})"


_AGENCY = (
    r"(?:AP|AFP|AAP|ANI|ANSA|AFX|BBC|Bloomberg|CBC|CBS|CNN|CP|DPA|dpa|EFE|IANS|Interfax|Kyodo|PA|PTI|REUTERS"
    r"|Reuters|TASS|TNS|UPI|WAM|Xinhua|XINHUA|(?:The )?Associated Press|(?:The )?Canadian Press"
    r"|Business ?Wire|PR ?Newswire)"
)
#: At the beginning of a sentence. "IBM - the computer giant - fell" has a small letter behind its dash, and
#: "The Brihanmumbai Electric Supply and Transport (BEST) is" no agency.
DATELINE = either(
    r"""
    \W{0,2}(?:[\w.,'’/ -]{2,60}?[ ,/])?\(<A>(?:/[\w ]+)?\)(?=\s*(?:[-–—:|]|[A-Z“"])|\s*\Z)
    [A-Z][A-Z.'’]{3,}(?:[ ,/-]+[A-Z][\w.'’]+){0,5}(?:,? \d{1,2})?\s*(?:\([\w ]+\))?\s*<DASH>\s*(?=[A-Z“"\d])
    <NAME>{0,4},?(?: \d{1,2})?,?\s*<A>\s*(?:[-–—:|]|--)\s
    <NAME>{0,3}(?: \d{1,2})?(?: ?[–—] |\s--+\s?)(?=The |An? |In |On |At |“|"|Police )
    """,
    A=_AGENCY,
    DASH=r"(?:[–—]|--+|-\s|:\s)",
    NAME=r"[A-Z][\w.'’]+(?:[ ,/]+[A-Z][\w.'’]+)",
)
MARKUP = either(
    r"""
    </?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>
    &(?:[a-z]{2,8}|\#x?\w{1,6});
    \{\{|\}\}|\[\[|\]\]|\*\*|__
    \[/?\w+(?:=[^\]]*)?\]\(
    https?://|\bwww\.\w|pic\.twitter\.com|\bt\.co/
    �|â€|\\[nrt"u]
    \bvar \w+\s?=|\bfunction\s?\(|@media\b
    \w\.(?:jpe?g|png|gif|svg)\b
    """,
    flags=re.IGNORECASE,
)
GLUED = either(
    r"""
    [a-z]{2}[.!?]["”’')]*[A-Z][a-z]
    [a-z]{2}[,;:][A-Za-z]{2}
    [a-z)][”"][A-Za-z]{2}
    \w\)[A-Za-z]{2}|[a-z]\([A-Z]
    \d(?:am|pm|GMT|ET)[A-Z]
    """
)
DOMAIN = re.compile(r"\w\.(?:com|org|net|co|gov|edu|io|tv|uk|in|de|fr|eu|au|ca|us)\b", re.IGNORECASE)
INNER_CAPITAL = re.compile(r"[a-z]{2,}[A-Z][a-z]+")
NAME_WITH_CAPITAL = re.compile(r"(?:Mac|Mc|De|La|Le|Fitz|Van|Di|Du)[A-Z]")

CAPTION = either(
    r"""
    \bfile (?:photo|image|picture|pic)\b
    \b(?:getty(?: images)?|shutterstock|i?stock ?photo|ap photo)\b
    \bphotos? (?:credit|courtesy)\b
    \b(?:image (?:caption|copyright|source)|media (?:caption|playback))\b
    \b(?:pictured|seen|shown) (?:above|below|here|left|right|in this|in a file)\b
    \bin this (?:undated |file |\w+\.? \d+, \d{4},? )?(?:photo|picture|image|handout|still|frame)\b
    \bposes? for (?:a |photo|the )
    \bscroll down for\b
    \b(?:hand-?out|undated) (?:photo|picture|image)\b
    \((?:[\w ,.'’-]{0,40}\b)?<PLACE>\)
    \([\w ,.'’-]{1,40}[ ,][lr]\)
    \A(?!.*\b<OFFICE>\b[^()]{0,40}\([lr]\)).*\([lr]\)
    \A(?:pictured|above|below|left|right|top|inset|caption)\b\s?[:,]
    (?:/|\bvia )(?:AP|AFP|EPA|Getty|Reuters|Shutterstock)\b
    """,
    flags=re.IGNORECASE,
    PLACE=_one_of("left right centre center pictured above below top bottom inset file front back"),
    OFFICE=_one_of("gov sen sens rep reps governor senator congressman congresswoman candidate"),
)
CREDIT = either(
    r"""
    (?:\(|\A|[.!?]\s)(?:Photo|Image|Picture|Illustration|Video)s?(?:graphs?)?(?: credit)?(?: by |: )[A-Z]
    [A-Z][\w’'-]+, (?:left|right|centre|center|second from left|far right|far left),
    """
)
BYLINE = either(
    r"""
    \A\W*By [A-Z][\w.'’-]+ [A-Z][\w.'’-]+(?:\W*\Z|,? (?:and|&|for|of|[A-Z]{2,})\b| \|)
    \A\W*(?:Words|Text|Written|Reported|Posted|Published|Compiled|Edited|Story) by (?:[A-Z]\w+|the )
    \A\W*(?:(?:Additional |With )?[Rr]eporting|Editing|Writing|Photograph[sy]?) by\b
    \A\W*(?:(?:Last |First )?(?:Updated|Published|Posted|Modified))(?: on| at|:)?\s*(?:\w+ \d|\d|:)
    \bcontributed to this (?:report|story|article)
    \bis an? (?:<RANK> )?(?:writer|reporter|editor|correspondent) (?:at|for|with|who|based|covering)\b
    \b(?:can be reached|reach (?:him|her|them)) at\b
    \b[Ff]ollow (?:him|her|them|me|us)\b.{0,20}(?:\bon\b|@)
    \b\d+ min(?:ute)?s? read\b
    """,
    RANK=_one_of("staff senior freelance contributing"),
)
BOILERPLATE = either(
    r"""
    \bread (?:more|also|next|the full (?:story|article|report)|our)\b
    \b(?:click (?:here|on|to|below|through)|tap here)\b
    \bsign (?:up|in) (?:for (?:our|the|free)|to (?:our|receive|get|read)|here|now|below)\b
    \bsubscribe (?:to|now|here|for|today)\b|\bsubscribers? only\b|\balready a (?:subscriber|member)\b
    \bnewsletters?\b.{0,40}\b(?:inbox|sign|subscri|deliver)
    \b(?:we|site|website|sites) uses? cookies\b|\bcookie (?:policy|settings|notice)\b|\baccept cookies\b
    \bprivacy (?:policy|notice)\b|\bterms (?:of (?:use|service)|and conditions)\b
    \ball rights reserved\b|\bmay not be (?:published|reproduced|rewritten)\b|\bcopyright (?:\d{4}|\(c\))|©
    \b(?:post|leave|add|join) (?:a |your |the )?(?:comment|conversation)\b
    \bcomments? (?:below|section|are closed)\b|\blatest comments\b
    \b(?:share this|like us on|follow us|download (?:the|our) app)\b
    \bwatch (?:the )?(?:video|live|below|above)\b
    \b(?:story continues|continue reading|(?:article|content) continues)\b
    \b(?:sponsored content|enable javascript|ad ?blocker|free (?:articles|trial) remaining)\b
    \bplease (?:enable|disable|wait|log in|sign|subscribe|visit|consider|click|check your)\b
    \bthis <TEXT> (?:(?:has been|was|is being|will be|is) )?(?:first |originally )?<MADE>\b
    \boriginally (?:appeared|published)\b|\brelated (?:stories|articles|content|coverage)\b
    \beditor[’']s note\b|\b(?:stay tuned|check back) for\b|\bbreaking news alerts\b
    \bsupport (?:our|local|independent) journalism\b|\bthank you for reading\b
    \b(?:e-?mail|send) (?:us|tips|your)\b|\blet us know\b|\btell us (?:what|in|your)\b
    \b(?:opinions?|views) expressed\b
    \A\W*(?:related|read|see|watch|listen|more|video|gallery|photos|also|update|correction|note)\s?[:|]
    \AAdvertisement\b
    """,
    flags=re.IGNORECASE,
    TEXT=_one_of("story article post report page piece"),
    MADE=_one_of("updated corrected amended published appeared developing produced"),
)

ENDS = re.compile(r"[.!?。！？؟]\s?[\"”’'»)\]]*\Z")
TRAILS_OFF = re.compile(r"(?:…|\.\.+|\[…\])[\"”’'»)\]]*\Z")
#: An abbreviation, an initial or a word that no sentence ends with, before its stop.
HALF_END = either(
    r"""
    \b<TITLE>\.\Z
    \b<OTHER>\.\Z
    (?:\A|\s)[A-Z]\.\Z
    """,
    TITLE=_one_of(
        "Mr Mrs Ms Dr Sen Sens Rep Reps Gov Gen Lt Col Sgt Capt Prof Rev Hon Pres Supt Det Messrs vs"
    ),
    OTHER=_one_of("No Nos Jan Feb Sept Oct Nov the an of and or"),
)
STARTS_SMALL = re.compile(r"\W*[a-z](?![A-Z])")
#: What may stand before a sentence in its paragraph.
WHOLE_BEFORE = re.compile(r"(?:[.!?…。！？:;|*•>-]|[\"')\]])\Z")

_TIME = _one_of("year week month morning afternoon evening weekend season summer winter spring fall autumn")
DANGLING = either(
    r"""
    \W*(?:He|She|They|Him|Her|Hers|His|Their|Theirs|Them|Its)\b
    \W*(?:These|Those)\b(?! who)
    \W*That\b(?! (?:is|was) (?:the|a|what))
    \W*This\b(?! (?:<TIME>|time|past|coming|is (?:the|a|what|how|why)))
    \W*It\b(?!(?:[’']s|[’']ll| is| was| will be| has been| had been| must be)| <IMPERSONAL>)
    \W*<CONNECTIVE>\b
    \W*Both\b(?! the | [A-Z])|\W*The <POINTER>\b
    \W*(?:<BEFORE>|Because of|As a result of) (?:that|this|these|those|it|his|her|their|him|them)\b(?! <TIME>)
    \W*(?:In (?:addition|contrast|turn|response|other words)|As a result|On the other hand)\b
    \W*For (?:example|instance)\b
    \W*According to (?:him|her|them|it|his|their)\b
    \W*<WHEN> (?:he|she|they|it|this|that|these|those|his|her|their|asked)\b
    """,
    TIME=_TIME,
    IMPERSONAL=(
        "(?:may|might|would be|could be|can be|seems|appears|turns|turned|takes|took|remains|looks|sounds)"
    ),
    CONNECTIVE=_one_of(
        "But And Or Nor So Yet However Also Meanwhile Moreover Furthermore Therefore Thus Instead "
        "Nevertheless Nonetheless Additionally Otherwise Likewise Similarly Then Later Afterwards? Besides "
        "Still Indeed Consequently Such Neither Others? Another"
    ),
    POINTER=_one_of("former latter pair duo trio same"),
    BEFORE=_one_of("In At After Before During Despite For With Following Since By From On"),
    WHEN=_one_of("When While As After Before Although Though If Once Because Until"),
)
CONTINUES = re.compile(
    r"\A(?:\S+\s+){1,7}?(?:(?:also|however|meanwhile|in turn|instead|therefore|as well)\b|too[,.])"
)
#: Behind a quotation, which “” stands for.
NAMELESS_SPEAKER = either(
    r"""
    \A\W?“”,? (?:he|she|they|it)(?: \w+)? <SAID>\b
    \A\W?“”,? <SAID> (?:he|she|they)\b
    \A\W?“”,? the (?:spokes\w+|statement|man|woman|source|minister|officer|official|player) <SAID>\b
    """,
    SAID=_one_of(
        "said says told added adds wrote writes tweeted explained continued noted recalled asked insisted"
    ),
)
IT_IS = re.compile(r"\W*It(?:[’']s|[’']ll| is| was| has been| will be)\b")
#: "It is clear that …" points back at nothing.
IMPERSONAL = either(
    r"""
    It(?:[’']s| is| was| has been| will be)(?: not| also| now| still)? <OPENER>\b
    It(?:[’']s| is| was| has been| will be)(?: not| also| now| still)? \w+ (?:that|to|how|when|whether|for)\b
    """,
    OPENER=_one_of(
        "a an the been time hard easy clear unclear possible one about as never what how no like official"
    ),
)

SINGLE_QUOTED = re.compile(r"(?<!\w)['‘](?=\w).*?[\w.,!?…)-]\s?['’](?!\w)")
STRAY_SINGLE = either(
    r"""
    \A['‘](?!\d\ds?\b|(?:til|em|tis|twas|cause)\b)\w
    [.,!?…]\s?['’](?:\s|\Z)
    """
)
QUOTED = either(
    r"""
    “[^“”]*”?
    „[^“”„]*[“”]?
    «[^«»]*»?
    "[^"]*"?
    (?<!\w)[‘'](?=\w).*?[\w.,!?…]['’](?!\w)
    """
)
FIRST_PERSON = re.compile(
    r"(?<!War )(?<!Elizabeth )(?<!Charles )(?<!James )(?<!Part )(?<!Type )(?<!Phase )(?<!Class )(?<!Title )"
    r"\bI(?:[’'](?:m|ve|d|ll))?(?= [a-z])"
    r"|\b(?:[Ww]e|[Ww]e[’'](?:re|ve|ll|d)|[Oo]urs?|[Mm]y|us|me|[Mm]yself|[Oo]urselves)\b"
)
PRONOUN_FIRST = re.compile(r"\W*(?:He|She|They|His|Her|Their|But|However)\b")
