"""The pages, by address: each handler asks the desk, and says what a template is to show."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qsl, urlencode

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from extract.coverage import Coverage, by_form
from extract.deciding import Cell, decide
from extract.decisions import Decisions, What, standing
from extract.errors import DecisionRefused, InputError, JuesuanError
from extract.forms import catalogue
from extract.lang import Lang, say
from extract.model import Finding, Reading
from extract.report.page import proof
from extract.review.desk import PAGE, Desk, Filter, State
from extract.review.drawn import Drawn
from extract.review.guard import Guard, form_key
from extract.review.seen import bounded, page_of, seen
from extract.views import html
from extract.views.citations import citation_en, citation_zh, place
from extract.views.sheets import sheets

_HERE = Path(__file__).parent
_BODY = 1 << 16
_LISTED = 500  # findings listed on a document's page
_STATIC: Mapping[str, tuple[str, Callable[[], str]]] = {
    "juesuan.css": ("text/css", html.stylesheet),
    "review.css": ("text/css", lambda: (_HERE / "static" / "review.css").read_text("utf-8")),
    "review.js": ("text/javascript", lambda: (_HERE / "static" / "review.js").read_text("utf-8")),
}
_WHATS = ("accept", "amount", "publisher", "undo")


def app(
    out: str | Path, token: str, port: int, *, by: str, lang: Lang, files: Sequence[str | Path] = ()
) -> ASGIApp:
    """The review of ``out`` as an ASGI application that answers on ``port`` to who has ``token``."""
    site = Site(Desk(out), Drawn(files), form_key(token), by, lang)
    made = Starlette(routes=site.routes(), exception_handlers=site.handlers())
    return Guard(made, token, port)


@dataclass
class Site:
    """What every page needs."""

    desk: Desk
    drawn: Drawn
    key: str
    by: str
    lang: Lang

    def __post_init__(self) -> None:
        self._templates = html.environment(self.lang, _HERE / "templates")
        self._said = {
            "open": say("open", self.lang),
            "decided": say("decided by people", self.lang),
            "notes": say("notes", self.lang),
            "all": say("all", self.lang),
            "accept": say("proposal accepted", self.lang),
            "amount": say("corrected by hand", self.lang),
            "publisher": say("the publisher's error", self.lang),
            "undo": say("undone", self.lang),
        }
        self._titles = {name: form.title for name, form in catalogue().forms.items()}

    def routes(self) -> list[Route]:
        """Every address there is."""
        return [
            Route("/", self.queue),
            Route("/finding/{finding_id}", self.finding),
            Route("/finding/{finding_id}/decide", self.decide, methods=["POST"]),
            Route("/documents", self.documents),
            Route("/document/{doc_id}", self.document),
            Route("/document/{doc_id}/page/{number:int}", self.page),
            Route("/document/{doc_id}/page/{number:int}.webp", self.picture),
            Route("/search", self.search),
            Route("/static/{name}", self.static),
            Route("/favicon.ico", lambda _: Response(status_code=204)),
        ]

    def handlers(self) -> dict[Any, Any]:
        """What to say where there is no page."""
        return {HTTPException: self._absent, JuesuanError: self._wrong}

    def queue(self, request: Request) -> Response:
        """The findings that are asked for, a page of them."""
        self.desk.refresh()
        by = Filter.of(request.query_params)
        held = self.desk.queue(by, _number(request.query_params.get("page", "1")))
        return self._page("queue.html", by=by, held=held, states=State, choices=self.desk.choices())

    def finding(self, request: Request) -> Response:
        """A finding, its ink and its equations, and what can be decided."""
        self.desk.refresh()
        reading, finding = self._found(request.path_params["finding_id"])
        return self._finding(request, reading, finding)

    def _finding(
        self,
        request: Request,
        reading: Reading,
        finding: Finding,
        wrong: str = "",
        status: int = 200,
    ) -> Response:
        by = Filter.of(request.query_params)
        before, after, position, total = self.desk.around(finding.finding_id, by)
        rows = Decisions(self.desk.root).of(reading.doc_id)
        mine = [row for row in rows if row.finding_id == finding.finding_id]
        return self._page(
            "finding.html",
            status=status,
            by=by,
            before=before,
            after=after,
            position=position,
            total=total,
            finding=finding,
            reading=reading,
            seen=seen(reading, finding, self.drawn, say("Page", self.lang)),
            log=mine,
            stands=[row.decision_id for row in standing(rows)],
            who=self.by,
            wrong=wrong,
            waits=request.query_params.get("waits") == "1",
        )

    async def decide(self, request: Request) -> Response:
        """Write a decision down, and go back to its finding."""
        asked = await _form(request)
        if not hmac.compare_digest(asked.get("key", "").encode(), self.key.encode()):
            raise HTTPException(403)
        return await run_in_threadpool(self._decide, request, asked)

    def _decide(self, request: Request, asked: Mapping[str, str]) -> Response:
        finding_id, what = request.path_params["finding_id"], asked.get("what", "")
        if what not in _WHATS:
            raise HTTPException(400)
        try:
            done = decide(
                self.desk.root,
                finding_id,
                cast("What", what),
                by=asked.get("by") or self.by,
                why=asked.get("why", "")[:2000],
                amount=f"{asked.get('amount', '')} {asked.get('unit', '')}"
                if what == "amount"
                else None,
                cell=_cell(asked.get("cell", "")) if what == "amount" else None,
            )
        except DecisionRefused as why:
            reading, finding = self._found(finding_id)
            return self._finding(request, reading, finding, str(why), 400)
        by = Filter.of(request.query_params).query | ({"waits": "1"} if done.waits else {})
        where = f"/finding/{done.finding.finding_id}" if done.finding else "/"
        return RedirectResponse(f"{where}{_query(by)}", 303)

    def documents(self, request: Request) -> Response:
        """The documents by agency, year and form."""
        self.desk.refresh()
        asked = {name: request.query_params.get(name, "") for name in ("agency", "year", "form")}
        found = self.desk.documents(**asked)
        pages = max(1, -(-len(found) // PAGE))
        page = min(max(_number(request.query_params.get("page", "1")), 1), pages)
        years = sorted({one.fiscal_year for one in self.desk.listed}, reverse=True)
        return self._page(
            "documents.html",
            asked=asked,
            found=found[(page - 1) * PAGE : page * PAGE],
            total=len(found),
            page=page,
            pages=pages,
            years=years,
            forms=list(self._titles),
        )

    def document(self, request: Request) -> Response:
        """All forms of a document, and how far they are proven."""
        self.desk.refresh()
        reading = self._reading(request.path_params["doc_id"])
        held, left_out = bounded(sheets(reading))
        covered = by_form(reading.items)
        loud = sorted(reading.findings, key=lambda f: (f.severity == "info", f.severity))
        return self._page(
            "document.html",
            reading=reading,
            place=place(reading),
            citations=(citation_zh(place(reading)), citation_en(place(reading))),
            covered=sum(covered.values(), Coverage()),
            proof=proof(covered, self.lang),
            sheets=held,
            left_out=left_out,
            findings=loud[:_LISTED],
            linked={one.finding_id for one in loud[:_LISTED]},
            silent=max(0, len(loud) - _LISTED),
        )

    def page(self, request: Request) -> Response:
        """A page of a document."""
        reading, number = self._reading(request.path_params["doc_id"]), _page_number(request)
        shown = page_of(reading, number, self.drawn, say("Page", self.lang))
        return self._page("page.html", reading=reading, place=place(reading), shown=shown)

    def picture(self, request: Request) -> Response:
        """The picture of a page."""
        reading, number = self._reading(request.path_params["doc_id"]), _page_number(request)
        try:
            drawn = self.drawn.page(reading, number)
        except InputError:
            raise HTTPException(404) from None
        return Response(
            drawn.data,
            media_type=drawn.media_type,
            headers={"cache-control": "private, max-age=600"},
        )

    def search(self, request: Request) -> Response:
        """Sections of the narratives that hold some words."""
        self.desk.refresh()
        words = request.query_params.get("q", "").strip()[:200]
        found, more = self.desk.search(words)
        return self._page("search.html", words=words, found=found, more=more)

    def static(self, request: Request) -> Response:
        """The stylesheets and the script: these and no other file."""
        known = _STATIC.get(request.path_params["name"])
        if known is None:
            raise HTTPException(404)
        return Response(known[1](), media_type=known[0])

    def _reading(self, doc_id: str) -> Reading:
        try:
            return self.desk.reading(doc_id)
        except KeyError:
            raise HTTPException(404) from None

    def _found(self, finding_id: str) -> tuple[Reading, Finding]:
        """A finding and its document; one that is settled and gone is told as its decision has it."""
        doc_id = self.desk.document_of(finding_id)
        reading = self._reading(doc_id or "")
        found = [one for one in reading.findings if one.finding_id == finding_id]
        if not found:
            raise HTTPException(404)
        return reading, found[0]

    def _page(self, name: str, *, status: int = 200, **told: object) -> Response:
        text = self._templates.get_template(name).render(
            key=self.key,
            said=self._said,
            titles=self._titles,
            out=str(self.desk.root),
            query=_query,
            **told,
        )
        return HTMLResponse(
            text.encode("utf-8", "replace"), status, headers={"cache-control": "no-store"}
        )

    def _absent(self, _: Request, why: Exception) -> Response:
        code = why.status_code if isinstance(why, HTTPException) else 404
        return self._page("absent.html", status=code, why="")

    def _wrong(self, _: Request, why: Exception) -> Response:
        return self._page("absent.html", status=500, why=str(why))


async def _form(request: Request) -> Mapping[str, str]:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _BODY:
            raise HTTPException(413)
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def _cell(text: str) -> Cell | None:
    parts = text.split("/")
    return (parts[0], parts[1], parts[2]) if len(parts) == 3 else None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def _page_number(request: Request) -> int:
    number = int(request.path_params["number"])
    if not 0 < number < 1 << 15:
        raise HTTPException(404)
    return number


def _query(told: Mapping[str, Any], **more: Any) -> str:
    """The tail of an address."""
    said = {name: value for name, value in {**told, **more}.items() if value not in ("", None)}
    return f"?{urlencode(said)}" if said else ""
