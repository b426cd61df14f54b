"""The whole line on the sample newsroom: gather, compose, deliver, as the command line does it."""

from __future__ import annotations

import re
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from kit.builders import NOW
from kit.faultserver import FaultServer, reply
from kit.linekit import DAY, Project
from kit.smtpserver import serving

from digest import editions
from digest.model import Edition, EditionKey, Use
from digest.sample.manuscripts import load_manuscripts

pytestmark = pytest.mark.slow  # whole projects

KEY = EditionKey(newsletter="morning-tide", day=NOW.date())


def edition(project: Project) -> Edition:
    return editions.parse(project.edition.read_text(), source="edition", key=KEY)


# --- the draft ---------------------------------------------------------------------------------------


def test_a_build_says_in_numbers_what_it_did(project: Project):
    result = project.ok("build")

    assert result.stdout.startswith(f"morning-tide/{DAY}: 6 feeds (0 unchanged), 33 new articles, 8 items")
    assert "Meridian Wire: 8 articles, 8 new" in result.stderr


def test_the_draft_has_everything_that_a_reader_expects(built: Project):
    draft = edition(built)

    assert len(draft.blurbs) == 8
    assert draft.subject == draft.blurbs[0].headline[:60]
    assert draft.preheader.startswith("Plus: ")
    assert draft.quick_hits
    assert draft.pending
    for blurb in draft.blurbs:
        assert 30 <= len(blurb.summary.split()) <= 98
        assert "](http" in blurb.dig_deeper
        assert blurb.section in {"World", "Nation", "Business", "Science", "Culture"}
    lead = draft.blurbs[0]
    assert lead.image is not None
    assert lead.image.credit


def test_what_the_build_itself_sees_first_without_a_date_is_of_this_edition(built: Project):
    [undated] = [one for one in load_manuscripts(NOW) if "undated" in one.traits]

    assert undated.title in built.edition.read_text()


def test_no_quick_hit_is_where_an_item_leads_deeper(project: Project):
    project.configure(lambda text: text.replace("quick_hits = 4", "quick_hits = 12"))
    project.ok("build")
    draft = edition(project)
    deeper = " ".join(blurb.dig_deeper for blurb in (*draft.blurbs, *draft.pending))

    assert [hit.url for hit in draft.quick_hits if f"({hit.url})" in deeper] == []


def test_a_quick_hit_is_written_as_its_page_writes_its_words(project: Project):
    told = {
        "Ferry Service Across Port Alder Harbor Ends After Forty Years": (
            "The ferry service across the harbor at Port Alder ends on Friday after forty years, and the "
            "council says that there is nobody to take it over before the bridge is rebuilt."
        ),
        "Farmers Blame Late Frost for Empty Orchards Near Quillon": (
            "The farmers of Quillon blame a late frost for their empty orchards, and ask the province for "
            "help before the winter, because no harvest was ever as small as the one of this week."
        ),
    }
    items, pages = "", {}
    for number, (title, body) in enumerate(told.items()):
        items += (
            f"<item><title>{title}</title><link>%s/{number}</link><pubDate>{NOW:%a, %d %b %Y 07:00:00} GMT"
        )
        items += "</pubDate></item>"
        text = f"<h1>{title}</h1>" + f"<p>{body}</p>" * 3
        pages[f"/{number}"] = f"<html><title>{title}</title><body><article>{text}</article></body></html>"
    with FaultServer() as server:
        feed = f"<rss version='2.0'><channel><title>x</title>{items}</channel></rss>"
        feed = feed.replace("%s", server.url("").rstrip("/"))
        server.script("/feed.xml", reply(200, feed.encode(), content_type="application/rss+xml"))
        for path, page in pages.items():
            server.script(path, reply(200, page.encode(), content_type="text/html"))
        block = (
            f'[[newsletters.morning-tide.feeds]]\nurl = "{server.url("/feed.xml")}"\nallow_private = true\n'
        )
        project.configure(lambda text: text.partition("[[newsletters.morning-tide.feeds]]")[0] + block)
        project.configure(lambda text: text.replace("items = 8\nmin_items = 3", "items = 1\nmin_items = 1"))
        project.ok("build")

    draft = edition(project)
    assert {draft.blurbs[0].headline, draft.quick_hits[0].text} == {
        "Ferry service across Port Alder harbor ends after forty years",
        "Farmers blame late frost for empty orchards near Quillon",
    }


