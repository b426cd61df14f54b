"""What readers may ask for: to get a newsletter, to have it otherwise, to leave; and what others may not."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
from kit.builders import NOW
from kit.smtpserver import Postbox, serving
from kit.webkit import BASE, ONE_CLICK, TOPICS, Web, heading, opened, write_project

from digest.app import SHIPPED
from digest.errors import RenderError, StoreError
from digest.model import Reason, Suppressed
from digest.pipeline.readers.membership import GOOD_FOR
from digest.public.readers import OFTEN, WITHIN

pytestmark = pytest.mark.slow  # a mail server, and a database each

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
INBOX = "Check your inbox"


@pytest.fixture(scope="module")
def server() -> Iterator[Postbox]:
    with serving() as postbox:
        yield postbox


@pytest.fixture
def post(server: Postbox) -> Postbox:
    server.mails.clear()
    server.replies.clear()
    server.connections = 0
    return server


@pytest.fixture
def web(tmp_path: Path, post: Postbox) -> Iterator[Web]:
    write_project(tmp_path / "project", post.port)
    with opened(tmp_path / "project", post) as web:
        yield web


def suppress(web: Web, email: str) -> None:
    given = Suppressed(newsletter="the-sift", email=email, reason=Reason.HARD, source="smtp", at=NOW)
    web.app.store.suppressions.suppress([given])


def subscribed(web: Web, email: str = "ada@example.com") -> str:
    """A subscriber's token."""
    return web.token(web.add(email))


# --- to sign up --------------------------------------------------------------------------------------


def test_nobody_is_subscribed_before_the_letters_button_is_pressed(web: Web):
    page = web.get("sign-up")
    assert 'action="/the-sift/sign-up"' in page.text

    assert heading(web.sign_up("ada@example.com", "Ada Lee")) == INBOX
    assert web.state("ada@example.com") == "unconfirmed"
    link = web.link()
    assert link.startswith("/the-sift/confirm/")

    for ask in (web.client.get, web.client.head, web.client.get):
        assert ask(link).status_code == 200
    assert web.client.options(link).status_code == 405
    assert web.state("ada@example.com") == "unconfirmed"

    answer = web.client.post(link)
    assert (answer.status_code, heading(answer)) == (200, "You are subscribed")
    reader = web.reader("ada@example.com")
    assert (reader.state, reader.name, reader.confirmed_at) == ("active", "Ada Lee", NOW)
    assert reader.consent == "by the link in a letter to the address, asked for at 2026-11-23 10:00 UTC"
    assert heading(web.client.post(link)) == "You are subscribed"  # buttons are pressed twice


def test_a_page_has_its_icon_in_itself_and_may_show_it_and_no_other_picture(web: Web):
    answer = web.get("sign-up")

    assert re.search(r'<link rel="icon" href="data:image/png;base64,[\w+/=]+">', answer.text)
    assert "img-src data:;" in answer.headers["content-security-policy"]
    assert web.client.get("/favicon.ico").headers["content-type"] == "image/png"


def test_a_letter_is_a_mail_to_one_reader_and_not_to_a_list(web: Web):
    web.sign_up("ada@example.com", "Ada")

    [letter] = web.letters()
    html = letter.get_body(("html",)).get_content()
    assert letter["To"] == "ada@example.com"
    assert letter["Subject"] == "Confirm your subscription to The Sift"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["List-Unsubscribe"] is letter["Precedence"] is None
    assert f'href="https://news.example.org{web.link()}"' in html
    assert "12 Station Road, Springfield" in html


def someone(web: Web, email: str, state: str) -> None:
    """An address in that state, which is none of our making."""
    if state == "suppressed before anybody knew it":
        suppress(web, email)
    elif state == "suppressed":
        web.add(email)
        suppress(web, email)
    elif state != "new":
        web.add(email, state=state)


STATES = {
    "new": "Confirm",
    "unconfirmed": "Confirm",
    "unsubscribed": "Confirm",
    "active": "You are already",
    "suppressed": "",
    "suppressed before anybody knew it": "",
}


