"""What a language model's answer has to be to pass, and what the settings may say; no server is asked."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kit.builders import article
from kit.llmcase import CONTEXT, GOOD, QUESTION, SUMMARY, TEXT

from digest.config import parse
from digest.errors import ConfigError, SummaryError
from digest.model import Context, Story, Summary
from digest.settings import LlmSettings
from digest.summarizers.llm.answer import checked, read
from digest.summarizers.llm.budget import Budget
from digest.summarizers.llm.prompt import orders

CANARY = "canary-51c0"


def passed(answer: dict[str, str]) -> Summary:
    lead = article(title="Marlow to rebuild its old bridge", text=TEXT)
    story = Story(lead=lead, section="World", score=1.0)
    return checked(read(json.dumps(answer)), story, words=60, model="openai:scripted")


def refusal(**changed: str) -> str:
    with pytest.raises(SummaryError) as refused:
        passed({**GOOD, **changed})
    return str(refused.value)


def test_an_answer_that_the_article_bears_out_passes() -> None:
    assert passed(GOOD) == Summary(
        text=SUMMARY, written_by="openai:scripted", context=Context(question=QUESTION, text=CONTEXT)
    )


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (
            {"summary": SUMMARY.replace("4.6", "6.4")},
            "in its summary, the number $6.4 million is not in the source",
        ),
        (
            {"summary": SUMMARY.replace("Ana Sá", "Peter Holm")},
            "in its summary, the name Peter Holm is not in the source",
        ),
        (
            {"summary": SUMMARY.replace("Tuesday", "Friday")},
            "in its summary, the name Friday is not in the source",
        ),
        (
            {"summary": SUMMARY.replace("voted", "did not vote")},
            "in its summary, the source says the opposite",
        ),
        (
            {"context": CONTEXT.replace("1,200", "12,000")},
            "in its context, the number 12,000 is not in the source",
        ),
        (
            {"question": "What does Elon Musk say now?"},
            "in its question, the name Elon Musk is not in the source",
        ),
        (
            {"summary": f"{SUMMARY} “People need to trust the river they walk on,” Mayor Ruth Calder said."},
            "in its summary, the quotation “People need to trust the river they walk on,” is not in",
        ),
        (
            {"summary": SUMMARY.replace("take about fourteen", "take up to fourteen")},
            "in its summary, “up to fourteen”: the source does not say “up to” of that number",
        ),
        ({"summary": f"MARLOW, England (AP) — {SUMMARY}"}, "its summary opens with a dateline"),
        ({"summary": "The council of Marlow voted 7-2."}, "its summary has 6 words instead of 30 to 110"),
        ({"summary": f"{SUMMARY} {CONTEXT} {SUMMARY}"}, "its summary has 154 words instead of 30 to 110"),
        ({"summary": f"He said so. {SUMMARY}"}, "a sentence of its summary has a fault: too short"),
        ({"summary": f"They voted on Tuesday. {SUMMARY}"}, "its summary opens with words that point back"),
        ({"summary": f"**Bridge.** {SUMMARY}"}, "a sentence of its summary has a fault"),
        ({"context": SUMMARY}, "its context says the summary again"),
        ({"question": "Why?"}, "its question is not one of 3 to 10 words"),
        ({"question": "The city will pay for a ferry."}, "its question is not one of 3 to 10 words"),
        ({"question": ""}, "its question and its context do not come together"),
    ],
)
def test_an_answer_that_an_editor_would_not_print_is_refused(changed: dict[str, str], words: str) -> None:
    assert refusal(**changed).startswith(words)


def test_a_summary_of_invented_words_is_refused() -> None:
    invented = "Volcanic ash drifted over several islands while tourists waited for ferries. " * 3

    assert "too few words" in refusal(summary=invented) or "twice" in refusal(summary=invented)


def lines(name: str) -> list[str]:
    return (Path(__file__).parent / "data" / "llm" / name).read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("order", lines("orders.txt"))
def test_an_order_to_a_model_is_found_in_an_article(order: str) -> None:
    assert orders(article(text=f"{TEXT}{order}\n"))


@pytest.mark.parametrize("sentence", ["", *lines("no-orders.txt")])
def test_what_is_said_to_readers_is_no_order(sentence: str) -> None:
    assert orders(article(text=f"{TEXT}{sentence}\n")) == ""


@given(st.lists(st.integers(1, 100), max_size=30), st.integers(1, 10), st.integers(1, 500))
def test_a_budget_is_never_exceeded(wanted: list[int], calls: int, tokens: int) -> None:
    budget = Budget(calls=calls, tokens=tokens)
    paid = []
    for cost in wanted:
        try:
            budget.take(cost)
            paid.append(cost)
        except SummaryError:
            pass

    assert len(paid) <= calls
    assert sum(paid) <= tokens


NEWSLETTER = """
[newsletters.the-sift]
title = "The Sift"
timezone = "America/New_York"
from = "The Sift <sift@example.org>"
postal_address = "12 Station Road, Springfield"
feeds = [{ url = "https://example.com/rss.xml" }]
[newsletters.the-sift.summarizer]
kind = "llm"
"""


def configured(lines: str) -> LlmSettings:
    environ = {"LLM_API_KEY": CANARY}
    settings = parse(NEWSLETTER + lines, source="schedules.toml", environ=environ)
    summarizer = settings.newsletters["the-sift"].summarizer
    assert isinstance(summarizer, LlmSettings)
    return summarizer


def test_the_settings_say_whom_to_ask() -> None:
    local = configured('model = "ollama:llama3.2:1b"')
    far = configured('model = "anthropic:claude-haiku-4-5"\napi_key = "${LLM_API_KEY}"\ntime_limit = "90s"')

    assert (local.provider, local.model_name, local.server) == (
        "ollama", "llama3.2:1b", "http://localhost:11434/v1"
    )  # fmt: skip
    assert far.server == "https://api.anthropic.com"
    assert far.api_key.reveal() == CANARY
    assert far.time_limit == timedelta(seconds=90)
    assert CANARY not in repr(far)


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ("", "summarizer.model is required"),
        ('model = "llama3.2"', 'must be a provider and its model, as in "ollama:llama3.2"'),
        (
            'model = "openai:gpt-5-mini"',
            'summarizer.api_key is required: write api_key = "${OPENAI_API_KEY}"',
        ),
        (
            f'model = "openai:gpt-5-mini"\napi_key = "{CANARY}"',
            "is a secret and does not belong in the file",
        ),
        (
            'model = "openai:x"\nbase_url = "http://llm.example.org/v1"\napi_key = "${LLM_API_KEY}"',
            "summarizer.base_url: must start with https://",
        ),
        ('model = "openai:x"\nbase_url = "localhost:8080"', "must be an address that starts with https://"),
        ('model = "ollama:x"\nworkers = 99', "must be a whole number from 1 to 32"),
        ('model = "ollama:x"\nbudget = 9', "summarizer.budget: no such setting"),
    ],
)
def test_wrong_settings_are_refused(lines: str, problem: str) -> None:
    with pytest.raises(ConfigError) as refused:
        configured(lines)

    assert problem in str(refused.value)
    assert CANARY not in str(refused.value)


def test_a_key_may_go_to_a_server_on_this_machine() -> None:
    local = configured(
        'model = "openai:x"\nbase_url = "http://127.0.0.1:8080/v1"\napi_key = "${LLM_API_KEY}"'
    )

    assert local.api_key