def test_a_rival_leads_where_the_leads_page_says_too_little_and_explain_says_so(project: Project):
    title = "Council of Port Alder Votes to Rebuild the Wend Bridge by Spring"
    teaser = (
        "<description>The council of Port Alder voted to rebuild the Wend Bridge by spring.</description>"
    )
    body = (
        "The council of Port Alder voted on Tuesday to rebuild the Wend Bridge by spring, at a cost of nine "
        "million crowns, after a debate of five hours. Mayor Ana Brandt said that work begins in January."
    )
    more = (
        "Traders of the harbor had asked for a bridge since the storm of October closed the old one to all "
        "lorries, although the port authority had warned of it for years, and nobody had found the money. "
        "They lose two hours a day on the road around the bay, their guild wrote to the council in a letter, "
        "and the ferry takes no more than forty vehicles. The province is to pay half of it, the mayor added."
    )
    pages = {"/early": "<p>Watch the video.</p>", "/late": f"<p>{body}</p><p>{more}</p>"}
    with FaultServer() as server:
        blocks = ""
        for number, (path, words) in enumerate(pages.items()):
            item = f"<item><title>{title}{' after Debate' * number}</title>{teaser}"
            item += f"<link>{server.url(path)}</link>"
            item += f"<pubDate>{NOW:%a, %d %b %Y} 0{number + 1}:00:00 GMT</pubDate></item>"
            feed = f"<rss version='2.0'><channel><title>x</title>{item}</channel></rss>"
            server.script(f"/feed{path}", reply(200, feed.encode(), content_type="application/rss+xml"))
            page = (
                f"<html><title>{title}</title><body><article><h1>{title}</h1>{words}</article></body></html>"
            )
            server.script(path, reply(200, page.encode(), content_type="text/html"))
            blocks += f'[[newsletters.morning-tide.feeds]]\nurl = "{server.url(f"/feed{path}")}"\n'
            blocks += f'title = "Outlet{path}"\nallow_private = true\n'
        project.configure(lambda text: text.partition("[[newsletters.morning-tide.feeds]]")[0] + blocks)
        project.configure(lambda text: text.replace("items = 8\nmin_items = 3", "items = 1\nmin_items = 1"))
        explained = project.json("build", "--explain")["candidates"]

    [blurb] = edition(project).blurbs
    assert (blurb.outlet, blurb.written_by) == ("Outlet/late", "extractive")
    assert [(each["outlet"], each["verdict"].partition(",")[0]) for each in explained] == [
        ("Outlet/late", "chosen"),
        ("Outlet/early", f"same story as “{title} after Debate” (Outlet/late)"),
    ]


WALKOUT = (
    "Dockworkers in Port Alder walked out on Tuesday over pay, the union Havens said. Some 4,000 members "
    "stopped work at nine terminals of the port, and ships waited at anchor while the employers offered "
    "three percent."
)
LONG_WALKOUT = (
    "In the year in which the union Havens had ten thousand members, dockworkers stopped work over pay "
    "at all terminals of the port, and the long walkout of that winter ended with an offer in May."
)
OF_A_BAKER = (
    "Ana Sá bakes bread in a village above the lake, as her mother did, and sells it from a cart each "
    "morning. The oven is as old as the church, and the flour comes from a mill that a brook turns. In "
    "summer she adds a loaf of figs and walnuts for which guests of the inn get up before the sun does. Her "
    "brother keeps bees on the slope behind the vineyard, sells honey, candles and a brandy of pears, and "
    "plays the organ on Sundays, when the whole valley comes to hear him and to buy a cake for the evening."
)


