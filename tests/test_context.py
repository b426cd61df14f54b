"""The bold question under a summary, and the paragraph that answers it."""

from __future__ import annotations

import dataclasses
import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kit.builders import NOW, article

from digest.context import answer
from digest.context.paragraphs import Known
from digest.model import Article, Context, Kind, Span, Story, Summary
from digest.sentences import fault

NEWS = """\
The city council of Springfield voted on Monday for a plan to rebuild the old bridge over the Salt \
River, which a flood carried away in March. In a survey, most people had asked for a bridge that \
opens by Easter."""
TITLE = "Springfield council votes to rebuild the old bridge"

SAID = """\
Mayor Bo Li said the old bridge had tied the two halves of Springfield together for ninety years, \
and that no ferry could do the same. “The river divides us,” he said after the vote. “Our children \
cannot walk to school, and our shops have lost every second customer since the flood.”"""
NEXT = """\
The council will open the builders’ offers for the bridge in public on Thursday, in the hall beside \
the river. Work on the first pier is due to begin in January, and the road is expected to be closed \
for two weeks before that so that cranes can reach the water."""
EARLIER = """\
In 1936 a flood tore away the wooden bridge that the people of Springfield had built there after the \
war. The council had a new one built of stone within two years, and it was held to be safe until the \
river rose again on a night in March and took both of its piers."""
WHO = """\
Li, 52, was born on a farm outside Springfield and worked as a surveyor before the flood of 1999 \
took her office. She joined the council a year later and has built two schools since. She teaches a \
class in drawing maps at the evening school on Tuesdays."""
IDLE = """\
Swans have come back to the meadows below the old mill, where a path runs between willows to the \
railway. Walkers meet there at weekends, and a kiosk with a green roof sells tea and hot soup to \
them in the colder months, when the meadows lie white and nobody else comes by to see the river."""

QUESTIONS = [
    (SAID, "What has Mayor Bo Li said about the bridge?"),
    (NEXT, "What comes next?"),
    (EARLIER, "What is the history of the bridge?"),
    (
        "The council’s plan would put a bridge of steel on the two old piers, with a path for walkers on "
        "its northern side. It would be four yards higher above the river than the bridge that the flood "
        "took, and wide enough for two buses to pass each other at the bends.",
        "What would the plan do?",
    ),
    (
        "At least 14 people have died in the flood along the river, eight of them in a bus that stood on "
        "the bridge when it fell. Another 30 were injured, and divers are still looking for two children "
        "who are missing from a farm below the town of Springfield.",
        "How many people have died?",
    ),
    (
        "The survey found that seven of ten people in Springfield used the bridge at least once a week "
        "before the flood. Of the respondents who have shops beside the river, nearly all said that they "
        "would move away if the council did not build another one within the year.",
        "What did the survey find?",
    ),
    (
        "Prices for steel rose by 12 percent last year and by 9 percent in the year before, which makes a "
        "bridge dearer. The council’s share of the bill would be 40 percent, its engineers say, and that "
        "of the state 60 percent, if the work begins in January as planned.",
        "What do the numbers show?",
    ),
    (
        "In neighboring Salem, the flood left half of the town without water, and the school has been "
        "shut since the weekend. Volunteers from Springfield carry bottles across the river by boat every "
        "morning, and the council there has asked the state for tents and blankets.",
        "What else is happening in the region?",
    ),
    (
        "Police condemned the theft of copper from the site of the bridge, and called it a danger to "
        "walkers. “Whoever takes a cable out of a pier may take a life,” police said in a statement on "
        "Monday evening. They urged the people of Springfield to report lorries that stop beside the "
        "river at night.",
        "How have police responded?",
    ),
    (
        "“A bridge of steel can stand for a hundred years in such a river, if its piers are deep enough "
        "in the rock,” said Ada Berg, a professor of engineering at the university of the state. “But the "
        "rock below Springfield is soft, so that the council should drill before it builds.”",
        "What do experts say?",
    ),
    (
        "Ada Berg, an engineer, praised the council for its choice of steel and for the courage to build "
        "again. Tom Ek, who keeps a shop beside the river, criticised the price and said that a ferry "
        "would have been enough for Springfield, at a tenth of what the new bridge takes.",
        "What has the reaction been?",
    ),
]


