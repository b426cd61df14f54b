"""The mail's HTML as other readers see it: the same HTML, after what their mail program does to it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

_DARK = re.compile(r"@media\s*\(\s*prefers-color-scheme\s*:\s*dark\s*\)")
_NEVER_DARK = re.compile(r"@media\s*\(\s*prefers-color-scheme\s*:\s*light\s*\)")
_SCHEME = re.compile(r'(<meta[^>]+name="color-scheme"[^>]+content=")[^"]*', re.IGNORECASE)
_SOURCE = re.compile(r"(<img\b[^>]*?\s)src(set)?=", re.IGNORECASE)
_BACKGROUND = re.compile(r"url\([^)]*\)", re.IGNORECASE)
_HEAD_END = re.compile(r"</head>", re.IGNORECASE)

#: What mail programs do that invert colours.
_TURNED = "{filter:invert(1) hue-rotate(180deg)}"
_INVERSION = f"<style>html{_TURNED}html{{background:#fff}}img{_TURNED}</style>"


def _light(html: str) -> str:
    """Whatever the editor's own system prefers."""
    return _SCHEME.sub(r"\1light", _DARK.sub("@media not all", html))


def _dark(html: str) -> str:
    html = _NEVER_DARK.sub("@media not all", _DARK.sub("@media all", html))
    return _SCHEME.sub(r"\1dark", html)


def _inverted(html: str) -> str:
    return _HEAD_END.sub(_INVERSION + "</head>", _light(html), count=1)


def _bare(html: str) -> str:
    """With pictures off."""
    return _BACKGROUND.sub("none", _SOURCE.sub(r"\1data-src\2=", _light(html)))


VIEWS: Mapping[str, Callable[[str], str]] = {
    "light": _light,
    "dark": _dark,
    "inverted": _inverted,
    "bare": _bare,
}