def test_one_answer_whatever_is_known_of_an_address_and_one_way_to_it(web: Web, post: Postbox):
    answers = set()
    for number, (state, subject) in enumerate(STATES.items()):
        email = f"reader{number}@example.com"
        someone(web, email, state)
        before = post.connections

        answer = web.sign_up(email)

        headers = {name: value for name, value in answer.headers.items() if name != "date"}
        answers.add((answer.status_code, answer.text, tuple(sorted(headers.items()))))
        assert post.connections == before + 1, state  # the same steps take the same time
        got = [mail["Subject"] for mail in web.letters() if mail["To"] == email]
        assert [words.startswith(subject) for words in got] == ([True] if subject else []), state
        assert web.state(email) != "active" or state == "active"
    assert len(answers) == 1


@pytest.mark.parametrize("state", STATES)
def test_when_no_letter_can_leave_the_reader_is_told_and_nothing_is_lost(web: Web, post: Postbox, state: str):
    someone(web, "ada@example.com", state)
    was = web.state("ada@example.com")
    port, closed = web.app.settings.newsletters["the-sift"].sender.port, 1  # nobody listens there
    write_project(web.app.project, closed)
    with opened(web.app.project, post) as down:
        for _ in range(5):  # more often than a mailbox is written to
            answer = down.sign_up("ada@example.com")
            assert (answer.status_code, heading(answer)) == (503, "Not now, sorry")
            assert answer.headers["retry-after"]
    assert web.state("ada@example.com") in (was, "unconfirmed", "suppressed")

    write_project(web.app.project, port)
    with opened(web.app.project, post) as up:
        assert heading(up.sign_up("ada@example.com")) == INBOX
    assert len(post.mails) == (1 if STATES[state] else 0)


def test_what_a_server_says_of_an_address_is_told_to_nobody(web: Web, post: Postbox, caplog):
    post.replies["ada@example.com"] = "550 5.1.1 no ada@example.com here"

    assert heading(web.sign_up("ada@example.com")) == INBOX
    post.replies["ada@example.com"] = "451 ada@example.com tries later"
    assert heading(web.sign_up("ada@example.com")) == "Not now, sorry"

    assert "5.1.1" in caplog.text
    assert "ada@example.com" not in caplog.text


def test_what_is_no_address_is_said_beside_what_was_typed(web: Web, post: Postbox):
    answer = web.sign_up('no"<b>address')

    assert answer.status_code == 422
    assert 'value="no&#34;&lt;b&gt;address"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert post.connections == 0


def test_what_fills_in_the_field_that_nobody_sees_is_answered_and_not_served(web: Web, post: Postbox):
    answer = web.put("sign-up", {"email": "ada@example.com", "name": "", "comment": "buy this"})

    assert heading(answer) == INBOX
    assert (post.connections, web.state("ada@example.com")) == (0, "")


@pytest.mark.parametrize(
    "name", ["Win at http://evil.example", "www.evil.example", "a@b.example", "a/b", " "]
)
def test_a_name_carries_nobodys_words(web: Web, name: str):
    web.sign_up("ada@example.com", name)
    web.client.post(web.link())

    assert web.reader("ada@example.com").name == ""
    assert "evil" not in web.letters()[0].as_string()


def test_a_name_that_is_typed_in_later_is_the_readers(web: Web):
    web.sign_up("ada@example.com", "Somebody")
    web.sign_up("ADA@example.com", "Ada " + "x" * 200)

    assert web.reader("ada@example.com").name == ("Ada " + "x" * 200)[:100]


# --- not too often -----------------------------------------------------------------------------------


def test_a_mailbox_gets_three_letters_a_day_and_whoever_asks_is_told_the_same(web: Web, post: Postbox):
    spellings = ("ada.lee@gmail.com", "adalee@gmail.com", "ADALEE+a@googlemail.com", "ada.lee+b@gmail.com")
    answers = {web.sign_up(email).text for email in spellings}

    assert len(post.mails) == 3
    assert len(answers) == 1
    assert post.connections == 4
    web.clock.passes(DAY)
    web.sign_up("ada.lee@gmail.com")
    assert len(post.mails) == 4


