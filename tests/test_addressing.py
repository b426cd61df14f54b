"""One subscriber's mail: its own links, the header fields of a list, and what the law asks for."""

from __future__ import annotations

import re
from typing import Any

import pytest
from kit.builders import NOW, newsletter
from test_mime import KEY, read

from digest.audience import bounce_address, read_bounce_address, read_token
from digest.errors import RenderError
from digest.model import Mail, Rendered, Slotted, Subscriber
from digest.pipeline import mail_for
from digest.senders.mime import message

SECRET = b"0" * 32
POSTAL = "12 Station Road, Springfield"
ADA = Subscriber(
    id="0123456789abcdef01234567", newsletter="the-example", email="ada@example.com", added_at=NOW
)
HTML = (
    "<html><body><p>News</p><p>12 Station\n Road, Springfield</p>"
    '<a href="{link}">Unsubscribe</a></body></html>'
)
TEXT = "News\n\n12 Station Road,\nSpringfield\nUnsubscribe:\n{link}\n"


def rendered(html: str = HTML, text: str = TEXT) -> Rendered:
    def slotted(part: str) -> Slotted:
        pieces = tuple(part.split("{link}"))
        return Slotted(pieces, ("unsubscribe",) * (len(pieces) - 1))

    return Rendered(key=KEY, subject="News", html=slotted(html), text=slotted(text), web="", sha256="cd" * 32)


def addressed(made: Rendered | None = None, **given: Any) -> Mail:
    values = {"web": "https://news.example.org/", "bounces": "bounces@mail.example.org"} | given
    return mail_for(ADA, made or rendered(), newsletter(**values), secret=SECRET, now=NOW)