FIRE = (
    "A fire in a warehouse of the Aster Group in Springfield took the street of the weavers on Sunday night."
)
FIRE_QUESTIONS = [
    (
        "Engineers believe that the fire was caused by a heater which a night watchman had left beside a "
        "stack of paper in the warehouse. Its cable was melted where it had lain under a carpet, and the "
        "evidence points to no other place in the building where it could have started.",
        "What caused the fire?",
    ),
    (
        "Investigators say the cause of the fire is not known yet, and that the warehouse must be made "
        "safe before anybody can enter it. They have asked Springfield for two cranes, and believe that "
        "they will have searched all of it for evidence by the end of next week.",
        "What is known about the fire’s cause?",
    ),
    (
        "Three firefighters from Springfield suffered burns on their hands when a wall of the "
        "warehouse fell on their hose. They were treated by doctors in the street, and both were released "
        "from hospital on Monday morning with orders to stay away from any fire for three weeks.",
        "What is known about the injuries?",
    ),
    (
        "Detectives are looking for a grey van that stood behind the warehouse an hour before the fire "
        "was seen. The investigation has brought 40 people from Springfield to the station as witnesses "
        "so far, and police have asked every shop in the street for the pictures from its cameras.",
        "Where does the investigation stand?",
    ),
    (
        "A similar fire in Salem took two halls of the Aster Group in 2019, and a third was lost in March "
        "2021 near Springfield, when lightning hit a tank behind the gate and the water froze in the "
        "hoses. Another warehouse of the group burned for three days in 2012, and nobody was ever charged.",
        "Has this happened before?",
    ),
    (
        "The fire began when a lorry hit a lamp beside the gate of the warehouse and sparks fell on "
        "straw. The driver ran to the street of the weavers for help, but the wind had carried the flames "
        "to the roof before anybody in Springfield had seen a light in the yard or heard the bell.",
        "How did the fire happen?",
    ),
    (
        "Aster Group is a family of nine companies that print paper and sell it in forty countries. It "
        "was founded in Springfield by two brothers who had a mill there, and it still has a third of its "
        "people in the town, in the warehouse and in the works beside the canal.",
        "What is Aster Group?",
    ),
    (
        "Tom Ek, the night watchman, was charged with arson and with two counts of fraud in a Springfield "
        "court. He pleaded not guilty, and the judge sent him to jail until his trial because he had "
        "bought a ticket to the islands on the day of the fire at the warehouse.",
        "What are the charges?",
    ),
    (
        "Whoever sets a warehouse on fire in Springfield faces up to 15 years in prison, and twice that "
        "if somebody dies in it. The judge may add a fine for the price of the engines and the water, and "
        "may give a convicted man no part of his sentence back for good conduct.",
        "What is the possible penalty?",
    ),
    (
        "A hearing on the fire is due to begin in the court of Springfield, where the judge will hear the "
        "watchman on Thursday. The trial itself is expected in March, and the jury will be taken from "
        "other towns because so many people of the street lost their rooms to the warehouse.",
        "What happens next in court?",
    ),
    (
        "The victim was identified as Ada Berg, 41, who kept the books of the warehouse in Springfield "
        "and slept there on Sundays. She had taught at the school in the street of the weavers before, "
        "and her family has asked for seeds instead of flowers, for the garden that she had begun.",
        "Who was the victim?",
    ),
    (
        "According to the complaint, the watchman told two friends in Springfield that the warehouse "
        "would be gone by Monday. He then bought four cans of petrol at a station beside the canal, the "
        "complaint says, and carried them through the street in a pram under a blanket.",
        "What do court documents say?",
    ),
    (
        "The fire came two weeks after the owners had told their workers that the halls would be closed for "
        "good. There were protests in the street of the weavers on two evenings, and a gate was broken since "
        "nobody would open it to the men who wanted their tools back from the warehouse.",
        "What led up to the fire?",
    ),
]


