"""What of a page is its article's text, whatever its elements are called, and wherever it keeps the text."""

from __future__ import annotations

import json
from time import process_time

import pytest
from kit.builders import NOW, article

from digest.extraction import read
from digest.model import Fetched

TITLE = "Springfield to rebuild its bridge"
PARAGRAPHS = [
    "The town council voted on Sunday night to rebuild the old bridge over the river as it was in 1901.",
    "“We have waited ten years for this,” said Ana Sá, who runs a shop on the other side of the river.",
    "The work is to begin in March and to take about fourteen months, according to the council’s engineer.",
    "Bo Ek, who spoke for the ferry’s crew, said that nobody had asked them whether they would carry trucks.",
    "A fire destroyed the bridge last spring, and the river has been crossed by ferry ever since that night.",
]
OTHER = "The water company of Alderton announced a new contract for the street lights after months of talks."
URL = "https://www.example.com/given"


def text(body: str, *, head: str = "") -> str:
    page = f'<html><head><link rel="canonical" href="{URL}">{head}</head><body>{body}</body></html>'
    headers = {"content-type": "text/html; charset=utf-8"}
    answer = Fetched(url=URL, final_url=URL, headers=headers, body=page.encode(), body_sha256="", at=NOW)
    return read(article(title=TITLE, text="", url=URL), answer).text


def between(*beside: str, tag: str = "p") -> str:
    """The article, with *beside* in its middle."""
    paragraphs = [f"<{tag}>{each}</{tag}>" for each in PARAGRAPHS]
    return "\n".join((*paragraphs[:2], *beside, *paragraphs[2:]))


ARTICLE = "\n".join(PARAGRAPHS)


# --- beside the article -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sign_up",
    [
        '<div class="css-1x2"><h3>The Morning Brief</h3><p>The stories of the day, every weekday morning, for'
        ' readers in a hurry.</p><form><input type="email"><button>Go</button></form></div>',
        "<section><h2>The Brief</h2><p>The most important local stories, every weekday, in one mail.</p>"
        '<div><div><input type="email"></div></div></section>',
    ],
)
def test_a_sign_up_is_known_by_its_field(sign_up: str) -> None:
    assert text(f"<div>{between(sign_up)}</div>") == ARTICLE


def test_a_form_around_the_whole_page_is_no_sign_up() -> None:
    assert text(f'<form method="post" action="/page.aspx"><div>{between()}</div></form>') == ARTICLE


@pytest.mark.parametrize(
    "teaser",
    [
        f'<div class="css-9k"><a href="/a"><h3>Harbor strike enters third week</h3></a><p>{OTHER}</p></div>',
        f'<li class="x"><a href="{URL}/a">Harbor strike enters third week</a><p>{OTHER}</p></li>',
        f'<article class="c"><h4><a href="/a">Harbor strike goes on</a></h4><p>{OTHER}</p></article>',
    ],
)
def test_teasers_come_in_rows(teaser: str) -> None:
    assert text(f"<div><div>{between()}</div><div>{teaser * 4}</div></div>") == ARTICLE


def test_a_row_of_links_to_other_sites_may_be_the_article() -> None:
    link = '<a href="https://shop.example.net/a">A lamp for the desk</a>'
    found = f'<div class="item"><h3>{link}</h3><p>{OTHER}</p></div>'

    assert OTHER in text(f"<div>{between()}<div>{found * 3}</div></div>")


def test_a_page_of_teasers_has_no_text() -> None:
    teaser = f'<div class="card"><a href="/v">Harbor strike enters third week</a><p>{OTHER}</p></div>'

    assert text(f"<main><h1>{TITLE}</h1><div>{teaser * 5}</div></main>") == ""


def test_the_next_article_is_another() -> None:
    following = "".join(f"<p>{OTHER} {number}.</p>" for number in range(9))

    assert (
        text(
            f"<main><article><h1>{TITLE}</h1>{between()}</article>"
            f"<article><h1>Harbor strike enters third week</h1>{following}</article></main>"
        )
        == ARTICLE
    )


