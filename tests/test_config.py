"""schedules.toml: what is accepted, what is refused and in which words, and that no secret shows."""

from __future__ import annotations

import ast
import copy
import pickle
import re
import traceback
from datetime import date, time, timedelta
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.config import json_schema, load, parse, public_values
from digest.config.problems import shown
from digest.config.schema import adapter, structure
from digest.errors import ConfigError
from digest.settings import OutboxSettings, Settings, SmtpSettings

ROOT = Path(__file__).parent.parent
CASES = sorted((Path(__file__).parent / "data" / "config").glob("*.toml"))
CANARY = "canary-7f3a"

LEAST = """
[newsletters.the-sift]
title = "The Sift"
timezone = "America/New_York"
from = "The Sift <sift@example.org>"
postal_address = "12 Station Road, Springfield"
feeds = [{ url = "https://example.com/rss.xml" }]
"""


def read(text: str, **environ: str) -> Settings:
    return parse(text, source="schedules.toml", environ=environ)


def problems(text: str, **environ: str) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as refused:
        read(text, **environ)
    return refused.value.problems


def with_setting(line: str) -> str:
    return LEAST.replace("\ntitle", f"\n{line}\ntitle")


def with_sender(lines: str) -> str:
    return f'{LEAST}\n[newsletters.the-sift.sender]\nkind = "smtp"\nhost = "mail.example.org"\n{lines}\n'


def with_feed(line: str) -> str:
    return f'{LEAST.replace("feeds =", "# feeds =")}\n[[newsletters.the-sift.feeds]]\nurl = "https://example.com/a"\n{line}\n'


# --- what is accepted ------------------------------------------------------------------------------


def test_the_least_file_gives_a_newsletter_with_the_defaults() -> None:
    settings = read(LEAST)

    sift = settings.newsletters["the-sift"]
    assert sift.key == "the-sift"
    assert sift.from_ == "The Sift <sift@example.org>"
    assert sift.timezone == ZoneInfo("America/New_York")
    assert (sift.build, sift.send, sift.days) == (time(5), time(6, 30), frozenset(range(5)))
    assert sift.sender == OutboxSettings()
    assert settings.store.url.reveal() == "sqlite:///var/digest.db"


def test_the_shipped_newsletter_is_right(tmp_path: Path) -> None:
    [newsletter] = load(ROOT, {}).newsletters.values()

    assert isinstance(newsletter.sender, OutboxSettings)
    assert len(newsletter.feeds) >= 10
    assert {feed.section for feed in newsletter.feeds} == set(newsletter.sections)


def test_what_the_shipped_file_has_in_comments_is_right_too() -> None:
    text = (ROOT / "schedules.toml").read_text(encoding="utf-8")
    smtp = re.search(r"# \[newsletters\.first-light\.sender\]\n(?:# .*\n)+", text)
    assert smtp is not None
    optional = "web|copyright|house_link|reader_quote|extra_days_off|workers|user_agent"
    text = text.replace('[newsletters.first-light.sender]\nkind = "outbox"\n', "", 1)
    text = text.replace(smtp[0], re.sub("(?m)^# ", "", smtp[0]))
    text = re.sub(rf"(?m)^# ({optional}|timeout|allow_hosts|\[fetching\])", r"\1", text)

    settings = read(text, SMTP_PASSWORD="hunter2")

    [newsletter] = settings.newsletters.values()
    assert isinstance(newsletter.sender, SmtpSettings)
    assert newsletter.house_link is not None
    assert settings.fetching.allow_hosts == ("intranet.example.org",)


def test_articles_are_kept_as_long_as_editions_lead_back_to_them() -> None:
    assert read(f'{LEAST}\n[store]\nkeep = "60d"').store.keep == timedelta(days=60)
    [problem] = problems(f'{LEAST}\n[store]\nkeep = "59d"')
    assert problem.startswith("store.keep: must be 60d or more")


def test_two_newsletters_are_kept_by_their_keys() -> None:
    two = LEAST + LEAST.replace("the-sift", "evening")

    assert list(read(two).newsletters) == ["the-sift", "evening"]


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ('days = "sat-mon"', "days", frozenset({5, 6, 0})),
        ('days = "Mon, wed"', "days", frozenset({0, 2})),
        ('send = "23:59"', "send", time(23, 59)),
        ('max_lateness = "45m"', "max_lateness", timedelta(minutes=45)),
        ('approval = "automatic after 06:15"', "approval", "automatic after 06:15"),
        ('holidays = "DE-BY"', "holidays", "DE-BY"),
        ('language = "pt-BR"', "language", "pt-BR"),
        ("extra_days_off = [2026-12-24]", "extra_days_off", (date(2026, 12, 24),)),
        ('editors = ["\\"Desk, the\\" <desk@example.org>"]', "editors", ('"Desk, the" <desk@example.org>',)),
        ('tagline = " News briefs "', "tagline", "News briefs"),
        ("items = 60", "items", 60),
    ],
)
def test_a_setting_is_read(line: str, name: str, value: object) -> None:
    assert getattr(read(with_setting(line)).newsletters["the-sift"], name) == value


