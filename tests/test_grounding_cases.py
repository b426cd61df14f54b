"""What the gate makes of sentences about a source: the cases are files, their answers beside them.

A file of data/grounding is a source, an empty line, and a sentence a line: before its bar, "passes", or the
kind of problem that one of its words has.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from digest.grounding import problems

SOURCES = {
    file.stem: file.read_text(encoding="utf-8").partition("\n\n")
    for file in sorted((Path(__file__).parent / "data" / "grounding").glob("*.txt"))
}
CASES = [
    (name, *line.partition(" | ")[::2])
    for name, (_, _, lines) in SOURCES.items()
    for line in lines.splitlines()
]


@pytest.mark.parametrize(("name", "kind", "text"), CASES)
def test_a_sentence_is_judged_as_its_case_says(name: str, kind: str, text: str) -> None:
    found = problems(text, [SOURCES[name][0]])

    if kind == "passes":
        assert found == []
    else:
        assert kind in {problem.kind.value for problem in found}, found


@pytest.mark.parametrize("name", SOURCES)
def test_a_source_bears_itself_out(name: str) -> None:
    source = SOURCES[name][0]

    assert problems(source, [source]) == []