@pytest.mark.parametrize("label", ['id="comments"', 'data-testid="discussion"', 'class="comments-area"'])
def test_what_readers_say_is_none_of_it(label: str) -> None:
    said = "<div>I have lived here for forty years, and this is the dumbest thing that I ever saw.</div>"

    assert text(f"<div>{between()}<div {label}>{said * 2}</div></div>") == ARTICLE


@pytest.mark.parametrize(
    "furniture",
    [
        "Article continues after this message",
        "Scroll to continue",
        "Listen to this article",
        "4 min",
        "list of 2 items",
        "Don’t miss: Harbor strike enters third week",
        "Download our app for alerts about whatever happens in and around Springfield.",
        "Our reporting is made possible by readers like you.",
        "You have reached your limit of free articles this month.",
        "This article is for subscribers only.",
        "By signing up, you agree to receive mail from us.",
        "To play this video you need to enable JavaScript in your browser.",
        "Also Read | Harbor strike enters third week",
        "ALSO READ – Harbor strike enters third week",
        "For more on this story: Harbor strike",
        "Related Articles",
        "Show more",
        "More stories you might like",
        "- Advertisement -",
        "Sponsored content",
        "Skip past newsletter promotion",
        "Want more stories like this? Sign up for our newsletter.",
        "This is a developing story. Check back for updates.",
        "This content is imported from another site. You may find it there in another format.",
        "The bridge on Sunday. (AP Photo/Ana Sá)",
        "The bridge on Sunday, seen from the mill. Photo by Ana Sá",
        "Image: The bridge on Sunday",
        "Photo: Ana Sá/Getty Images",
        "Getty Images",
        "1/12",
        "Anzeige",
        "La suite après cette publicité",
        "PUBLICIDADE",
        "広告",
        "Dieser Artikel ist nur für Abonnenten.",
        "Suscríbete a nuestro boletín",
        "Подписывайтесь на наш канал",
        "Lesen Sie auch: Streik im Hafen",
        "Lire aussi : La grève du port",
        "Te puede interesar: Huelga en el puerto",
        "Leia também: Greve no porto",
        "Читайте также: Забастовка в порту",
        "اقرأ أيضا: إضراب في الميناء",
        "関連記事：港のスト",
    ],
)
def test_furniture_is_no_paragraph(furniture: str) -> None:
    assert text(f"<article>{between(f'<p>{furniture}</p>')}</article>") == ARTICLE


@pytest.mark.parametrize(
    "own",
    [
        "Support for local journalism has grown in Congress, where a bill is to be read before the summer.",
        "Become a hero, the poster said, and nine hundred young people of the county wanted to become one.",
        "“What is key now is that other governments sign up to targets that are ambitious enough,” he said.",
        "Nobody told Reuters, the mayor said, and whoever told them was wrong about the bridge.",
        "Download speeds in the valley are to double by the end of next year, the company has promised.",
    ],
)
def test_but_words_of_the_news_are(own: str) -> None:
    assert own in text(f"<article>{between(f'<p>{own}</p>')}</article>")
    assert text(f"<article>{between()}<p>{own}</p></article>").endswith(own)


@pytest.mark.parametrize(
    "postscript",
    [
        "Ana Sá is a staff writer at the Echo. Reach her at asa@example.org.",
        "The Alder Fund pays for our coverage of rivers. The Echo is solely responsible for all content.",
        "Our Standards: The Alder Trust Principles.",
        "(This story has not been edited by our staff and comes from a syndicated feed.)",
        "Stay with the Echo for updates.",
        "Do you have a story? Write to us at news@example.org.",
        "For more stories like this, check our news page.",
        "The-Alder-Wire™ & © 2026 Alder Network, Inc., all rights reserved.",
        "Associated Press writers Bo Ek in Springfield and Cy Oduya in Alder contributed.",
        "Produced by Ana Sá. Edited by Bo Ek.",
        "A version of this article appears in print on Nov. 23, 2026, on Page 1.",
        "Our journalism needs your support. Donate today.",
        "Este artículo fue publicado originalmente en El Eco.",
    ],
)
def test_who_wrote_and_who_paid_is_none_of_it(postscript: str) -> None:
    assert text(f"<article>{between()}<p>{postscript}</p></article>") == ARTICLE


