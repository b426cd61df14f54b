"""The text below a picture, split into what it shows and who made it."""

from __future__ import annotations

import re
from typing import NamedTuple

from digest.extraction.credits import normal_credit
from digest.words.text import clean


class Words(NamedTuple):
    caption: str
    credit: str


#: Agencies by the names that stand bare at the end of a caption; "PA" is also a state.
_BARE = (
    r"AFP via Getty(?: Images)?|Getty(?: Images)?|AP(?: Photo)?|AFP|REUTERS|Reuters|EPA|UPI|Shutterstock|"
    r"|iStock|(?<!, )PA|Associated Press|USA TODAY Sports|Alamy|Xinhua"
)
#: No full stop but an initial's: the name begins behind the sentence before it.
_PERSON = r"[A-ZÀ-Þ](?:[\w'’-]*|\.(?:[A-Z]\.)*)(?: (?:[A-Z]\.(?:[A-Z]\.)*|[\w'’-]+)){0,4}"
_BODY = r"[A-ZÀ-Þ][\w.'’&-]*(?: [\w.'’&-]+){0,5}(?: ?/ ?[\w .-]{2,30})?"
#: Words that open a credit wherever they stand; in small letters only at the beginning.
_OPENER = (
    r"(?:(?:Photo|Image|Picture|Pic|Photograph|Illustration|Graphic|Video|Foto|Bild|Photo [Ii]llustration"
    r"|Imagen|Imagem|Immagine|Zdjęcie|Фото|写真|图|صورة|תצלום|צילום)s?"
    r"(?: [Cc]redits?| [Ss]ource| [Cc]ourtesy)?\s?(?:[:：]|\.\.\.)|(?:AP |AFP )?Photos?/"
    r"|(?:Image|Photo|Picture)s? (?:[Cc]opyright|[Ss]ource)\b"
    r"|(?:Photo|Picture|Photograph|Image|Illustration|Video|Graphic|Photo [Ii]llustration)s?"
    r" (?:[Bb]y|via|courtesy)\b"
    r"|(?:[Ii]mage |[Pp]hoto |[Pp]icture )?(?:Credits?|Source|Copyright|Crédits?(?: [Pp]hotos?)?|Cr[ée]ditos?"
    r"|Quelle|Fuente|Fonte|Źródło|Источник)\s?(?:[:：]|\.\.\.)"
    r"|(?:Photo )?[Cc]ourtesy(?: of\b| photo\b|:)|©|\(c\)|CREDIT:|PHOTO:|PHOTO BY|IMAGE:"
    r"|Courtesy (?=[A-Z])|Handout (?:via|photo)|Care of\b)"
)
_BRACKETED = re.compile(
    r"\s*[(\[]\s*(?P<credit>[^()\[\]]{2,120}(?:\([^()]{2,20}\)[^()\[\]]{0,60})?)\s*[)\]][.,]?$"
)
_MARKED = re.compile(rf"(?:^(?i:{_OPENER})|(?<=[\s.。|”\"’)\]]){_OPENER})")
_SLASHED = re.compile(
    r"(?:^|(?<=[.!?”\"’)] )|(?<= \| )|(?<=[a-z] ))(?P<credit>"
    rf"(?:REUTERS|Reuters|AP Photo|AFP PHOTO|AFP|AP|EPA) ?/ ?{_BODY}"
    rf"|(?:(?<=[.!?”\"’)] )|(?<= \| )|^){_PERSON} ?/ ?{_BODY})\.?$"
)
#: The same behind a caption that is no sentence: a name in its usual form and an agency.
_SIGNED = re.compile(
    r"(?<=[a-zà-ÿ\d] )(?P<credit>[A-ZÀ-Þ][\w'’-]+ (?:[A-Z]\. )?[A-ZÀ-Þ][\w'’-]+ ?/ ?"
    rf"(?:{_BARE})(?: ?/ ?(?:{_BARE}))?)\.?$"
)
#: Whom the picture was made for, right before the words that say by whom: "The Courier / Photo by …".
_MADE_FOR = re.compile(rf"(?:^|(?<=[.!?”\"’)] )){_PERSON} ?/ ?$")
_PIPED = re.compile(r"\s+[|•]\s+(?P<credit>[^|•]{2,80})$")
_AGENCY = re.compile(rf"(?:^|(?<=[\w.!?”\"’)] )(?<!\bvia ))(?P<credit>{_BARE})\.?$")
_SOUNDS_LIKE_CREDIT = re.compile(
    r"\b(?i:photos?|pictures? by|images?|getty|reuters|afp|epa|credit|courtesy|handout|via|shutterstock|upi"
    r"|dpa|illustration|associated press)\b|\b(?:AP|PA|PTI|ANI|IANS|EFE|ANSA)\b"
    r"|[A-Z@][\w.’'@-]*(?: [\w.’'-]+){0,4}\s?/\s?[A-Z]|\w+/(?:iStock|Getty)|©"
)
#: In brackets, and neither a credit nor worth keeping.
_EMPTY = re.compile(r"\s*\((?:files?|file photo|archive|stock image)\)\.?$", re.IGNORECASE)

