"""``schedules.toml`` as ``Settings``: read, filled from the environment, checked, all problems at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from digest.config.checks import check
from digest.config.environment import Place, expand
from digest.config.portable import portable, public_values
from digest.config.problems import explain, in_order, name
from digest.config.schema import adapter, json_schema
from digest.errors import ConfigError
from digest.settings import Settings

__all__ = ["FILE", "json_schema", "load", "parse", "portable", "public_values", "read"]

FILE = "schedules.toml"


def load(project: Path, environ: Mapping[str, str]) -> Settings:
    """The settings of a project, from its ``schedules.toml``.

    Raises:
        ConfigError: There is no such file, it cannot be read, or it has problems.
    """
    return parse(read(project), source=str(project / FILE), environ=environ, base=project)


def read(project: Path) -> str:
    """The text of a project's ``schedules.toml``.

    Raises:
        ConfigError: There is no such file, or it cannot be read.
    """
    path = project / FILE
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise ConfigError(
            str(path),
            ["there is no such file: `digest init` makes one, and --project DIR names another project"],
        ) from None
    except OSError as problem:
        raise ConfigError(str(path), [f"cannot be read: {problem.strerror}"]) from None
    except UnicodeDecodeError as problem:
        line = problem.object.count(b"\n", 0, problem.start) + 1
        raise ConfigError(str(path), [f"line {line}: is not UTF-8; save it in that encoding"]) from None


def parse(text: str, *, source: str, environ: Mapping[str, str], base: Path | None = None) -> Settings:
    """The settings in *text*.

    *source* is what messages call it; a relative file that a ``NAME_FILE`` of *environ* names lies in
    *base* (default: the current folder).

    Raises:
        ConfigError: With every problem, in the order of the file. No value of the environment and no
            secret stands in it.
    """
    written = _toml(text, source)
    file, problems = expand(written, environ, base or Path())
    settings, found = _validated(file, written)
    for place, problem in (*check(file), *found):
        problems.setdefault(place, problem)
    if settings is None or problems:
        places = in_order(problems, written)
        raise ConfigError(source, [f"{name(place)}{_joint(problems[place])}" for place in places])
    return settings


def _toml(text: str, source: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        what, _, where = str(error).rpartition(" (at ")
        problem = f"{where.rstrip(')')}: {what[:1].lower()}{what[1:]}"
    except ValueError:
        problem = "a number has more digits than Python can read"
    except RecursionError:
        problem = "lists or tables are nested too deeply"
    raise ConfigError(source, [problem])


def _validated(
    file: Mapping[str, Any], written: Mapping[str, Any]
) -> tuple[Settings | None, list[tuple[Place, str]]]:
    """The settings, or what pydantic says against them.

    Its exception stays here: it holds the values it was given, secrets included.
    """
    try:
        return adapter().validate_python(_keyed(file)), []
    except ValidationError as invalid:
        errors = invalid.errors(include_url=False, include_input=False)
    return None, list(explain(errors, written, json_schema()))


def _keyed(file: Mapping[str, Any]) -> dict[str, Any]:
    """The file with the name of each newsletter's table as its key."""
    newsletters = file.get("newsletters")
    if not isinstance(newsletters, dict):
        return dict(file)
    keyed = {
        key: {**newsletter, "key": key} if isinstance(newsletter, dict) else newsletter
        for key, newsletter in newsletters.items()
    }
    return {**file, "newsletters": keyed}


def _joint(problem: str) -> str:
    return f" {problem}" if re.match("is required", problem) else f": {problem}"
