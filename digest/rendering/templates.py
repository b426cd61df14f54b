"""A template: a folder of Jinja sources that make a mail's HTML, its plain text and its web page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import is_dataclass
from functools import lru_cache
from typing import Any, Final

from jinja2 import FunctionLoader, StrictUndefined, TemplateError, TemplateNotFound, TemplateSyntaxError
from jinja2.ext import Extension
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from digest.errors import RenderError
from digest.model import editions, mails
from digest.rendering import plaintext, tracing
from digest.rendering.mjml import MjmlError, compile_mjml, unknown_tags
from digest.rendering.page import fitted, legend, photo
from digest.words import marks
from digest.words.text import paragraphs

HTML: Final = "edition.mjml.j2"
TEXT: Final = "edition.txt.j2"
WEB: Final = "web.html.j2"

#: What a wrong expression in a template can raise besides Jinja's own errors.
FAULTS: Final = (
    TemplateError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


class Sandbox(ImmutableSandboxedEnvironment):
    """Operators bring templates: they read what they are given, change nothing and reach no further."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        # Jinja's own checks take half of a rendering's time, and no plain value can do harm.
        value = getattr(obj, attribute, None)
        if type(value) in _PLAIN and not attribute.startswith("_"):
            return value
        return super().getattr(obj, attribute)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        # Jinja's answer depends on the type and the name alone, and takes most of a rendering's time.
        question = (type(obj), attr)
        if question not in _SAFE:
            _SAFE[question] = super().is_safe_attribute(obj, attr, value)
        return _SAFE[question]


#: Folders of a template with what no mail needs.
LATER = ("archive/", "public/")

_SAFE: dict[tuple[type, str], bool] = {}
_GIVEN = (*vars(editions).values(), *vars(mails).values())
_PLAIN = frozenset(
    (str, Markup, int, bool, tuple, *(one for one in _GIVEN if isinstance(one, type) and is_dataclass(one)))
)


class Template:
    """A template's sources, compiled. Feed text never becomes a source: it is only data for them.

    *sources* are the texts by path in the template's folder; those that do not end in ``.j2`` are
    left aside. HTML and MJML are escaped by Jinja, ``.txt.j2`` is not.

    What is on the web alone (``LATER``) is compiled when it is first asked for, or by ``compile``: it takes
    longer than the mail.

    Raises:
        RenderError: A source is missing, is no Jinja, or has a tag that MJML does not know.
    """

    def __init__(self, name: str, sources: Mapping[str, str]) -> None:
        self.name = name
        self._sources = {path: source for path, source in sources.items() if path.endswith(".j2")}
        missing = [path for path in (HTML, TEXT, WEB) if path not in self._sources]
        if missing:
            needed = f"{HTML}, {TEXT} and {WEB}"
            raise RenderError(f"template {name!r} has no {', '.join(missing)}; it needs {needed}")
        self._markup = self._environment(autoescape=True)
        self._text = self._environment(autoescape=False)
        self.compile(path for path in self._sources if not path.startswith(LATER))
        self._check_tags()

    def compile(self, paths: Iterable[str] | None = None) -> None:
        """Compile these sources, or all. Raises RenderError."""
        for path in self._sources if paths is None else paths:
            with self._blamed():
                self._compiler_of(path).get_template(path)

    def html(self, variables: Mapping[str, object], path: str = HTML) -> str:
        """A mail's HTML. Raises RenderError, with file and line where they are known."""
        source = self._run(self._markup, path, variables)
        try:
            return compile_mjml(source)
        except MjmlError as error:
            where = self._line_of(error.offset, source, variables, path) or f"{self.name}/{path}"
            raise RenderError(f"{where}: {error}") from error

    def text(self, variables: Mapping[str, object], path: str = TEXT) -> str:
        """A mail's plain text. Raises RenderError."""
        return plaintext.tidied(self._run(self._text, path, variables))

    def web(self, variables: Mapping[str, object], path: str = WEB) -> str:
        """A page on the web: that of the edition, or another. Raises RenderError."""
        return self._run(self._markup, path, variables)

    def _environment(self, *, autoescape: bool, extensions: Sequence[type[Extension]] = ()) -> Sandbox:
        environment = Sandbox(
            loader=FunctionLoader(self._source),
            # A flag for all: select_autoescape() would leave .mjml unescaped.
            autoescape=autoescape,
            undefined=StrictUndefined,
            extensions=extensions,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.filters |= {
            "marks": _marked if autoescape else _unmarked,
            "paragraphs": _paragraphs,
            "photo": photo,
            "legend": legend,
            "fitted": fitted,
            "wrapped": plaintext.wrapped,
        }
        return environment

    def _source(self, path: str) -> tuple[str, str, None] | None:
        """For Jinja: a source with the file name that tracebacks are to show."""
        source = self._sources.get(path)
        return None if source is None else (source, f"{self.name}/{path}", None)

    def _compiler_of(self, path: str) -> Sandbox:
        return self._text if ".txt." in path else self._markup

    def _check_tags(self) -> None:
        problems = [
            f"{self.name}/{path}:{line}: {complaint}"
            for path, source in self._sources.items()
            if ".mjml." in path
            for line, complaint in unknown_tags(source)
        ]
        if problems:
            raise RenderError("\n".join(problems))

    def _run(self, environment: Sandbox, path: str, variables: Mapping[str, object]) -> str:
        with self._blamed(path):
            return environment.get_template(path).render(variables)

    @contextmanager
    def _blamed(self, path: str = "") -> Iterator[None]:
        """Failures of the sources as RenderErrors that name file and line."""
        try:
            yield
        except TemplateSyntaxError as error:
            raise RenderError(f"{error.filename or self.name}:{error.lineno}: {error.message}") from error
        except TemplateNotFound as error:
            raise RenderError(f"{self._frame(error) or self.name}: there is no {error.name} in it") from error
        except FAULTS as error:
            where = self._frame(error) or f"{self.name}/{path}"
            raise RenderError(f"{where}: {error or type(error).__name__}") from error

    def _frame(self, error: BaseException) -> str:
        """The last line of ours that the error came through: Jinja puts the sources' into tracebacks."""
        where, trace = "", error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename.startswith(f"{self.name}/"):
                where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
            trace = trace.tb_next
        return where

    def _line_of(self, offset: int | None, source: str, variables: Mapping[str, object], path: str) -> str:
        """File and line that wrote the character at *offset* of *source*; "" when that is unknown."""
        if offset is None:
            return ""
        traced = self._environment(autoescape=True, extensions=[tracing.Traced])
        return tracing.line_at(offset, self._run(traced, path, variables), source, traced)


@lru_cache(maxsize=512)  # each part of a mail asks for those of the same texts
def _paragraphs(text: str) -> tuple[str, ...]:
    """The paragraphs of *text*, each in one line; () when there are none."""
    return tuple(paragraphs(text).split("\n")) if text else ()


def _marked(text: str, link_style: str = "") -> Markup:
    return Markup(marks.html(marks.read(text), link_style=link_style))  # noqa: S704 - escaped by marks


def _unmarked(text: str) -> str:
    return marks.plain(marks.read(text))