@pytest.mark.parametrize(("page", "is_led_to"), [(LONG_WALKOUT, True), (OF_A_BAKER, False)])
def test_a_piece_to_dig_deeper_with_is_known_by_its_page(project: Project, page: str, *, is_led_to: bool):
    pieces = {
        "/news": ("Dockworkers in Port Alder walk out over pay", WALKOUT, WALKOUT, ""),
        "/old": (
            "The Long Walkout of a Winter",
            "A look back at when dockworkers stopped work over pay.",
            page,
            '<meta name="author" content="Ana Sá">',
        ),
    }
    entries = ""
    with FaultServer() as server:
        for days, (path, (title, teaser, body, meta)) in enumerate(pieces.items()):
            when = NOW - timedelta(days=5 * days, hours=2)
            entries += f"<item><title>{title}</title><link>{server.url(path)}</link>"
            entries += f"<description>{teaser}</description>"
            entries += f"<pubDate>{when:%a, %d %b %Y %H:%M} GMT</pubDate></item>"
            text = f"<html><head>{meta}</head><article><h1>{title}</h1><p>{body}</p></article></html>"
            server.script(path, reply(200, text.encode(), content_type="text/html"))
        feed = f"<rss version='2.0'><channel><title>x</title>{entries}</channel></rss>"
        server.script("/feed.xml", reply(200, feed.encode(), content_type="application/rss+xml"))
        block = (
            f'[[newsletters.morning-tide.feeds]]\nurl = "{server.url("/feed.xml")}"\nallow_private = true\n'
        )
        project.configure(lambda text: text.partition("[[newsletters.morning-tide.feeds]]")[0] + block)
        project.configure(lambda text: text.replace("items = 8\nmin_items = 3", "items = 1\nmin_items = 1"))
        project.ok("build")
        source, target = server.url("/news"), server.url("/old")

    [blurb] = edition(project).blurbs
    assert blurb.dig_deeper == (
        f"Read Ana Sá’s [report]({target}) in *x* about the long walkout of a winter."
        if is_led_to
        else f"Read the full [report]({source}) in *x*."
    )


WEND_BRIDGE = (
    "Port Alder: Wend Bridge",
    "The council voted on Tuesday to rebuild the bridge by spring, at a cost of nine million crowns. "
    "Mayor Ana Brandt said that work begins in January, and that the province pays half of it.",
)


def built_of(project: Project, pages: dict[str, str], *, items: int, hits: int = 0) -> list[dict[str, Any]]:
    """The candidates of an edition of *pages*, by title, that one feed has without a word of their texts."""
    entries = ""
    with FaultServer() as server:
        for number, (title, body) in enumerate(pages.items()):
            entries += f"<item><title>{title}</title><link>{server.url(f'/{number}')}</link>"
            entries += f"<pubDate>{NOW:%a, %d %b %Y} 0{5 - number}:00:00 GMT</pubDate></item>"
            page = f"<html><body><article><h1>{title}</h1><p>{body}</p></article></body></html>"
            server.script(f"/{number}", reply(200, page.encode(), content_type="text/html"))
        feed = f"<rss version='2.0'><channel><title>x</title>{entries}</channel></rss>"
        server.script("/feed.xml", reply(200, feed.encode(), content_type="application/rss+xml"))
        block = (
            f'[[newsletters.morning-tide.feeds]]\nurl = "{server.url("/feed.xml")}"\nallow_private = true\n'
        )
        project.configure(lambda text: text.partition("[[newsletters.morning-tide.feeds]]")[0] + block)
        project.configure(
            lambda text: text.replace("items = 8\nmin_items = 3", f"items = {items}\nmin_items = 1")
        )
        project.configure(lambda text: text.replace("quick_hits = 4", f"quick_hits = {hits}"))
        return cast("list[dict[str, Any]]", project.json("build", "--explain")["candidates"])


@pytest.mark.parametrize(
    ("title", "body", "why"),
    [
        (
            "Madrid: Santiago Bernabéu",
            "El ayuntamiento aprobó el martes la reforma del estadio, que costará noventa millones de euros. "
            "Las obras empiezan en enero, dijo el alcalde, y los vecinos irán a los tribunales.",
            'in "es", wanted en',
        ),
        (
            "At home with Cleo Marsh",
            "We at Marsh Ferries are proud to have Cleo Marsh as our new captain. We asked her about her "
            "plans for our boats. I have always loved the sea. My father sailed here before me. You will see "
            "us soon at your quay.",
            "its page is in the first or second person",
        ),
        (
            "Pears and honey for the winter",
            '<script type="application/ld+json">{"@type": "Article", "articleSection": "Recipes"}</script>'
            "Eight pears are cooked with honey for an hour in Port Alder, as Cleo Marsh told the fair. "
            "The jam keeps for a year in a dark cellar, she said, and is eaten with bread on Sundays.",
            "its page turned out to be no news, but recipe",
        ),
    ],
)
def test_a_page_that_is_none_of_the_days_news_gives_its_place_to_another(
    project: Project, title: str, body: str, why: str
):
    explained = built_of(project, {title: body, WEND_BRIDGE[0]: WEND_BRIDGE[1]}, items=1)

    assert [blurb.headline for blurb in edition(project).blurbs] == ["Port Alder: Wend Bridge"]
    assert {each["title"]: each["verdict"] for each in explained} == {
        title: f"left out: {why}",
        "Port Alder: Wend Bridge": "chosen, in the place of one that was left out",
    }