def test_the_limit_of_a_mailbox_is_that_of_all_newsletters(web: Web, post: Postbox):
    for path in ("/the-sift/sign-up", "/the-evening/sign-up") * 3:
        web.client.post(path, data={"email": "ada@example.com"})

    assert len(post.mails) == 3


def limited(web: Web, post: Postbox, limits: str, peer: str = "198.51.100.7"):
    write_project(web.app.project, post.port, f"[web]\n{limits}\n")
    return opened(web.app.project, post, peer=peer)


def test_a_network_asks_for_so_many_letters_a_day(web: Web, post: Postbox):
    with limited(web, post, 'per_network = 2\nproxies = ["198.51.100.7"]') as pages:
        before = {"X-Forwarded-For": "2001:db8:1:2::1"}
        same = {"X-Forwarded-For": "9.9.9.9, 2001:db8:1:2:ffff::9"}
        for headers in (before, same):
            assert heading(pages.sign_up("ada@example.com", headers=headers)) == INBOX
        answer = pages.sign_up("bo@example.com", headers=same)
        assert (answer.status_code, heading(answer)) == (429, "That was quick")
        assert pages.state("bo@example.com") == ""

        assert (
            heading(pages.sign_up("bo@example.com", headers={"X-Forwarded-For": "2001:db8:1:3::1"})) == INBOX
        )
        pages.clock.passes(DAY)
        assert heading(pages.sign_up("bo@example.com", headers=before)) == INBOX


def test_nobody_gets_round_a_limit_by_a_field_that_no_proxy_wrote(web: Web, post: Postbox):
    with limited(web, post, "per_network = 2") as pages:
        statuses = [
            pages.sign_up(f"r{n}@example.com", headers={"X-Forwarded-For": f"203.0.113.{n}"}).status_code
            for n in range(4)
        ]

    assert statuses == [200, 200, 429, 429]


@pytest.mark.parametrize("name", ["X-Real-IP", "Forwarded", "X-Forwarded-For"])
def test_what_a_reader_writes_before_what_a_proxy_does_is_nobodys(web: Web, post: Postbox, name: str):
    """A proxy may add to the field or write one of its own below; other fields are read by nobody."""
    with limited(web, post, 'per_network = 2\nproxies = ["198.51.100.7", "10.0.0.0/8"]') as pages:
        statuses = []
        for n in range(4):
            spoofed = f"for=203.0.113.{n}" if name == "Forwarded" else f"203.0.113.{n}"
            fields = [(name, spoofed), ("X-Forwarded-For", "192.0.2.1"), ("X-Forwarded-For", "10.1.2.3")]
            statuses.append(pages.sign_up(f"r{n}@example.com", headers=fields).status_code)

    assert statuses == [200, 200, 429, 429]


def test_readers_behind_several_proxies_are_told_apart(web: Web, post: Postbox):
    with limited(web, post, 'per_network = 1\nproxies = ["198.51.100.7", "10.0.0.0/8"]') as pages:
        for n, status in ((1, 200), (2, 200), (1, 429), (2, 429), (3, 200)):
            fields = [("X-Forwarded-For", f"1.1.1.1, 192.0.2.{n}"), ("X-Forwarded-For", "10.1.2.3")]
            answer = pages.sign_up(f"r{len(post.mails)}@example.com", headers=fields)
            assert answer.status_code == status


def test_no_more_letters_than_so_many_leave_in_a_day(web: Web, post: Postbox, caplog):
    with limited(web, post, "in_all = 2") as pages:
        statuses = [pages.sign_up(f"r{n}@example.com").status_code for n in range(4)]

    assert statuses == [200, 200, 503, 503]
    assert len(post.mails) == 2
    assert "no more letters today" in caplog.text


