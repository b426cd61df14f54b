"""Who made a picture, in one newsroom form, whatever form it was given in.

The form is "Associated Press / Photo by Ariel Schalit", "Photo by Ana Sá" or "Reuters".
"""

from __future__ import annotations

import re
from typing import NamedTuple

from digest.words.text import clean, listed

#: How agencies and distributors are written, by what they are called.
AGENCIES = {
    "ap": "Associated Press",
    "ap photo": "Associated Press",
    "ap photos": "Associated Press",
    "ap images": "Associated Press",
    "associated press": "Associated Press",
    "associated press photo": "Associated Press",
    "the associated press": "Associated Press",
    "getty": "Getty Images",
    "gettyimages": "Getty Images",
    "getty images": "Getty Images",
    "reuters": "Reuters",
    "reuters photo": "Reuters",
    "afp": "AFP",
    "afp photo": "AFP",
    "agence france-presse": "AFP",
    "epa": "EPA",
    "epa-efe": "EPA-EFE",
    "efe": "EFE",
    "upi": "UPI",
    "dpa": "dpa",
    "picture alliance": "picture alliance",
    "picture-alliance": "picture alliance",
    "pa": "PA Media",
    "pa media": "PA Media",
    "pa wire": "PA Media",
    "pa images": "PA Media",
    "apa": "APA",
    "ansa": "ANSA",
    "aap": "AAP",
    "anadolu": "Anadolu",
    "anadolu agency": "Anadolu",
    "xinhua": "Xinhua",
    "kyodo": "Kyodo News",
    "kyodo news": "Kyodo News",
    "tass": "TASS",
    "pti": "PTI",
    "ani": "ANI",
    "ians": "IANS",
    "the canadian press": "The Canadian Press",
    "nurphoto": "NurPhoto",
    "zuma": "ZUMA",
    "zuma press": "ZUMA",
    "zuma wire": "ZUMA",
    "sipa": "Sipa",
    "sipa usa": "Sipa USA",
    "bloomberg": "Bloomberg",
    "redux": "Redux",
    "magnum photos": "Magnum Photos",
    "alamy": "Alamy",
    "alamy stock photo": "Alamy",
    "rex": "Shutterstock",
    "rex/shutterstock": "Shutterstock",
    "shutterstock": "Shutterstock",
    "shutterstock.com": "Shutterstock",
    "istock": "iStock",
    "istockphoto": "iStock",
    "adobe stock": "Adobe Stock",
    "pixabay": "Pixabay",
    "unsplash": "Unsplash",
    "pexels": "Pexels",
    "flickr": "Flickr",
    "wikimedia": "Wikimedia Commons",
    "wikimedia commons": "Wikimedia Commons",
    "wikipedia": "Wikimedia Commons",
    "instagram": "Instagram",
    "facebook": "Facebook",
    "twitter": "Twitter",
    "nasa": "NASA",
    "esa": "ESA",
    "noaa": "NOAA",
}
#: Those that pass on the pictures of others, who are often one word: "smolaw11/iStock".
_STOCK = frozenset(
    {
        "Getty Images",
        "Alamy",
        "Shutterstock",
        "iStock",
        "Adobe Stock",
        "Pixabay",
        "Unsplash",
        "Pexels",
        "Flickr",
    }
    | {"Wikimedia Commons", "Instagram", "Twitter", "Facebook"}
)
_DISTRIBUTORS = _STOCK | {"Associated Press", "Reuters", "AFP", "ZUMA", "Redux", "APA", "PA Media", "EPA"}
_BODY = re.compile(
    r"\b(?:images?|news|press|photos?|photography|pictures?|agency|media|stock|times|post|herald|tribune"
    r"|journal|gazette|star|chronicle|observer|ledger|courier|telegraph|inquirer|examiner|dispatch|sentinel|globe|magazine|review|today|sports?|offices?|department|ministry"
    r"|university|college|school|institute|foundation|association|society|collaboration|observatory|police"
    r"|sheriff|customs|army|navy|force|museum|gallery|theatre|theater|orchestra|government|authority|service"
    r"|protection|network|television|tv|studios?|pictures|games|entertainment|films?|records|radio|wire"
    r"|commons|archives?|library|unit|team|party|council|committee|commission|center|centre|group|company"
    r"|corp(?:oration)?|inc|ltd|llc|plc|gmbh|e\.v|co|the|courtesy|care)\b",
    re.IGNORECASE,
)
NOTICE = re.compile(
    r"(?:©|\(c\)\s|(?:image|photo|picture|pic|video|photograph|foto|bild|credit|crédit|source|copyright|imagen"
    r"|imagem|immagine|crédito|credito|quelle|fuente|fonte|zdjęcie|źródło|фото|источник|写真|图|صورة|תצלום|צילום)s?"
    r"(?:\s+(?:credits?|source|copyright|courtesy|photos?))?\s*(?:[:：,.]+|\bvia\b|(?=\b(?:by|courtesy)\b))"
    r"|(?:image|photo|picture)\s+(?:source|credits?|copyright)\s|copyright\s(?:©)?)\s*",
    re.IGNORECASE,
)
_BY = re.compile(
    r"(?:(?:photo(?:graph)?|picture|image)s?\s+|photography\s+|photographed\s+)?(?:by|von|par|por)\b:?\s+"
    r"|photographer:?\s+",
    re.IGNORECASE,
)
_DRAWN = re.compile(
    r"(photo[ -]illustration|illustration|graphic|drawing|map|collage|video|rendering|artwork|cartoon)s?"
    r"(?:\s+by\b:?|:)\s+",
    re.IGNORECASE,
)
_COURTESY = re.compile(r"(?:(?:photo|image|picture)s?\s+)?courtesy(?:\s+of\b|:)?\s+", re.IGNORECASE)
_BETWEEN = re.compile(
    r"\s*/\s*|\s*\|\s*|\s+for\s+|\s+via\s+|[,;]\s+|\s+[-–—•]\s+|(?<=[a-z]{2})\.\s+", re.IGNORECASE
)
#: Says when or how the picture came, and in whose pay, not from whom.
_NO_MAKER = re.compile(
    r"(?:(?:ap |the )?(?:file|pool|handout|archive|submitted|supplied|provided|stock|staff|contributed)s?"
    r"(?: (?:photo|image|picture)s?)?|stf|staff (?:photo(?:grapher)?|writer)|contributor|stringer|freelance"
    r"|photographer|correspondent|special to|cc[ -](?:by|0)\S*(?: [\d.]+)?(?: \w\w)?|all rights reserved"
    r"|(?:19|20)\d\d|https?:?\S*|www\.\S+|[\w.-]+\.(?:org|com|php)\S*|w|less|more)\.?",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"^(?:admin|caption(?: close)?|advertisement|comments?|next|share|tagged|links?|editorial staff"
    r"|illustration|photo|image|picture|video|credit|published|updated|watch|live|enlarge|close|menu|search|home|copyright)\b"
    r"|^\d+ |\b(?:19|20)\d\d\b|[?!]",
    re.IGNORECASE,
)
_TRAILING = re.compile(
    r"(?:\s*[,/(-]\s*|\s+)(?:(?:file|submitted|courtesy|contributed|provided|supplied|handout)"
    r"(?: (?:photo|image|picture))?s?|stf|contributor|stringer|staff|pool)\)?$",
    re.IGNORECASE,
)
#: What a lawyer adds, anywhere in it.
_RIGHTS = re.compile(
    r"[.,]?\s*\ball rights reserved\b\.?|(?<=/)\s*(?:copyright|©|\(c\))(?: ?(?:19|20)\d\d)?(?: by\b)?",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"\bhttps?:\S+|\bwww\.\S+")
