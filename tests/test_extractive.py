from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kit.builders import article

from digest.errors import SummaryError
from digest.sentences import dateline, fault, leans, read
from digest.settings import ExtractiveSettings
from digest.summarizers import open_summarizer, open_summarizers
from digest.summarizers.extractive import quote
from digest.summarizers.publisher import describe

BRIDGE = """\
SPRINGFIELD (AP) — The city council of Springfield voted on Monday to rebuild the old bridge over the Salt \
River, which a flood carried away in March.
By Ana Sá
It will cost 12 million dollars, according to the city’s engineers.
Photo: The bridge in 1931. (Springfield Archive)
“We have waited long enough. The river divides us,” Mayor Bo Li said after the vote.
Sign up for our daily newsletter to read more of this.
Opponents of the plan say that a ferry would be cheaper, and that the council did not hear them.
Will the bridge be ready in spring?
I saw the flood myself.
The council’s engineers expect the work to begin in January and to end before the next flood."""


def summary(text: str, words: int = 60, **given: object) -> str:
    return quote(article(text=text, **given), words=words).text


def test_the_summary_opens_with_the_news_behind_its_dateline():
    assert summary(BRIDGE).startswith("The city council of Springfield voted on Monday to rebuild")


def test_each_sentence_stands_word_for_word_in_the_article():
    answer = quote(article(text=BRIDGE), words=60)

    spoken = [BRIDGE[span.start : span.end] for span in answer.spans]
    assert answer.text == " ".join(spoken)
    assert [span.start for span in answer.spans] == sorted(span.start for span in answer.spans)
    assert {span.article_id for span in answer.spans} == {"a1"}
    assert answer.written_by == "extractive"


def test_of_a_story_that_is_told_as_it_happens_the_newest_entry_is_the_news():
    text = """\
SPRINGFIELD (AP) — The Latest on a flood in Springfield (all times local):
10 p.m.
Officials say the flood that carried away the old bridge has reached the harbor of Springfield.
The water rose to nine feet on Tuesday evening, and the harbor was closed to all ships until Thursday.
The mayor of Springfield says that two hundred families have left their homes beside the river for the night.
___
4:14 p.m.
A flood has carried away the old bridge of Springfield, and a ferry is to be found for those who work there.
The council of Springfield meets at six in the evening, and will hear what its engineers propose to do."""

    told = summary(text)

    assert told.startswith("Officials say the flood")
    assert "ferry" not in told
    assert "council" not in told


_FIRST_GAME = """The last shot of Bo Lindqvist lifted the Harbor Gulls over the Mill River Otters on Tuesday.
The Gulls trailed by two goals late in the third period, and forced overtime with two in four minutes.
Ana Okafor stopped 27 shots for the Gulls, who have not lost any of their last fifteen games of this season.
Their next game is in Springfield on Friday, where the Otters will be without their captain for some weeks."""


@pytest.mark.parametrize(
    ("score", "another"),
    [("Foxes 4, Bears 1: ", "No. 3 Larks 5, Owls 2 (OT): "), ("FOXES 4, BEARS 1\n", "LARKS 5, OWLS 2\n")],
)
def test_a_round_of_games_is_told_by_its_first_report(score: str, another: str):
    text = f"""{_FIRST_GAME}
{score}Cleo Marsh scored twice for the Foxes, who beat the Bears for the eighth time in nine meetings.
{another}Dan Petrov had three goals on Tuesday to lift the Larks over the Owls before the Gulls play them."""

    assert summary(text, 120) == " ".join(_FIRST_GAME.split("\n"))


def test_one_score_begins_no_other_report():
    score = "Gulls 5, Otters 4: it was the eighth time in nine meetings that the Gulls won in overtime."

    assert "eighth time" in summary(f"{_FIRST_GAME}\n{score}", 120)


@pytest.mark.parametrize("words", [30, 60, 90, 120])
def test_its_length_is_near_the_words_asked_for(words):
    length = len(summary(BRIDGE, words).split())

    assert 20 <= length <= words * 4 / 3


