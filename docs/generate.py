#!/usr/bin/env python
"""Writes the pages that are made from the code: ``python docs/generate.py`` (``make docs``).

``schedules.md`` and ``schedules.schema.json`` come from the types and docstrings in
``digest/settings``, ``commands.md`` from the command line's own help, ``senders.md`` from what each
provider declares; a test fails when they are behind.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import click

from digest.cli import main
from digest.config.schema import Node, json_schema, resolve
from digest.ports import Capabilities
from digest.senders.providers import CAPABILITIES

HERE = Path(__file__).parent

TYPES = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}

INTRODUCTION = """\
# `schedules.toml`

<!-- Made by docs/generate.py from digest/settings: change that, and run `make docs`. -->

One file describes what a project sends: its newsletters, their hours, feeds and senders.
It is [TOML](https://toml.io); `digest check` reads it and reports every problem at once, each with its key.
It counts lists from 1: `newsletters.the-sift.feeds[2].url` is the address of the second feed.

A text editor that knows JSON Schema completes and checks the file while you type, if this is its first line:

```toml
#:schema docs/schedules.schema.json
```

## Values from the environment

`${NAME}` in any text is replaced by the environment variable `NAME`.
If `NAME` is not set but `NAME_FILE` is, the content of the file that `NAME_FILE` names is used, without
the white space around it; a relative path is relative to the project.

A *secret* has to come from the environment; in the file itself it is an error. Secrets appear in no message
and no log. Any other setting is shown as it is, wherever its value came from: a token in a feed's address is
therefore not kept secret, but one in `headers` or `password` is.

## How values are written

- Days: `"mon-fri"`, `"mon,wed,sat-sun"`.
  Numbers are refused: 0 is Sunday to some programs and Monday to others.
- Hours: `"06:30"`, in the newsletter's own time zone.
  An hour that the clocks skip in spring means the first minute after the gap;
  one that comes twice in autumn means the first of the two.
- Durations: `"3h"`, `"45m"`, `"30s"`, `"2d"`.
- Dates: `2026-12-24`, without quotes.
- Mail addresses: `"The Sift <sift@example.org>"`, `"sift@example.org"`.
"""

#: Tables with the keys of another one.
AS_ELSEWHERE = {
    ("newsletters", "NAME", "notices", "sender"): (
        "It has the keys of `[newsletters.NAME.sender]`, but no `kind` that holds the list itself."
    )
}


def schedules_md() -> str:
    """The page of every setting."""
    return INTRODUCTION + "".join(_tables((), json_schema(), json_schema()))


def schema_json() -> str:
    """The JSON Schema, for editors."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


COMMANDS = """\
# The commands

<!-- Made by docs/generate.py from digest/cli: change that, and run `make docs`. -->

A newsletter is named by its key in `schedules.toml`; if the file has only one, you can leave the name out.
The last line of every command says in numbers what it did; with `--json` that is one line of JSON.

| code | meaning |
|---|---|
| 0 | done |
| 1 | a problem in the edition, a delivery that is not complete, or (`digest status`) something to look at |
| 2 | the configuration or the command line is wrong |
| 3 | nothing to do; the message says why |
| 75 | try again later: no feed, database, mail server or output could be reached, or another is at it |
"""


def commands_md() -> str:
    """The page of every command, from its own help."""
    context = click.Context(main, info_name="digest", help_option_names=["-h", "--help"])
    return COMMANDS + "".join(_commands(main, context))


def _commands(group: click.Group, context: click.Context) -> Iterator[str]:
    for name, command in group.commands.items():
        inner = click.Context(command, info_name=name, parent=context)
        if isinstance(command, click.Group):
            yield from _commands(command, inner)
            continue
        usage = " ".join(command.collect_usage_pieces(inner))
        yield f"\n## `{inner.command_path}`\n\n{_cell(command.help or '')}\n\n"
        yield f"```console\n$ {inner.command_path} {usage}\n```\n\n| option | |\n|---|---|\n"
        for parameter in command.get_params(inner):
            spelled, words = parameter.get_help_record(inner) or ("", "")
            if words:
                yield f"| `{spelled}` | {_cell(words)} |\n"


SENDERS = """\
# The senders behind an API

<!-- Made by docs/generate.py from digest/senders: change that, and run `make docs`. -->

This is what each provider can do, according to its own documents. `digest check` reports settings that ask
for more. The settings of each are in [schedules.md](schedules.md);
to add another provider, see [a sender in five steps](../digest/senders/README.md).

Over all connections, no more requests are made per second than the provider's documents allow; `rate` in the
settings overrides that, for example for an account that was granted more. If an answer says that the limit is
used up, or names a time to wait, all requests wait.

## Providers that take mails

The list is ours: `digest send` hands over a mail for each reader.

- **mails per request**: how many mails the API takes in one request. It is 1 where a batch could not carry
  each reader's own List-Unsubscribe or our Message-ID.
- **repeatable**: for how long the provider recognizes a repeated request by its key, and does not carry it
  out twice. During that time, a request without an answer is made again; with other providers its mails are
  `unsure`, and not sent again automatically.
- **bytes**: how large a request may be.
- **results**: whether the API can take some of a request's mails and refuse others. Where it is all or
  nothing, a refused request is halved until the address that caused it is found.
- **unsubscribe**: whether the provider can add its own link and header fields. They stay off: ours are used.
- **rate**: requests per second that the provider's documents allow; "not said" if they name no number.
- **schedule**: how far ahead the API can be told to send. It is not used: `digest send` runs at the hour.
- **placeholders**: what the provider would replace in a text. In an edition's text they are broken up, so
  that readers see them and the provider does not replace them.

A mail that was refused for its address is `refused`. A wrong key, an account without credit or a From that is
not verified stops the run, and counts against nobody. After 429 and 503 it waits as long as the answer asks,
up to two minutes; then the mails are `deferred`.

| sender | mails per request | bytes | repeatable | results | unsubscribe | rate | schedule | placeholders |
|---|---|---|---|---|---|---|---|---|
"""

CAMPAIGNS = """
## Providers that hold the list

The list is theirs, and so are the links to unsubscribe and to preferences, their header fields, and the
bounces. `digest send` hands over one campaign per edition; the campaign's name contains the edition's name
and the beginning of its SHA-256, by which it is found again.

It is created as a draft, and then launched. A draft reaches nobody, and a provider sends a campaign once,
so `digest send --resume` can safely continue a run that was cut off: it looks first. A launch whose outcome
is unknown is `unsure` until the provider shows the campaign on its way; only `--resume` launches the same
one again. A campaign that somebody called off there is `refused`. `--to` asks for the provider's own test
of the draft (listmonk tests only with its own subscribers); a `digest send` at that moment waits for it.
`--at-its-hour` hands the campaign over now, to be sent at the newsletter's hour (with Mailchimp, only on a
quarter of an hour).

- **text part**: the edition's own, or made by the provider from the HTML.
- **From**: the newsletter's `from`, or what is set at the provider.

| sender | text part | From | header fields | rate | placeholders |
|---|---|---|---|---|---|
"""
#: Whose From a campaign has, and which header fields.
CARRIED = {
    "listmonk": ("`from`, `reply_to`", "List-Id, Feedback-ID, Precedence"),
    "buttondown": ("set there", "its own"),
    "mailchimp": ("`from`; no other `reply_to`", "its own"),
}


def senders_md() -> str:
    """The table of what each provider can do."""
    messages = (_capabilities(kind, can) for kind, can in CAPABILITIES.items() if can.kind == "message")
    campaigns = (_campaign(kind, can) for kind, can in CAPABILITIES.items() if can.kind == "campaign")
    return "".join([SENDERS, *messages, CAMPAIGNS, *campaigns])


def _capabilities(kind: str, can: Capabilities) -> str:
    cells = [
        f"`{kind}`",
        f"{can.batch_max:,}",
        f"{can.bytes_max // 1_000_000} MB",
        _time(can.idempotency),
        "each mail" if can.partial_results else "all or nothing" if can.batch_max > 1 else "",
        "yes" if can.native_unsubscribe else "no",
        _rate(can),
        _time(can.schedule),
        _placeholders(can),
    ]
    return f"| {' | '.join(cells)} |\n"


def _campaign(kind: str, can: Capabilities) -> str:
    text = "ours" if can.own_text else "the provider's"
    cells = [f"`{kind}`", text, *CARRIED[kind], _rate(can), _placeholders(can)]
    return f"| {' | '.join(cells)} |\n"


def _rate(can: Capabilities) -> str:
    return f"{can.rate:,.0f}/s" if can.rate else "not said"


def _placeholders(can: Capabilities) -> str:
    return " ".join(f"`{_cell(text)}`" for text in can.placeholders) or "none"


def _time(span: timedelta) -> str:
    hours = span.total_seconds() / 3600
    return "no" if not span else f"{hours:g} h" if hours >= 1 else f"{hours * 60:g} min"


PAGES = {
    HERE / "commands.md": commands_md,
    HERE / "schedules.md": schedules_md,
    HERE / "senders.md": senders_md,
    HERE / "schedules.schema.json": schema_json,
}


def _tables(path: tuple[str, ...], table: Node, schema: Node, *, repeated: bool = False) -> Iterator[str]:
    """The section of a table, and those of the tables in it."""
    required = table.get("required", ())
    settings = {key: resolve(node, schema) for key, node in table["properties"].items()}
    rows = [_row(key, node, key in required) for key, node in settings.items() if not _below(node)]
    if rows:
        title = f"[[{'.'.join(path)}]]" if repeated else f"[{'.'.join(path)}]"
        if kind := settings.get("kind", {}).get("const"):
            title += f' kind = "{kind}"'
        yield f"\n## `{title}`\n\n{_cell(table['description'])}\n\n"
        yield "| key | type | default | |\n|---|---|---|---|\n"
        yield from rows
    for key, node in settings.items():
        place = (*path, key, "NAME") if key == "newsletters" else (*path, key)
        if words := AS_ELSEWHERE.get(place):
            yield f"\n## `[{'.'.join(place)}]`\n\n{_cell(node['description'])}\n{words}\n"
            continue
        for below, is_repeated in _below(node):
            yield from _tables(place, resolve(below, schema), schema, repeated=is_repeated)


def _below(node: Node) -> list[tuple[Node, bool]]:
    """The tables that stand under a key, and whether there may be several."""
    if "oneOf" in node:
        return [(choice, False) for choice in node["oneOf"]]
    if "properties" in node:
        return [(node, False)]
    if "$ref" in node.get("items", {}):
        return [(node["items"], True)]
    named = node.get("additionalProperties")
    return [(named, False)] if isinstance(named, Mapping) and "$ref" in named else []


def _row(key: str, node: Node, required: bool) -> str:
    default = "required" if required else f"`{_toml(node['default'])}`" if "default" in node else ""
    return f"| `{key}` | {_type(node)} | {default} | {_cell(node['description'])} |\n"


def _type(node: Node) -> str:
    if "enum" in node or "const" in node:
        return ", ".join(f"`{_toml(value)}`" for value in node.get("enum") or [node["const"]])
    if node["type"] == "array":
        return f"list: {_type(node['items'])}"
    if node["type"] == "object":
        return f"table: {_type(node['additionalProperties'])}"
    if node.get("writeOnly"):
        return "secret"
    if node.get("format") == "date":
        return "date"
    if "minimum" in node:
        return f"{TYPES[node['type']]}, {node['minimum']} to {node['maximum']}"
    if "examples" in node:
        example = next(text for text in node["examples"] if text != node.get("default"))
        return f"text, as in `{_toml(example)}`"
    return TYPES[node["type"]]


def _toml(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _cell(text: str) -> str:
    """Words for one cell of a table, reStructuredText's double backticks made Markdown's."""
    return " ".join(text.replace("``", "`").replace("|", "\\|").split())


def write() -> None:
    for path, page in PAGES.items():
        path.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    write()
