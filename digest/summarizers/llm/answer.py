"""A model's answer: read strictly, and accepted only if the article bears it out."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ValidationError

from digest.errors import SummaryError
from digest.grounding import What, problems
from digest.model import Article, Context, Story, Summary
from digest.sentences import dateline, fault, leans, split
from digest.words.text import clean, word_count

#: Characters of an answer; a longer one is no blurb.
_LONGEST = 20_000
#: Of the words asked for: a summary or context has to have, and may have.
_AT_LEAST, _AT_MOST = 1 / 2, 11 / 6
_QUESTION = range(3, 11)
_TOPIC = range(1, 15)
_SHOWN_REASONS = 2


class Answer(BaseModel):
    """What a model is asked to fill in; what it leaves out is empty."""

    summary: str
    question: str = ""
    context: str = ""
    topic: str = ""


#: The form that a server is asked to hold its model to. Plain on purpose: llama.cpp refuses a text with a
#: largest length, and OpenAI one that may be missing.
FORM: dict[str, Any] = {
    "type": "object",
    "properties": {name: {"type": "string"} for name in Answer.model_fields},
    "required": list(Answer.model_fields),
    "additionalProperties": False,
}


def read(text: str) -> Answer:
    """The answer in *text*, which may have a fence or chatter around its one JSON object.

    Raises:
        SummaryError: There is none in the form that was asked for.
    """
    try:
        answer = Answer.model_validate_json(text[text.find("{") : text.rfind("}") + 1][:_LONGEST])
    except ValidationError:
        # Not with its words: they may be anything, and of any length.
        raise SummaryError("its answer is not in the form that was asked for") from None
    return Answer(**{name: clean(words) for name, words in answer})


def checked(answer: Answer, story: Story, *, words: int, model: str) -> Summary:
    """The summary that *answer* makes.

    A topic that the related piece does not bear out is left out.

    Raises:
        SummaryError: The article does not bear it out, or it is not what an editor would print.
    """
    _refuse_faults("summary", answer.summary, words)
    context = _context(answer, words)
    for name, text in (
        ("summary", answer.summary),
        ("question", answer.question),
        ("context", answer.context),
    ):
        _refuse_ungrounded(name, text, story.lead)
    return Summary(
        text=answer.summary, written_by=model, context=context, topic=_topic(answer.topic, story.deeper)
    )


def _context(answer: Answer, words: int) -> Context | None:
    question, text = answer.question, answer.context
    if not question and not text:
        return None
    if not question or not text:
        raise SummaryError("its question and its context do not come together")
    if len(question.split()) not in _QUESTION or not question.endswith("?") or "?" in question[:-1]:
        raise SummaryError("its question is not one of 3 to 10 words")
    _refuse_faults("context", text, words)
    said = {answer.summary[start:end] for start, end in split(answer.summary)}
    if any(text[start:end] in said for start, end in split(text)):
        raise SummaryError("its context says the summary again")
    return Context(question=question, text=text)


def _refuse_faults(name: str, text: str, words: int) -> None:
    count, least, most = word_count(text), round(words * _AT_LEAST), round(words * _AT_MOST)
    if not least <= count <= most:
        raise SummaryError(f"its {name} has {count} words instead of {least} to {most}")
    sentences = [text[start:end] for start, end in split(text)]
    if dateline(text):
        raise SummaryError(f"its {name} opens with a dateline")
    for sentence in sentences:
        if problem := fault(sentence):
            raise SummaryError(f"a sentence of its {name} has a fault: {problem}")
    if len(set(sentences)) < len(sentences):
        raise SummaryError(f"its {name} says a sentence twice")
    if leans(sentences[0]):
        raise SummaryError(f"its {name} opens with words that point back")


def _refuse_ungrounded(name: str, text: str, article: Article) -> None:
    found = problems(text, (article.title, article.text))
    found.sort(key=lambda problem: problem.kind is What.WORDING)  # that one says least
    if found:
        reasons = list(dict.fromkeys(problem.reason for problem in found))
        rest = len(reasons) - _SHOWN_REASONS
        more = f"; and {rest} more" if rest > 0 else ""
        raise SummaryError(f"in its {name}, {'; '.join(reasons[:_SHOWN_REASONS])}{more}")


def _topic(topic: str, deeper: Article | None) -> str:
    words = topic.strip(" .").removeprefix("about ")
    if deeper is None or len(words.split()) not in _TOPIC or any(mark in words for mark in ".!?:;"):
        return ""
    return "" if problems(words, (deeper.title, deeper.text)) else words
