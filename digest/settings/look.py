"""The look of the mail and the pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from annotated_types import Interval

from digest.spelling import ColourCode, Line, MaybeColourCode, Text, Title, WebAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseLink:
    """A link in the masthead."""

    text: Title
    """The words of the link, as in "Donate"."""
    url: WebAddress
    """Where it leads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderQuote:
    """A reader's words, shown beside the invitation to subscribe."""

    text: Text
    """What a reader said about the newsletter."""
    by: Line = ""
    """Who said it, as in "Adam"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Logo:
    """A picture in the masthead, in place of the newsletter's name in letters."""

    url: WebAddress
    """Address of the picture: a PNG, as Gmail and Outlook show no SVG. Its background stays light in the
    dark."""
    width: Annotated[int, Interval(ge=16, le=560)]
    """Its width in the mail, in pixels; for sharp screens the file should have twice as many."""
    height: Annotated[int, Interval(ge=8, le=320)]
    """Its height in the mail, in pixels."""
    alt: Line = ""
    """Text for readers without pictures. Default: the newsletter's title."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DarkColours:
    """The colours for readers with a dark colour scheme."""

    paper: ColourCode = "#171614"
    """The background of the text."""
    ink: ColourCode = "#ebe7e0"
    """The text."""
    accent: MaybeColourCode = ""
    """Labels and flags. Default: that of the light scheme, made lighter until it is readable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    """The newsletter's logo and colours, which every template uses.

    Text and labels need a contrast of 4.5:1 (WCAG 2.2, level AA); what has less is a problem of the file.
    """

    logo: Logo | None = None
    """A picture in the masthead, as in { url = "https://example.org/logo.png", width = 240, height = 60 }."""
    accent: ColourCode = "#98201b"
    """Labels, flags and the house link."""
    paper: ColourCode = "#ffffff"
    """The background of the text."""
    ink: ColourCode = "#1f1b16"
    """The text; captions, lines and boxes are shades between ink and paper."""
    dark: DarkColours = DarkColours()
    """The colours for readers with a dark colour scheme."""
