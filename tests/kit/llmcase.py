"""An article, and an answer about it that stands."""

from __future__ import annotations

TEXT = """\
The council of Marlow voted 7-2 on Tuesday to rebuild the old stone bridge across the river Thame, which \
engineers closed in March after they found cracks in two of its five arches. The work will cost $4.6 million \
and take about fourteen months, according to the city's engineer, Ana Sá.
“We could not patch it one more time,” Mayor Ruth Calder said after the vote. “People need to trust the \
ground they walk on.”
About 1,200 people signed a petition for a footbridge in the meantime. Shop owners on Mill Street said that \
they had lost a third of their customers since the bridge was closed. The city will pay for a ferry \
that crosses the river every ten minutes until the new bridge opens in the spring of 2028.
"""
SUMMARY = (
    "The council of Marlow voted 7-2 on Tuesday to rebuild the old stone bridge across the river Thame. "
    "Engineers closed it in March after they found cracks in two of its five arches. The work will cost "
    "$4.6 million and take about fourteen months, according to the city's engineer, Ana Sá."
)
CONTEXT = (
    "The city will pay for a ferry that crosses the river every ten minutes until the new bridge opens in "
    "the spring of 2028. About 1,200 people signed a petition for a footbridge in the meantime, and shop "
    "owners on Mill Street said that they had lost a third of their customers."
)
QUESTION = "How will people cross until then?"
GOOD = {"summary": SUMMARY, "question": QUESTION, "context": CONTEXT, "topic": ""}