# --- a letter's link ---------------------------------------------------------------------------------


def test_a_link_is_good_for_a_week(web: Web):
    web.sign_up("ada@example.com")
    web.clock.passes(GOOD_FOR)
    assert heading(web.client.get(web.link())) == "One more click"
    web.clock.passes(SECOND)

    for answer in (web.client.get(web.link()), web.client.post(web.link())):
        assert (answer.status_code, heading(answer)) == (410, "This link has expired")
        assert 'action="/the-sift/sign-up"' in answer.text
    assert web.state("ada@example.com") == "unconfirmed"


def test_an_address_whose_letter_nobody_answers_is_forgotten_after_a_month(web: Web):
    web.sign_up("ada@example.com")
    web.clock.passes(29 * DAY)
    web.sign_up("bo@example.com")
    assert web.state("ada@example.com") == "unconfirmed"

    web.clock.passes(2 * DAY)
    web.sign_up("cleo@example.com")

    assert web.app.store.subscribers.find("the-sift", "ada@example.com") is None
    assert web.state("bo@example.com") == "unconfirmed"


def test_a_link_is_good_until_its_reader_unsubscribes(web: Web):
    web.sign_up("ada@example.com")
    web.client.post(web.link())
    assert heading(web.client.get(web.link())) == "You are subscribed"
    web.clock.passes(SECOND)
    web.put(f"unsubscribe/{web.token(web.reader('ada@example.com'))}", ONE_CLICK)

    for answer in (web.client.get(web.link()), web.client.post(web.link())):
        assert heading(answer) == "This link has expired"
    assert web.state("ada@example.com") == "unsubscribed"
    web.clock.passes(SECOND)
    web.sign_up("ada@example.com")
    assert heading(web.client.post(web.link())) == "You are subscribed"


def test_no_character_of_a_link_may_differ(web: Web):
    web.sign_up("ada@example.com")
    start, _, token = web.link().rpartition("/")
    for place in range(len(token)):
        other = "A" if token[place] != "A" else "B"
        forged = f"{start}/{token[:place]}{other}{token[place + 1 :]}"
        assert web.client.post(forged).status_code in (404, 429)

    assert web.state("ada@example.com") == "unconfirmed"
    assert web.client.post(web.link()).status_code == 200


def test_a_token_is_good_for_its_own_newsletter_and_purpose(web: Web):
    token = subscribed(web)
    web.sign_up("bo@example.com")
    confirm = web.link().rpartition("/")[2]

    for path, other in (("confirm", token), ("unsubscribe", confirm), ("preferences", confirm)):
        assert web.client.get(f"{BASE}/{path}/{other}").status_code == 404
    assert web.client.post(f"/the-evening/unsubscribe/{token}", data=ONE_CLICK).status_code == 404
    assert web.client.post(f"/the-evening/confirm/{confirm}").status_code == 404
    assert web.state("ada@example.com") == "active"


def at_once(*calls: Callable[[], object]) -> None:
    threads = [Thread(target=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_two_who_sign_up_and_confirm_at_once_are_one_reader(web: Web, post: Postbox):
    at_once(*(lambda: web.sign_up("ada@example.com") for _ in range(2)))
    links = {web.link()}
    answers: list[str] = []
    at_once(*(lambda: answers.append(heading(web.client.post(next(iter(links))))) for _ in range(4)))

    assert answers == ["You are subscribed"] * 4
    assert web.app.store.subscribers.counts("the-sift") == {"active": 1}
    assert len(post.mails) == 2


# --- to leave ----------------------------------------------------------------------------------------

MULTIPART = (
    b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
    "multipart/form-data; boundary=x",
)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"List-Unsubscribe=One-Click", "application/x-www-form-urlencoded"),
        (b"List-Unsubscribe=One-Click", ""),
        (b"list-unsubscribe=one-click", "text/plain"),
        MULTIPART,
        (MULTIPART[0], "multipart/form-data"),
    ],
)
def test_one_click_is_enough(web: Web, body: bytes, content_type: str):
    token = subscribed(web)
    headers = {"Content-Type": content_type} if content_type else {}
    for _ in range(2):
        answer = web.client.post(f"{BASE}/unsubscribe/{token}", content=body, headers=headers)

        assert (answer.status_code, heading(answer)) == (200, "You are unsubscribed")
        assert "set-cookie" not in answer.headers
        assert web.state("ada@example.com") == "unsubscribed"


