"""Bylines, however they are written: the names in them, without roles, outlets, handles and degrees.

::

    By Ana Sá of the Example and BO EK, Staff Writers / Photos by Cy Oduya        Ana Sá, Bo Ek
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from digest.words.text import clean

_NO_NAME = re.compile(
    r"\A(?:guest|none|null|user)\b|\b(?:admin|administrator|anonymous|authors?|editorial|newsroom"
    r"|(?:news|web) ?desk|news|staff|team|unknown|webmaster|redaktion|redaction|redacción|redação|редакция"
    r"|гость|no-?reply|\w+day (?:morning|afternoon|evening|night)"
    r"|reporters?|correspondents?|editors?|writers?|columnists?|contributors?|bureau|producers?|letters|readers?"
    r"|redakteur(?:in)?|korrespondent(?:in)?|corresponsal|periodista|redactora?|journaliste|rédact(?:eur|rice)"
    r"|wire (?:service|report)s?|special to|published|updated|follow|comments?|agenc(?:y|ies))\b"
    r"|[@<>{}\d]|://|\.(?:com|org|net)\b",
    re.IGNORECASE,
)
#: Before one word, "von" is a first name, or of a surname: "Von Miller".
_BY = re.compile(
    r"^(?:(?:article|story|text|words|report(?:ing)?|analysis|opinion|commentary|interview|reviewed|posted"
    r"|published|updated|written|verfasst|escrito|écrit)\s+)?(?:by\b\s?:?|(?:von|par|por)\b\s?:?(?=\s+\S+\s+\S))\s+"
    r"|^(?:(?:guest )?authors?|autor(?:en)?|auteur|text[eo]?|words)\s?:\s*"
    r"|^(?:记者|記者|文|作者)(?:[:：]\s*|\s+)",
    re.IGNORECASE,
)
#: "Second Edition Edited by Ana Sá": whoever stands before it is no author.
_MADE_BY = re.compile(
    r"^.{0,60}\b(?:edited|written|compiled|translated|reported|interview|story) by\s+", re.IGNORECASE
)
#: Behind the names, who else had a hand in it: "Words by Ana Sá; photos by Bo Ek".
_OTHERS_BEHIND = re.compile(
    r"(?<=\S)(?:\s*[;,|/•·–—-]+\s*|\s+(?=(?:and |with )?(?:ph|f)oto))(?:and |with |und |et )?"
    r"(?:(?:additional|video|photo) )?"
    r"(?:photo(?:graph(?:s|y)?|s)?|pictures?|images?|illustrat(?:ions?|ed)|graphics?|videos?|edit(?:ed|ing)"
    r"|produced|translated|reporting|fotos?|bilder|photographies|data|maps?)"
    r"(?:\s+(?:by|von|par|por|de)\b|\s?:).*\Z",
    re.IGNORECASE,
)
_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day\b"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]{0,6}\.?"
#: Behind the names, when they were written; a weekday alone may be a name: "Ruby Tuesday".
_WHEN_BEHIND = re.compile(
    rf"(?:[\s,|•·–—-]+(?:on )?(?:(?:(?:last )?(?:published|updated|posted))\b|{_MONTH} \d)"
    rf"|[\s,|•·–—-]+on {_WEEKDAY}|\s+{_WEEKDAY},? (?:{_MONTH} )?\d"
    rf"|\s*[,|•·–—-]\s*{_WEEKDAY}(?=\W*(?:\Z|\d|{_MONTH} \d))).*\Z",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[<(\[]?\s*(?:mailto:)?[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}\s*[>)\]]?")
_HANDLE = re.compile(r"\s*[(\[]?@\w+[)\]]?|\s*\([^()]{1,40}\)|\s*\[email[^\]]*\]")
#: "Y" and "e" stand within a name, too, where one word follows: "José Ortega y Gasset".
_BETWEEN = re.compile(
    r"\s*(?:,\s+(?:and|und|et|y|e)\s|;|\||,(?!\s*(?:Jr|Sr|I{2,3}|IV)\b)|/|•|·|\s&\s|\s[–—-]\s"
    r"|\s(?:and|und|et|with|mit|avec|con)\s|\s(?:y|e)\s(?=[^\s,;|/&•]+\s(?!(?:y|e)\s)[^\W\d_]))\s*"
    r"|(?<=[a-z]{3})\.\s+(?=[A-Z])",
    re.IGNORECASE,
)
_DEGREE = re.compile(
    r"(?:ph\.?d|m\.?d|m\.?a|m\.?s|b\.?a|b\.?sc|m\.?sc|mba|mph|r\.?n|r\.?d|rdn|j\.?d|esq|dds|dvm|dphil|frcp|ccc"
    r"|lcsw|cpa|cfa|cscs|cpt|[a-z]{2,5}-?[cnp])\.?",
    re.IGNORECASE,
)
#: Characters of a byline that are read.
_LONGEST = 1000
_INITIAL = re.compile(r"\b(?:[A-Z]|Jr|Sr)\.$")
_NAMED = r"[^\W\d_a-z][\w.'’-]*(?: (?:(?:de|da|del|der|van|von|di|la|le|bin|al) )*[^\W\d_a-z][\w.'’-]*){1,3}?"
#: Behind a full name: where that person works, or is. An institute "of" or "for" something is no person.
_WHERE_BEHIND = re.compile(
    rf"(?P<name>{_NAMED}),? (?:(?:(?:of|at) the|[Ff]or(?: [Tt]he)?|in) [A-Z].*"
    r"|(?:The )?(?:Associated Press|AP|AFP|BBC(?: \w+)?|CNN(?: \w+)?|Reuters))"
)
#: The same for what that person is: "Ana Sá Senior Political Correspondent".
_ROLE_BEHIND = re.compile(
    rf"(?P<name>{_NAMED}),? (?i:(?:(?:assistant|associate|breaking|business|chief|city|climate|contributing"
    r"|court|crime|culture|defen[cs]e|deputy|digital|diplomatic|economics?|education|environment|executive|features?"
    r"|foreign|general|guest|health|home|investigative|legal|local|managing|multimedia|national|news|opinion"
    r"|political|politics|religion|science|senior|special|sports?|staff|state|tech(?:nology)?|transport|world"
    r"|assignment) )*(?:reporter|writer|correspondent|editor|columnist|contributor|photographer|producer"
    r"|journalist)s?\b.*)"
)
#: In Korean and Japanese it follows without a space.
_ROLE_CLOSE_BEHIND = re.compile(r"(?P<name>\S+?)\s*(?:기자|記者|记者)")
#: The same behind a comma, where whatever else it says is of it: "Ana Sá, Example Business Editor".
_ROLE_BETWEEN = re.compile(
    r",\s*[^,;|/&•]*?\b(?:reporter|writer|correspondent|editor|columnist|contributor|photographer|producer"
    r"|journalist|professor|lecturer|fellow|researcher)s?\b[^,;|/&•]*?(?=\s*(?:[,;|/&•]|\band\b|\Z))",
    re.IGNORECASE,
)
#: Behind a person, a name with such a word is where that person works.
_OUTLET = re.compile(
    r"\b(?:associated press|agence france|press association|news|times|post|herald|tribune|gazette|courier"
    r"|chronicle|journal|radio|tv|television|broadcasting|magazine|media|network|observer|echo|telegraph"
    r"|press|bbc|cnn|conversation|university|college|institute)\b",
    re.IGNORECASE,
)


#: Such a name is no person's, wherever it stands: "Ana Sá and The Associated Press", but "and Bo Press".
_SURELY_OUTLET = re.compile(
    r"\A(?:the|daily) |\b(?:associated press|agence france|press association|broadcasting|bbc|cnn"
    r"|conversation|university|college|institute|television|magazine|media|network)\b",
    re.IGNORECASE,
)
#: Words of a name with which two people are told from a person and an outlet.
_FULL_NAME = 2
_AND = re.compile(r"and|&|und|et|y|e|with|mit|avec|con", re.IGNORECASE)
#: "Sá, Ana": of one person, as libraries write it.
_SURNAME_FIRST = re.compile(r"[A-ZÀ-Þ][a-zß-ÿ’'-]+, [A-ZÀ-Þ][a-zß-ÿ’'-]+")


def is_name(text: str) -> bool:
    """Whether *text* can be a person's or a body's name: no role account, address or address of a page."""
    return 0 < len(text) <= 60 and len(text.split()) <= 6 and not _NO_NAME.search(text)


def split_authors(text: str) -> Iterator[str]:
    """The names in a byline: "By Ana Sá and Bo Ek, Staff Writers" has two."""
    if "://" in text:
        return
    whole = _MADE_BY.sub("", unsigned(text[:_LONGEST]))
    people = [person.strip() for person in whole.split(";")]
    if all(map(_SURNAME_FIRST.fullmatch, people)):
        yield from people
        return
    parted = [(joint, bare(_BY.sub("", part))) for joint, part in apart(_BETWEEN, whole)]
    parts = [part for _, part in parted]
    has_full = any(" " in part and is_name(part) for part in parts)
    for place, (joint, part) in enumerate(parted):
        name = part.title() if " " in part and part.isupper() else part
        alone = len(parts) == 1
        # Behind a full name, one word is an outlet, a place or a degree: "Ana Sá, MD", "Ana Sá, Reuters".
        is_more = not alone and has_full and (" " not in name or (place > 0 and is_outlet(name, joint)))
        if is_name(name) and not is_more and not (_DEGREE.fullmatch(name) and not alone):
            yield name


def unsigned(byline: str) -> str:
    """*byline* without addresses, handles, "By", and who took its pictures.

    ``jane@x.org (Jane Doe)`` and ``Jane Doe <jane@x.org>`` are both Jane Doe.
    """
    whole = clean(byline)
    if "@" in whole:
        named = _EMAIL.sub(" ", whole).strip()
        whole = named[1:-1] if named.startswith("(") and named.endswith(")") else named
    whole = _WHEN_BEHIND.sub("", _OTHERS_BEHIND.sub("", _HANDLE.sub("", whole).strip()))
    return _ROLE_BETWEEN.sub("", _BY.sub("", whole)).strip(" ,;|•·/")


def bare(part: str) -> str:
    """One of several names without what stands behind it: where that person works, and as what."""
    part = part.strip(" ,-–—").lstrip(".")
    for behind in (_ROLE_BEHIND, _WHERE_BEHIND, _ROLE_CLOSE_BEHIND):
        if found := behind.fullmatch(part):
            part = found["name"]
    return part if _INITIAL.search(part) else part.rstrip(". ")


def apart(between: re.Pattern[str], byline: str) -> Iterator[tuple[str, str]]:
    """The parts of *byline*, each with what stands *between* it and the one before."""
    joint, start = "", 0
    for found in between.finditer(byline):
        yield joint, byline[start : found.start()]
        joint, start = found.group().strip(" ,"), found.end()
    yield joint, byline[start:]


def is_outlet(name: str, joint: str = "") -> bool:
    """Whether *name*, which stands behind a person's and a *joint*, is rather where that person works.

    Two words behind an "and" are another person's: "Ana Sá and Bo Post".
    """
    if _AND.fullmatch(joint) and len(name.split()) <= _FULL_NAME:
        return _SURELY_OUTLET.search(name) is not None
    return _OUTLET.search(name) is not None
