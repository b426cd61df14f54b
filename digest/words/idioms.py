"""The small words of an edition's file in the newsletter's language: bylines, preheader, dig deeper.

The templates have the same languages in ``parts/words.j2``; every other one is written in English there and
here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from digest.model import Kind


@dataclass(frozen=True, slots=True)
class Reading:
    """What to do with a piece of one kind, as in "Lisez l’", "article", " complet", "dans"."""

    #: Before the noun, when it is the story's own source, and when it is another piece.
    own: str
    another: str
    noun: str
    #: Behind the noun, when it is the story's own source.
    whole: str
    #: Before the outlet.
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Idiom:
    by: str
    plus: str
    #: Between the last two names: of a byline, and of a sentence.
    last: str
    conjunction: str
    others: str
    #: Before the author of a piece, also where that begins with a vowel; "" for "Ana Sá’s".
    of: str = ""
    of_vowel: str = ""
    #: Around a headline, behind the words that lead up to it; "" where it is put into words of its own.
    quoted: str = ""
    readings: Mapping[Kind, Reading]


def idiom(language: str) -> Idiom:
    """That of *language*, a BCP 47 tag; the English one where there is none."""
    return _IDIOMS.get(language.partition("-")[0].lower(), _IDIOMS["en"])


def joined(names: Sequence[str], last: str) -> str:
    """ "A", "A & B", "A, B & C", with *last* between the last two."""
    *before, final = names
    return f"{', '.join(before)}{last}{final}" if before else final


def _english(verb: str, noun: str, place: str) -> Reading:
    return Reading(f"{verb} the full ", f"{verb} ", noun, "", place)


def _german(verb: str, article: str, noun: str, place: str) -> Reading:
    whole = "ganzen" if article == "den" else "ganze"
    return Reading(f"{verb} Sie {article} {whole} ", f"{verb} Sie {article} ", noun, "", place)


def _romance(verb: str, noun: str, whole: str, place: str) -> Reading:
    return Reading(verb, verb, noun, whole, place)


_IDIOMS: Mapping[str, Idiom] = {
    "en": Idiom(
        by="By ",
        plus="Plus: ",
        last=" & ",
        conjunction=" and ",
        others="others",
        readings={
            Kind.REPORT: _english("Read", "report", "in"),
            Kind.STORY: _english("Read", "story", "in"),
            Kind.INTERVIEW: _english("Read", "interview", "in"),
            Kind.CONVERSATION: _english("Listen to", "conversation", "on"),
            Kind.COLUMN: _english("Read", "column", "in"),
            Kind.ANALYSIS: _english("Read", "analysis", "in"),
            Kind.REVIEW: _english("Read", "review", "in"),
            Kind.PODCAST: _english("Listen to", "report", "on"),
            Kind.VIDEO: _english("Watch", "report", "on"),
        },
    ),
    "de": Idiom(
        by="Von ",
        plus="Außerdem: ",
        last=" und ",
        conjunction=" und ",
        others="andere",
        of=" von ",
        of_vowel=" von ",
        quoted=": „{}“",
        readings={
            Kind.REPORT: _german("Lesen", "den", "Bericht", "in"),
            Kind.STORY: _german("Lesen", "die", "Geschichte", "in"),
            Kind.INTERVIEW: _german("Lesen", "das", "Interview", "in"),
            Kind.CONVERSATION: _german("Hören", "das", "Gespräch", "bei"),
            Kind.COLUMN: _german("Lesen", "die", "Kolumne", "in"),
            Kind.ANALYSIS: _german("Lesen", "die", "Analyse", "in"),
            Kind.REVIEW: _german("Lesen", "die", "Kritik", "in"),
            Kind.PODCAST: _german("Hören", "den", "Beitrag", "bei"),
            Kind.VIDEO: _german("Sehen", "den", "Beitrag", "bei"),
        },
    ),
    "es": Idiom(
        by="Por ",
        plus="Además: ",
        last=" y ",
        conjunction=" y ",
        others="otros",
        of=" de ",
        of_vowel=" de ",
        quoted=": «{}»",
        readings={
            Kind.REPORT: _romance("Lea el ", "artículo", " completo", "en"),
            Kind.STORY: _romance("Lea el ", "reportaje", " completo", "en"),
            Kind.INTERVIEW: _romance("Lea la ", "entrevista", " completa", "en"),
            Kind.CONVERSATION: _romance("Escuche la ", "conversación", " completa", "en"),
            Kind.COLUMN: _romance("Lea la ", "columna", " completa", "en"),
            Kind.ANALYSIS: _romance("Lea el ", "análisis", " completo", "en"),
            Kind.REVIEW: _romance("Lea la ", "reseña", " completa", "en"),
            Kind.PODCAST: _romance("Escuche el ", "reportaje", " completo", "en"),
            Kind.VIDEO: _romance("Vea el ", "reportaje", " completo", "en"),
        },
    ),
    "fr": Idiom(
        by="Par ",
        plus="Et aussi\u00a0: ",
        last=" et ",
        conjunction=" et ",
        others="d’autres",
        of=" de ",
        of_vowel=" d’",
        quoted="\u00a0: «\u00a0{}\u00a0»",
        readings={
            Kind.REPORT: _romance("Lisez l’", "article", " complet", "dans"),
            Kind.STORY: _romance("Lisez le ", "récit", " complet", "dans"),
            Kind.INTERVIEW: _romance("Lisez l’", "entretien", " complet", "dans"),
            Kind.CONVERSATION: _romance("Écoutez la ", "conversation", " complète", "sur"),
            Kind.COLUMN: _romance("Lisez la ", "chronique", " complète", "dans"),
            Kind.ANALYSIS: _romance("Lisez l’", "analyse", " complète", "dans"),
            Kind.REVIEW: _romance("Lisez la ", "critique", " complète", "dans"),
            Kind.PODCAST: _romance("Écoutez le ", "reportage", " complet", "sur"),
            Kind.VIDEO: _romance("Regardez le ", "reportage", " complet", "sur"),
        },
    ),
}
