import asyncio
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from weilian.chain.errors import ChainUnreachableError, NodeRefusedError
from weilian.sending.rpc import NoAnswer, Rpc, RpcError, http

SECRET = "my-api-key"


class Canned:
    """Answers each array by a function of its requests."""

    def __init__(self, answer):
        self.answer, self.sizes = answer, []

    async def post(self, requests):
        self.sizes.append(len(requests))
        return self.answer(requests)


def ask(transport, count, size=10):
    return asyncio.run(Rpc(transport, size).ask([("f", [n]) for n in range(count)]))


def echo(requests):
    return [{"id": request["id"], "result": request["params"][0]} for request in requests]


def test_ask__answers_in_any_order_and_twice__are_matched_by_id():
    canned = Canned(lambda requests: [*echo(requests)[::-1], *echo(requests)[:2]])

    assert ask(canned, 25) == list(range(25))
    assert canned.sizes == [10, 10, 5]


def test_ask__answer_left_out__is_no_answer():
    replies = ask(Canned(lambda requests: echo(requests)[1:]), 3)

    assert isinstance(replies[0], NoAnswer)
    assert replies[1:] == [1, 2]


def test_ask__array_refused__is_cut_until_it_fits():
    error = {"id": None, "error": {"code": -32600, "message": "batch too large"}}
    canned = Canned(lambda requests: error if len(requests) > 3 else echo(requests))

    assert ask(canned, 11) == list(range(11))
    assert canned.sizes == [10, 5, 2, 2, 2, 2, 2, 1]


def test_ask__error__keeps_code_message_and_data():
    answer = {"id": 0, "error": {"code": 3, "message": "execution reverted", "data": "0x12"}}

    (reply,) = ask(Canned(lambda _: [answer]), 1)

    assert isinstance(reply, RpcError)
    assert (reply.code, reply.message, reply.data) == (3, "execution reverted", "0x12")


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ([], ChainUnreachableError),
        ([{"id": 0, "error": {"message": "no"}}], NodeRefusedError),
        ([{"id": 0, "error": "no"}], NodeRefusedError),
        ({"error": {"message": "no"}}, NodeRefusedError),
        ("no", NodeRefusedError),
    ],
)
def test_need__no_result__raises(answer, error):
    with pytest.raises(error):
        asyncio.run(Rpc(Canned(lambda _: answer), 5).need(("f", [])))


def served(status, body):
    """Ask a web server that answers so, once."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        return over_http(f"http://127.0.0.1:{server.server_port}/{SECRET}")
    finally:
        server.shutdown()
        server.server_close()


def over_http(url):
    async def post():
        async with http(url, timeout_seconds=5)() as transport:
            return await Rpc(transport, 5).need(("f", []))

    return asyncio.run(post())


def test_http__good_answer__is_decoded():
    assert served(200, b'[{"id": 0, "result": "0x1"}]') == ["0x1"]


@pytest.mark.parametrize(("status", "body"), [(429, b"[]"), (502, b""), (200, b"<html>")])
def test_http__bad_answer__raises_without_the_address(status, body):
    with pytest.raises(ChainUnreachableError) as caught:
        served(status, body)

    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None


def test_http__nobody_there__raises_without_the_address():
    with pytest.raises(ChainUnreachableError) as caught:
        over_http(f"http://127.0.0.1:1/{SECRET}")

    assert SECRET not in str(caught.value)


def test_http__too_large_for_one__raises():
    with pytest.raises(NodeRefusedError, match="no array"):
        served(413, b"")