def story(*paragraphs: str, **given: object) -> Story:
    values: dict[str, object] = {
        "lead": article(title=TITLE, text="\n".join([NEWS, *paragraphs]), language="en"),
        "section": "Nation",
        "score": 1.0,
    }
    return Story(**(values | given))


def asked(told: Story, summary: str = NEWS) -> Context | None:
    spans = (Span(article_id=told.lead.id, start=0, end=len(NEWS)),) if summary is NEWS else ()
    return answer(told, Summary(text=summary, spans=spans, written_by="extractive"))


def other(text: str, **given: object) -> Article:
    return article(**({"id": "b2", "title": "Bridge at Springfield", "text": text, "language": "en"} | given))


@pytest.mark.parametrize(("paragraph", "question"), QUESTIONS, ids=[question for _, question in QUESTIONS])
def test_the_question_is_told_by_what_the_paragraph_contains(paragraph, question):
    found = asked(story(IDLE, paragraph))

    assert found is not None
    assert (found.question, found.text) == (question, paragraph)


@pytest.mark.parametrize(("paragraph", "question"), FIRE_QUESTIONS, ids=[each for _, each in FIRE_QUESTIONS])
def test_a_crime_or_an_accident_has_questions_of_its_own(paragraph, question):
    lead = article(title="Warehouse burns in Springfield", text=f"{FIRE}\n{IDLE}\n{paragraph}")

    found = asked(story(lead=lead), summary=FIRE)

    assert found is not None
    assert (found.question, found.text) == (question, paragraph)


def test_what_the_summary_has_answered_is_not_asked():
    paragraph = dict(map(reversed, FIRE_QUESTIONS))["What are the charges?"]
    lead = article(title="Warehouse burns in Springfield", text=f"{FIRE}\n{IDLE}\n{paragraph}")

    assert asked(story(lead=lead), summary=f"{FIRE} A man was accused of it.") is None


def test_somebody_whom_the_summary_names_is_asked_about_by_name():
    news = f"Mayor Bo Li signed it at once. {NEWS}"

    found = asked(story(WHO), news)

    assert found is not None
    assert found.question == "Who is Bo Li?"
    assert found.text == WHO


def test_a_paragraph_without_an_answer_gets_no_question():
    assert asked(story(IDLE)) is None


def test_each_sentence_stands_word_for_word_where_its_span_says():
    told = story(IDLE, SAID)

    found = asked(told)

    assert found is not None
    assert found.text == " ".join(told.lead.text[span.start : span.end] for span in found.spans)
    assert len(found.spans) >= 2
    assert {span.article_id for span in found.spans} == {told.lead.id}


def test_what_the_summary_says_is_not_said_again():
    assert asked(story(SAID), summary=f"{NEWS} {SAID}") is None
    assert asked(story(lead=article(title=TITLE, text=NEXT)), summary=NEXT) is None


def test_a_quotation_is_not_told_twice():
    quoted = SAID[SAID.index("“Our children") :]

    assert asked(story(IDLE, SAID)) is not None
    assert asked(story(IDLE, SAID), f"{NEWS} {quoted}") is None


def test_the_lead_comes_before_its_rivals_and_they_before_the_archive():
    rival, older = other(NEXT), other(EARLIER, id="c3")

    with_all = asked(story(SAID, rivals=(rival,), background=(older,)))
    without_the_lead = asked(story(IDLE, rivals=(rival,), background=(older,)))
    with_the_archive = asked(story(IDLE, background=(older,)))

    found = [each and each.text for each in (with_all, without_the_lead, with_the_archive)]
    assert found == [SAID, NEXT, EARLIER]
    assert with_the_archive is not None
    assert {span.article_id for span in with_the_archive.spans} == {"c3"}


