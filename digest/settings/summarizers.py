"""Who writes the summaries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Literal

from annotated_types import Interval

from digest.settings.secrets import SERVERS, ApiAddress, ApiKey, ModelName, Secret
from digest.spelling import ByKind, Duration


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractiveSettings:
    """Whole sentences of the article. The default."""

    kind: Literal["extractive"] = "extractive"
    """"extractive" takes whole sentences from the article, word for word."""
    words: Annotated[int, Interval(ge=30, le=120)] = 60
    """About how many words a summary may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LlmSettings:
    """A language model, behind a gate.

    What it says is used only where the article bears it out: each number, name and quotation has to stand
    in the article, and most of the words. Whatever fails, whatever is late, and whatever is beyond the
    budget, has its summary from the article's own sentences.
    Needs `pip install "digest-newsletter[llm]"`.
    """

    kind: Literal["llm"]
    """"llm" asks a language model for summary, question, context and topic."""
    model: ModelName
    """Provider and its model. A server of your own that speaks OpenAI's language, such as llama.cpp, is
    "openai:" and any name, with its `base_url`."""
    base_url: ApiAddress = ""
    """Address of the API, and the only host that is contacted. Default: that of the provider; for ollama,
    http://localhost:11434/v1."""
    api_key: ApiKey = Secret("")
    """Key of the API, as in "${LLM_API_KEY}"; servers of your own often need none."""
    words: Annotated[int, Interval(ge=30, le=120)] = 60
    """About how many words a summary, and the context below it, may have."""
    calls: Annotated[int, Interval(ge=1, le=1000)] = 40
    """At most so many calls a run. An answer that was given before is remembered, and costs none."""
    tokens: Annotated[int, Interval(ge=1000, le=10_000_000)] = 200_000
    """At most so many tokens a run, those of the questions included."""
    timeout: Duration = timedelta(seconds=30)
    """How long one answer may take."""
    time_limit: Duration = timedelta(minutes=3)
    """How long all answers of a run may take together; the edition never waits longer."""
    workers: Annotated[int, Interval(ge=1, le=32)] = 4
    """Questions that are asked at once."""

    @property
    def provider(self) -> str:
        return self.model.partition(":")[0]

    @property
    def model_name(self) -> str:
        """The provider's own name for the model."""
        return self.model.partition(":")[2]

    @property
    def server(self) -> str:
        """The address that is asked."""
        return self.base_url or SERVERS[self.provider]


SummarizerSettings = Annotated[ExtractiveSettings | LlmSettings, ByKind()]