def test_a_mail_says_how_to_leave_the_list_in_one_click_or_by_mail():
    got = read(message(addressed()))

    page, by_mail = re.fullmatch(r"<(https:[^>]+)>, <(mailto:[^>]+)>", got["List-Unsubscribe"]).groups()
    token = page.rpartition("/")[2]
    assert page.startswith("https://news.example.org/unsubscribe/")
    assert by_mail == f"mailto:bounces@mail.example.org?subject=unsubscribe%20the-example%20{token}"
    assert read_token(SECRET, token) == (ADA.id, "the-example")
    assert got["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_what_parts_a_link_is_escaped_in_the_mailbox_to_leave_by():
    got = read(message(addressed(bounces="", reply_to="Desk <a&b+c?d=e%f/g@example.org>")))

    assert "<mailto:a%26b+c%3Fd%3De%25f%2Fg@example.org?subject=" in got["List-Unsubscribe"]


def test_who_leaves_by_mail_writes_to_the_desk_where_no_program_reads_what_comes_back():
    got = read(message(addressed(bounces="", reply_to="desk@example.org")))

    assert "<mailto:desk@example.org?subject=unsubscribe%20the-example%20" in got["List-Unsubscribe"]


@pytest.mark.parametrize("web", ["", "http://news.example.org"])
def test_one_click_is_for_https_alone(web: str):
    got = read(message(addressed(web=web)))

    assert got["List-Unsubscribe-Post"] is None
    assert "mailto:" in got["List-Unsubscribe"]


def test_a_mail_is_known_for_that_of_a_list():
    got = read(message(addressed(title="The Example")))

    assert got["List-Id"] == '"The Example" <the-example.example.org>'
    assert got["Precedence"] == "bulk"
    assert re.fullmatch(r"2026-11-23:the-example:digest:[0-9a-f]{12}", got["Feedback-ID"])


@pytest.mark.parametrize("title", ["Die Größe", 'The "Sift"', "a\\b", "Long " * 20, "x" * 1200])
def test_a_title_that_would_need_encoding_or_folding_stays_out_of_the_lists_id(title: str):
    assert read(message(addressed(title=title)))["List-Id"] == "<the-example.example.org>"


def test_the_message_id_is_on_our_domain_and_stays():
    first, second = addressed(), addressed()

    assert first.message_id == second.message_id
    assert first.message_id.endswith("@example.org>")


def test_a_bounce_says_whose_mail_of_which_edition_came_back():
    address = addressed().envelope_sender

    assert re.fullmatch(r"bounces\+[0-9a-z-]+@mail\.example\.org", address)
    assert len(address.partition("@")[0]) <= 64
    assert read_bounce_address(SECRET, "the-example", address) == (KEY, ADA.id)
    assert read_bounce_address(SECRET, "the-example", address.upper()) == (KEY, ADA.id)


def test_without_a_mailbox_for_bounces_they_go_to_the_sender():
    assert addressed(bounces="").envelope_sender == ""


FORGED = "bounces+a-20261123-aaaaaaaaaaaaaaaa@x.org"


@pytest.mark.parametrize("spoil", ["{}x", "x{}", "bounces@mail.example.org", "", FORGED])
def test_a_forged_bounce_is_nobodys(spoil: str):
    local, _, domain = bounce_address(SECRET, KEY, ADA.id, "bounces@mail.example.org").partition("@")
    local, _, token = local.partition("+")

    assert read_bounce_address(SECRET, "the-example", spoil.format(f"{local}+{token[:-1]}@{domain}")) is None
    assert read_bounce_address(b"another", "the-example", f"{local}+{token}@{domain}") is None
    assert read_bounce_address(SECRET, "another", f"{local}+{token}@{domain}") is None


def test_a_proof_has_no_character_that_could_be_guessed():
    made = [bounce_address(SECRET, KEY, f"{number:024x}", "b@x.org") for number in range(60)]
    proofs = [address.partition("@")[0].rpartition("-")[2] for address in made]

    assert all(len(set(column)) > 20 for column in zip(*proofs, strict=True))


# --- what the law asks for ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("12 Station\n Road, Springfield", ""),
        ("<p>12 Station", '<p style="display: none">12 Station'),
        ("<p>12 Station", "<p hidden>12 Station"),
        ("<p>12 Station\n Road, Springfield</p>", "<!-- 12 Station Road, Springfield -->"),
    ],
)
def test_nothing_is_made_without_a_postal_address_to_be_seen(old: str, new: str):
    with pytest.raises(RenderError, match="postal address is not visible in the HTML part"):
        addressed(rendered(HTML.replace(old, new)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('<a href="{link}">Unsubscribe</a>', "<!-- {link} -->"),
        ('<a href="{link}">Unsubscribe</a>', '<a href="{link}"> </a>'),
        ('<a href="{link}">Unsubscribe</a>', "<title>{link}</title>"),
        ('<a href="{link}">', '<a style="font-size:0" href="{link}">'),
        ('<a href="{link}">', '<a href="https://example.org/{link}">'),
    ],
)
def test_nothing_is_made_without_a_link_to_unsubscribe_to_be_seen(old: str, new: str):
    with pytest.raises(RenderError, match="link to unsubscribe is not visible in the HTML part"):
        addressed(rendered(HTML.replace(old, new)))


STYLES = [
    ".x{display:none}",
    ".x { DISPLAY : none !important; }",
    "p.x, td { visibility: hidden }",
    "body .x{font-size:0}",
    ".x{font:0/0 a}",
    ".x{color:#fff}",
    ".x{color:#ffffff;background:white}",
    ".x{color:#102030;background-color:#112131}",
    "body{background:#223344} .x{color:rgb(34, 51, 68)}",
    "/* ours */ @import url(a.css); @media (max-width:480px){.x{display:block}} .x{opacity:0}",
    "<!-- .x{mso-hide:all} -->",
]


def styled(css: str, *, to: str = "<p>12 Station", kind: str = ' class="small x"') -> str:
    """The page with that style, and the imprint with the class that it is about."""
    tag = to.partition(" ")[0].partition(">")[0]
    return HTML.replace(to, to.replace(tag, f"{tag}{kind}", 1)).replace(
        "<body>", f"<style>{css}</style><body>"
    )