@pytest.mark.parametrize("words", [30, 60, 120, 500])
def test_nothing_but_sentences_of_the_story_is_taken(words):
    text = summary(BRIDGE, words)

    for never in ("By Ana", "Photo", "Sign up", "Will the bridge", "I saw", "SPRINGFIELD"):
        assert never not in text


def test_a_sentence_that_leans_on_another_comes_behind_it_or_not_at_all():
    text = summary(BRIDGE, 500)

    assert "It will cost" not in text  # a byline stands between it and what it speaks of


def test_the_headline_is_not_said_again():
    title = "Council of Springfield votes to rebuild old bridge"
    text = f"{title}.\n{BRIDGE}"

    assert title not in summary(text, title=title)


def test_no_sentence_is_said_twice():
    text = summary(f"{BRIDGE}\n{BRIDGE}", 500)

    assert text.count("The city council of Springfield") == 1


@pytest.mark.parametrize("text", ["", "Watch the video.", "The council voted on Monday to rebuild it."])
def test_too_little_text_is_refused(text):
    with pytest.raises(SummaryError, match="under 100 characters"):
        summary(text)


def test_a_few_lines_are_refused_where_the_publisher_describes_the_article():
    text = (
        "The city council of Springfield voted on Monday to rebuild the old bridge over the Salt River. "
        "A flood carried it away in March."
    )

    assert summary(text) == text
    with pytest.raises(SummaryError, match="under 200 characters"):
        summary(text, description="The council votes to rebuild the bridge.")


def test_a_short_article_is_taken_as_a_whole():
    text = (
        "The ferry to Salt Island will stop in May. Its last captain, Ana Sá, retires after forty years. "
        "The island has eleven people and one school."
    )

    assert summary(text) == text


def test_sentences_that_say_the_same_are_not_both_taken():
    again = (
        "The council of Springfield voted to rebuild the old bridge over the river that a flood carried away."
    )

    assert again not in summary(BRIDGE + "\n" + again, 60)


def test_what_the_headline_speaks_of_is_told():
    ferry = "Opponents of the plan say that a ferry would be cheaper"

    assert ferry not in summary(BRIDGE)
    assert ferry in summary(BRIDGE, title="A ferry would be cheaper than a bridge, opponents of the plan say")


def test_a_headlines_initials_end_a_sentence_where_they_stand_at_its_end():
    text = (
        "She lied to the F.B.I.\nBo Li, who asked her, left the bureau in May. He spoke to the F.B.I. She "
        "did not."
    )

    told = [sentence.text for sentence in read(text, "The F.B.I. asks again")]

    assert told == [
        "She lied to the F.B.I.",
        "Bo Li, who asked her, left the bureau in May.",
        "He spoke to the F.B.I.",
        "She did not.",
    ]


def test_the_figures_of_the_headline_are_told():
    text = (
        "The Herons of Springfield and Bo Li have made a habit of goals in this season of the league. The "
        "goal of Bo Li on Tuesday was his fifth in the last ten games of the Herons, and he set a mark with "
        "it. The Herons and Bo Li have now scored against every team of the league. Tom Ek, a newcomer from "
        "the hills who was ill until Sunday night, scored 34 points in a 112-107 win over the Swans. The "
        "Herons play at home again on Friday."
    )

    assert "112-107 win" in summary(text, title="Li sets goal mark, Herons win 112-107")


def test_whoever_is_named_is_introduced_where_the_words_allow_it():
    text = (
        "The city council of Springfield voted on Monday to rebuild the old bridge over the Salt River.\n"
        "“The river divides the city,” said Cleo Marsh, an engineer who drew the plans of the bridge.\n"
        "The ferry over the river runs three times a day, and costs its passengers four dollars each.\n"
        "Marsh said the old bridge of the city would be rebuilt by the council over the river in a year."
    )

    taken = summary(text, 60)

    assert "Marsh said" not in taken or "Cleo Marsh" in taken