def test_looking_at_a_link_changes_nothing(web: Web):
    token = subscribed(web)
    for method in ("GET", "HEAD", "OPTIONS", "PUT", "DELETE"):
        web.client.request(method, f"{BASE}/unsubscribe/{token}")
        web.client.request(method, f"{BASE}/preferences/{token}")

    assert web.state("ada@example.com") == "active"
    page = web.get(f"unsubscribe/{token}")
    assert heading(page) == "Unsubscribe from The Sift?"
    assert '<input type="hidden" name="List-Unsubscribe" value="One-Click">' in page.text


def test_a_post_without_the_click_asks(web: Web):
    token = subscribed(web)

    answer = web.put(f"unsubscribe/{token}", {"something": "else"})

    assert (answer.status_code, heading(answer)) == (400, "Unsubscribe from The Sift?")
    assert web.state("ada@example.com") == "active"


def test_one_answer_for_every_genuine_token(web: Web):
    gone = web.add("gone@example.com")
    readers = [web.add("a@example.com"), web.add("b@example.com", state="unsubscribed"), gone]
    suppress(web, "c@example.com")
    readers.append(web.add("c@example.com"))
    with web.app.store.subscribers._database.writing() as connection:
        from digest.stores.schema import subscriber

        connection.execute(subscriber.delete().where(subscriber.c.id == gone.id))

    answers = {
        web.put(f"unsubscribe/{token}", ONE_CLICK).text.replace(token, "TOKEN")
        for token in map(web.token, readers)
    }

    assert len(answers) == 1
    assert [web.state(f"{name}@example.com") for name in "abc"] == [
        "unsubscribed",
        "unsubscribed",
        "suppressed",
    ]


def test_a_forged_token_is_refused_wherever_it_differs(web: Web):
    token = subscribed(web)
    with opened(web.app.project, web.post) as pages:
        for place in range(len(token)):
            other = "A" if token[place] != "A" else "B"
            forged = f"{token[:place]}{other}{token[place + 1 :]}"
            assert pages.put(f"unsubscribe/{forged}", ONE_CLICK).status_code in (404, 429)

    assert web.state("ada@example.com") == "active"


def test_who_tries_tokens_is_slowed_down_and_a_genuine_one_is_never_refused(web: Web):
    statuses = [web.put(f"unsubscribe/none{n}", ONE_CLICK).status_code for n in range(OFTEN + 1)]
    assert statuses == [404] * OFTEN + [429]
    assert web.get("preferences/none").status_code == 429

    for n in range(OFTEN + 1):  # a large provider's clicks all come from one place
        token = web.token(web.add(f"r{n}@example.com"))
        assert web.put(f"unsubscribe/{token}", ONE_CLICK).status_code == 200
    web.clock.passes(WITHIN)
    assert web.put("unsubscribe/none", ONE_CLICK).status_code == 404


def test_who_left_by_mistake_comes_back_by_letter(web: Web):
    token = subscribed(web)
    left = web.put(f"unsubscribe/{token}", ONE_CLICK)
    assert f'action="{BASE}/again/{token}"' in left.text

    assert heading(web.put(f"again/{token}")) == INBOX
    assert web.state("ada@example.com") == "unsubscribed"
    web.client.post(web.link())
    assert web.state("ada@example.com") == "active"
    assert web.get(f"again/{token}").status_code == 405
    assert web.put("again/none").status_code == 404


# --- to have it otherwise ------------------------------------------------------------------------------


