"""The plain-text part: paragraphs wrapped for a screen, addresses never broken."""

from __future__ import annotations

import re

#: RFC 3676 section 4.2 advises lines of at most 78 characters, and leaves room for one quotation mark.
WIDTH = 76


def wrapped(text: str, indent: str = "", *, first: str | None = None) -> str:
    """The words of *text* in lines of at most ``WIDTH`` characters behind *indent*.

    A longer word (an address) has a line for itself, unbroken. *first* takes the place of *indent* in
    the first line ("* " for a list). A no-break space joins its words.
    """
    lines: list[str] = []
    line = indent if first is None else first
    empty = True
    for word in re.split(r"[ \n]+", text.strip(" \n")):
        if not empty and len(line) + 1 + len(word) > WIDTH:
            lines.append(line)
            line, empty = indent, True
        line += word if empty else f" {word}"
        empty = False
    return "\n".join([*lines, line])


def tidied(text: str) -> str:
    """*text* without spaces at line ends and with at most one empty line in a row."""
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+(?=\n|$)", "", text)).strip("\n") + "\n"