def test_what_a_page_says_of_its_author_is_none_of_it() -> None:
    head = '<meta name="author" content="Cy Oduya">'
    said = "<p>Cy Oduya covers the council. She joined the paper in 2019.</p>"

    assert text(f"<article>{between()}{said}</article>", head=head) == ARTICLE
    assert text(f"<article>{said}{between()}</article>", head=head) == ARTICLE
    under = "<h3>About the author</h3><p>She has written about rivers for ten years.</p>"
    assert text(f"<article>{between()}{under}</article>") == ARTICLE


@pytest.mark.parametrize("heading", ["Key points", "At a glance", "Das Wichtigste in Kürze"])
def test_an_article_in_short_is_not_the_article(heading: str) -> None:
    points = "<ul><li>The council voted to rebuild the bridge over the river as it was in 1901.</li>"
    points += "<li>The work is to begin in March, and is to take about fourteen months in all.</li></ul>"

    assert text(f"<article><h2>{heading}</h2>{points}{between()}</article>") == ARTICLE
    assert text(f'<article><div class="key-points">{points}</div>{between()}</article>') == ARTICLE


def test_a_note_before_the_article_is_about_it() -> None:
    note = "<p><em>Editor’s note: This story was first published in the Echo, and was updated since.</em></p>"

    assert text(f"<article>{note}{between()}</article>") == ARTICLE


def test_a_heading_in_the_middle_ends_nothing() -> None:
    assert text(f"<article>{between('<h3>More from the council</h3>')}</article>").endswith(PARAGRAPHS[-1])


# --- whatever holds it --------------------------------------------------------------------------------


def test_paragraphs_may_be_divisions() -> None:
    player = '<div class="audio"><p>Listen to this article</p><span>4 min</span></div>'
    assert text(f'<div class="page"><div class="story">{between(player, tag="div")}</div></div>') == ARTICLE


def test_a_page_may_be_a_table() -> None:
    inside = "<br><br>\n".join(PARAGRAPHS)
    menu = '<a href="/">Home</a><br><a href="/n">News</a>'

    assert text(f"<table><tr><td>{menu}</td><td><b>{TITLE}</b><br>{inside}</td></tr></table>") == ARTICLE


@pytest.mark.parametrize(
    ("whole", "paragraph"),
    [
        ("<story-page><story-body>{}</story-body></story-page>", "<story-text>{}</story-text>"),
        (
            "<div data-contents='true'>{}</div>",
            "<div class='b'><div><span><span>{}</span></span></div></div>",
        ),
        ("<table><tr><td>Springfield</td></tr>{}</table>", "<tr><td>{}</td></tr>"),
        ("<article><span>{}</span></article>", "{}<br><br>"),
        ("<article><ul>{}</ul></article>", "<li>{}</li>"),
        ("<form id='whole'><div>{}</div><p>News</p><input type='email'></form>", "<p>{}</p>"),
        ("<body class='comments newsletter-page'><div id='content'>{}</div></body>", "<p>{}</p>"),
        ("<div class='has-share'><article class='post has-comments'>{}</article></div>", "<p>{}</p>"),
    ],
)
def test_whatever_holds_a_paragraph_it_is_one(whole: str, paragraph: str) -> None:
    assert text(whole.format("".join(paragraph.format(each) for each in PARAGRAPHS))) == ARTICLE