def chosen(page: str, name: str) -> list[str]:
    return re.findall(rf'name="{name}" value="([^"]*)" checked', page)


def test_preferences_are_shown_and_saved(web: Web):
    one = web.add("ada@example.com", name="Ada", tags=("vip", "art"))
    token = web.token(one)
    page = web.get(f"preferences/{token}").text
    assert "a…@example.com" in page
    assert "ada@" not in page
    assert chosen(page, "topic") == ["art"]

    answer = web.put(f"preferences/{token}", {"name": "Ada Lee", "plain": "yes", "topic": "sport"})

    assert "Saved." in answer.text
    reader = web.reader("ada@example.com")
    assert (reader.name, reader.plain, reader.tags) == ("Ada Lee", True, ("vip", "sport"))
    assert chosen(answer.text, "topic") == ["sport"]


def test_nobody_gives_themselves_a_tag_that_is_not_offered(web: Web):
    token = subscribed(web)

    web.put(f"preferences/{token}", {"topic": ["vip", "art"]})

    assert web.reader("ada@example.com").tags == ("art",)


def test_another_newsletter_comes_by_letter_and_goes_at_once(web: Web):
    token = subscribed(web)

    answer = web.put(f"preferences/{token}", {"newsletter": "the-evening"})
    assert "A mail with a link is on its way" in answer.text
    assert web.state("ada@example.com", "the-evening") == "unconfirmed"
    assert web.link().startswith("/the-evening/confirm/")
    web.client.post(web.link())

    page = web.get(f"preferences/{token}").text
    assert chosen(page, "newsletter") == ["the-evening"]
    assert '<input type="hidden" name="had" value="the-evening">' in page
    web.put(f"preferences/{token}", {"name": "Ada"})  # of a page that was opened before it came
    assert web.state("ada@example.com", "the-evening") == "active"
    web.put(f"preferences/{token}", {"had": "the-evening"})
    assert web.state("ada@example.com", "the-evening") == "unsubscribed"
    assert web.state("ada@example.com") == "active"


def test_a_newsletter_that_is_not_offered_is_not_to_be_had_there(web: Web, post: Postbox):
    write_project(web.app.project, post.port)
    settings = web.app.project / "schedules.toml"
    text = settings.read_text().replace('title = "The Evening"', 'title = "The Evening"\noffered = false')
    settings.write_text(text)
    with opened(web.app.project, post) as pages:
        token = subscribed(pages)
        assert "The Evening" not in pages.get(f"preferences/{token}").text
        pages.put(f"preferences/{token}", {"newsletter": "the-evening"})

    assert web.state("ada@example.com", "the-evening") == ""


def test_a_new_address_takes_the_old_ones_place_when_it_answers(web: Web):
    token = subscribed(web)
    web.put(f"preferences/{token}", {"email": "new@example.net"})
    assert web.state("new@example.net") == ""
    assert heading(web.client.get(web.link())) == "Your new address"

    answer = web.client.post(web.link())

    assert heading(answer) == "Your address has been changed"
    assert web.state("new@example.net") == "active"
    assert web.state("ada@example.com") == "unsubscribed"
    assert web.put(f"unsubscribe/{token}", ONE_CLICK).status_code == 200  # links of old mails hold
    assert web.state("new@example.net") == "unsubscribed"


def test_a_new_address_that_reads_it_already_makes_one_reader_of_two(web: Web):
    token = subscribed(web)
    web.add("new@example.net")
    web.put(f"preferences/{token}", {"email": "new@example.net"})

    for _ in range(2):
        assert heading(web.client.post(web.link())) == "Your address has been changed"
    assert web.state("new@example.net") == "active"
    assert web.state("ada@example.com") == "unsubscribed"


def test_who_leaves_meanwhile_is_not_moved(web: Web):
    token = subscribed(web)
    web.put(f"preferences/{token}", {"email": "new@example.net"})
    web.clock.passes(SECOND)
    web.put(f"unsubscribe/{token}", ONE_CLICK)

    assert heading(web.client.post(web.link())) == "This link has expired"
    assert web.state("ada@example.com") == "unsubscribed"


