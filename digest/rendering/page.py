"""A template's variables: the edition as its readers are to see it, and the newsletter's imprint."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from email.utils import parseaddr
from functools import lru_cache
from typing import cast
from urllib.parse import quote

from digest import colours
from digest.addresses import INDEX, JSON_FEED, RSS, addresses
from digest.colours import Colour, Scheme
from digest.model import Blurb, Edition, Image, Sponsor, Use
from digest.rendering.cleaning import cleaned, directed, web_address
from digest.rendering.icon import icon, in_itself
from digest.settings import Brand, DarkColours, HouseLink, Logo, Newsletter, ReaderQuote
from digest.words.text import clean

#: From so many blurbs up an edition begins with a table of contents.
CONTENTS_FROM = 7

#: The contrast of an accent that was not chosen for a dark paper: on it, colours look paler.
GLOWING = 6.0

#: A picture of fewer pixels counts readers, and shows nothing.
SMALLEST = 16

#: A portrait is shown no taller: it must not keep the news out of the window.
TALLEST = 560

#: Languages, and scripts named in a language tag, that are written from right to left.
RIGHT_TO_LEFT = frozenset(
    ("ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi", "arab", "hebr", "syrc", "thaa")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Imprint:
    """What a template may know of a newsletter: no feed, no sender, no secret."""

    title: str
    tagline: str
    #: BCP 47, as in "en" or "en-GB".
    language: str
    #: "ltr" or "rtl".
    direction: str
    #: The name that the mail comes from.
    from_name: str
    #: In one line.
    postal_address: str
    #: The same with the title before it, unless it begins with that.
    publisher: str
    copyright: str
    house_link: HouseLink | None
    reader_quote: ReaderQuote | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Addresses of the newsletter's own pages; all "" for a newsletter without any."""

    #: This edition.
    view: str = ""
    #: Past editions.
    archive: str = ""
    #: Where one signs up; "" where the newsletter has no such page.
    sign_up: str = ""
    #: Where the form to sign up with is sent to; "" where the page is a provider's.
    form: str = ""
    #: The editions as RSS, and as JSON Feed.
    feed: str = ""
    json_feed: str = ""
    #: A new mail that recommends this edition (mailto), and the page that offers it.
    forward: str = ""
    forward_page: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What the newsletter's brand makes of a page."""

    light: Scheme
    dark: Scheme
    #: Its ``alt`` is never empty.
    logo: Logo | None
    #: The address of a browser's icon, which is the picture itself.
    icon: str


@lru_cache(maxsize=64)
def look(brand: Brand, title: str) -> Look:
    """The colours of both schemes, each text of which is read on its ground, and the logo."""
    dark = brand.dark if brand.dark.accent else replace(brand.dark, accent=_lighter(brand.accent, brand.dark))
    logo = replace(brand.logo, alt=brand.logo.alt or title) if brand.logo else None
    return Look(
        light=_scheme(brand),
        dark=_scheme(dark),
        logo=cast("Logo | None", cleaned(logo, booked=True)),
        icon=in_itself(icon_of(brand)),
    )


def icon_of(brand: Brand, *, is_desk: bool = False) -> bytes:
    """The newsletter's icon, lines of paper on the accent; its editors' desk has them the other way round."""
    accent, paper = _colour(brand.accent), _colour(brand.paper)
    return icon(paper, accent) if is_desk else icon(accent, paper)


def _lighter(accent: str, dark: DarkColours) -> str:
    paper, ink = _colour(dark.paper), _colour(dark.ink)
    shade = colours.legible(_colour(accent), paper, colours.box_on(paper, ink), enough=GLOWING)
    return str(shade)


def _scheme(given: Brand | DarkColours) -> Scheme:
    return colours.scheme(paper=_colour(given.paper), ink=_colour(given.ink), accent=_colour(given.accent))


def _colour(written: str) -> Colour:
    if (colour := colours.read(written)) is None:
        raise ValueError(f"not a colour: {written!r}; expected six hexadecimal digits, as in '#98201b'")
    return colour


def imprint(newsletter: Newsletter, year: int | None) -> Imprint:
    """*year* is that of the copyright."""
    name, _ = parseaddr(newsletter.from_)
    address_lines = (line.strip(" ,") for line in newsletter.postal_address.split("\n"))
    address = ", ".join(filter(None, address_lines))
    given = Imprint(
        title=newsletter.title,
        tagline=newsletter.tagline,
        language=newsletter.language,
        direction="rtl" if _is_right_to_left(newsletter.language) else "ltr",
        from_name=name or newsletter.title,
        postal_address=address,
        publisher=address if address.startswith(newsletter.title) else f"{newsletter.title}, {address}",
        copyright=newsletter.copyright or " ".join(filter(None, ("©", str(year or ""), newsletter.title))),
        house_link=newsletter.house_link,
        reader_quote=newsletter.reader_quote,
    )
    return cast("Imprint", cleaned(given))


