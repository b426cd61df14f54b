from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from digest.urls import LONGEST, canonical, host, shown, untracked, usable

ADDRESSES = st.builds(
    "{}://{}{}{}{}{}".format,
    st.sampled_from(["http", "https", "HTTPS", "ftp"]),
    st.sampled_from(
        ["example.com", "WWW.Example.com", "m.www.example.com", "amp.dev", "m.co", "[::1]", "ä.example", ""]
    ),
    st.sampled_from(["", ":80", ":443", ":8080", ":x", "@x.org"]),
    st.text(st.sampled_from("/a.%7eé_amp "), max_size=12).map(lambda path: "/" + path),
    st.lists(
        st.sampled_from(["utm_source=x", "a=1", "b", "a=2", "ref=rss", "", "%61=1", "amp"]), max_size=5
    ).map(lambda query: "?" + "&".join(query)),
    st.sampled_from(["", "#top", "#!/a", "#"]),
)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "mailto:desk@example.org",
        "ftp://example.com/",
        "https://user:password@example.com/",
        "https://example.com\\@evil.example/",
        "https://exam ple.com/",
        "https://example.com/a\r\nBcc: x",
        "https://example.com/\x00",
        "http://[::1",
        "http://[::1%25eth0]/",
        "http://[gone]/",
        "https://example.com:port/",
        "https://example.com:99999/",
        "https://a..b/",
        "https://-a.example/",
        "https://☃\u2028.example/",
        "https:///path",
        "//example.com/without-base",
        "relative/path",
        "https://example.com/" + "a" * LONGEST,
        "",
    ],
)
def test_what_no_reader_should_follow_is_no_address(url: str) -> None:
    assert (usable(url), canonical(url), host(url)) == ("", "", "")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (" https://Example.COM:443/a ", "https://example.com/a"),
        ("http://example.com", "http://example.com/"),
        ("https://example.com:8443/?a=1#b", "https://example.com:8443/?a=1#b"),
        ("https://bücher.example/ü b?q=é", "https://xn--bcher-kva.example/%C3%BC%20b?q=%C3%A9"),
        ("https://straße.example/", "https://xn--strae-oqa.example/"),
        ('https://example.com/"<x>', "https://example.com/%22%3Cx%3E"),
        ("https://example.com/100%25/%7Euser", "https://example.com/100%25/%7Euser"),
        ("http://[2001:DB8::0:1]/", "http://[2001:db8::1]/"),
    ],
)
def test_a_usable_address_is_absolute_and_ascii(url: str, expected: str) -> None:
    assert usable(url) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("story", "https://example.com/news/story"),
        ("/story", "https://example.com/story"),
        ("?page=2", "https://example.com/news/?page=2"),
        ("//cdn.example/a.jpg", "https://cdn.example/a.jpg"),
        ("http://other.example/", "http://other.example/"),
        ("javascript:alert(1)", ""),
    ],
)
def test_relative_links_are_taken_from_their_base(url: str, expected: str) -> None:
    assert usable(url, "https://example.com/news/") == expected


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/story?a=1&b=2",
        "https://www.example.com/story/?b=2&a=1",
        "https://m.example.com/story?a=1&b=2#comments",
        "https://amp.example.com/story/amp/?b=2&a=1",
        "https://example.com/story?a=1&b=2&utm_source=rss&utm_medium=feed",
        "https://example.com/story?fbclid=x&a=1&gclid=y&b=2&mc_cid=z&mc_eid=q",
        "https://example.com/story?a=1&b=2&CMP=share_btn&at_medium=RSS&at_campaign=KARANGA",
        "https://example.com/story?a=1&b=2&ref=rss",
        "https://example.com:443/%73tory?a=1&b=2&outputType=amp",
        "https://EXAMPLE.com./story?&a=1&&b=2",
    ],
)
def test_one_page_has_one_canonical_address(url: str) -> None:
    assert canonical(url) == "https://example.com/story?a=1&b=2"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.com/a", "https://example.com/A"),
        ("https://example.com/?id=1", "https://example.com/?id=2"),
        ("https://example.com/?a=1&a=2", "https://example.com/?a=2&a=1"),
        ("https://github.example/x?ref=main", "https://github.example/x?ref=next"),
        ("https://example.com/#!/a", "https://example.com/#!/b"),
        ("https://example.com:8080/", "https://example.com/"),
        ("https://amp.dev/", "https://dev/"),
        ("https://example.com/amp", "https://example.com/"),
        ("https://news.example.com/", "https://example.com/"),
        ("https://example.com/a%2Fb", "https://example.com/a/b"),
    ],
)
def test_different_pages_stay_different(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


@pytest.mark.slow
@given(ADDRESSES | st.text(max_size=40))
@example("https://example.com/%2541")
def test_a_canonical_address_is_its_own(url: str) -> None:
    once = canonical(url)

    assert canonical(once) == once
    assert bool(once) == bool(usable(url))


@pytest.mark.slow
@given(ADDRESSES | st.text(max_size=40), st.sampled_from(["", "https://example.com/a/b"]))
def test_whatever_is_usable_stays_so_and_is_safe(url: str, base: str) -> None:
    found = usable(url, base)

    assert usable(found) == found
    if found:
        assert found.isascii()
        assert found.isprintable()
        assert not set(found) & set(' "<>\\')
        assert urlsplit(found).scheme in {"http", "https"}
        assert "@" not in urlsplit(found).netloc


def test_the_host_is_shown_without_www() -> None:
    assert host("https://www.News.Example.com:8080/x") == "news.example.com"


def test_a_reader_follows_an_address_without_its_tracking() -> None:
    url = "https://www.example.com/a/?b=2&utm_source=rss&a=1&ref=rss#part"

    assert untracked(url) == "https://www.example.com/a/?b=2&a=1#part"


@pytest.mark.slow
@given(ADDRESSES)
def test_without_its_tracking_an_address_is_usable_and_the_same_page(url: str) -> None:
    found = untracked(usable(url))

    assert usable(found) == found == untracked(found)
    assert canonical(found) == canonical(url)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://example.org/feed?page=2&author=ana", "https://example.org/feed?page=2&author=ana"),
        ("https://name:pa@ss@example.org/@ana", "https://example.org/@ana"),
        ("https://example.org/?token=t&x=1#f", "https://example.org/?token=…&x=1#f"),
        ("https://example.org/?x=1&API_KEY=t&user_auth=u", "https://example.org/?x=1&API_KEY=…&user_auth=…"),
        ("https://example.org/\r\nforged: line", "https://example.org/forged: line"),
    ],
)
def test_messages_show_no_credential_and_no_second_line(url: str, said: str) -> None:
    assert shown(url) == said