def test_nobody_is_written_to_at_a_suppressed_address_and_nobody_is_told(web: Web, post: Postbox):
    suppress(web, "dead@example.net")
    pages = [
        web.put(f"preferences/{subscribed(web, f'r{number}@example.com')}", {"email": email}).text
        for number, email in enumerate(("dead@example.net", "free@example.net"))
    ]

    told = {re.sub(r"/[\w.-]{40,}", "/TOKEN", page) for page in pages}
    assert len(told) == 1
    assert [receiver for receiver, _ in post.mails] == ["free@example.net"]
    assert post.connections == 2


def test_a_new_address_that_is_none_changes_nothing(web: Web):
    token = subscribed(web)

    answer = web.put(f"preferences/{token}", {"email": "nothing", "name": "Ada"})

    assert answer.status_code == 422
    assert 'value="nothing"' in answer.text
    assert web.reader("ada@example.com").name == ""


def test_what_cannot_be_sent_changes_nothing(web: Web, post: Postbox):
    token = subscribed(web)
    write_project(web.app.project, 1)
    with opened(web.app.project, post) as down:
        answer = down.put(f"preferences/{token}", {"email": "new@example.net", "name": "Ada"})

    assert heading(answer) == "Not now, sorry"
    assert web.reader("ada@example.com").name == ""


def test_somebody_elses_mailbox_is_not_filled_from_the_preferences(web: Web, post: Postbox):
    token = subscribed(web)
    for _ in range(5):
        web.put(f"preferences/{token}", {"email": "victim@example.net"})

    assert len(post.mails) == 3


# --- a provider's list -----------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["", "https://provider.example/sift"])
def test_where_a_provider_holds_the_list_nobody_is_asked_for_an_address(web: Web, post: Postbox, page: str):
    token = subscribed(web)
    settings = web.app.project / "schedules.toml"
    text = settings.read_text().replace(TOPICS, f'{TOPICS}\nsign_up = "{page}"')
    start, _, rest = text.partition("[newsletters.the-sift.sender]")
    _, _, others = rest.partition("[[newsletters.the-sift.feeds]]")
    sender = '[newsletters.the-sift.sender]\nkind = "buttondown"\nkey = "${KEY}"\n\n'
    settings.write_text(f"{start}{sender}[[newsletters.the-sift.feeds]]{others}")
    (web.app.project / "key").write_text("k" * 30)
    from starlette.testclient import TestClient

    from digest import app
    from digest.public.site import site

    with app.build(web.app.project, {"KEY": "k" * 30}) as opened_app:
        client = TestClient(site(opened_app, web.clock), follow_redirects=False)
        front, sign_up = client.get("/the-sift/"), client.get("/the-sift/sign-up")
        old = client.post(f"/the-sift/unsubscribe/{token}", data=ONE_CLICK)

    assert "<form" not in front.text
    assert (old.status_code, heading(old)) == (404, "This list is kept elsewhere")
    if page:
        assert (sign_up.status_code, sign_up.headers["location"]) == (307, page)
        assert f'href="{page}"' in front.text
    else:
        assert heading(sign_up) == "This list is kept elsewhere"
        assert client.post("/the-sift/sign-up", data={"email": "a@example.com"}).status_code == 405


# --- what holds for every page ---------------------------------------------------------------------------


def test_no_page_runs_a_script_sets_a_cookie_or_asks_another_host(web: Web):
    token = subscribed(web)
    web.sign_up("bo@example.com")
    confirm = web.link().removeprefix(f"{BASE}/")
    paths = ["sign-up", confirm, f"unsubscribe/{token}", f"preferences/{token}", "nothing", "confirm/x"]
    for path in paths:
        answer = web.get(path)

        assert re.search(r"<script|<link rel=.stylesheet|<iframe|<img|style=", answer.text) is None
        assert "attacker.example" not in answer.text
        assert not set(answer.headers) & {"set-cookie", "location"}
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert "form-action 'self'; base-uri 'none'; frame-ancestors 'none'" in policy
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert ("x-robots-tag" in answer.headers) == (path != "sign-up")


