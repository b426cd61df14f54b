"""Asks a model through pydantic-ai: one request, one answer. The only module that imports it.

No agent: an agent asks again by itself, runs tools that an answer names, and prints a banner.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import httpx2
from anthropic import AsyncAnthropic
from openai import AsyncOpenAI
from pydantic_ai import ModelRequest, ModelSettings
from pydantic_ai.direct import model_request
from pydantic_ai.exceptions import ModelHTTPError
from pydantic_ai.messages import SystemPromptPart, UserPromptPart
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.models.anthropic import AnthropicModel
from pydantic_ai.models.ollama import OllamaModel
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.output import OutputObjectDefinition
from pydantic_ai.profiles.openai import OpenAIModelProfile
from pydantic_ai.providers.anthropic import AnthropicProvider
from pydantic_ai.providers.ollama import OllamaProvider
from pydantic_ai.providers.openai import OpenAIProvider
from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider

from digest.errors import SummaryError
from digest.settings import LlmSettings
from digest.summarizers.llm.answer import FORM
from digest.summarizers.llm.transport import Door

#: Tokens of an answer at most; models that think before they answer need most of them.
_LONGEST = 2_000
#: The clients refuse to start without a key. The real one is put in at the door, so that none of them has it.
_NO_KEY = "at-the-door"


@dataclass(frozen=True, slots=True)
class Reply:
    text: str
    #: As the server counted them; 0 when it did not.
    tokens: int


class Asker:
    """A model behind an address. To be used in one event loop, and closed there."""

    longest = _LONGEST

    def __init__(self, settings: LlmSettings) -> None:
        self._timeout = settings.timeout.total_seconds()
        self._server = settings.server
        header = "x-api-key" if settings.provider == "anthropic" else "authorization"
        # A connection for each question: a kept one may be dead by the next, and nothing is asked twice.
        limits = httpx2.Limits(max_keepalive_connections=0)
        inner = httpx2.AsyncHTTPTransport(trust_env=False, retries=0, limits=limits)
        self._client = httpx2.AsyncClient(
            transport=Door(inner, settings.server, settings.api_key, header),
            trust_env=False,
            follow_redirects=False,
            timeout=self._timeout,
        )
        self._model = _model(settings, self._client)
        self._settings = ModelSettings(max_tokens=_LONGEST)
        if settings.provider == "ollama" or settings.base_url:
            self._settings["temperature"] = 0.0  # the providers' own newest models refuse to be told

    async def ask(self, instructions: str, message: str) -> Reply:
        """The model's answer to *message*.

        Raises:
            SummaryError: There is none: in time, in form or at all.
        """
        request = ModelRequest(parts=[SystemPromptPart(instructions), UserPromptPart(message)])
        try:
            async with asyncio.timeout(self._timeout):
                response = await model_request(
                    self._model,
                    [request],
                    model_settings=self._settings,
                    model_request_parameters=_form(self._model),
                    instrument=False,
                )
            return Reply(response.text or "", response.usage.total_tokens)
        except TimeoutError:
            raise SummaryError(f"no answer within {self._timeout:g} s") from None
        except Exception as exc:  # noqa: BLE001 - what libraries make of a server's nonsense may be anything
            raise self._explained(exc) from None

    async def close(self) -> None:
        await self._client.aclose()

    def _explained(self, exc: BaseException) -> SummaryError:
        """In our words: theirs may repeat the whole answer."""
        cause: BaseException | None = exc
        while cause is not None:
            if isinstance(cause, SummaryError):
                return cause
            if isinstance(cause, ModelHTTPError):
                return SummaryError(f"the server answered {cause.status_code}")
            if isinstance(cause, httpx2.TimeoutException):
                return SummaryError(f"no answer within {self._timeout:g} s")
            if isinstance(cause, httpx2.TransportError):
                return SummaryError(f"no connection to {self._server}")
            cause = cause.__cause__ or cause.__context__
        return SummaryError("its answer is not in the form that was asked for")


def _model(settings: LlmSettings, client: httpx2.AsyncClient) -> Model:
    server, name = settings.server, settings.model_name
    if settings.provider == "anthropic":
        return AnthropicModel(
            name,
            provider=AnthropicProvider(
                anthropic_client=AsyncAnthropic(
                    api_key=_NO_KEY, base_url=server, http_client=client, max_retries=0
                )
            ),
        )
    openai = AsyncOpenAI(api_key=_NO_KEY, base_url=server, http_client=client, max_retries=0)
    if settings.provider == "ollama":
        return OllamaModel(name, provider=OllamaProvider(openai_client=openai))
    if settings.base_url:
        older = OpenAIModelProfile(openai_chat_supports_max_completion_tokens=False)
        compatible = OpenAICompatibleProvider("openai-compatible", openai_client=openai)
        return OpenAIChatModel(name, provider=compatible, profile=older)
    return OpenAIChatModel(name, provider=OpenAIProvider(openai_client=openai))


def _form(model: Model) -> ModelRequestParameters:
    """The form of the answer: enforced by the server where it can, else told in words."""
    form = OutputObjectDefinition(json_schema=FORM, name="item")
    native = model.profile.get("supports_json_schema_output", False)
    return ModelRequestParameters(output_mode="native" if native else "prompted", output_object=form)
