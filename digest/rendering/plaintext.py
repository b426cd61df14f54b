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
    words = " ".join(filter(None, text.replace("\n", " ").split(" ")))
    lines: list[str] = []
    lead, start = indent if first is None else first, 0
    while len(lead) + len(words) - start > WIDTH:
        end = words.rfind(" ", start, start + WIDTH - len(lead) + 1)
        end = end if end >= 0 else words.find(" ", start)
        if end < 0:
            break
        lines.append(lead + words[start:end])
        lead, start = indent, end + 1
    return "\n".join([*lines, lead + words[start:]])


def tidied(text: str) -> str:
    """*text* without spaces at line ends and with at most one empty line in a row."""
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+(?=\n|$)", "", text)).strip("\n") + "\n"
