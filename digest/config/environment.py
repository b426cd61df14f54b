"""``${NAME}`` in the file's texts: values that come from the environment, or from files it names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from digest.settings import FromEnvironment

#: Where a setting stands in the file: keys, and indexes of lists.
Place = tuple[str | int, ...]

REFERENCE = re.compile(r"\$\{([^{}]*)\}")
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
FILE_BYTES = 65_536


def expand(
    value: Any, environ: Mapping[str, str], base: Path, *, place: Place = ()
) -> tuple[Any, dict[Place, str]]:
    """The value with every reference replaced in its texts, and a problem for each place where that failed.

    A replaced text is a ``FromEnvironment``; one with a problem is empty.
    """
    problems: dict[Place, str] = {}

    def below(inner: Any, key: str | int) -> Any:
        expanded, found = expand(inner, environ, base, place=(*place, key))
        problems.update(found)
        return expanded

    match value:
        case dict():
            return {key: below(inner, key) for key, inner in value.items()}, problems
        case list():
            return [below(inner, index) for index, inner in enumerate(value)], problems
        case str() if REFERENCE.search(value):
            try:
                text = REFERENCE.sub(lambda match: variable(match[1], environ, base), value)
            except ValueError as problem:
                return FromEnvironment("", written=value), {place: str(problem)}
            return FromEnvironment(text, written=value), {}
    return value, {}


def variable(name: str, environ: Mapping[str, str], base: Path) -> str:
    """The value of ``NAME``, else what stands in the file that ``NAME_FILE`` names; *base* is where a
    relative file lies.

    Raises:
        ValueError: There is none, with the name and without any value, path included: somebody may
            have put the secret itself there.
    """
    if not NAME.fullmatch(name):
        raise ValueError(f"${{{name}}} is not a variable: a name has letters, digits and underscores")
    if value := environ.get(name):
        return value
    if not (path := environ.get(f"{name}_FILE")):
        raise ValueError(f"the environment variable {name} is not set (nor {name}_FILE)")
    try:
        with (base / path).open("rb") as file:
            content = file.read(FILE_BYTES + 1)
        text = content.decode().strip()
    except OSError as problem:
        raise ValueError(f"the file that {name}_FILE names: {problem.strerror}") from None
    except ValueError:
        raise ValueError(f"the file that {name}_FILE names is not UTF-8 text") from None
    if not text or len(content) > FILE_BYTES:
        raise ValueError(f"the file that {name}_FILE names is {'too large' if text else 'empty'}")
    return text