@pytest.mark.parametrize(
    "speaker", ["Cy Day, a Republican strategist, said", "Mayor Bo Li said in character as the swan"]
)
def test_neither_who_works_for_a_party_nor_who_plays_a_part_answers_as_another(speaker: str):
    said = SAID.replace("Mayor Bo Li said", speaker)

    found = asked(story(said))
    assert found is None or found.question not in (
        "What do lawmakers say?",
        "What has Mayor Bo Li said about the bridge?",
    )


def test_the_archives_background_is_that_of_the_matter():
    of_the_river = EARLIER.replace("bridge", "mill").replace(
        "The council had a new one built", "It was rebuilt"
    )

    assert asked(story(IDLE, background=(other(EARLIER),))) is not None
    assert asked(story(IDLE, background=(other(of_the_river),))) is None


def test_when_a_conflict_began_is_not_what_led_up_to_its_latest_attack():
    summary = (
        "The council has disputed claims that militants fired from the school that has suffered the "
        "deadliest attack of the war. Three shells hit the school beside the bridge."
    )
    toll = (
        "At least 43 people were killed and 55 were wounded in the school, where hundreds had sought refuge "
        "from the fighting, pushing the death toll above 680 since the conflict began on December 27. Two "
        "people were killed when a shell hit another school in the town of Springfield on the same day."
    )
    lead = article(title="Council disputes claims about attack on school", text=f"{summary}\n{toll}")

    assert asked(story(lead=lead), summary) is None


@pytest.mark.parametrize("stale", [SAID, NEXT])
def test_the_archive_is_asked_only_for_what_stays_true(stale):
    assert asked(story(IDLE, background=(other(stale),))) is None


def test_a_rival_of_other_days_names_no_weekday():
    old = NOW - timedelta(days=9)

    assert asked(story(IDLE, rivals=(other(NEXT, published=old),))) is None
    assert asked(story(IDLE, rivals=(other(SAID, published=old),))) is not None


def test_a_column_is_no_witness():
    assert asked(story(IDLE, rivals=(other(SAID, kind=Kind.COLUMN),))) is None


@pytest.mark.parametrize(
    "opening",
    [
        "He said the old bridge had tied the two halves of Springfield together for ninety years.",
        "But Mayor Bo Li said the old bridge had tied the halves of Springfield together for ninety years.",
        "Li’s deputy Berg told the committee that the old bridge had tied Springfield together.",
    ],
)
def test_a_paragraph_never_opens_in_the_middle(opening):
    rest = SAID.partition(". ")[2]

    assert asked(story(IDLE, f"{opening} {rest}")) is None


def test_a_surname_that_the_reader_has_not_met_opens_nothing():
    stranger = "Ek said the old bridge had tied the two halves of Springfield together for ninety years."
    paragraph = f"{stranger} {SAID.partition('. ')[2]}"

    assert asked(story("Tom Ek keeps a shop there.", IDLE, paragraph)) is None


def test_who_speaks_must_be_the_same_to_the_end():
    turned = SAID.replace("he said after the vote", "said Tom Ek, a baker")

    found = asked(story(IDLE, turned))

    assert found is None or "Ek" not in found.text


@pytest.mark.parametrize(
    "described", ["a spokesman for the group", "who was there", "", "a reporter of the Salem Herald"]
)
def test_a_speaker_of_unknown_standing_is_not_made_an_official(described):
    speaker = f"Tom Ek, {described}," if described else "Tom Ek"
    found = asked(story(IDLE, SAID.replace("Mayor Bo Li", speaker)))

    assert found is None or found.question == "What are others saying?"


