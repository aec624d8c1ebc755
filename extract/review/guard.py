"""Who may ask? A browser on this machine that was given the token of this run, and no other page in it.

The address is loopback, so what is to be kept out is other users of the machine (token), pages of other sites
(SameSite, Origin, Sec-Fetch-Site), and names that were made to point here (Host). Whoever is
refused is told so and nothing else.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Mapping[str, str] = {
    "content-security-policy": POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    # `no-referrer` would make the Origin of our own forms null.
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
_SAFE = ("GET", "HEAD")
_OWN = (None, "same-origin", "none")
_REFUSED = "Refused. Open the address that `juesuan review` printed when it was started."


class Guard:
    """Lets through what may be answered, and puts the headers on every answer."""

    def __init__(self, app: ASGIApp, token: str, port: int) -> None:
        self._app, self._token = app, token
        self._hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost")}
        # Cookies know no ports: two reviews on one machine must not take each other's.
        self._cookie = f"juesuan-{port}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI has it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return

        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                told = [(n.encode(), v.encode()) for n, v in HEADERS.items()]
                message["headers"] = [*message["headers"], *told]
            await send(message)

        answer = self._refused(scope)
        await (answer or self._app)(scope, receive, sealed)

    def _refused(self, scope: Scope) -> Response | None:
        """What to answer instead; None where the question is one for the pages."""
        headers = Headers(scope=scope)
        host, origin = headers.get("host", ""), headers.get("origin")
        own = origin == f"http://{host}" if origin else scope["method"] in _SAFE
        if host not in self._hosts or not own or headers.get("sec-fetch-site") not in _OWN:
            return PlainTextResponse(_REFUSED, 403)
        asked = parse_qsl(scope["query_string"].decode("latin-1"))
        if scope["method"] in _SAFE and any(name == "token" for name, _ in asked):
            if self._is_ours(dict(asked)["token"]):
                return self._welcome(scope["path"], asked)
            return PlainTextResponse(_REFUSED, 403)
        if not self._is_ours(_cookies(headers.get("cookie", "")).get(self._cookie, "")):
            return PlainTextResponse(_REFUSED, 403)
        return None

    def _welcome(self, path: str, asked: list[tuple[str, str]]) -> Response:
        """The token goes into a cookie, and out of the address."""
        rest = urlencode([(name, value) for name, value in asked if name != "token"])
        where = "/" + path.lstrip("/")  # never another host
        answer = RedirectResponse(f"{where}?{rest}" if rest else where, 303)
        answer.set_cookie(self._cookie, self._token, httponly=True, samesite="strict", path="/")
        return answer

    def _is_ours(self, given: str) -> bool:
        return hmac.compare_digest(given.encode("utf-8", "replace"), self._token.encode())


def form_key(token: str) -> str:
    """What each form of ours carries, and no other page can know."""
    return hmac.new(token.encode(), b"form", hashlib.sha256).hexdigest()


def _cookies(header: str) -> Mapping[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(header).items()}
    except CookieError:
        return {}