_ABBREVIATION = re.compile(r"\b(?:Co|Inc|Ltd|Corp|Jr|Sr|Bros|[A-Z])\.$|\be\.\s?V\.$")
#: As agencies write: "Ana DE SÁ".
_LOUD_SURNAME = re.compile(r"(?:[^\W\d_a-z][a-zà-ÿ’'-]+ )+(?:[^\W\d_a-zà-ÿ]{2,}[ '’-]?){1,4}")
_PARTICLES = listed(
    "de da do dos das del della di du la le el van der den von zu bin ibn al and und y e et & of for the ten"
)
_LONGEST = 120
#: Words of a person's name, or of two; and of a body's.
_PERSON, _NAME = 6, 8


class _Maker(NamedTuple):
    name: str
    #: What the part says that this one made ("Photo"), or "".
    work: str


def normal_credit(text: str) -> str:
    """A credit in the house form; "" where *text* is none. Doing it twice changes nothing."""
    text = " ".join(_RIGHTS.sub(" ", _ADDRESS.sub("", clean(text))).split()).strip(" ()[]|,;")
    if not text or len(text) > _LONGEST or text.endswith("?"):
        return ""
    parts = _BETWEEN.split(_without_notice(text).replace(" (", " / ").replace(")", ""))
    makers = [maker for maker in map(_maker, parts) if maker.name]
    if not all(map(_is_plausible, makers)):
        return ""
    persons, bodies, work = _sorted(makers)
    photo = [f"{work or 'Photo'} by {' and '.join(persons)}"] if persons else []
    return " / ".join([_joined(bodies), *photo] if bodies else photo)