@pytest.mark.parametrize(
    ("described", "question"),
    [
        ("Tom Ek, the county's prosecuting attorney,", "What have prosecutors said?"),
        ("Tom Ek, a town alderman,", "What have officials said?"),
        (
            "Tom Ek, head of rivers at the Springfield Office,",
            "What has the Springfield Office said about the bridge?",
        ),
        ("Secretary of State Tom Ek", "What has Secretary of State Tom Ek said?"),
        ("Interim Springfield Police Chief Tom Ek", "What have police said?"),
        ("Police Chief Tom Ek", "What has Police Chief Tom Ek said about the bridge?"),
        ("Mr Ode", "What has Cleo Ode said about the bridge?"),
        ("Ana Ode, the president's sister,", "What has the family said?"),
        ("President Ode", "What has Cleo Ode said about the bridge?"),
        ("Tom Ek, a baker,", "What are others saying?"),
        ("Tom Ek, vice chancellor of bridges,", None),
        ("Tom Ek, a general manager,", None),
    ],
)
def test_a_speaker_is_asked_about_by_name_by_office_or_not_at_all(described, question):
    news = f"{NEWS} University President Cleo Ode asked for it."
    found = asked(story(IDLE, SAID.replace("Mayor Bo Li", described)), news)

    assert (found and found.question) == question


DISPUTE = """\
The dispute began in 2019, when the ferry company of Springfield raised its fares without a word to the \
council. A court in Salem found in the same year that the company had to ask first, and the fares were \
lowered, but the boats were then taken off the river on each Sunday and in the whole of the winter."""
ONCE_MORE = """\
In May, police arrested a man who had loaded six bronze lamps of the bridge into a boat behind the mill. \
He told a court that he had found them on the bank of the river, and was fined, and two years before \
that a dealer in Salem had offered the council the bronze sign of the bridge for its own museum."""
A_LIFE = """\
Berg came to Springfield in 2004, when the bridge was to be widened and nobody on the council knew how. \
She drew the plans for the new lamps within a month, and Berg was then asked to look after each of the \
seven bridges of the town, which was more than any engineer had been asked to do there before."""
UNNAMED = """\
In 2004 the town of Springfield had its first survey of the river since the war, and the money for it came \
from a fund in Salem. It showed that the banks had moved by nine yards in places, and the council was \
advised to have them walled, but the fund was closed in the next year, and nothing was done."""


@pytest.mark.parametrize(
    ("title", "more", "paragraph", "question"),
    [
        ("Ferry row", "The dispute over the fares is older.", DISPUTE, "How did the dispute begin?"),
        ("Talks fail in the row over fares", "Li left.", DISPUTE.replace("The dispute", "It all"), None),
        ("Thief held", "Police arrested a man on Sunday.", ONCE_MORE, "Has this happened before?"),
        ("Berg quits", "Ana Berg, its engineer, is leaving.", A_LIFE, "What is Ana Berg’s background?"),
        ("Berg dies", "Ana Berg, its engineer, died.", A_LIFE, "What was Ana Berg’s background?"),
        ("Springfield votes", "Li was glad.", UNNAMED, None),
        ("Springfield votes", "A re-election is near.", UNNAMED.replace("survey", "re-election"), None),
        ("Springfield has a row", "Li was glad.", UNNAMED, "What is the background to the row?"),
    ],
)
def test_a_question_after_the_background_names_what_it_is_of(title, more, paragraph, question):
    told = story(IDLE, paragraph)
    told = dataclasses.replace(told, lead=dataclasses.replace(told.lead, title=title))
    found = asked(told, f"{NEWS} {more}")

    assert (found and found.question) == question


def test_what_led_up_to_something_names_it():
    led = """\
The vote comes after the council had been asked for a bridge by each of the schools in the town, and by \
the doctors of its hospital. They had written to the mayor in March that the way around by the old mill \
takes an hour, and that the river was in nobody’s way before the flood carried the bridge down."""

    assert asked(story(IDLE, led)).question == "What led up to the vote?"
    assert asked(story(IDLE, led.replace("The vote", "The move"))) is None


