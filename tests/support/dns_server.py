"""A DNS server on loopback that answers TXT questions, over UDP and over HTTP."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from socketserver import BaseRequestHandler, UDPServer

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

Answer = Callable[[bytes], bytes]


def answering(records: dict[str, list[str]], rcode: int | None = None) -> Answer:
    """Answer from records by name; other names do not exist, or get `rcode` whatever they are."""

    def answer(wire: bytes) -> bytes:
        query = dns.message.from_wire(wire)
        [question] = query.question
        texts = records.get(question.name.to_text().rstrip(".").lower())
        reply = dns.message.make_response(query)
        if rcode is not None or texts is None:
            reply.set_rcode(dns.rcode.NXDOMAIN if rcode is None else rcode)
        elif texts:
            quoted = [f'"{text}"' for text in texts]
            reply.answer.append(dns.rrset.from_text(question.name, 60, "IN", "TXT", *quoted))
        return reply.to_wire()

    return answer


@contextmanager
def udp_server(answer: Answer) -> Iterator[str]:
    """Run a server; yields its IP and port."""

    class Handler(BaseRequestHandler):
        def handle(self) -> None:
            data, connection = self.request
            connection.sendto(answer(data), self.client_address)

    with UDPServer(("127.0.0.1", 0), Handler) as server, _running(server):
        yield f"127.0.0.1:{server.server_address[1]}"


@contextmanager
def https_answers(answer: Answer, status: int = 200) -> Iterator[str]:
    """Run a server of DNS messages over HTTP, without TLS; yields its URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = answer(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(status)
            self.send_header("content-type", "application/dns-message")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server, _running(server):
        yield f"http://127.0.0.1:{server.server_address[1]}/dns-query"


@contextmanager
def _running(server: UDPServer | HTTPServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