def test_every_default_may_be_written_out() -> None:
    """The documentation shows defaults as the file writes them: copied, they change nothing."""
    assert read(
        LEAST + _defaults("StoreSettings", "store") + _defaults("FetchingSettings", "fetching")
    ) == read(LEAST)
    assert read(with_setting(_defaults("Newsletter"))) == read(LEAST)
    assert read(with_feed(_defaults("Feed"))) == read(with_feed(""))
    assert read(with_sender(_defaults("SmtpSettings"))) == read(with_sender(""))


def _defaults(table: str, name: str = "") -> str:
    nodes = json_schema()["$defs"][table]["properties"]
    lines = [f"{key} = {shown_toml(node['default'])}" for key, node in nodes.items() if "default" in node]
    return "\n".join([f"\n[{name}]" if name else "", *lines, ""])


def shown_toml(value: object) -> str:
    return f"[{', '.join(map(shown_toml, value))}]" if isinstance(value, list) else shown(value)


# --- what is refused ---------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_a_broken_file_is_told_all_its_problems(case: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        parse(case.read_text(encoding="utf-8"), source=case.name, environ={"PORT": "99999"})

    assert f"{refused.value}\n" == case.with_suffix(".txt").read_text(encoding="utf-8")
    assert refused.value.exit_code == 2


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('days = "1-5"', "a number means Sunday to some and Monday to others"),
        ('days = "mon-funday"', 'written as names, as in "mon-fri"'),
        ('send = "6:30"', 'an hour is written as "06:30"; got "6:30"'),
        ('max_lateness = "99999999999999999999d"', "a duration is a number"),
        ('holidays = "USSA"', 'no calendar of that country; got "USSA"; did you mean'),
        ('holidays = "DE-XX"', "no calendar of that region of DE"),
        ('timezone2 = "UTC"', "the-sift.timezone2: no such setting; did you mean timezone?"),
        ('template = "../secrets"', "small letters, digits and single hyphens"),
        ('template = "nul"', "small letters, digits and single hyphens"),
        ("items = 61", "must be a whole number from 1 to 60; got 61"),
        ("items = nan", "must be a whole number from 1 to 60; got nan"),
        ('items = "six"', 'must be a whole number from 1 to 60; got "six"'),
        ("min_items = 7", "must be at most items, which is 6; got 7"),
        ('send = "04:59"', "must not be before build, which is 05:00"),
        ('sections = ["World\\tnews"]', "must not have control characters"),
        ('copyright = "a\\nb"', "must be on one line"),
        ('web = "javascript:alert(1)"', "starts with https:// or http://"),
        ('web = "https://example.org:x/"', "starts with https:// or http://"),
        ('reply_to = "desk@example.org, all@example.org"', "must be one address"),
        ('reply_to = "desk"', "must be an address that mail can reach"),
        ('editors = ["Schreibtisch <schüler@example.org>"]', "must be an address that mail can reach"),
        ('house_link = { text = "Donate" }', "house_link.url is required: where it leads"),
        ('house_link = { text = "Donate", url = "data:x" }', "starts with https:// or http://"),
        ('key = "other"', "a newsletter's key is the name of its table"),
    ],
)
def test_a_wrong_setting_is_refused_with_what_was_expected(line: str, problem: str) -> None:
    [found] = problems(with_setting(line))

    assert problem in found


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("weight = 10.5", "feeds[1].weight: must be a number from 0 to 10; got 10.5"),
        ("weight = nan", "feeds[1].weight: must be a number from 0 to 10; got nan"),
        ("limit = 201", "feeds[1].limit: must be a whole number from 1 to 200; got 201"),
        ('languages = ["fr", "?"]', "feeds[1].languages[2]: must be a language tag"),
        ('password = "${P}"', "feeds[1].username is required: a password is given"),
        ('headers = { X-Api-Key = "x" }', "feeds[1].headers.X-Api-Key: is a secret"),
        ('headers = { Accept = "a\\nHost: b" }', "feeds[1].headers.Accept: must be on one line"),
        ('headers = { "Accept:" = "a" }', 'feeds[1].headers."Accept:": is not a header name'),
    ],
)
def test_a_wrong_setting_of_a_feed_is_refused(line: str, problem: str) -> None:
    [found] = problems(with_feed(line), P=CANARY)

    assert problem in found