def test_whoever_is_named_later_is_introduced_though_others_say_a_little_more():
    text = (
        "The council of Springfield voted on Monday to rebuild the old bridge over the Salt River.\n"
        "“The river divides the city,” said Cleo Marsh, an engineer who drew the plans of the bridge.\n"
        "Marsh said the old bridge would be rebuilt by the council within a year.\n"
        "Traders of the harbor had asked the council for a bridge.\n"
        "The bridge fell in a flood in March, and the road to the harbor has been closed since then.\n"
        "Opponents of the plan say that a ferry over the river would be cheaper than a bridge.\n"
        "The ferry runs three times a day, and costs its passengers four dollars each.\n"
        "Swans came back to the meadows below the old mill.\n"
        "Marsh expects the bridge to open by spring, if the council of Springfield pays."
    )

    taken = summary(text, 40, title="Springfield to rebuild old bridge")

    assert "Marsh" not in taken or "Cleo Marsh" in taken


def test_the_first_sentence_of_an_article_may_be_longer_than_any_other():
    long = (
        "The city council of Springfield, which has met each week since the flood of March took off the old "
        "bridge over the Salt River and with it the only road from the northern to the southern half of the "
        "city, voted on Monday to rebuild the bridge, to pay for it from the savings of the port, and to ask "
        "the state for whatever is lacking."
    )
    rest = "The council’s engineers expect the work to begin in January.\n" * 2

    assert long in summary(f"{long}\n{rest}{BRIDGE}", 100)
    assert long not in summary(f"{rest}{long}\n{BRIDGE}", 100)


def test_a_sentence_that_adds_may_follow_any_other_but_opens_none():
    council, _, rest = BRIDGE.partition("\n")
    ferry = "The council also wants a ferry for the months in which the bridge over the river is rebuilt."

    assert ferry in summary(f"{council}\n{ferry}\n{rest}", 120)
    assert not summary(f"By Ana Sá\n{ferry}\n{rest}").startswith("The council also")


@pytest.mark.parametrize(
    "sentence",
    [
        "“We had a long talk about the bridge and the council,” the chief told a court of Springfield.",
        "At least two other bridges of the council have fallen into the Salt River since the flood.",
    ],
)
def test_what_points_back_opens_no_summary(sentence):
    _, _, rest = BRIDGE.partition("\n")

    assert not summary(f"By Ana Sá\n{sentence}\n{rest}").startswith(sentence)


@pytest.mark.slow
@given(st.text(alphabet="aA .!?\n“”\"'()…—:Theit", min_size=200, max_size=600))
def test_any_text_has_a_summary_of_its_own_words_or_none(text):
    try:
        answer = quote(article(text=text), words=60)
    except SummaryError:
        return

    assert answer.text == " ".join(text[span.start : span.end] for span in answer.spans)


@pytest.mark.slow
def test_hostile_text_costs_no_time():
    for piece in ("A" * 100_000, "a.A " * 25_000, "(" * 50_000, "By Aa " * 20_000, "A, " * 30_000):
        with pytest.raises(SummaryError):
            summary(piece)


def test_a_dateline_with_a_stop_is_left_out_as_a_whole():
    text = BRIDGE.replace("SPRINGFIELD (AP)", "ST. JOSEPH, Mich. (AP)")

    assert summary(text).startswith("The city council of Springfield")


@pytest.mark.parametrize(
    "promotion",
    [
        "Get the council of Springfield’s bridge guide delivered to your door. 12 issues for £10.",
        "The bridge and the council fill a book of pictures by the city’s engineers. Click here for more.",
        "Comments on the council’s vote on the bridge that insult others will be removed.",
        "Comentários sobre a ponte e o conselho da cidade não serão aprovados pelo moderador.",
    ],
)
def test_no_sentence_of_a_promoting_paragraph_is_taken(promotion):
    text = summary(f"{BRIDGE}\n{promotion}", 500)

    assert not any(sentence in text for sentence in promotion.split(". "))


def test_a_sentence_with_an_agency_behind_it_is_a_caption():
    caption = "Mayor Bo Li and the city council of Springfield at the old bridge on Monday."

    text = summary(f"{caption} (IANS) {BRIDGE.partition(' — ')[2]}")

    assert text.startswith("The city council of Springfield voted on Monday")


def test_a_sentence_behind_a_label_belongs_to_something_else():
    label = "Fallen: The old bridge of the city of Springfield over the Salt River after the flood in March."

    assert label not in summary(f"{BRIDGE}\n{label}", 500)


