"""The pages on a port of this machine, until somebody ends it."""

from __future__ import annotations

import secrets
import socket
import webbrowser
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any

from extract.errors import ExtraMissing, OutputError
from extract.lang import Lang

_ALL = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a review is to be had; ``url`` holds the token and is for one person."""

    port: int
    token: str

    @property
    def url(self) -> str:
        """What to open."""
        return f"http://{_ALL}:{self.port}/?token={self.token}"


def serve(
    out: str | Path,
    *,
    by: str,
    lang: Lang,
    port: int = 0,
    files: Sequence[str | Path] = (),
    open_browser: bool = False,
    told: Callable[[Address], None],
) -> None:
    """Serve the review of ``out`` until Ctrl-C; ``told`` is given the address when it can be opened."""
    with _server(out, by=by, lang=lang, port=port, files=files) as (server, held, address):
        told(address)
        if open_browser:
            webbrowser.open(address.url)
        server.run(sockets=[held])


@contextmanager
def serving(
    out: str | Path, *, by: str, lang: Lang = "en", files: Sequence[str | Path] = ()
) -> Iterator[Address]:
    """The same in a thread, as long as the context lasts."""
    with _server(out, by=by, lang=lang, port=0, files=files) as (server, held, address):
        thread = Thread(target=server.run, kwargs={"sockets": [held]}, daemon=True)
        thread.start()
        try:
            yield address
        finally:
            server.should_exit = True
            thread.join(30)


@contextmanager
def _server(
    out: str | Path, *, by: str, lang: Lang, port: int, files: Sequence[str | Path]
) -> Iterator[tuple[Any, socket.socket, Address]]:
    try:
        import uvicorn

        from extract.review.app import app
    except ModuleNotFoundError as absent:
        raise ExtraMissing(
            f"the review pages need {absent.name}; `pip install 'juesuan[review]'` brings it"
        ) from None
    held = _held(port)
    try:
        address = Address(held.getsockname()[1], secrets.token_urlsafe(24))
        made = app(out, address.token, address.port, by=by, lang=lang, files=files)
        config = uvicorn.Config(
            made,
            log_level="error",
            access_log=False,
            lifespan="off",
            server_header=False,
            ws="none",
        )
        yield uvicorn.Server(config), held, address
    finally:
        held.close()


def _held(port: int) -> socket.socket:
    """A port of the loopback address, and of no other."""
    held = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        held.bind((_ALL, port))
        held.listen(128)  # who is told the address may ask at once
    except OSError as why:
        held.close()
        raise OutputError(
            f"port {port} cannot be had ({why.strerror or why}); give another, or none"
        ) from why
    return held