def test_the_section_of_a_feed_has_to_be_one_of_the_newsletters() -> None:
    text = with_feed('section = "Wold"').replace("\ntitle", '\nsections = ["World", "Nation"]\ntitle', 1)

    [found] = problems(text)

    assert found.endswith('must be one of the newsletter\'s sections; got "Wold"; did you mean World?')


def test_without_sections_a_feed_may_name_any() -> None:
    [feed] = read(with_feed('section = "World"')).newsletters["the-sift"].feeds

    assert feed.section == "World"


@pytest.mark.parametrize("key", ["The-Sift", "a/b", "..", "-", "a" * 65, "con", "", "a\\u202eb"])
def test_a_newsletters_key_is_a_slug(key: str) -> None:
    [found] = problems(LEAST.replace("the-sift", f'"{key}"'))

    assert "the name of a newsletter must be small letters" in found
    assert found.isprintable()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "::1", "[::1]", "mail.localhost"])
def test_a_login_without_encryption_is_fine_on_loopback(host: str) -> None:
    text = with_sender('security = "none"\nusername = "desk"\npassword = "${P}"').replace(
        "mail.example.org", host
    )

    assert read(text, P="hunter2").newsletters["the-sift"].sender.kind == "smtp"


@pytest.mark.parametrize("host", ["mail.example.org", "10.0.0.1", "localhost.example.org", "::2"])
def test_a_login_without_encryption_is_refused_elsewhere(host: str) -> None:
    text = with_sender('security = "none"\nusername = "desk"\npassword = "${P}"').replace(
        "mail.example.org", host
    )

    [found] = problems(text, P="hunter2")

    assert 'sender.security: must be "starttls" or "tls"' in found


def test_a_number_with_too_many_digits_is_a_problem() -> None:
    assert problems(f"items = {'9' * 5000}") == ("a number has more digits than Python can read",)


def test_lists_without_end_are_a_problem() -> None:
    assert problems(f"deep = {'[' * 5000}") == ("lists or tables are nested too deeply",)


SCALARS = ("0", "-1", "1.5", "nan", "true", "05:00:00", "2026-12-24", '""', '"x"', '"${X}"', '"${"')
LISTS = ("[]", "[[]]", '["a", 1]', "[{}]", "[{ url = 3 }]", '[{ headers = { a = "b" } }]')
TABLES = ("{}", '{ kind = "smtp" }', "{ kind = [] }", "{ kind = 3 }", "{ kind = {} }", "{ a = { b = [1] } }")
VALUES = st.sampled_from([*SCALARS, *LISTS, *TABLES])
KEYS = st.deferred(lambda: st.sampled_from([*known_keys(), "key", '""', '"a b"', "a.b"]))


def known_keys() -> list[str]:
    return list(json_schema()["$defs"]["Newsletter"]["properties"])


@pytest.mark.slow
@given(lines=st.lists(st.tuples(KEYS, VALUES), max_size=4, unique_by=lambda line: line[0]))
def test_whatever_stands_in_it_the_answer_is_settings_or_problems(lines: list[tuple[str, str]]) -> None:
    text = "[newsletters.the-sift]\n" + "".join(f"{key} = {value}\n" for key, value in lines)

    found = problems(text)

    assert all(problem.isprintable() for problem in found)


# --- the file itself ---------------------------------------------------------------------------------


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file: `digest init` makes one") as refused:
        load(tmp_path, {})

    assert refused.value.source == str(tmp_path / "schedules.toml")


def test_a_folder_in_the_files_place_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "schedules.toml").mkdir()

    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        load(tmp_path, {})


def test_another_encoding_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "schedules.toml").write_bytes("# one\ntitle = 'Café'\n".encode("latin-1"))

    with pytest.raises(ConfigError, match="line 2: is not UTF-8"):
        load(tmp_path, {})


def test_a_byte_order_mark_and_windows_line_ends_are_fine(tmp_path: Path) -> None:
    (tmp_path / "schedules.toml").write_bytes(LEAST.replace("\n", "\r\n").encode("utf-8-sig"))

    assert list(load(tmp_path, {}).newsletters) == ["the-sift"]


# --- the environment and its secrets -------------------------------------------------------------------