@pytest.mark.parametrize(
    "path", ["//attacker.example/", "/the-sift//attacker.example", "/the-sift/sign-up/", "/"]
)
def test_no_address_is_made_of_what_a_request_says(web: Web, path: str):
    answer = web.client.get(
        path, headers={"X-Forwarded-Host": "attacker.example", "X-Forwarded-Proto": "gopher"}
    )

    assert answer.status_code == 404
    assert "attacker.example" not in answer.text + str(answer.headers)


def test_a_form_that_is_too_long_is_not_read(web: Web):
    for path in (
        "sign-up",
        f"unsubscribe/{subscribed(web)}",
        f"preferences/{subscribed(web, 'b@example.com')}",
    ):
        assert web.put(path, {"email": "x" * 30_000}).status_code == 413
    many = "&".join(f"a{n}=b" for n in range(500))
    assert web.client.post(f"{BASE}/sign-up", content=many).status_code == 413


def test_a_database_that_fails_is_told_without_words_of_it(web: Web, monkeypatch, caplog):
    def fails(*_: object) -> None:
        raise StoreError("cannot write ada@example.com")

    token = subscribed(web)
    monkeypatch.setattr(type(web.app.store.subscribers), "get", fails)

    answer = web.put(f"unsubscribe/{token}", ONE_CLICK)

    assert (answer.status_code, heading(answer)) == (503, "Not now, sorry")
    assert "cannot write" in caplog.text
    assert "ada@example.com" not in answer.text + caplog.text


def test_a_bug_tells_where_it_is_and_nothing_that_it_saw(web: Web, monkeypatch, caplog):
    def fails(*_: object) -> None:
        raise ZeroDivisionError("ada@example.com and a token")

    token = subscribed(web)
    monkeypatch.setattr(type(web.app.store.subscribers), "get", fails)
    caplog.set_level(logging.DEBUG, "digest")
    logging.getLogger("httpx2").setLevel(logging.WARNING)  # the test's own client
    answer = web.put(f"unsubscribe/{token}", ONE_CLICK)

    assert answer.status_code == 500
    assert "ZeroDivisionError" in caplog.text
    assert "membership.py" in caplog.text
    assert not [word for word in ("ada@example.com", token) if word in answer.text + caplog.text]


def test_words_from_right_to_left_turn_the_page(web: Web, post: Postbox):
    settings = web.app.project / "schedules.toml"
    settings.write_text(
        settings.read_text().replace('timezone = "UTC"', 'timezone = "UTC"\nlanguage = "ar-EG"')
    )
    with opened(web.app.project, post) as english:
        page = english.get("sign-up").text
        assert '<html lang="en" dir="ltr">' in page
        assert "Get \u2068The Sift\u2069 by email" in page

    own = web.app.project / "templates/sift/public/words.j2"
    own.parent.mkdir(parents=True)
    shipped = (SHIPPED / "templates/sift/public/words.j2").read_text()
    own.write_text(shipped.replace('"en": {', '"ar": {"direction": "rtl",', 1))
    with opened(web.app.project, post) as arabic:
        page = arabic.get("sign-up").text
        assert '<html lang="ar-EG" dir="rtl">' in page
        assert "Get The Sift by email" in page


def test_a_broken_template_is_named_before_anything_is_served(web: Web):
    own = web.app.project / "templates/sift/public/preferences.html.j2"
    own.parent.mkdir(parents=True)
    shipped = (SHIPPED / "templates/sift/public/preferences.html.j2").read_text()
    own.write_text(shipped.replace("reader.name", "reader.nmae"))

    with (
        pytest.raises(RenderError, match=r"sift/public/preferences\.html\.j2:\d+"),
        opened(web.app.project, web.post),
    ):
        pass