#: What captions begin with and do not say.
_PREFIX = re.compile(
    r"^(?:(?:media|video) playback is (?:un|not )supported on (?:your|this) device\s*"
    r"|\S+\.(?:jpe?g|png|webp)\s+|(?:image|media|photo|picture|video) caption\s*[:,]?\s*|caption\s?:\s*"
    r"|(?:file photo|file photograph|file)\s?[:–—-]+\s*|\(files?\)\s*"
    r"|(?:image|photo|picture|pictured|video|watch)\s?:\s+|(?:enlarge this image|toggle caption|hide caption"
    r"|view gallery|image copyright|image source)\s*)+",
    re.IGNORECASE,
)
_SUFFIX = re.compile(
    r"(?:\s*(?:…|\.\.\.)?\s+(?:more|less)|\s*(?:caption close|toggle caption|hide caption|enlarge))$",
    re.IGNORECASE,
)
#: The sentence before this one is cut.
_CUT = re.compile(r"(?:…|\.\.\.)\s+more$")
_SENTENCE_END = re.compile(r"[.!?][\"”’)]*(?=\s)")
#: The BBC's: "Image source, Getty Images Image caption, The bridge".
_BEFORE = re.compile(
    r"^image (?:copyright|source),? (?P<credit>.{2,60}?) image caption,? (?P<caption>.+)$", re.IGNORECASE
)
#: What is left of "Photo AFP".
_NO_CAPTION = re.compile(r"(?:photo|foto|bild|image|picture|credit)s?", re.IGNORECASE)
#: A paragraph that is a caption has at most so many characters, and one of these words or marks.
_LONGEST = 400
_SHOWS = re.compile(
    r"\b(?:photos?|photographs?|pictures?|images?|foto|bild|courtesy|handout|shutterstock|crédit)\b|©|[^\s/]/[^\s/]",
    re.IGNORECASE,
)
#: "… she told Reuters.": it is of the sentence.
_OF_THE_SENTENCE = re.compile(rf"[a-zà-ÿ’] (?:the )?(?:{_BARE})\.[\"”’']*$")
_SLUG = re.compile(r"\w+(?:-\w+)+")
#: "(AP Photo/Ana Sá) Photo: Ana Sá / Associated Press", and one to spare.
_MOST_CREDITS = 3


def split_credit(text: str) -> Words:
    """A caption and the credit at its end: "A bridge. (AP Photo/Ana Sá)" has both.

    What is not known for a credit stays in the caption, word for word.
    """
    text = _without_buttons(clean(text))
    if before := _BEFORE.match(text):
        return Words(_trimmed(before["caption"]), normal_credit(before["credit"]))
    caption, credit = text, ""
    for _ in range(_MOST_CREDITS):
        caption = _EMPTY.sub("", caption)
        start, said = _ending(caption)
        if not said:
            break
        caption, credit = caption[:start].rstrip(" ([|•–—-,"), fuller(credit, said)
    return Words(_trimmed(caption), credit)


def is_caption(text: str) -> bool:
    """Whether a paragraph is no more than a picture's caption, or its credit: it ends in one.

    An agency alone at a paragraph's end may also be whose report it is.
    """
    if len(text) > _LONGEST or not _SHOWS.search(text):
        return False
    if _OF_THE_SENTENCE.search(text) and not _MARKED.search(text):
        return False
    return bool(split_credit(text).credit)


def fuller(one: str, other: str) -> str:
    """Of two credits of a picture, the one that says more: the agency as well as the name."""
    return max(one, other, key=lambda credit: (" / " in credit, len(credit)))


def _ending(text: str) -> tuple[int, str]:
    """Where the credit at the end of *text* begins, and that credit in the house form; "" without one."""
    bracketed = _BRACKETED.search(text)
    if bracketed and _SOUNDS_LIKE_CREDIT.search(bracketed["credit"]):
        return bracketed.start(), normal_credit(bracketed["credit"])
    for marked in _MARKED.finditer(text):
        made_for = _MADE_FOR.search(text[: marked.start()])
        start = made_for.start() if made_for else marked.start()
        if credit := normal_credit(text[start:]):
            return start, credit
    for pattern in (_SLASHED, _SIGNED, _PIPED, _AGENCY):
        found = pattern.search(text)
        if found and (credit := normal_credit(found["credit"])):
            return found.start("credit"), credit
    return len(text), ""


def _without_buttons(text: str) -> str:
    """*text* without the buttons behind it, nor the sentence that one of them would unfold."""
    kept = _SUFFIX.sub("", text)
    if not _CUT.search(text):
        return kept
    ends = [end.end() for end in _SENTENCE_END.finditer(kept)]
    return kept[: ends[-1]] if ends else ""


def _trimmed(caption: str) -> str:
    caption = _PREFIX.sub("", caption).strip(" |•–—-,;")
    return "" if _SLUG.fullmatch(caption) or _NO_CAPTION.fullmatch(caption) else caption
