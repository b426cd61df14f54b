"""Whether the template copes with what a day may bring: the longest items, and the oddest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

from digest import rendering
from digest.checking.finding import Check, bad, ok, warning
from digest.errors import RenderError
from digest.model import GMAIL, Blurb, Edition, EditionKey, Image, Link, Rendered, Window
from digest.rendering import Template
from digest.settings import Newsletter

#: As many items as a day may have, whatever the newsletter usually takes.
MANY = 30
WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
LONG_WORD = WORD + "s" * 60
#: Nothing of this may work as anything but text, in any part of a mail.
HOSTILE = (
    "</mj-text><mj-raw><script>alert(1)</script></mj-raw> {{ 7*7 }} {% include 'x' %} <!-- --> &lt; ]]> "
    "<img src=x onerror=alert(1)> *|UNSUB|* %recipient.x% ${HOME} \" ' ` \\"
)
ARABIC = "مجلس المدينة يصوّت على إعادة بناء الجسر القديم بعد ثلاث سنوات من الإغلاق"
SENTENCE = "The council voted on Tuesday to rebuild the old stone bridge, which was closed three years ago. "


def looks(newsletter: Newsletter, template: Template) -> Iterator[Check]:
    """Findings about the logo, and one for each trial edition; nothing is kept of them."""
    logo = newsletter.brand.logo
    if logo and urlsplit(logo.url).path.lower().endswith((".svg", ".webp", ".avif")):
        words = "is not a PNG, JPEG or GIF: Outlook or Gmail would show its alt text instead"
        yield warning("brand.logo", words, "name a PNG of twice the width and height")
    trials: Sequence[tuple[str, Sequence[Blurb]]] = (
        (f"{MANY} items, as long as any", [longest(number) for number in range(MANY)]),
        ("the oddest items", odd_items()),
        ("one item without a picture", [odd_items()[-1]]),
    )
    for name, blurbs in trials:
        yield from _tried(f"template {newsletter.template} with {name}", blurbs, newsletter, template)


def _tried(what: str, blurbs: Sequence[Blurb], newsletter: Newsletter, template: Template) -> Iterator[Check]:
    edition = trial(newsletter, blurbs)
    try:
        rendered = rendering.render(edition, newsletter, template)
    except RenderError as error:
        yield bad(what, str(error), "fix the template, or use the shipped one")
        return
    headlines = {blurb.id: blurb.headline[:40] for blurb in blurbs}
    for id_, why in rendered.dropped:
        yield bad(
            what, f"loses “{headlines[id_]}”: {why}", "fix the template: such an item would be left out"
        )
    for problem in _faults(rendered):
        yield bad(what, problem, "let {{ … }} in the template be escaped, as it is without |safe")
    size = sum(len(piece.encode()) for piece in rendered.html.pieces)
    cut = (
        f", {len(rendered.shortened)} places shortened to stay below {GMAIL:,}" if rendered.shortened else ""
    )
    yield ok(what, f"{size:,} bytes{cut}")
    html = "".join(rendered.html.pieces)
    if "overflow-wrap" not in html and "word-break" not in html:
        words = f"a word of {len(LONG_WORD)} letters is not broken: on a phone it widens the mail"
        yield warning(what, words, "add overflow-wrap: anywhere; to the style of texts")


def _faults(rendered: Rendered) -> Iterator[str]:
    """Which parts of a hostile text became more than text."""
    html, text = "".join(rendered.html.pieces), "".join(rendered.text.pieces)
    for part, content in (("HTML", html), ("web page", rendered.web)):
        for trace in ("<script>alert", "onerror=alert(1)>", "<mj-"):
            if trace in content.lower():
                yield f"lets a feed's words work as markup in the {part}: {trace!r}"
    for part, content in (("HTML", html), ("text part", text)):
        if " 49 " in content:
            yield f"lets a feed's words work as a template in the {part}"


def trial(newsletter: Newsletter, blurbs: Sequence[Blurb]) -> Edition:
    """An edition of those items, with everything else that an edition may have."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return Edition(
        key=EditionKey(newsletter=newsletter.key, day=date(2026, 1, 1)),
        number=1234,
        window=Window(since=at, until=at),
        subject=HOSTILE[:60],
        preheader=HOSTILE[:90],
        letter=f"Good morning, {ARABIC}.\n\n{SENTENCE * 3}",
        blurbs=tuple(blurbs),
        quick_hits=tuple(Link(text=f"{SENTENCE}{HOSTILE}", url=_address(n), outlet="Post") for n in range(6)),
        corrections=(f"{SENTENCE}{HOSTILE}",),
    )


def longest(number: int) -> Blurb:
    """An item as long in each of its parts as a draft may make it."""
    return Blurb(
        id=f"long-{number}",
        section="World",
        headline=(SENTENCE * 2)[:160],
        url=_address(number),
        outlet="The Northern Metropolitan Chronicle & Advertiser",
        byline="By Ana Sá, Bo Ek, Chimamanda Okonkwo-Adebayo, Dilip Ray & Élodie Lefèvre",
        summary=f"{SENTENCE * 6}{number}",
        question="What happens to the people who used to cross it every morning on their way to work?",
        context=SENTENCE * 6,
        dig_deeper=f"Read Ana Sá’s [report]({_address(number + 1000)}) in *The Chronicle* about {SENTENCE}",
        image=Image(
            url=f"https://pictures.invalid/{number}.jpg",
            alt=SENTENCE * 2,
            caption=SENTENCE * 2,
            credit="Associated Press / Photo by Ariel Schalit",
            width=1600,
            height=900,
        ),
        update=True,
        subscription=True,
        correction=SENTENCE,
    )


def odd_items() -> list[Blurb]:
    """Hostile, from right to left, without a break, with nothing but a headline."""
    hostile = Blurb(
        id="hostile",
        headline=HOSTILE,
        outlet=HOSTILE,
        byline=HOSTILE,
        summary=HOSTILE,
        question=HOSTILE,
        context=HOSTILE,
        url=_address(1),
        image=Image(url="https://pictures.invalid/x.jpg", alt=HOSTILE, caption=HOSTILE, credit=HOSTILE),
    )
    arabic = Blurb(
        id="arabic", headline=ARABIC, summary=f"{ARABIC}. {ARABIC}.", outlet=ARABIC, url=_address(2)
    )
    unbroken = Blurb(
        id="unbroken",
        headline=LONG_WORD,
        summary=f"{LONG_WORD} {LONG_WORD}.",
        outlet=LONG_WORD,
        url=_address(3),
    )
    signs = Blurb(id="signs", headline="👩‍👩‍👧‍👦 𝕱𝖗𝖆𝖐𝖙𝖚𝖗 Z͑ͫ̓a̴l̷g̶o", summary="👍🏽 ﷽ ½ ﬁ ẞ", url=_address(4))
    bare = Blurb(id="bare", headline="Bridge opens", summary="It is open.")
    return [hostile, arabic, unbroken, signs, bare]


def _address(number: int) -> str:
    """An address about as long as those of newspapers get."""
    return f"https://news.invalid/world/{'a-bridge-is-rebuilt-' * 8}{number}?id={number}"