def _sorted(makers: list[_Maker]) -> tuple[list[str], list[str], str]:
    """Persons, bodies and what the persons made."""
    persons: list[str] = []
    bodies: list[str] = []
    work = ""
    has_stock = any(maker.name in _STOCK for maker in makers)
    # In "Salt Ledger / Photo by Ana Sá" whatever stands before the one who made it is no second person.
    made_by = next((n for n, maker in enumerate(makers) if maker.work and not is_body(maker.name)), 0)
    for place, maker in enumerate(makers):
        lone = " " not in maker.name and not maker.name.startswith("@")
        unsure = lone and len(makers) > 1 if maker.work else lone
        if place < made_by or is_body(maker.name) or (unsure and not has_stock) or not _is_person(maker.name):
            bodies.append(maker.name)
        elif persons and not maker.work and not bodies and len(makers) == 2:
            bodies.append(maker.name)  # of two names the person stands first: "Ana Sá / Morning Glory"
        else:
            persons.append(maker.name)
            work = work or maker.work
    return persons, list(dict.fromkeys(bodies)), work


def _joined(bodies: list[str]) -> str:
    via = " via " if len(bodies) == 2 and bodies[-1] in _DISTRIBUTORS else " / "
    return via.join(bodies)


def _without_notice(text: str) -> str:
    notice = NOTICE.match(text)
    return text[notice.end() :] if notice else text


def _maker(part: str) -> _Maker:
    part = _bare(part)
    work = ""
    while True:
        if by := _BY.match(part):
            part, work = part[by.end() :], work or "Photo"
        elif drawn := _DRAWN.match(part):
            part, work = part[drawn.end() :], drawn[1].capitalize()
        elif notice := NOTICE.match(part):
            part = part[notice.end() :]
        elif (courtesy := _COURTESY.match(part)) and not part.startswith("Courtesy of "):
            part = f"Courtesy of {part[courtesy.end() :]}"
        elif trailing := _TRAILING.search(part):
            part = part[: trailing.start()]
        else:
            break
    name = _bare(part)
    if not name or _NO_MAKER.fullmatch(name):
        return _Maker("", "")
    known = AGENCIES.get(name.casefold())
    return _Maker(known or _cased(name), work)


def _bare(part: str) -> str:
    part = part.strip(" ,:()[]").lstrip(".").strip()
    return part if _ABBREVIATION.search(part) else part.rstrip(" .,:")


def _cased(name: str) -> str:
    """A name of several words out of capitals: "ANA DE SÁ" and "Ana DE SÁ" are Ana de Sá.

    "USA TODAY Sports" stays as it is.
    """
    words = name.split()
    shouted = name.isupper() or (_LOUD_SURNAME.fullmatch(name) and not is_body(name))
    if len(words) < 2 or not shouted:
        return name
    titled = [word.title() if word.isupper() and "." not in word else word for word in words]
    return " ".join([titled[0], *(w.lower() if w.lower() in _PARTICLES else w for w in titled[1:])])


def is_body(name: str) -> bool:
    """Whether *name* is an agency's, an office's or a company's, and no person's."""
    one_word = " " not in name
    return name in _NAMES or (one_word and name.isupper()) or bool(_BODY.search(name))


_NAMES = frozenset(AGENCIES.values())


def _is_person(name: str) -> bool:
    words = name.split()
    if len(words) == 1:
        return True
    return len(words) <= _PERSON and not any(map(str.isdigit, name)) and not _small(words)


def _small(words: list[str]) -> list[str]:
    """Those in small letters that are no part of a name."""
    return [
        word
        for word in words
        if word[:1].islower() and word.casefold() not in _PARTICLES and word[1:2] not in ("'", "’")
    ]


def _is_plausible(maker: _Maker) -> bool:
    """Whether it can be the name of anybody, and is no sentence or button."""
    if maker.name in _NAMES:
        return True
    words = maker.name.split()
    letters = sum(map(str.isalpha, maker.name))
    return (
        len(words) <= _NAME
        and (len(words) == 1 or len(_small(words)) < 2)
        and 3 * letters > len(maker.name)
        and not _NO_NAME.search(maker.name)
    )