def links(newsletter: Newsletter, day: date | None) -> Links:
    """*day* is that of an edition; None for a page that is of none."""
    own = addresses(newsletter)
    archive = web_address(own.page(INDEX))
    if not archive:
        return Links()
    view = web_address(own.edition(day)) if day else ""
    return Links(
        view=view,
        archive=archive,
        sign_up=web_address(own.sign_up),
        form=web_address(own.form),
        feed=web_address(own.page(RSS)),
        json_feed=web_address(own.page(JSON_FEED)),
        forward=f"mailto:?subject={quote(clean(newsletter.title))}&body={quote(view or archive, safe=':/')}",
        forward_page=web_address(own.forward(day)) if day else "",
    )


def frame(newsletter: Newsletter, year: int | None, day: date | None = None) -> dict[str, object]:
    """The variables of every page, whatever is on it."""
    return {
        "newsletter": imprint(newsletter, year),
        "links": links(newsletter, day),
        "look": look(newsletter.brand, newsletter.title),
    }


def variables(edition: Edition, newsletter: Newsletter, *, contents: bool = True) -> dict[str, object]:
    """The variables of a template; the README beside the templates explains each.

    *edition* must be ``readable``. Without *contents* it has no table of them, however long it is.
    """
    sections = edition.sections(newsletter.sections)
    blurbs = shown(edition, newsletter)
    lead = blurbs[0] if blurbs else None
    return frame(newsletter, edition.key.day.year, edition.key.day) | {
        "edition": edition,
        "edition_title": title(edition, lead),
        "archive": None,
        "sections": sections,
        "numbers": {blurb.id: number for number, blurb in enumerate(blurbs, start=1)},
        "lead": lead,
        "lead_photo": photo(lead),
        "contents": blurbs if contents and len(blurbs) >= CONTENTS_FROM else [],
        "top_sponsors": list(_running(edition, "top")),
        "later_sponsors": list(_running(edition, "after first")),
    }


def title(edition: Edition, lead: Blurb | None) -> str:
    """What *edition* is called where there is room: its subject, or the headline that was cut for it."""
    begun, cut, _ = edition.subject.partition("…")
    if lead and begun and cut and lead.headline.startswith(begun):
        return lead.headline
    return edition.subject


def shown(edition: Edition, newsletter: Newsletter) -> list[Blurb]:
    """The blurbs that go out, in the order of the page."""
    return [blurb for section in edition.sections(newsletter.sections) for blurb in section.blurbs]


def readable(edition: Edition, newsletter: Newsletter) -> Edition:
    """*edition* with what goes out only, and all its text fit to be printed.

    A picture without a credit goes out only where the newsletter shows all of them.
    """
    used = (blurb for blurb in edition.blurbs if blurb.use is Use.YES)
    pictured = tuple(
        blurb if newsletter.photos == "all" or _is_credited(blurb.image) else replace(blurb, image=None)
        for blurb in used
    )
    kept = replace(edition, blurbs=pictured, pending=())
    printed = cast("Edition", cleaned(kept))
    subject, preheader = (directed(clean(text)) for text in (edition.subject, edition.preheader))
    return replace(printed, subject=subject, preheader=preheader)


def photo(owner: Blurb | Sponsor | None) -> Image | None:
    """The picture of a blurb or a sponsor, where it has one to be seen."""
    image = owner.image if owner else None
    if image is None or not image.url or 0 < image.width < SMALLEST or 0 < image.height < SMALLEST:
        return None
    return image


def legend(image: Image) -> str:
    """Caption and credit in one line of plain text; the alt text where it has neither."""
    if image.caption and image.credit:
        return f"{image.caption} ({image.credit})"
    return image.caption or image.credit or image.alt


def fitted(image: Image, width: int) -> tuple[int, int]:
    """Width and height of *image* in a column of *width* pixels; height 0 when unknown.

    It is never enlarged, and never taller than ``TALLEST``.
    """
    if image.width <= 0 or image.height <= 0:
        return width, 0
    shown = max(1, min(width, image.width, round(TALLEST * image.width / image.height)))
    return shown, min(TALLEST, max(1, round(image.height * shown / image.width)))


def _is_credited(image: Image | None) -> bool:
    return image is not None and image.credit.strip() != ""


def _running(edition: Edition, place: str) -> Iterator[Sponsor]:
    return (s for s in edition.sponsors if s.place == place and s.runs_on(edition.key.day))


def _is_right_to_left(language: str) -> bool:
    return not RIGHT_TO_LEFT.isdisjoint(language.lower().split("-"))