def test_a_page_without_a_sentence_has_no_text() -> None:
    assert text(f"<div>Example News <b>{TITLE}</b> Loading…</div>") == ""


# --- data only ----------------------------------------------------------------------------------------

EMPTY = '<div id="__next"><div>Loading…</div></div>'


def data(value: object, opening: str = '<script type="application/json">', closing: str = "") -> str:
    return f"{opening}{json.dumps(value)}{closing}</script>"


@pytest.mark.parametrize(
    "body",
    [
        [{"type": "paragraph", "content": each} for each in PARAGRAPHS],
        "".join(f"<p>{each}</p>" for each in PARAGRAPHS),
        [{"_type": "block", "children": [{"text": each[:40]}, {"text": each[40:]}]} for each in PARAGRAPHS],
        [{"type": "text", "content": f"<b>{each[:4]}</b>{each[4:]}"} for each in PARAGRAPHS],
        list(PARAGRAPHS),
    ],
)
def test_an_article_may_be_data(body: object) -> None:
    page = {
        "props": {
            "article": {"title": TITLE, "teaser": OTHER, "body": body},
            "related": [{"text": OTHER * 9}] * 9,
            "menu": [{"text": "World"}, {"text": "Local"}],
        }
    }

    assert text(EMPTY + data(page)) == ARTICLE
    assert text(EMPTY + data(page, "<script>var a = 1; window.__STATE__ = ", "; run();")) == ARTICLE


def test_it_may_stand_in_json_ld() -> None:
    node = {"@type": "NewsArticle", "headline": TITLE, "articleBody": "\n\n".join(PARAGRAPHS)}

    assert text(EMPTY, head=data(node, '<script type="application/ld+json">')) == ARTICLE


def test_where_a_tag_was_taken_out_no_words_are_glued() -> None:
    node = {"@type": "NewsArticle", "headline": TITLE, "articleBody": "".join(PARAGRAPHS)}

    assert text(EMPTY, head=data(node, '<script type="application/ld+json">')) == ARTICLE


def test_a_live_blog_may_be_told_by_its_updates() -> None:
    updates = [{"@type": "BlogPosting", "articleBody": each} for each in PARAGRAPHS]
    node = {"@type": "LiveBlogPosting", "headline": TITLE, "liveBlogUpdate": updates}

    assert text(EMPTY, head=data([node], '<script type="application/ld+json">')) == ARTICLE


def test_what_readers_pay_for_is_not_taken_from_the_data() -> None:
    node = {
        "@type": "NewsArticle",
        "isAccessibleForFree": False,
        "articleBody": "\n\n".join(PARAGRAPHS),
    }
    shown = f"<article><p>{PARAGRAPHS[0]}</p></article>"

    assert text(shown, head=data(node, '<script type="application/ld+json">')) == PARAGRAPHS[0]


def test_what_the_page_shows_comes_first() -> None:
    node = {"@type": "NewsArticle", "articleBody": OTHER * 20}

    assert (
        text(f"<article>{between()}</article>", head=data(node, '<script type="application/ld+json">'))
        == ARTICLE
    )


# --- attacks ------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    "body",
    [
        "<form><input type=email></form>" * 60_000,
        "<article><h1>x</h1>" * 60_000,
        f"<div class=r><a href=/x>{TITLE}</a><p>{OTHER}</p></div>" * 10_000,
        "<script>" + "a = {b; " * 250_000 + "</script>",
        '<script type="application/json">' + '{"a":' * 300_000 + "</script>",
        '<script type="application/json">' + "[" * 900 + f'"{OTHER * 50}"' + "]" * 900 + "</script>",
        f"<div>{OTHER}</div>" * 14_000,
    ],
    ids=["forms", "articles", "teasers", "assignments", "braces", "brackets", "divisions"],
)
def test_an_attack_takes_no_seconds(body: str) -> None:
    before = process_time()
    text(body)

    assert process_time() - before < 4
