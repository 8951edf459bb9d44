"""A web server on loopback that serves what a test gives it, and remembers what it was asked."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Page:
    """An answer; it is sent in so many pieces with `pause` seconds before each."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    pieces: int = 1
    pause: float = 0


@dataclass
class Site:
    """Pages by path; what is not there is 404."""

    pages: dict[str, Page]
    url: str = ""
    asked: list[str] = field(default_factory=list)


@contextmanager
def web_server(pages: Mapping[str, Page | bytes]) -> Iterator[Site]:
    """Serve pages, or bytes, by path."""
    site = Site({p: page if isinstance(page, Page) else Page(page) for p, page in pages.items()})

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append(self.path)
            page = site.pages.get(self.path, Page(status=404))
            self.send_response(page.status)
            for name, value in page.headers.items():
                self.send_header(name, value)
            self.end_headers()
            size = -(-len(page.body) // page.pieces) or 1
            stop = threading.Event()
            for start in range(0, len(page.body), size):
                stop.wait(page.pause)
                self.wfile.write(page.body[start : start + size])

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