def test_what_is_no_report_comes_last_in_its_section(project: Project):
    essay = (
        "We at the harbor are proud of our ferries. We know each of them by its horn. I have sailed on all. "
        "My father built two of them for us in a cold winter. You can see them from your window at night."
    )

    explained = built_of(project, {"Ferries in the fog": essay, WEND_BRIDGE[0]: WEND_BRIDGE[1]}, items=2)

    assert [(each["title"], each["verdict"]) for each in explained] == [
        ("Ferries in the fog", "chosen, World 2"),
        (WEND_BRIDGE[0], "chosen, World 1"),
    ]
    assert [blurb.headline for blurb in edition(project).blurbs] == [WEND_BRIDGE[0], "Ferries in the fog"]


def test_a_quick_hit_that_is_a_report_takes_the_place_of_what_is_none(project: Project):
    essay = (
        "We at the harbor are proud of our ferries. We know each of them by its horn. I have sailed on all. "
        "My father built two of them for us in a cold winter. You can see them from your window at night."
    )

    built_of(project, {"Ferries in the fog": essay, WEND_BRIDGE[0]: WEND_BRIDGE[1]}, items=1, hits=1)

    draft = edition(project)
    assert [blurb.headline for blurb in draft.blurbs] == [WEND_BRIDGE[0]]
    assert [blurb.headline for blurb in draft.pending] == ["Ferries in the fog"]


def test_two_pages_that_tell_one_event_under_other_titles_are_one_item(project: Project):
    ferry = (
        "The ferry Heron struck the Wend Bridge in Port Alder on Tuesday at 7:40 p.m., and 31 of its "
        "passengers were taken ashore by the harbor guard. "
    )
    pages = {
        "Cold night on the water": ferry + "Captain Cleo Marsh said that the rudder of the Heron failed.",
        "Thirty-one are safe": ferry + "The harbor guard said that captain Cleo Marsh lost the rudder.",
        "Farmers ask for rain": "Farmers in the hills said on Monday that wheat is dry and wells are low. "
        "The province will lend them pumps until the autumn, its minister told parliament.",
    }

    explained = built_of(project, pages, items=2)

    assert [blurb.headline for blurb in edition(project).blurbs] == [
        "Cold night on the water",
        "Farmers ask for rain",
    ]
    [verdict] = [each["verdict"] for each in explained if each["title"] == "Thirty-one are safe"]
    assert verdict.startswith("left out: same story as “Cold night on the water”")


def test_nothing_that_a_newsletter_must_not_say_is_in_it(built: Project):
    text = built.edition.read_text()

    for boilerplate in ("Read more", "cookie", "Sign up", "Already a member", "COMMENT"):
        assert boilerplate.lower() not in text.lower().replace("dig_deeper", "")
    assert "(Meridian Wire) —" not in text
    assert "utm_" not in text
    assert "fbclid" not in text
    assert "musee-maritime" not in text  # French, in an English newsletter


def test_an_event_that_two_outlets_tell_is_told_once(built: Project):
    rows = built.json("build", "--explain", "--date", DAY)["candidates"]

    verdicts = {row["url"].rsplit("/", 1)[-1].partition("?")[0]: row["verdict"] for row in rows}
    told = {
        slug: verdict
        for slug, verdict in verdicts.items()
        if slug in {"dockworkers-vote-to-end-strike", "dockers-back-deal"}
    }
    assert sum(verdict.startswith("same story") for verdict in told.values()) >= 1
    assert verdicts["karevia-frees-trawler-crew"] != verdicts["karevia-frees-trawler-crew-radio"]


def test_explain_gives_each_candidate_a_score_reasons_and_a_verdict(built: Project):
    rows = built.json("build", "--explain", "--date", DAY)["candidates"]

    assert len(rows) >= 25
    assert sum(row["verdict"].startswith("chosen") for row in rows) == 8
    assert all(row["verdict"] for row in rows)
    assert "chosen" in built.ok("build", "--explain").stdout


def test_a_quiet_day_is_explained_by_what_it_had(project: Project):
    project.configure(lambda text: text.replace("items = 8\nmin_items = 3", "items = 60\nmin_items = 60"))
    result = project.run("build", "--explain")

    assert result.exit_code == 3, result.output
    assert "chosen, " in result.stdout
    assert ", and min_items is 60" in result.stderr


