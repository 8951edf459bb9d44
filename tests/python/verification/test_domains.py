import dns.message
import dns.rcode
import pytest

from tests.support.dns_server import answering, https_answers, udp_server
from weilian.verification.domains import (
    Bond,
    DomainError,
    ResolverAddressError,
    ResolverError,
    addresses_in,
    https_lookup,
    lookup_of,
    to_a_labels,
)

NAME = "erc-7529.1._domaincontracts.tea.example"
ONE, TWO = "0x" + "11" * 20, "0x" + "22" * 20
CHECKSUMMED = "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045"


@pytest.fixture(params=["udp", "https"])
def serving(request):
    """Run a server with an answer, and look up by it as a user would."""
    if request.param == "udp":
        return udp_server, lookup_of
    return https_answers, https_lookup


@pytest.mark.parametrize("texts", [[ONE], [f"{ONE},{TWO}", "other"], []])
def test_lookup__name_that_exists__gives_its_records(serving, texts):
    serve, lookup = serving

    with serve(answering({NAME: texts})) as address:
        found = lookup(address)(NAME)

    assert sorted(found) == sorted(texts)


def test_lookup__name_that_does_not_exist__gives_none(serving):
    serve, lookup = serving

    with serve(answering({})) as address:
        assert lookup(address)(NAME) == []


def test_lookup__server_that_fails__is_an_error(serving):
    serve, lookup = serving

    with serve(answering({}, dns.rcode.SERVFAIL)) as address, pytest.raises(ResolverError):
        lookup(address)(NAME)


def test_lookup__answer_to_another_question__is_an_error(serving):
    serve, lookup = serving

    def confused(wire):
        query = dns.message.from_wire(wire)
        other = dns.message.make_query("other.example.", "TXT", id=query.id)
        return answering({"other.example": [ONE]})(other.to_wire())

    with serve(confused) as address, pytest.raises(ResolverError):
        lookup(address)(NAME)


def test_lookup__no_dns_message__is_an_error(serving):
    serve, lookup = serving

    with serve(lambda wire: wire[:5]) as address, pytest.raises(ResolverError):
        lookup(address)(NAME)


def test_lookup__nobody_listens__is_an_error(serving):
    serve, lookup = serving
    with serve(answering({})) as address:
        pass

    with pytest.raises(ResolverError):
        lookup(address)(NAME)


@pytest.mark.parametrize("name", ["a" * 64 + ".example", ".".join(["abcdefgh"] * 30)])
def test_lookup__name_too_long_for_dns__is_an_error(serving, name):
    serve, lookup = serving

    with serve(answering({})) as address, pytest.raises(ResolverError):
        lookup(address)(name)


def test_https_lookup__status_other_than_ok__is_an_error():
    with (
        https_answers(answering({NAME: [ONE]}), status=503) as url,
        pytest.raises(ResolverError, match="503"),
    ):
        https_lookup(url)(NAME)


@pytest.mark.parametrize(
    "text",
    ["", "resolver.example", "1.2.3.4:0", "1.2.3.4:65536", "1.2.3.4:x", "http://1.2.3.4", "[::1"],
)
def test_lookup_of__no_resolver__is_refused(text):
    with pytest.raises(ResolverAddressError):
        lookup_of(text)


@pytest.mark.parametrize("text", ["9.9.9.9", "9.9.9.9:5353", "2620:fe::fe", "[2620:fe::fe]:5353"])
def test_lookup_of__address__is_taken(text):
    assert callable(lookup_of(text))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (ONE, [ONE]),
        (f" {ONE} , {TWO}", [ONE, TWO]),
        (f'"{ONE}"', [ONE]),
        (f"v=1,{ONE}", [ONE]),
        (
            "0xd8da6bf26964af9d7eed9e03e53415d37aa96045",
            ["0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045"],
        ),
        ("0xD8da6BF26964aF9D7eEd9e03E53415D37aA96045", []),
        ("", []),
        ("0x1", []),
    ],
)
def test_addresses_in__record__gives_those_with_a_right_checksum(text, found):
    assert addresses_in(text) == found


@pytest.mark.parametrize(
    ("domain", "name"),
    [
        ("tea.example", "tea.example"),
        ("Tea.Example.", "tea.example"),
        ("茶叶.example", "xn--qpr921i.example"),
        ("茶叶。example", "xn--qpr921i.example"),
    ],
)
def test_to_a_labels__domain__is_as_dns_has_it(domain, name):
    assert to_a_labels(domain) == name
    assert to_a_labels(name) == name


@pytest.mark.parametrize("domain", ["", ".", "a..b", "-a.example", "a b.example", "a" * 64])
def test_to_a_labels__no_domain__is_refused(domain):
    with pytest.raises(DomainError):
        to_a_labels(domain)


def test_bond__each__has_a_meaning():
    assert len({bond.value for bond in Bond}) == len(Bond) == 5