@pytest.mark.parametrize("css", STYLES)
def test_what_the_pages_own_style_hides_is_not_to_be_seen(css: str):
    with pytest.raises(RenderError, match="postal address is not visible in the HTML part"):
        addressed(rendered(styled(css)))
    with pytest.raises(RenderError, match="link to unsubscribe is not visible in the HTML part"):
        addressed(rendered(styled(css.replace("p.x", "a.x"), to='<a href="{link}">')))


@pytest.mark.parametrize(
    "css",
    [
        ".y{display:none}",
        ".x.y{display:none}",
        "td .x{display:none}",
        ".x{display:none} p.x{display:block}",
        "#x{display:none}",
        ".x{display:none} .x{display:inline}",
        ".x{display:block!important} p.small.x{display:none}",
        "@media (max-width:480px){.x{display:none}}",
        "@media print{.x{display:none}} .x{color:#333}",
        ".x:hover{display:none}",
        ".x{color:#fff;background:#000}",
        ".x{color:#fff;background:url(night.png)}",
        ".x{color:#fff;background-image:linear-gradient(#000,#111)}",
        ".x{font-size:11px}",
    ],
)
def test_what_the_pages_own_style_leaves_is_to_be_seen(css: str):
    assert addressed(rendered(styled(css))).to == ADA.email


def test_a_style_of_the_element_itself_is_stronger_than_the_pages():
    shown = styled(".x{display:none;color:#fff}", kind=' class="x" style="display:block;color:#000"')
    hidden = styled(".x{display:none!important}", kind=' class="x" style="display:block"')

    assert addressed(rendered(shown)).to == ADA.email
    with pytest.raises(RenderError, match="postal address"):
        addressed(rendered(hidden))
    with pytest.raises(RenderError, match="postal address"):
        addressed(rendered(styled("", kind=' style="color:#fff;background:#fff"')))
    assert addressed(rendered(styled("", kind=' bgcolor="#000000" style="color:#fff"'))).to == ADA.email


def test_a_style_for_paper_hides_nothing():
    page = styled(".x{display:none}").replace("<style>", '<style media="print">')

    assert addressed(rendered(page)).to == ADA.email


def test_the_text_part_has_both_too():
    with pytest.raises(RenderError, match="postal address is not visible in the text part"):
        addressed(rendered(text="{link}\n"))
    with pytest.raises(RenderError, match="link to unsubscribe is not visible in the text part"):
        addressed(rendered(text=POSTAL))


def test_a_picture_with_a_name_is_a_link_as_well():
    picture = HTML.replace("Unsubscribe</a>", '<img src="x.png" alt="Unsubscribe"></a>')

    assert addressed(rendered(picture)).subscriber_id == ADA.id


def test_an_end_that_is_left_out_hides_no_link():
    left_open = HTML.replace("Unsubscribe</a>", "<img src=x.png alt=''><br>Unsubscribe").replace("</p>", "")

    made = rendered(f"<div><p hidden>Good morning</div></em><div>{left_open}</div>")

    assert addressed(made).to == ADA.email


def test_letters_with_a_size_are_seen_in_a_box_without():
    # MJML's columns are font-size:0, against the gaps between them.
    boxed = HTML.replace("<body>", '<body><td style="font-size:0px;"><div style="font: 13px/20px serif">')

    assert addressed(rendered(boxed)).to == ADA.email


def test_an_address_may_stand_in_several_lines():
    made = rendered(HTML.replace("Road, Springfield", "Road<br>Springfield"))

    assert addressed(made, postal_address="12 Station Road\nSpringfield").to == ADA.email


def test_an_address_with_characters_that_html_escapes_is_found():
    html = HTML.replace("12 Station\n Road, Springfield", "Smith &amp; Sons")
    made = rendered(html, TEXT.replace("12 Station Road,\nSpringfield", "Smith & Sons"))

    assert addressed(made, postal_address="Smith & Sons").to == ADA.email