def test_a_piece_in_the_first_person_is_summed_up_in_its_own_words():
    text = (
        "We crossed the old bridge of Springfield every morning for thirty years, until the flood came. "
        "My mother sold bread to the workers of the salt mill from a cart at its southern end. "
        "I would give much to hear the boards creak below our wheels again."
    )

    assert summary(text).startswith("We crossed the old bridge")


def test_a_sentence_in_the_first_person_stays_out_where_others_say_enough():
    assert "I saw" not in summary(BRIDGE, 500)


def test_a_script_without_spaces_is_summarized_and_joined_as_it_is_written():
    told = (
        "横浜市の佐藤健市長は火曜日、橋の改修をめぐる混乱の責任を取り辞任すると表明した。"
        "「これ以上責任を負うことはできない」と佐藤市長は記者会見で述べた。"
        "改修費は当初の2倍の3億5000万円に膨らんだ。市議会は1月に後任を選ぶ見通しだ。"
    )
    answer = quote(article(text=told + "\n" + "野党は調査を求めている。" * 2, description="橋"), words=60)

    assert answer.text.startswith(
        "横浜市の佐藤健市長は火曜日、橋の改修をめぐる混乱の責任を取り辞任すると表明した。"
    )
    assert " " not in answer.text


# --- datelines


@pytest.mark.parametrize(
    "line",
    [
        "MADRID (EFE).- ",
        "WASHINGTON (AP) — ",
        "WASHINGTON — ",
        "ROME - ",
        "NEW DELHI: ",
        "KABUL, Afghanistan (AP) -- ",
        "LONDON, July 5 (Reuters) - ",
        "New Delhi, Jul 27 (PTI) ",
        "Lynchburg, Virginia (CNN)",
        "Rome (CNN) ",
        "(CNN)",
        "(CNN) -- ",
        "Berlin (dpa) - ",
        "Mumbai: ",
        "MOSCOW, June 5. /TASS/. ",
        "CHICAGO, Aug. 3, 2026 /PRNewswire/ -- ",
        "ST. JOSEPH, Mich. (AP) — ",
        "(WEEKLY)",
        "(The Example Times)",
        "(Example.com) -- ",
        "Springfield – ",
        "Old Springfield, EX, Exampleland: ",
    ],
)
def test_a_dateline_is_known(line):
    assert dateline(line + "The council voted on Monday.") == len(line)


@pytest.mark.parametrize(
    "stamp",
    [
        "November 20, 2026 ",
        "NOVEMBER 20, 2026 11: 12AM ",
        "Published on: Fri, 20 Nov 2026 at 09:56 IST ",
        "Sunday, 22 November 2026 – ",
        "2026-11-20 11:47:35 ",
        "Posted on: 3:35 pm, November 20, 2026 ",
        "Originally published 11/20/2026 at 10:20 AM ET ",
        "Council votes to rebuild bridge November 20, 2026 9:56 am ",
        "COUNCIL VOTES TO REBUILD BRIDGE 11/20/26 09:56 PM ET ",
        "Council votes to rebuild bridge on Nov 20 2026, 5: 03p ",
    ],
)
def test_a_stamp_before_the_first_sentence_is_left_out(stamp):
    told = summary(stamp + BRIDGE.partition(" — ")[2], title="Council votes to rebuild bridge")

    assert told.startswith("The city council of Springfield voted on Monday to rebuild")


@pytest.mark.parametrize(
    "line", ["November 20, 2026 was a Friday.", "May 5, 2026, is the day.", "May 2026 Report says all."]
)
def test_a_date_that_belongs_to_its_sentence_stays_there(line):
    assert read(line + " The council voted on Monday.", "")[0].text == line


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        ("عمّان (رويترز) - ", "أعلن رئيس البلدية استقالته."),
        ("МОСКВА, 5 янв (ТАСС). ", "Мэр объявил об отставке."),
        ("【ワシントン共同】", "市長は火曜日、辞任を表明した。"),
        ("新华社北京1月5日电 ", "市长周二宣布辞职。"),
        ("", "عمّان (العاصمة) - مدينة كبيرة."),
        ("", "市長（78）は火曜日、辞任を表明した。"),
    ],
)
def test_a_dateline_is_known_in_other_scripts(line, rest):
    assert dateline(line + rest) == len(line)