def test_unchanged_feeds_are_not_parsed_again_and_make_the_same_edition(built: Project):
    before = built.edition.read_bytes()

    again = built.json("build")

    assert again["feeds_unchanged"] == again["feeds"] == 6
    assert again["articles_new"] == 0
    assert built.edition.read_bytes() == before


def test_composing_again_changes_nothing_that_an_editor_did(built: Project):
    edited = built.edition.read_text().replace("use: yes", "use: no  # not ours", 1)
    built.edition.write_text(edited)

    result = built.ok("build")

    assert "merged into the edited file: 0 keys renewed, 0 stories late, 0 conflicts" in result.stdout
    assert built.edition.read_text() == edited


def test_a_late_story_comes_under_pending_of_an_edited_file(built: Project):
    edited = built.edition.read_text().replace("use: yes", "use: no", 1)
    built.edition.write_text(edited)
    built.configure(lambda text: text.replace("items = 8", "items = 10"))

    result = built.ok("build")

    assert re.search(r"[1-9]\d* stories late", result.stdout)
    ids = re.compile(r"- id: (\S+)")
    items, _, pending = built.edition.read_text().partition("\npending:")
    assert ids.findall(items) == ids.findall(edited.partition("\npending:")[0])
    assert len(ids.findall(pending)) > len(ids.findall(edited.partition("\npending:")[2]))
    assert "use: no" in items


def test_a_file_that_is_not_valid_is_left_as_it_is(built: Project):
    broken = built.edition.read_text().replace("use: yes", "use: yess", 1)
    built.edition.write_text(broken)

    result = built.run("build")

    assert result.exit_code == 1
    assert "did you mean yes?" in result.stderr
    assert built.edition.read_text() == broken


def test_a_file_that_was_not_composed_here_is_left_as_it_is(built: Project, tmp_path: Path):
    (built.folder / "var" / "digest.db").rename(tmp_path / "digest.db")
    text = built.edition.read_text()

    result = built.run("build")

    assert result.exit_code == 1
    assert "was not composed here" in result.stderr
    assert built.edition.read_text() == text


def test_a_day_off_has_no_edition_unless_it_is_named(project: Project):
    project.configure(lambda text: text.replace('days = "mon-sun"', 'days = "tue-fri"'))

    result = project.run("build")

    assert result.exit_code == 3
    assert "Monday is not one of its days" in result.stderr
    assert project.ok("build", "--date", DAY).exit_code == 0


def test_too_few_stories_make_no_edition(project: Project):
    project.configure(lambda text: text.replace("min_items = 3", "min_items = 8\nper_section = 1"))

    result = project.run("build")

    assert result.exit_code == 3
    assert "5 stories came together from 31 articles" in result.stderr
    assert not project.edition.exists()


def test_when_every_feed_fails_there_is_no_edition_and_an_alarm(
    project: Project, monkeypatch: pytest.MonkeyPatch
):
    with FaultServer() as server:
        monkeypatch.setenv("SAMPLE_NEWSROOM", server.url("").rstrip("/"))
        result = project.run("build")

    assert result.exit_code == 75
    assert "no feed could be read" in result.stderr
    assert "Kestrel Radio" in result.stderr
    assert not project.edition.exists()
    status = project.run("status")
    assert status.exit_code == 1
    assert "LOOK failed: build of 2026-11-23: no feed could be read" in status.stdout


def test_one_feeds_failure_is_not_anothers(project: Project):
    with FaultServer() as server:
        bad = server.url("/broken")
        server.script("/broken", reply(500, b"oops"))
        project.configure(lambda text: text.replace("${SAMPLE_NEWSROOM}/kestrel-radio/feed.xml", bad, 1))
        result = project.ok("build")

    assert "1 failed" in result.stdout
    assert "Kestrel Radio" in result.stderr
    assert len(edition(project).blurbs) == 8


# --- the mails --------------------------------------------------------------------------------------------


def test_each_subscriber_gets_the_edition_once(built: Project):
    first = built.ok("send")
    second = built.run("send")

    assert "3 sent" in first.stdout
    assert second.exit_code == 3
    assert "nobody gets it twice" in second.stderr
    assert len(built.mails()) == 3