def password(settings: Settings) -> str:
    sender = settings.newsletters["the-sift"].sender
    assert isinstance(sender, SmtpSettings)
    assert type(sender.password.reveal()) is str
    return sender.password.reveal()


LOGIN = with_sender('username = "desk"\npassword = "${SMTP_PASSWORD}"')


def test_a_secret_comes_from_the_environment() -> None:
    assert password(read(LOGIN, SMTP_PASSWORD=" hunter2 ")) == " hunter2 "


def test_a_value_is_not_replaced_again() -> None:
    assert password(read(LOGIN, SMTP_PASSWORD="${HOME}")) == "${HOME}"


def test_a_part_of_a_text_may_come_from_the_environment() -> None:
    text = with_feed('headers = { Authorization = "Bearer ${TOKEN}" }\ntitle = "${NAME}"')

    [feed] = read(text, TOKEN="t0", NAME="Example Times").newsletters["the-sift"].feeds

    assert feed.headers["Authorization"].reveal() == "Bearer t0"
    assert feed.title == "Example Times"


def test_a_number_may_come_from_the_environment() -> None:
    sender = read(with_sender('port = "${PORT}"'), PORT="2525").newsletters["the-sift"].sender

    assert isinstance(sender, SmtpSettings)
    assert sender.port == 2525


@pytest.mark.parametrize("relative", [True, False])
def test_a_secret_comes_from_the_file_that_the_environment_names(tmp_path: Path, relative: bool) -> None:
    (tmp_path / "password.txt").write_text("hunter2\n")
    (tmp_path / "schedules.toml").write_text(LOGIN)
    path = "password.txt" if relative else str(tmp_path / "password.txt")

    assert password(load(tmp_path, {"SMTP_PASSWORD_FILE": path})) == "hunter2"
    assert password(load(tmp_path, {"SMTP_PASSWORD_FILE": path, "SMTP_PASSWORD": "first"})) == "first"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "the file that SMTP_PASSWORD_FILE names: No such file or directory"),
        (b"", "the file that SMTP_PASSWORD_FILE names is empty"),
        (b"\xff\xfe", "the file that SMTP_PASSWORD_FILE names is not UTF-8 text"),
        (b"x" * 100_000, "the file that SMTP_PASSWORD_FILE names is too large"),
    ],
)
def test_a_secret_file_that_is_no_good_is_a_problem(
    tmp_path: Path, content: bytes | None, problem: str
) -> None:
    if content is not None:
        (tmp_path / CANARY).write_bytes(content)

    found = problems(LOGIN, SMTP_PASSWORD_FILE=str(tmp_path / CANARY))

    assert found == (f"newsletters.the-sift.sender.password: {problem}",)


def test_a_missing_variable_is_named_with_its_key() -> None:
    assert problems(LOGIN) == (
        "newsletters.the-sift.sender.password: the environment variable SMTP_PASSWORD is not set"
        " (nor SMTP_PASSWORD_FILE)",
    )


def test_a_name_that_is_none_is_a_problem() -> None:
    [found] = problems(LOGIN.replace("${SMTP_PASSWORD}", "${smtp password}"))

    assert "${smtp password} is not a variable" in found


@pytest.mark.parametrize(
    "text",
    [
        with_sender(f'username = "desk"\npassword = "{CANARY}"'),
        with_sender(f'username = "desk"\npassword = ["{CANARY}"]'),
        with_sender(f'usrname = "desk"\npasword = "{CANARY}"'),
        with_sender(f'username = "desk"\npassword = "${{SMTP_PASSWORD}}"\nhost = {CANARY}'),
        with_feed(f'username = "desk"\npassword = "{CANARY}"'),
        with_feed(f'headers = {{ Authorization = "Bearer {CANARY}" }}'),
        with_feed(f'headers = "Bearer {CANARY}"'),
        LEAST.replace("https://example.com", f"https://desk:{CANARY}@example.com"),
        LEAST.replace("https://example.com", f"https://desk:a/{CANARY}@example.com"),
        f'{LEAST}\n[store]\nurl = "postgresql://digest:{CANARY}@db/digest"',
        f'{LEAST}\n[store]\nurl = "{CANARY}"',
        f'store = "postgresql://digest:{CANARY}@db/digest"\n{LEAST}',
        LEAST.replace("America/New_York", "${SMTP_PASSWORD}"),
        LEAST.replace("The Sift <sift@example.org>", "${SMTP_PASSWORD}"),
        with_setting('items = "${SMTP_PASSWORD}"'),
        with_setting('sender = { kind = "${SMTP_PASSWORD}" }'),
        with_feed('identity = "${SMTP_PASSWORD}"'),
        with_sender('username = "desk"\npassword = "${SMTP_PASSWORD}"\nport = 0'),
    ],
)
def test_no_secret_stands_in_an_error(text: str) -> None:
    with pytest.raises(ConfigError) as refused:
        read(text, SMTP_PASSWORD=CANARY)

    said = "".join(traceback.TracebackException.from_exception(refused.value).format(chain=True))
    assert CANARY not in said
    assert refused.value.__context__ is None
    assert refused.value.__cause__ is None


