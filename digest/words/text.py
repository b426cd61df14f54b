"""Text as the rest of the program wants it: plain, and in one form.

Pure, without recursion, and linear in the length of the input.
"""

from __future__ import annotations

import html as entities
import re
import unicodedata
from collections.abc import Iterable

#: Not text at all: lone surrogates, noncharacters (XML 1.0 forbids them), byte order marks, soft hyphens,
#: spaces and joiners of no width, and U+E000–U+E00F, which rendering uses for its own marks.
_REMOVED = re.compile("[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\ufeff\u00ad\u200b\u2060\ue000-\ue00f]")
#: Joiners and non-joiners beside Latin letters and marks, where they only break words; Persian, Hindi and
#: emoji need theirs.
_JOINERS = re.compile("(?<![^\x00-\u036f])[\u200c\u200d]+|[\u200c\u200d]+(?![^\x00-\u036f])")
#: Controls, line and paragraph separators, and bidirectional embeddings, overrides and isolates: a title
#: must neither open a second mail header nor reverse the line around it. The marks U+200E and U+200F stay,
#: Hebrew and Arabic need them.
_SPACED = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")

#: Named references need their semicolon, or "Q&A&notable" would lose letters.
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7};?|#[xX][0-9a-fA-F]{1,6};?|[A-Za-z][A-Za-z0-9]{1,31};)")

#: A tag. Quoted values may hold ">"; none may hold "<", so that no search goes past the next one and
#: broken markup costs no more than sound markup.
_TAG = re.compile(r"""</?(?:\w+:)?([a-zA-Z][\w.-]*+)(?:[^<>"']++|"[^"<]*+"|'[^'<]*+'|["'])*+>""", re.ASCII)
_DECLARATION = re.compile(r"<[!?][^<>]*+>")


def listed(words: str) -> frozenset[str]:
    """The words of a list that is written as words between spaces."""
    return frozenset(words.split())


#: Chinese and Japanese, which put no space between words; and their stops, behind which there is none either.
CONTINUOUS = re.compile(r"[\u3040-\u9fff]")
_CLOSED_UP = re.compile(r"[\u3001-\u301f\uff01-\uff60]\Z")
#: So many of their characters say as much as an English word.
_CHARACTERS_A_WORD = 2