def test_a_mail_has_what_a_mail_must_have(built: Project):
    built.ok("send")

    for mail in built.mails():
        text, html = (part.get_content() for part in mail.iter_parts())
        assert mail["Subject"] == edition(built).subject
        assert mail["List-Unsubscribe"].startswith("<mailto:desk@example.org?subject=unsubscribe")
        assert mail["Message-ID"].endswith("@example.org>")
        for blurb in edition(built).used:
            assert blurb.headline in " ".join(text.split())
        for part in (text, html):
            assert "3 Chandlers Quay" in part
            assert "Unsubscribe" in part
        assert mail["To"] in html
    unsubscribes = {mail["List-Unsubscribe"] for mail in built.mails()}
    assert len(unsubscribes) == 3


def test_what_an_editor_took_out_is_not_sent(built: Project):
    out = edition(built).blurbs[2]
    text = built.edition.read_text()
    start = text.index(out.id)
    built.edition.write_text(text[:start] + text[start:].replace("use: yes", "use: no", 1))

    built.ok("send")

    assert edition(built).blurbs[2].use is Use.NO
    for mail in built.mails():
        assert out.headline not in mail.as_string()


def test_a_broken_file_is_never_sent(built: Project):
    built.edition.write_text(built.edition.read_text().replace("use: yes", "use: yess", 1))

    result = built.run("send")

    assert result.exit_code == 1
    assert "did you mean yes?" in result.stderr
    assert ".yaml:" in result.stderr
    assert built.mails() == []


def test_an_edition_without_items_is_never_sent(built: Project):
    built.edition.write_text(built.edition.read_text().replace("use: yes", "use: no"))

    result = built.run("send")

    assert result.exit_code == 1
    assert "an empty mail never leaves" in result.stderr
    assert built.mails() == []


def test_a_rehearsal_sends_and_claims_nothing(built: Project):
    assert "would send 3 of 3 mails" in built.ok("send", "--dry-run").stdout
    assert built.mails() == []
    assert "3 sent" in built.ok("send").stdout


def test_sending_to_one_subscriber_counts_as_that_subscribers_edition(built: Project):
    built.ok("send", "--to", "ada@example.com")

    assert "2 sent" in built.ok("send").stdout
    assert len(built.mails()) == 3


def test_an_edition_that_went_out_is_composed_anew_only_when_so_asked(built: Project):
    built.ok("send", "--to", "ada@example.com")
    built.ok("build")
    built.ok("send")
    text = built.edition.read_text()
    later = (NOW + timedelta(hours=2)).isoformat()

    refused = built.run("build", now=later)

    assert refused.exit_code == 3
    assert f"morning-tide/{DAY}: it went out (3 sent = 3 on the list), and stays as it is" in refused.output
    assert built.edition.read_text() == text
    built.ok("build", "--again", now=later)
    assert built.edition.read_text() != text


def test_a_copy_and_a_login_that_failed_leave_a_draft(built: Project):
    """Who got a copy has no edition of the list, and nobody else has anything."""
    built.ok("send", "--to", "ada@example.com")
    outbox = 'kind = "outbox"'
    built.configure(lambda text: text.replace(outbox, 'kind = "smtp"\nhost = "127.0.0.1"\nport = 1'))
    assert built.run("send").exit_code == 75

    built.ok("build", now=(NOW + timedelta(hours=2)).isoformat())


def test_what_an_edition_itself_led_to_is_not_used_up_for_it(built: Project):
    before = edition(built)
    built.ok("send")
    built.ok("build", "--again")

    assert [blurb.dig_deeper for blurb in edition(built).blurbs] == [
        blurb.dig_deeper for blurb in before.blurbs
    ]


def test_a_stranger_to_the_list_gets_a_copy_each_time(built: Project):
    built.ok("send", "--to", "editor@example.org")
    built.ok("send", "--to", "editor@example.org")

    assert "3 sent" in built.ok("send").stdout


def test_who_unsubscribed_gets_nothing_even_when_imported_again(built: Project):
    built.ok("subscribers", "remove", "bo@example.net")
    built.ok("subscribers", "import", str(built.folder / "readers.txt"))

    built.ok("send")

    assert {mail["To"] for mail in built.mails()} == {"ada@example.com", "cleo@example.org"}