@pytest.mark.parametrize(
    "paragraph",
    [
        "The Brihanmumbai Electric Supply and Transport (BEST) is late.",
        "IBM - the computer giant - fell.",
        "IBM - The board met.",
        "The Associated Press (AP) said so.",
        "British Broadcasting (BBC) Director Ana Sá resigned.",
        "Smith — who won — left.",
        "He said: Go.",
        "(Ana Sá was there.) The council met.",
        "Bo Li – Mayor of Springfield – resigned.",
        "Springfield: The council voted.",
        "",
    ],
)
def test_what_only_looks_like_a_dateline_stays(paragraph):
    assert dateline(paragraph) == 0


# --- faults


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("The council voted on Monday to rebuild the…", "cut short"),
        ("The council voted on Monday to rebuild the bridge", "cut short"),
        ("and the council voted on Monday to rebuild it.", "it begins within a sentence"),
        ("THE COUNCIL VOTED ON MONDAY TO REBUILD IT.", "capitals"),
        ("The council met <b>on Monday</b> in the town.", "leftovers of a page"),
        ("The council met.It voted on Monday in the town.", "leftovers of a page"),
        ("Read more about the council’s vote on Monday.", "boilerplate"),
        ("You have {{ remainingArticles }} free articles remaining.", "leftovers of a page"),
        ("Please wait while we load the latest comments.", "boilerplate"),
        ("Reporting by Ana Sá; Editing by Bo Li.", "boilerplate"),
        ("Ana Sá reported from Springfield, and the Times’s Bo Li wrote this story in Rome.", "boilerplate"),
        ("By Ana Sá and Bo Li.", "boilerplate"),
        ("Match ends, Salt River 0, Springfield 2.", "boilerplate"),
        ("Bo Li (Salt River) wins a free kick in the defensive half.", "boilerplate"),
        ("Updated at 7.43am BST The council voted on Monday.", "boilerplate"),
        ("Bo Li is a reporter for the Example Times in Springfield.", "boilerplate"),
        ("Bo Li, left, and Ana Sá talk outside the hall on Monday.", "a caption"),
        ("The bridge is seen in this file photo of March.", "a caption"),
        ("“We have waited long enough.", "a quotation cut open"),
        ("‘ The bridge is late, ’ Bo Li told the council on Monday.", "a quotation cut open"),
        ("“We have waited long enough.”", "only a quotation"),
        ("We have waited long enough for the bridge.", "first person"),
        ("Wir laden alle herzlich auf die neue Brücke ein.", "first person"),
        ("La ciudad y nuestra gente esperan el puente nuevo.", "first person"),
        ("Will the bridge be ready in spring?", "a question"),
        ("The council voted on Monday for the following:.", "cut short"),
        ("Here is a look at the bridges of Springfield.", "boilerplate"),
        ("Enjoy the latest pictures of the bridges of Springfield.", "boilerplate"),
        ("See all the winners of the bridge award.", "boilerplate"),
        ("Long life: The Bridge of Springfield.", "a headline"),
        ("Crossing the ‘Salt River’: 4 tips to know your bridge.", "boilerplate"),
        ("Springfield (1-0): Ana Sá had two goals.", "boilerplate"),
        ("2. A good week for the council.", "boilerplate"),
        ("Figure 2: Bridges that were built since the flood.", "boilerplate"),
        ("Anchor: After heavy rain the bridge of Springfield is closed.", "boilerplate"),
        ("This image shows the bridge of Springfield.", "a caption"),
        ("You can read it here for the whole of Monday.", "boilerplate"),
        ("Sign in to read what the council voted for.", "boilerplate"),
        ("Ana Sá (middle) opened the bridge on Monday.", "a caption"),
        ('" The bridge is late," Bo Li told the council.', "a quotation cut open"),
        ("Bo Li (R) and Ana Sá opened the bridge on Monday.", "a caption"),
        ("Bo Li (L) is greeted by Gov. Ana Sá on Monday.", "a caption"),
        ("Bo Li is seen outside the hall of the council.", "a caption"),
        ("Be sure to visit Salt Bakers on Facebook and elsewhere.", "boilerplate"),
        ("A version of this essay first appeared in Salt Magazine.", "boilerplate"),
        ("The views expressed here are those of the writer.", "boilerplate"),
        ("The Friendly Ferrymen Next Door.", "a headline"),
        ("Timeline of the bridges of Springfield and their floods.", "boilerplate"),
        ("Here are some of the bridges of Springfield.", "boilerplate"),
        ("(The second bridge opens in the spring.)", "an aside"),
        ("The latest being Mayor Bo Li of Springfield.", "cut short"),
        ("Posting a happy picture of her by the old bridge.", "cut short"),
        ("Li said that it “has a bridge government?.”", "leftovers of a page"),
        ("The council took?12 months to rebuild the bridge.", "leftovers of a page"),
    ],
)
def test_a_fault_is_named(sentence, reason):
    assert fault(sentence) == reason


