"""A portal on this machine: routes to answers, well-behaved or not, and a log of who asked what."""

from __future__ import annotations

import ssl
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

PDF = b"%PDF-1.7\n"
MINE, OTHER = "127.0.0.1", "127.0.0.2"


@dataclass
class Answer:
    """What is sent; ``lacks`` bytes of it are promised and not sent, ``wait`` seconds come before."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: str | None = None
    modified: str | None = None
    wait: float = 0.0
    lacks: int = 0
    endless: int = 0
    """Megabytes sent without their number being told."""


@dataclass
class Site:
    """``routes`` by path; one that is a list answers in turn, the last for good."""

    routes: dict[str, Answer | list[Answer]] = field(default_factory=dict)
    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    moments: list[float] = field(default_factory=list)
    address: str = ""
    scheme: str = "http"

    def url(self, path: str) -> str:
        return f"{self.scheme}://{self.address}{path}"

    @property
    def times(self) -> Counter[str]:
        return Counter(path for path, _ in self.asked)

    def answer(self, path: str) -> Answer:
        found = self.routes.get(path, Answer(b"gone", 404))
        if isinstance(found, list):
            return found.pop(0) if len(found) > 1 else found[0]
        return found

    def list(self, path: str, *links: tuple[str, str], tail: str = "", **answer: object) -> None:
        """A list page of links and their words."""
        rows = "".join(f'<li><a href="{url}">{words}</a></li>' for url, words in links)
        page = f'<html><meta charset="utf-8"><ul>{rows}</ul>{tail}</html>'.encode()
        headers = {"Content-Type": "text/html"}
        self.routes[path] = Answer(page, headers=headers, **answer)  # type: ignore[arg-type]


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    """A site until the end of the block."""
    site = Site(scheme="https" if tls else "http")
    server = ThreadingHTTPServer((MINE, 0), _handler(site))
    server.daemon_threads = True
    if tls:
        server.handle_error = lambda *_: None  # type: ignore[method-assign]
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    site.address = f"{MINE}:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


def _handler(site: Site) -> Callable[..., BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site.moments.append(time.monotonic())
            site.asked.append((self.path, dict(self.headers.items())))
            answer = site.answer(self.path)
            time.sleep(answer.wait)
            try:
                self._send(answer)
            except OSError:  # the client has seen enough
                self.close_connection = True

        def _send(self, answer: Answer) -> None:
            asked = self.headers
            if answer.etag and asked.get("If-None-Match") == answer.etag:
                return self._head(304, answer, 0)
            if answer.modified and asked.get("If-Modified-Since") == answer.modified:
                return self._head(304, answer, 0)
            if answer.endless:
                self._head(answer.status, answer, None)
                for _ in range(answer.endless * 16):
                    self.wfile.write(bytes(1 << 16))
                return None
            self._head(answer.status, answer, len(answer.body) + answer.lacks)
            self.wfile.write(answer.body)
            if answer.lacks:
                self.close_connection = True
            return None

        def _head(self, status: int, answer: Answer, length: int | None) -> None:
            self.send_response(status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if answer.etag:
                self.send_header("ETag", answer.etag)
            if answer.modified:
                self.send_header("Last-Modified", answer.modified)
            if length is None:
                self.send_header("Connection", "close")
            else:
                self.send_header("Content-Length", str(length))
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Silence."""

    return Handler