def test_a_claim_without_a_receipt_is_unsure_and_not_sent_again(built: Project):
    """What a crash between claim and receipt leaves behind."""
    from digest import app

    with app.build(built.folder) as opened:
        ada = opened.store.subscribers.find("morning-tide", "ada@example.com")
        assert ada is not None
        opened.store.ledger.claim(KEY, [(ada.id, "<x@example.org>")], sha256="", at=NOW)

    result = built.run("send")

    assert result.exit_code == 1
    assert "2 sent + 1 unsure = 3 on the list" in result.stdout
    assert {mail["To"] for mail in built.mails()} == {"bo@example.net", "cleo@example.org"}


def test_the_journal_has_the_editions_sending_and_no_rehearsal_of_it(built: Project):
    from digest import app

    built.ok("send", "--dry-run")
    built.ok("send", "--to", "ada@example.com")
    with app.build(built.folder) as opened:
        assert [run.stage for run in opened.store.journal.latest("morning-tide")] == ["build"]

    built.ok("send")

    with app.build(built.folder) as opened:
        assert [run.stage for run in opened.store.journal.latest("morning-tide")] == ["send", "build"]


def test_an_approval_is_of_one_content_and_no_other(built: Project):
    built.configure(lambda text: text.replace('approval = "automatic"', 'approval = "required"'))

    assert built.run("send").exit_code == 1
    built.ok("approve")
    built.edition.write_text(built.edition.read_text().replace("subject: ", "subject: New ", 1))
    changed = built.run("send")
    assert changed.exit_code == 1
    assert "changed after its approval" in changed.stderr
    built.ok("approve")
    assert "3 sent" in built.ok("send").stdout


def test_an_approval_says_what_the_proofreader_would_have_looked_at(built: Project):
    calm = built.ok("approve").stderr
    built.edition.write_text(
        built.edition.read_text().replace("headline: ", "headline: On 4,711 bridges ", 1)
    )

    doubted = built.ok("approve")

    assert "approved by" in doubted.stdout
    assert "that somebody should look at: digest check morning-tide" in doubted.stderr
    assert calm != doubted.stderr


# --- through a real SMTP server -----------------------------------------------------------------------------


def by_smtp(project: Project, port: int) -> None:
    sender = f'kind = "smtp"\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"'
    project.configure(lambda text: text.replace('kind = "outbox"', sender))


def test_an_smtp_server_gets_what_the_outbox_gets(built: Project):
    built.ok("send")
    with serving() as box:
        by_smtp(built, box.port)
        (built.folder / "var" / "digest.db").unlink()
        built.edition.with_suffix(".sent").unlink()
        built.ok("subscribers", "import", str(built.folder / "readers.txt"))

        assert "3 sent, by smtp" in built.ok("send").stdout

    assert len(box.mails) == 3
    assert {address for address, _ in box.mails} == {mail["To"] for mail in built.mails()}


def test_what_was_deferred_is_sent_the_next_time_and_the_rest_is_not(built: Project):
    with serving() as box:
        by_smtp(built, box.port)
        built.configure(
            lambda text: text.replace(
                "[newsletters.morning-tide.sender]", "retry_after = []\n\n[newsletters.morning-tide.sender]"
            )
        )
        box.replies["ada@example.com"] = "451 4.7.1 greylisted"
        box.replies["bo@example.net"] = "550 5.1.1 no such mailbox"
        first = built.run("send")
        box.replies.clear()
        second = built.ok("send")

    assert first.exit_code == 1
    assert "1 deferred" in first.stdout
    assert "1 refused" in first.stdout
    assert "1 sent" in second.stdout
    assert [address for address, _ in box.mails] == ["cleo@example.org", "ada@example.com"] or len(
        box.mails
    ) == 2


def test_a_server_that_relays_nothing_costs_nobody_the_edition(built: Project):
    with serving() as box:
        by_smtp(built, box.port)
        people = ("ada@example.com", "bo@example.net", "cleo@example.org")
        box.replies |= dict.fromkeys(people, "554 5.7.1 Relay access denied")
        closed = built.run("send")
        box.replies.clear()
        opened = built.ok("send")

    assert closed.exit_code == 75
    assert "554 5.7.1 Relay access denied; nobody counts as refused" in closed.stderr
    assert "3 pending = 3 on the list" in closed.stderr
    assert "3 sent" in opened.stdout


def test_who_was_refused_is_not_said_to_have_the_edition(built: Project):
    with serving() as box:
        by_smtp(built, box.port)
        box.replies["bo@example.net"] = "550 5.1.1 no such mailbox"
        built.run("send")
        again = built.run("send")

    assert again.exit_code == 3
    assert "nobody is left to send to (2 sent + 1 refused = 3 on the list)" in again.stderr