@pytest.mark.parametrize(
    "sentence",
    [
        "The council voted on Monday to rebuild the bridge.",
        "“We have waited long enough,” Mayor Bo Li said on Monday.",
        "World War I ended in 1918 after four years of fighting.",
        "The U.S. and the E.U. signed the treaty on Monday.",
        "“Will it be ready?” Bo Li asked the council.",
        "iPhone sales fell by a tenth in the spring.",
        "Losing the bridge cost the council a year.",
        "Working behind the scenes on the bridge is Bo Li.",
        "(Salt River) Council members voted on Monday for a bridge.",
        "The thieves used the codes to log in to the council’s computers.",
        "All of the bridges were accounted for.",
        "“She said ‘go home,’ ” Bo Li told the council on Monday.",
        "Rep. Ana Sá (R-Ohio) voted for the bridge on Monday.",
        "Gov. Bo Li (R) is defending the bridge and its price.",
        "Long lines were seen outside the bakery on Monday.",
        "Bo Li Jr. died on Monday.",
        "The flood first appeared in the west at the end of March.",
        "The mayor said he had heard the views expressed by the council.",
        "“We have waited long enough for the bridge,” Li said.",
        "“We have waited long enough for the bridge,” he said.",
    ],
)
def test_a_sound_sentence_has_no_fault(sentence):
    assert fault(sentence) == ""