@pytest.mark.parametrize(
    ("described", "question"),
    [
        ("Tom Ek, Cleo Ode’s attorney,", "What does Cleo Ode’s lawyer say?"),
        ("Tom Ek, an attorney for Cleo Ode,", "What does Cleo Ode’s lawyer say?"),
        ("Tom Ek, an adviser to Ms. Ode,", "What does Cleo Ode’s adviser say?"),
        ("Tom Ek, Ode’s longtime agent,", "What does Cleo Ode’s agent say?"),
        ("Ana Tan, Ode’s attorney,", "What does Cleo Ode’s lawyer say?"),
        ("Tom Ek, an attorney,", "What do the lawyers say?"),
        ("Tom Ek, cousin of Cleo Ode,", "What has the family said?"),
        ("Tom Ek, a St. Louis alderman,", "What have officials said?"),
        ("Tom Ek, of Salem-based River Watch,", "What has River Watch said about the bridge?"),
        ("Mrs. Pine", "What else has Ana Pine said about the bridge?"),
        ("Tom Ek, of Salem Hills,", "What are others saying?"),
        ("Tom Ek, a co-author of the study,", "What do the researchers say?"),
        ("Tom Ek, another shopkeeper,", "What do the shopkeepers say?"),
        ("Tom Ek, a baker,", "What are others saying?"),
        ("Representative Tom Ek of Ohio", "What has Representative Tom Ek said about the bridge?"),
    ],
)
def test_a_speaker_is_asked_about_by_those_whom_the_reader_has_met(described, question):
    news = f"{NEWS} Cleo Ode and the shopkeepers had asked for it, a study says."
    news += " Secretary of State Ana Pine thanked them."
    found = asked(story(IDLE, SAID.replace("Mayor Bo Li", described)), news)

    assert (found and found.question) == question


def test_what_somebody_says_about_is_the_matter_that_the_reader_knows():
    other = SAID.replace("the old bridge had tied", "his campaign had tied").replace(
        "no ferry", "no ferry or bridge"
    )

    about = asked(story(IDLE, SAID)).question
    alone = asked(story(IDLE, other), f"{NEWS} A campaign had asked for it.").question

    assert (about, alone) == ("What has Mayor Bo Li said about the bridge?", "What has Mayor Bo Li said?")


def test_a_paragraph_that_says_also_answers_what_else_there_is():
    also = SAID.replace("Mayor Bo Li said", "Mayor Bo Li also said")
    older = DISPUTE.replace("The dispute began in 2019, when", "In 2019 the dispute also grew, and")

    assert asked(story(IDLE, also)).question == "What else has Mayor Bo Li said about the bridge?"
    assert asked(story(IDLE, older), f"{NEWS} The dispute is older.") is None


@pytest.mark.parametrize(
    ("life", "question"),
    [
        (A_LIFE, "What is Ana Berg Sol’s background?"),
        (A_LIFE.replace("Berg came", "President Sol came"), None),
        (A_LIFE.replace("Berg came to", "A flood led Sol to").replace("She drew", "Some saw her draw"), None),
    ],
)
def test_a_background_is_the_persons_with_whom_it_begins(life, question):
    told = story(IDLE, life.replace("Berg came", "Berg Sol came").replace("Berg was", "Sol was"))
    told = dataclasses.replace(told, lead=dataclasses.replace(told.lead, title="Engineer leaves Springfield"))
    found = asked(told, f"{NEWS} Ana Berg Sol, its engineer, is leaving.")

    assert (found and found.question) == question


def test_a_paragraph_does_not_turn_from_an_investigation_to_what_was_before():
    police = "Police are investigating who loosened the chains of the bridge before the flood, and who paid."
    turned = (
        "This isn’t the first time that police were called to the river: last year they looked for the lamps "
        "of the bridge, and found them under the council’s own hall, in a cellar that is under water today."
    )

    assert asked(story(IDLE, f"{police} {turned}")) is None


def test_who_speaks_in_the_summary_is_asked_what_else_there_is_to_say():
    spoken = f"{NEWS} Mayor Bo Li said that the ferry stops in May."
    written = f"{NEWS} The plan is by Mayor Bo Li."
    for_police = f"{NEWS} The ferry stops in May, said Lt. Bo Li, Springfield Police Department spokesman."

    more, first, police = (
        asked(story(IDLE, SAID.replace("Mayor Bo Li", "Li")), news) for news in (spoken, written, for_police)
    )

    assert more is not None
    assert first is not None
    assert police is not None
    assert police.question == "What else have police said?"
    assert (more.question, first.question) == (
        "What else has Bo Li said about the bridge?",
        "What has Bo Li said about the bridge?",
    )


