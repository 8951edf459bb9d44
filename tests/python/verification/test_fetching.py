import socket

import pytest

from tests.support.web_server import Page, web_server
from weilian.verification.fetching import Fetcher, FetchError, host_of

HERE = Fetcher(allow_http=True, allow_private=True, timeout_seconds=5)


def test_get__url__is_what_it_serves():
    with web_server({"/a": b"tea"}) as site:
        assert HERE.get(f"{site.url}/a") == b"tea"


def test_get__path__is_the_file(tmp_path):
    (tmp_path / "a").write_bytes(b"tea")

    assert HERE.get(str(tmp_path / "a")) == b"tea"


def test_get__no_such_file__is_missing(tmp_path):
    with pytest.raises(FetchError) as caught:
        HERE.get(str(tmp_path / "none"))

    assert caught.value.is_missing


def test_get__folder__is_not_called_missing(tmp_path):
    with pytest.raises(FetchError) as caught:
        HERE.get(str(tmp_path))

    assert not caught.value.is_missing


@pytest.mark.parametrize(
    ("status", "is_missing"), [(404, True), (410, True), (403, False), (500, False)]
)
def test_get__status__tells_missing_from_unreachable(status, is_missing):
    with web_server({"/a": Page(status=status)}) as site, pytest.raises(FetchError) as caught:
        HERE.get(f"{site.url}/a")

    assert caught.value.is_missing == is_missing


def test_get__unencrypted__is_refused_unless_allowed():
    with web_server({"/a": b"tea"}) as site:
        with pytest.raises(FetchError, match="only https"):
            Fetcher(allow_private=True).get(f"{site.url}/a")

        assert site.asked == []


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://tea.example/a", "gopher://tea.example"]
)
def test_get__other_scheme__is_refused(url):
    with pytest.raises(FetchError, match="only https"):
        HERE.get(url)


def test_get__address_of_this_machine__is_refused_before_anything_is_sent():
    with web_server({"/a": b"tea"}) as site:
        with pytest.raises(FetchError, match=r"127\.0\.0\.1 is not in the public Internet"):
            Fetcher(allow_http=True).get(f"{site.url}/a")

        assert site.asked == []


def test_get__name_of_this_machine__is_refused_too():
    with web_server({"/a": b"tea"}) as site:
        port = site.url.rpartition(":")[2]
        with pytest.raises(FetchError, match="not in the public Internet"):
            Fetcher(allow_http=True).get(f"http://localhost:{port}/a")


def test_get__https_at_this_machine__is_refused_before_the_handshake():
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)
        with pytest.raises(FetchError, match="not in the public Internet"):
            Fetcher().get(f"https://127.0.0.1:{server.getsockname()[1]}/a")

        connection, _ = server.accept()
        with connection:
            assert connection.recv(1) == b""


def test_get__redirect__is_followed():
    moved = Page(status=302, headers={"location": "/b"})
    with web_server({"/a": moved, "/b": b"tea"}) as site:
        assert HERE.get(f"{site.url}/a") == b"tea"


@pytest.mark.parametrize(
    ("target", "rule"),
    [
        ("/a", "redirects more than"),
        ("file:///etc/passwd", "only https"),
        ("ftp://x", "only https"),
    ],
)
def test_get__redirect_in_a_ring_or_elsewhere__is_refused(target, rule):
    pages = {"/a": Page(status=302, headers={"location": target})}
    with web_server(pages) as site, pytest.raises(FetchError, match=rule):
        HERE.get(f"{site.url}/a")


@pytest.mark.parametrize("size", [100, 101])
def test_get__size__may_be_the_limit_and_no_more(size, tmp_path):
    fetcher = Fetcher(allow_http=True, allow_private=True, max_bytes=100)
    (tmp_path / "a").write_bytes(bytes(size))
    with web_server({"/a": bytes(size)}) as site:
        for place in (f"{site.url}/a", str(tmp_path / "a")):
            try:
                is_read = fetcher.get(place) == bytes(size)
            except FetchError as error:
                is_read = "more than 100 bytes" not in str(error)

            assert is_read == (size == 100)


def test_get__trickle__ends_in_time():
    slow = Page(bytes(50), pieces=50, pause=0.1)
    fetcher = Fetcher(allow_http=True, allow_private=True, timeout_seconds=0.5)
    with web_server({"/a": slow}) as site, pytest.raises(FetchError):
        fetcher.get(f"{site.url}/a")


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/a", "http://[", "http://", "http://no.invalid/"]
)
def test_get__nobody_there__is_an_error(url):
    with pytest.raises(FetchError) as caught:
        HERE.get(url)

    assert not caught.value.is_missing


@pytest.mark.parametrize(
    ("place", "host"),
    [("https://A.example:1/x", "a.example"), ("/srv/x", "this machine"), ("x", "this machine")],
)
def test_host_of__place__is_who_keeps_it(place, host):
    assert host_of(place) == host