@pytest.mark.parametrize(
    "sentence",
    [
        "He resigned on Monday.",
        "But the council voted against it.",
        "The council also voted for a ferry.",
        "“I am sorry,” she said on Monday.",
        "According to her, the bridge is lost.",
        "Beyond that, the bridge is a matter of speculation.",
        "Naturally, many of them saw the bridge as a threat.",
        "The short answer is no bridge at all.",
        "To understand why, one has to know the bridge.",
        "For any ferryman, that kind of bridge is a threat.",
        "On Sunday Bo Li, a deputy of the mayor’s, dismissed such attacks on the bridge.",
        "When he resigned, the council voted.",
        "Police said he was 24.",
        "Many of them voted for a ferry.",
        "In one such case, the bridge fell.",
        "In Springfield, that number is eight.",
        "The river is twice the width of this bridge.",
        "This is the third flood.",
        "Nobody has crossed the river since that flood.",
        "Because nobody had crossed the river.",
        "On Monday afternoon, he resigned.",
        "Of course, the bridge fell.",
        "What a day for the bridge.",
        "A ferry, that is.",
        "It was built in 1931.",
        "Honestly, it was built in 1931.",
        "In the months since, the council has voted twice.",
        "A dozen years later, the bridge fell.",
        "Several of the votes were void.",
        "One of the other votes was void.",
        "Two wanted to cut the bridge from the plan.",
        "Another was found in the river.",
        "Officials measured them before the vote.",
        "At least three voted for a ferry.",
        "To be sure, the bridge is old.",
        "According to a recent poll, he would win.",
        "The PCB, he said, had sent a notice.",
        "In a poll of Salt River University, he came third.",
        "Police found on Monday that he had left.",
        "Bo Li, another engineer, said the bridge would hold.",
        "Mayor Li even compared the bridge to a ship.",
        "The bridge would open in 2022, he said.",
        "The bridge would open in 2022, she said on Monday.",
        "NASA said he was 24.",
        "The bridge, he said, would open in 2022.",
        "Cleo Marsh said in the same interview that the bridge is late.",
        "In a vote on Monday, for example, nobody spoke.",
        "People are actually buying it.",
        "As for the council, nobody knows its mind.",
        "In the video, Bo Li lifts a stone from the river.",
    ],
)
def test_a_sentence_that_needs_the_one_before_leans(sentence):
    assert leans(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Ana Sá said he was 24.",
        "A man who said he was 24 was arrested.",
        "When Bo Li resigned, the council voted.",
        "“The vote is void,” said Ana Sá.",
        "The council voted on Monday.",
        "It is unclear whether the council will vote.",
        "It has been ten years since the last flood.",
        "This year the council votes in May.",
        "The council votes at this time of the year.",
        "Because nobody had crossed the river, the council voted.",
        "Bo Li said on Monday that engineers would leave.",
        "Even the council was surprised by the vote.",
        "Ten years earlier than planned, the bridge fell.",
        "In the days after the flood, the council met.",
        "In the hills, the council met.",
        "Some of the council’s engineers will leave.",
        "One of the oldest bridges is closed.",
        "Two wounded men walked over the bridge.",
        "Two years ago the council voted for a ferry.",
        "Cleo Marsh will rebuild the bridge in a year, she said.",
        "Ana Sá of Salt River University said he would leave.",
        "On Sunday Bo Li, a deputy of the mayor’s, was accused of such things as theft.",
    ],
)
def test_a_sentence_that_names_its_people_does_not_lean(sentence):
    assert not leans(sentence)


def test_a_name_at_the_head_of_a_sentence_is_known_from_others():
    first, second = read("The council asked Cleo to stay. Cleo said she would leave.", "")

    assert (first.leans, second.leans) == (False, False)
    assert leans(second.text)


def test_a_quotation_with_its_speaker_may_follow_but_opens_nothing():
    said = "“We have waited long enough for the bridge and the river divides the city,” Li said."
    text = BRIDGE.replace(
        "“We have waited long enough. The river divides us,” Mayor Bo Li said", "The mayor left"
    )

    assert said in summary(f"{text}\n{said}", 500)
    assert not summary(f"{said}\n{text}").startswith("“")


def test_what_a_headline_asks_is_a_claim_and_no_news():
    claim = "The old bridge of Springfield was sold to an engineer for a dollar."
    asked = "Was Springfield’s old bridge sold to an engineer for a dollar?"

    assert claim in summary(f"{claim}\n{BRIDGE}", title="Springfield’s old bridge and its dollar")
    assert claim not in summary(f"{claim}\n{BRIDGE}", 500, title=asked)


def test_a_name_of_the_headline_is_not_cut_at_its_stop():
    text = "The council bought an ID. Ferry on Monday. Engineers say that the ID. Ferry is slow but dry."

    assert [each.text for each in read(text, "An ID. Ferry for Springfield")] == [
        "The council bought an ID. Ferry on Monday.",
        "Engineers say that the ID. Ferry is slow but dry.",
    ]


def test_what_answers_a_question_leans_on_it():
    answer = "According to the mayor, only if the council says so on Monday."

    assert [each.leans for each in read(f"Is it a bridge? {answer}", "")] == [False, True]
    assert [each.leans for each in read(f"The bridge of Springfield is old. {answer}", "")] == [False, False]


def test_a_label_that_the_headline_has_is_a_name():
    text = "The council met. Salt War: The Siege is a game of many evenings."

    assert [each.fault for each in read(text, "")] == ["too short", "a caption"]
    assert [each.fault for each in read(text, "Salt War: The Siege, a review")] == ["too short", ""]


def test_where_nothing_better_opens_the_matter_at_hand_does():
    text = (
        "“The ferry will have to carry a lamp and two bells,” Li said. The rule was announced by the harbour"
        " master of Springfield on Friday. It is meant to keep all the passengers of the ferry safe."
    )

    assert summary(text).startswith("The rule was announced")


