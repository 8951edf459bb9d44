"""A node that passes on what another one says, and changes or refuses some of it."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import requests

Alter = Callable[[str, list[Any], Any], Any]
"""Gets method, parameters and result, and returns the result to give; may raise RefusalError."""


class RefusalError(Exception):
    """The node answers with an error."""


@contextmanager
def rpc_proxy(upstream: str, alter: Alter) -> Iterator[str]:
    """Run such a node in front of the one at `upstream`; yields its URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
            answer = requests.post(upstream, json=asked, timeout=30).json()
            try:
                if "result" in answer:
                    result = alter(asked["method"], asked.get("params", []), answer["result"])
                    answer["result"] = result
            except RefusalError as refusal:
                del answer["result"]
                answer["error"] = {"code": -32601, "message": str(refusal)}
            body = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def refusing(*methods: str) -> Alter:
    """Refuse these methods."""

    def alter(method: str, params: list[Any], result: Any) -> Any:
        if method in methods:
            raise RefusalError(f"{method} is not available")
        return result

    return alter


def honest(method: str, params: list[Any], result: Any) -> Any:
    """Change nothing."""
    return result