def test_a_password_in_the_file_is_told_where_it_belongs() -> None:
    [found] = problems(with_sender('username = "desk"\npassword = "hunter2"'))

    assert found.endswith(
        'is a secret and does not belong in the file: write "${NAME}" and set NAME where it runs'
    )


def test_no_secret_stands_in_what_settings_look_like() -> None:
    text = with_feed('username = "u"\npassword = "${P}"\nheaders = { Authorization = "Bearer ${P}" }')
    text += '[newsletters.the-sift.sender]\nkind = "smtp"\nhost = "mail.example.org"\n'
    text += 'username = "u"\npassword = "${P}"\n'
    text += '[store]\nurl = "postgresql://digest:${P}@db/digest"\n'

    settings = read(text, P=CANARY)

    assert settings.store.url.reveal() == f"postgresql://digest:{CANARY}@db/digest"
    for look in (repr(settings), str(settings), f"{settings}", repr(copy.deepcopy(settings))):
        assert CANARY not in look
    assert str(settings.store.url) == f"{settings.store.url}" == "Secret(***)"


def test_settings_can_go_to_another_process() -> None:
    settings = read(LOGIN, SMTP_PASSWORD="hunter2")

    assert pickle.loads(pickle.dumps(settings)) == settings


# --- the schema and the documentation -----------------------------------------------------------------


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    spec = spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_pages_made_from_the_code_are_up_to_date(generate: ModuleType) -> None:
    for path, page in generate.PAGES.items():
        assert path.read_text(encoding="utf-8") == page(), f"{path.name} is behind: run `make docs`"


def test_every_setting_is_documented(generate: ModuleType) -> None:
    page = generate.schedules_md()
    nodes = [
        (table, key, node)
        for table, definition in json_schema()["$defs"].items()
        for key, node in definition["properties"].items()
    ]

    assert len(nodes) > 50
    for table, key, node in nodes:
        assert node.get("description") or "$ref" in node, f"{table}.{key} has no docstring"
        assert f"| `{key}` |" in page or f".{key}]" in page


def test_the_schema_spells_keys_and_defaults_as_the_file_does() -> None:
    newsletter: dict[str, Any] = json_schema()["$defs"]["Newsletter"]

    assert "key" not in newsletter["properties"]
    assert set(newsletter["required"]) == {"title", "timezone", "feeds", "from", "postal_address"}
    assert newsletter["properties"]["days"]["default"] == "mon-fri"
    assert newsletter["properties"]["send"]["default"] == "06:30"
    assert newsletter["additionalProperties"] is False


def test_the_patterns_of_the_schema_allow_its_own_examples_and_defaults() -> None:
    for table, definition in json_schema()["$defs"].items():
        for key, node in definition["properties"].items():
            for text in [*node.get("examples", []), *([node["default"]] if "default" in node else [])]:
                assert re.search(node.get("pattern", ""), str(text)), f"{table}.{key}: {text}"


@pytest.mark.slow
def test_what_a_build_asks_of_the_settings_reads_no_source(monkeypatch: pytest.MonkeyPatch) -> None:
    # Builds are made by several threads at once, and Python 3.11 does not bear `ast` in two of them.
    def parsed(*_: object, **__: object) -> None:
        raise AssertionError("a source was read")

    structure.cache_clear()
    adapter.cache_clear()
    monkeypatch.setattr(ast, "parse", parsed)
    text = '[newsletters.a]\ntitle = "A"\n[[newsletters.a.feeds]]\nurl = "${HOST}/feed.xml"\n'

    assert public_values(text, {"HOST": "http://one"}, Path()) == {"HOST": "http://one"}


def test_the_structure_is_the_schema_without_its_words() -> None:
    def bare(node: Any) -> Any:
        if isinstance(node, dict):
            kept = {key: bare(value) for key, value in node.items() if key != "description"}
            # A reference with words beside it stands in a list of one.
            return kept["allOf"][0] if list(kept) == ["allOf"] else kept
        return [bare(one) for one in node] if isinstance(node, list) else node

    assert bare(structure()) == bare(json_schema())