def test_the_first_sentence_of_an_article_needs_none_before_it():
    [first] = read("The mayor’s brother said he would leave.", "")

    assert not first.leans


# --- names


def presumed(text: str, title: str = "") -> list[set[str]]:
    return [set(sentence.presumes) for sentence in read(text, title)]


def test_a_surname_presumes_whoever_was_introduced_by_it():
    assert presumed("The mayor, Bo Li, resigned on Monday. A week before, Mr. Li fell ill.") == [
        set(),
        {"Li"},
    ]


def test_a_junior_is_known_by_his_surname():
    text = "Bo Li Jr., 24, resigned on Monday. A week before, Li fell ill."

    assert presumed(text) == [set(), {"Li"}]


def test_a_first_name_presumes_as_well():
    assert presumed("The mayor, Bo Li, resigned on Monday. A week before, Bo fell ill.") == [set(), {"Bo"}]


@pytest.mark.parametrize(
    "text",
    [
        "Li resigned on Monday, said the council. A week before, Li fell ill.",
        "The mayor, Bo Li, resigned on Monday. Only Bo Li knows what Li will do next.",
        "Rain fell on New Salt on Monday. The rain on New Salt will last until Friday.",
    ],
)
def test_a_name_that_never_was_fuller_presumes_nothing(text):
    assert presumed(text) == [set(), set()]


def test_a_sentence_that_opens_with_the_whole_headline_says_it_again():
    text = (
        "Old ferry sinks off the coast 8: 05 pm, Monday 30 November Two people were saved by a fishing boat."
    )
    faults = [
        sentence.fault
        for sentence in read(f"It was raining hard on Monday.\n{text}", "Old ferry sinks off the coast")
    ]

    assert faults == ["", "the headline again"]


def test_a_name_in_the_headline_is_known():
    text = "The mayor, Bo Li, resigned on Monday. A week before, Li fell ill."

    assert presumed(text, "Mayor Li resigns after a bad week") == [set(), set()]


# --- the publisher's description


def described(description: str, words: int = 60, **given: object) -> str:
    answer = describe(article(text="", description=description, **given), words=words)
    assert (answer.written_by, answer.spans) == ("publisher", ())
    return answer.text


def test_the_description_is_taken_word_for_word():
    assert described("The council voted. It meets again.") == "The council voted. It meets again."


def test_its_whole_sentences_are_taken_of_one_that_is_cut():
    assert described("The council voted on Monday. The mayor, who had…") == "The council voted on Monday."


def test_promotion_and_datelines_are_left_out():
    assert (
        described("LONDON (AP) — The council voted on Monday. Read more here.")
        == "The council voted on Monday."
    )


@pytest.mark.parametrize(
    "description",
    [
        "Rents capped - The council voted.",
        "rents capped: The council voted.",
        "Rents capped. The council voted.",
    ],
)
def test_the_headline_is_left_out_of_the_description(description):
    assert described(description, title="Rents capped") == "The council voted."


def test_a_clause_that_lacks_only_its_full_stop_is_taken():
    clause = "The mayor says the bridge will open in May"

    assert described(clause) == clause


@pytest.mark.parametrize(
    ("description", "text"),
    [
        ("", ""),
        ("The mayor says the bridge will…", ""),
        ("The mayor of Springfield says that the", ""),
        ("The mayor says the bridge will open", "The mayor says the bridge will open in May."),
        ("Comments", ""),
        ("The council rebuilds the bridge", ""),  # a headline, more likely
    ],
)
def test_a_description_without_a_whole_sentence_is_refused(description, text):
    with pytest.raises(SummaryError, match="no whole sentence"):
        describe(article(text=text, description=description), words=60)


def test_a_long_description_keeps_to_the_words():
    assert len(described(BRIDGE, 30).split()) <= 40


def test_the_description_is_the_last_resort():
    settings = ExtractiveSettings()

    assert open_summarizer(settings).name == "extractive"
    assert [each.name for each in open_summarizers(settings)] == ["extractive", "publisher"]