def test_who_speaks_in_the_summary_by_office_and_name_is_asked_what_else_by_office():
    spoken = f"{NEWS} Attorney General Bo Li said that the ferry stops in May, the police said."
    said = SAID.replace("Mayor Bo Li", "The Attorney General").replace(
        "no ferry", "no raft or barge with oars"
    )
    found = asked(story(IDLE, said), spoken)

    assert found is not None
    assert found.question == "What else has the Attorney General said about the bridge?"


def test_a_speaker_is_asked_about_by_the_name_in_full_though_the_summary_has_the_surname_too():
    news = f"{NEWS} Bo Li, a baker, wants a ferry. When Mr. Li read the plan, nobody was there."

    found = asked(story(IDLE, SAID.replace("Mayor Bo Li", "Mr. Li")), news)

    assert found is not None
    assert found.question == "What has Bo Li said about the bridge?"


def test_captions_and_promotion_between_sentences_are_left_out():
    first, rest = SAID.split(". ", 1)
    found = asked(story(IDLE, f"{first}.\nSign up for our daily newsletter here.\n{rest}"))

    assert found is not None
    assert "newsletter" not in found.text
    assert found.text == SAID


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", SAID),
        (
            "",
            "Bürgermeister Bo Li sagte, die alte Brücke habe die Stadt neunzig Jahre lang verbunden. Die "
            "Arbeit soll im Januar beginnen, und der Rat will die Angebote am Donnerstag öffnen. " * 3,
        ),
        (
            "en-US",
            "El alcalde dijo que el puente unió la ciudad durante noventa años. El consejo abrirá las "
            "ofertas el jueves y las obras empezarán en enero, según los ingenieros. " * 3,
        ),
    ],
)
def test_only_english_is_asked_about(language, text):
    lead = article(title=TITLE, text=text, language=language)

    assert asked(story(lead=lead), summary="The council voted on Monday.") is None


def test_a_story_without_text_has_no_context():
    assert asked(story(lead=article(text="")), summary="The council voted.") is None


_SENTENCES = [
    sentence
    for paragraph in (SAID, NEXT, EARLIER, WHO, IDLE, *(text for text, _ in QUESTIONS))
    for sentence in re.findall(r"[^.]+\.[”]?(?: |\Z)", paragraph)
] + ["He laughed.", "But", "Read more: www.example.com", "“Nobody", "\n", "Photo: The bridge.\n"]


@pytest.mark.slow
@given(st.lists(st.sampled_from(_SENTENCES), max_size=14).map(" ".join))
def test_whatever_the_text_an_answer_is_whole(text):
    told = story(text)

    found = asked(told)

    assert found == asked(told)
    if found is not None:
        sentences = [told.lead.text[span.start : span.end] for span in found.spans]
        assert found.text == " ".join(sentences)
        assert 45 <= len(found.text.split()) <= 95
        assert 3 <= len(found.question.split()) <= 10
        assert found.question.endswith("?")
        assert {fault(sentence) for sentence in sentences} <= {"", "only a quotation"}
        assert not any(span.start < len(NEWS) for span in found.spans)


@pytest.mark.slow
@given(st.text(max_size=300))
def test_any_text_can_be_asked(text):
    asked(story(text))


@pytest.mark.parametrize(
    ("summary", "name"),
    [
        ("The plan is led by Gov. Cleo Marsh. Marsh wants a ferry.", "Cleo Marsh"),
        ("University President Cleo Marsh paid. Photographer Cleo Marsh came.", "Cleo Marsh"),
        ("The plan was drawn by Cleo P. Marsh of Salem.", "Cleo P. Marsh"),
        ("The plan was Marsh’s.", ""),
    ],
)
def test_a_name_in_full_ends_with_its_sentence(summary, name):
    assert Known.of("A plan", summary).in_full("Marsh") == name