def test_a_server_that_is_down_costs_nobody_the_edition(built: Project):
    by_smtp(built, 1)
    down = built.run("send")
    with serving() as box:
        built.configure(lambda text: text.replace("port = 1\n", f"port = {box.port}\n"))
        up = built.ok("send")

    assert down.exit_code == 75
    assert "cannot connect" in down.stderr
    assert "3 sent" in up.stdout


# --- the next morning ---------------------------------------------------------------------------------------


def test_the_next_edition_begins_where_the_last_one_that_was_sent_ended(built: Project):
    built.ok("send")
    tomorrow = (NOW + timedelta(days=1)).isoformat()

    result = built.run("build", now=tomorrow)

    assert result.exit_code == 3
    assert "since Monday 2026-11-23 10:00 UTC" in result.stderr


def test_an_edition_that_was_never_sent_loses_no_news(built: Project):
    tomorrow = (NOW + timedelta(days=1)).isoformat()

    built.ok("build", now=tomorrow)


def test_a_held_item_is_offered_in_the_next_edition(built: Project):
    held = edition(built).blurbs[1]
    text = built.edition.read_text()
    start = text.index(held.id)
    built.edition.write_text(text[:start] + text[start:].replace("use: yes", "use: hold", 1))
    built.ok("send")
    built.configure(lambda text: text.replace("min_items = 3", "min_items = 1"))
    with FaultServer() as server:
        feed = f"<rss version='2.0'><channel><title>x</title>{item(server.url('/a'))}</channel></rss>"
        server.script("/late", reply(200, feed.encode()))
        server.script("/a", reply(200, b"<html><body><p>Too short.</p></body></html>"))
        built.configure(
            lambda text: text.replace("${SAMPLE_NEWSROOM}/kestrel-radio/feed.xml", server.url("/late"))
        )
        later = NOW + timedelta(days=1)
        built.ok("build", now=later.isoformat())

    path = built.edition.with_name(f"{later.date()}.yaml")
    key = EditionKey(newsletter="morning-tide", day=later.date())
    offered = editions.parse(path.read_text(), source="next", key=key)
    assert held.headline in [blurb.headline for blurb in offered.pending]


def item(url: str) -> str:
    text = "The council of Velm voted on Tuesday to plant 900 trees along the river. " * 6
    return (
        f"<item><title>Velm plants 900 trees</title><link>{url}</link><guid>{url}</guid>"
        f"<pubDate>Tue, 24 Nov 2026 05:00:00 GMT</pubDate><description>{text}</description></item>"
    )


# --- nothing leaks ------------------------------------------------------------------------------------------


def test_no_secret_or_address_is_printed_or_kept_where_it_does_not_belong(
    built: Project, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("CANARY", "canary-5d1e")
    login = 'security = "tls"\nusername = "u"\npassword = "${CANARY}"'
    sender = f'kind = "smtp"\nhost = "127.0.0.1"\nport = 1\n{login}'
    built.configure(lambda text: text.replace('kind = "outbox"', sender))
    said = [
        built.run(*words).output
        for words in (
            ("send",),
            ("check",),
            ("status",),
            ("send", "--dry-run"),
            ("build", "--explain"),
            ("send", "--json"),
        )
    ]

    assert "canary" not in "".join(said)
    assert "ada@example.com" not in "".join(said)
    for path in built.folder.rglob("*"):
        if path.is_file():
            assert b"canary-5d1e" not in path.read_bytes()


def test_a_ledger_that_cannot_be_written_sends_nothing(built: Project):
    impatient = '[store]\nurl = "sqlite:///var/digest.db?timeout=0.05"\n\n'
    built.configure(lambda text: impatient + text)
    other = sqlite3.connect(built.folder / "var" / "digest.db", isolation_level=None)
    other.execute("begin exclusive")

    result = built.run("send")

    other.execute("rollback")
    other.close()
    assert result.exit_code == 75
    assert "locked" in result.stderr
    assert built.mails() == []


def test_the_project_holds_nothing_but_what_was_promised(built: Project):
    built.ok("send")

    assert {path.name for path in built.folder.iterdir()} == {
        "schedules.toml",
        "readers.txt",
        "editions",
        "outbox",
        "var",
    }
    assert not list(Path(built.folder / "outbox").rglob("*.part"))
