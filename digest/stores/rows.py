"""Many rows of text in one parameter: a statement for a hundred rows costs little more than for one row."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import JSON, ColumnElement, Subquery, Text, bindparam, cast, func, select


def written(rows: Iterable[Sequence[str]]) -> str:
    """What ``given`` reads."""
    return json.dumps(list(rows), ensure_ascii=False)


def given(parameter: str, *names: str, dialect: str) -> Subquery:
    """The rows that the statement is given as *parameter*, as a table with those columns."""
    text = bindparam(parameter, type_=Text)
    columns: list[ColumnElement[Any]]
    if dialect == "postgresql":
        each = func.json_array_elements(cast(text, JSON)).table_valued("value")
        columns = [each.c.value.op("->>")(place) for place in range(len(names))]
    else:
        each = func.json_each(text).table_valued("value")
        columns = [func.json_extract(each.c.value, f"$[{place}]") for place in range(len(names))]
    return select(
        *(cast(column, Text).label(name) for column, name in zip(columns, names, strict=True))
    ).subquery()
