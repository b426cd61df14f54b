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
    """A language model, whose answers are checked.

    An answer is used only if the article bears it out: each number, name and quotation has to be in the
    article, and most of the words; and it may not turn round what the article says, nor tell what may happen
    as if it had. If an answer fails, is late or is beyond the budget, the summary is made
    of the article's own sentences. Needs `pip install "digest-newsletter[llm]"`.
    """

    kind: Literal["llm"]
    """"llm" asks a language model for summary, question, context and topic."""
    model: ModelName
    """The provider and its model. For your own server with an OpenAI-compatible API, such as llama.cpp, write
    "openai:" and any name, and set `base_url`."""
    base_url: ApiAddress = ""
    """Address of the API, and the only host that is contacted. Default: the provider's; for ollama,
    http://localhost:11434/v1."""
    api_key: ApiKey = Secret("")
    """Key for the API, as in "${LLM_API_KEY}"; your own server may not need one."""
    words: Annotated[int, Interval(ge=30, le=120)] = 60
    """About how many words a summary, and the context below it, may have."""
    calls: Annotated[int, Interval(ge=1, le=1000)] = 40
    """Maximum calls per run. Answers are remembered, so asking the same again takes no call."""
    tokens: Annotated[int, Interval(ge=1000, le=10_000_000)] = 200_000
    """Maximum tokens per run, including those of the prompts."""
    timeout: Duration = timedelta(seconds=30)
    """How long one answer may take."""
    time_limit: Duration = timedelta(minutes=3)
    """How long all answers of a run may take together; the edition never waits longer."""
    workers: Annotated[int, Interval(ge=1, le=32)] = 4
    """Requests made at once."""

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