def word_count(text: str) -> int:
    """How many words *text* has; of a script without spaces, about as many as an English one would have."""
    words = text.split()
    if text.isascii():
        return len(words)
    continuous = len(CONTINUOUS.findall(text))
    spaced = sum(CONTINUOUS.search(word) is None for word in words) if continuous else len(words)
    return spaced + -(-continuous // _CHARACTERS_A_WORD)


def breadth(text: str) -> int:
    """How many characters *text* has; of a script without spaces, as many as an English one would have."""
    return len(text) if text.isascii() else len(text) + 2 * len(CONTINUOUS.findall(text))


def run_on(sentences: Iterable[str]) -> str:
    """*sentences* one behind the other, with a space between them where their script has one."""
    text = ""
    for sentence in sentences:
        text += sentence if not text or _CLOSED_UP.search(text) else f" {sentence}"
    return text


_BLOCKS = listed(
    """address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figure
    footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre section summary table
    tbody tfoot thead tr ul"""
)
_CELLS = listed("td th")
#: Left out with all they hold: not prose, or not this text's prose.
_HIDDEN = listed(
    """audio button canvas figcaption head iframe math noscript object script select style svg template
    textarea title video"""
)
_INLINE = listed(
    """a abbr acronym b bdi bdo big cite code del dfn em font i ins kbd label mark q rp rt ruby s samp small
    span strike strong sub sup time tt u var"""
)
_VOID = listed("area base br col embed hr img input link meta param source track wbr")
_KNOWN = _BLOCKS | _CELLS | _HIDDEN | _INLINE | _VOID

#: What stands in a tag's place; U+000B is a line break that becomes a space unless another follows.
_IN_PLACE = dict.fromkeys(_BLOCKS, "\n") | dict.fromkeys(_CELLS, " ") | {"br": "\v"}
_BREAKS = re.compile(r"\v(?: *\v)+")

_HIDES = re.compile(rf"<(?:\w+:)?({'|'.join(sorted(_HIDDEN))})\b(?!-)", re.IGNORECASE | re.ASCII)
#: The end of each element that is left out, so that its inside is skipped in one step.
_ENDS = {name: re.compile(rf"</(?:\w+:)?{name}\s*>", re.IGNORECASE | re.ASCII) for name in _HIDDEN}

#: A title may write about a tag or two that HTML does not know; more are markup, whatever they are called.
_MOST_UNKNOWN = 8

_PAIRED = re.compile(rf"</(?:{'|'.join(sorted(_KNOWN - _VOID))})\s*>", re.IGNORECASE)


def counted(number: int, one: str, many: str = "") -> str:
    """So many of what is called *one*; *many* where that is not *one* with an "s": "1 mail", "2 stories"."""
    return f"{number} {one if number == 1 else many or f'{one}s'}"


def clean(text: str) -> str:
    """*text* in one line: no controls, whitespace folded, Unicode NFC. Doing it twice changes nothing."""
    # The usual text needs nothing: this is asked of every line of every feed.
    if text.isprintable() and "  " not in text and unicodedata.is_normalized("NFC", text):
        return text.strip()
    safe = _SPACED.sub(_in_place_of_control, _REMOVED.sub("", text))
    composed = unicodedata.normalize("NFC", safe)
    if "\u200c" in composed or "\u200d" in composed:
        composed = unicodedata.normalize("NFC", _JOINERS.sub("", composed))
    return " ".join(composed.split())


def _in_place_of_control(control: re.Match[str]) -> str:
    """A space; or the punctuation of Windows-1252, for which U+0080–U+009F are a common mistake."""
    if not "\x80" <= control[0] <= "\x9f":
        return " "
    return control[0].encode("latin-1").decode("windows-1252", "replace").replace("\ufffd", " ")


def paragraphs(text: str) -> str:
    """Plain *text* with each paragraph clean and on a line of its own.

    Paragraphs are parted by empty lines; where there is none, each line is one.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    parts = re.split(r"\n[^\S\n]*\n", text) if re.search(r"\n[^\S\n]*\n", text) else text.split("\n")
    return "\n".join(filter(None, map(clean, parts)))


def unescape(text: str) -> str:
    """*text* with its character references resolved, once."""
    return _REFERENCE.sub(lambda match: entities.unescape(match[0]), text) if "&" in text else text


def looks_like_html(text: str) -> bool:
    """Whether *text* has an end tag of HTML or a character reference, whatever it was declared as."""
    return ("</" in text and _PAIRED.search(text) is not None) or (
        "&" in text and _REFERENCE.search(text) is not None
    )


def html_to_text(html: str) -> str:
    """The prose of a page's fragment, one line a paragraph.

    Any nesting and any breakage will do: there is no tree, so ``<p>`` 10,000 deep is 10,000 breaks.
    """
    if "<" not in html:
        return clean(unescape(html))
    for space in "\n\r\t\v\f":
        html = html.replace(space, " ")
    html = _without_hidden(_without_declarations(html))
    broken = _BREAKS.sub("\n", _TAG.sub(_in_place, html))
    return "\n".join(filter(None, (clean(unescape(line)) for line in broken.split("\n"))))


def _in_place(tag: re.Match[str]) -> str:
    return _IN_PLACE.get(tag[1].lower(), "")


def _without_declarations(html: str) -> str:
    """*html* without comments, doctypes and processing instructions; CDATA marks go, their text stays."""
    if "<!" not in html and "<?" not in html:
        return html
    before, *rest = html.replace("<![CDATA[", "").replace("]]>", "").split("<!--")
    return _DECLARATION.sub("", before + "".join(piece.partition("-->")[2] for piece in rest))


def _without_hidden(html: str) -> str:
    """*html* without the elements that are not prose.

    One that never ends hides nothing, as an editor meant it; but a script without an end is no prose.
    """
    kept: list[str] = []
    unclosed: set[str] = set()
    position = 0
    while found := _HIDES.search(html, position):
        name = found[1].lower()
        kept.append(html[position : found.start()])
        end = None if name in unclosed else _ENDS[name].search(html, found.end())
        if end:
            kept.append(" ")
            position = end.end()
            continue
        if name in ("script", "style"):
            return "".join(kept)
        unclosed.add(name)
        kept.append(found[0])
        position = found.end()
    return "".join((*kept, html[position:]))


def clean_title(raw: str) -> str:
    """A headline in one line of plain text, of what a feed gave as its title.

    RSS titles are HTML, and Atom's are often escaped once too often. Only tags that HTML knows are taken
    for markup, so ``a < b`` and ``x <y> z`` stay; what an escaped title still shows of paired tags and
    references goes too.
    """
    text = unescape(_untagged(raw))
    if looks_like_html(text):
        text = unescape(_untagged(text) if _PAIRED.search(text) else text)
    return clean(text)


def _untagged(text: str) -> str:
    if "<" not in text:
        return text
    text = _without_declarations(text)
    unknown = sum(tag[1].lower() not in _KNOWN for tag in _TAG.finditer(text))
    return _TAG.sub(_in_title if unknown <= _MOST_UNKNOWN else " ", text)


def _in_title(tag: re.Match[str]) -> str:
    name = tag[1].lower()
    if name not in _KNOWN:
        return tag[0]
    return "" if name in _INLINE or name == "wbr" else " "


#: Marks of a pause, and such as open what does not follow.
_HANGS = re.compile(r"""(?:[\s,;:–—(“‘«-]|(?<!\S)["'])+\Z""")
#: A single mark that is no apostrophe within a word.
_ENDS_SINGLE = re.compile(r"’(?!\w)")


def shorten(text: str, limit: int) -> str:
    """*text*, or as many of its whole words as fit with an ellipsis into *limit* characters.

    A quotation that is cut is closed behind the ellipsis.
    """
    if len(text) <= limit:
        return text
    for room in range(limit, 0, -1):  # the first or the second
        cut = text[:room]
        shorter = cut_off(text, cut.rfind(" ") if " " in cut.strip() else room - 1)
        if len(shorter) <= limit:
            return shorter
    return ""


def cut_off(text: str, at: int) -> str:
    """*text* up to there and an ellipsis, which closes a quotation that was cut."""
    cut = _HANGS.sub("", text[:at]) + "…"
    return cut + _left_open(cut, text)


def _left_open(cut: str, whole: str) -> str:
    """The marks that end the quotations which *cut* opens and does not end, the innermost first."""
    single = cut.rfind("‘")
    marks = "’" if single >= 0 and not _ENDS_SINGLE.search(cut, single) else ""
    marks += "".join(end for opening, end in ("“”", "«»") if cut.rfind(opening) > cut.rfind(end))
    return marks + '"' * (cut.count('"') % 2 > whole.count('"') % 2)
