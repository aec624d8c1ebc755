"""Whoever lacks the token, comes from elsewhere or asks for what is not there gets nothing."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator

import pytest

from extract.cli import exit_code
from extract.errors import OutputError
from extract.review.app import form_key
from extract.review.server import serve, serving
from tests.review.looking import MISREAD, SLIP, Asker, published

PLACES = (
    "/",
    f"/finding/{SLIP}",
    "/documents",
    "/search?q=a",
    "/static/juesuan.css",
    "/favicon.ico",
)
SECRETS = ("石笋", "枫桥", "OUT", "finding", "doc_id", "/tmp")


@pytest.fixture(scope="module")
def asker(tmp_path_factory) -> Iterator[Asker]:
    out = tmp_path_factory.mktemp("guard") / "out"
    shutil.copytree(published(), out)
    with serving(out, by="王") as at:
        yield Asker(at)


def nothing(answer) -> bool:
    return answer.status == 403 and not any(word in answer.text for word in SECRETS)


@pytest.mark.parametrize("path", PLACES)
def test_without_the_token_there_is_nothing(asker, path):
    assert nothing(Asker(asker.at, cookie=False).ask(path))
    assert nothing(asker.ask(path, Cookie=f"juesuan-{asker.at.port}=guess"))
    assert nothing(asker.ask(path, Cookie="juesuan-1=" + asker.at.token))
    assert nothing(asker.ask(path, Cookie="\x01;;=\xff=juesuan"))
    assert asker.ask(path).status in (200, 204)


def test_a_wrong_token_in_the_address_is_refused_even_with_the_cookie(asker):
    assert nothing(asker.ask("/?token=guess"))
    assert nothing(Asker(asker.at, cookie=False).ask("/?token="))


def test_the_token_goes_into_a_cookie_and_out_of_the_address(asker):
    answer = Asker(asker.at, cookie=False).ask(f"/finding/{SLIP}?year=2021&token={asker.at.token}")
    assert (answer.status, answer.headers["location"]) == (303, f"/finding/{SLIP}?year=2021")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


def test_the_welcome_leads_to_no_other_host(asker):
    answer = Asker(asker.at, cookie=False).ask(f"//evil.example/?token={asker.at.token}")
    assert answer.headers["location"].startswith("/evil.example")


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example", ""]
)
def test_a_name_that_was_made_to_point_here_is_refused(asker, host):
    assert nothing(asker.ask("/", Host=host))


def test_another_origin_is_refused_whatever_it_asks(asker):
    for origin in (
        "http://evil.example",
        "null",
        f"https://127.0.0.1:{asker.at.port}",
        "http://127.0.0.1:1",
    ):
        assert nothing(asker.ask("/", Origin=origin))
        told = {"key": form_key(asker.at.token), "what": "publisher"}
        assert nothing(asker.ask(f"/finding/{SLIP}/decide", told, Origin=origin))
    for site in ("cross-site", "same-site"):
        assert nothing(asker.ask("/", Sec_Fetch_Site=site))


def test_a_form_that_is_not_ours_decides_nothing(asker):
    path = f"/finding/{SLIP}/decide"
    assert nothing(asker.ask(path, None, method="POST"))  # no Origin
    for told in ({"what": "publisher"}, {"what": "publisher", "key": "x"}, {"key": "é"}):
        assert asker.ask(path, told).status == 403
    assert asker.ask(path).status == 405
    assert asker.decide(SLIP, "drop").status == 400
    assert asker.decide("0" * 16, "publisher").status == 404
    assert asker.decide(SLIP, "publisher", why="x" * 100_000).status == 413
    assert "open" not in asker.ask(f"/finding/{SLIP}").text or "✓" not in asker.ask("/").text


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/..%2fapp.py",
        "/static/%2e%2e/app.py",
        "/static//etc/passwd",
        "/etc/passwd",
        "/../../etc/passwd",
        "/document/../../etc",
        "/document/..%2f..%2fetc/page/1.webp",
        "/document/0000000000000000/page/1.webp",
        "/document/736184addccdba5f/page/0.webp",
        "/document/736184addccdba5f/page/999.webp",
        "/document/736184addccdba5f/page/99999999999",
        "/finding/%00",
        "/finding/' OR 1=1",
        "/decisions/736184addccdba5f.jsonl",
        "/documents/",
    ],
)
def test_a_path_to_anything_else_gives_nothing(asker, path):
    answer = asker.ask(path.replace(" ", "%20"))
    assert answer.status in (404, 307)
    assert b"root:" not in answer.body
    assert b"import" not in answer.body


def test_pages_may_do_nothing_but_show_what_is_ours(asker):
    for path in (*PLACES, "/nothing"):
        headers = asker.ask(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert headers["x-frame-options"] == "DENY"
    assert asker.ask("/").headers["cache-control"] == "no-store"


def test_only_this_machine_is_served(asker):
    with socket.socket() as other:
        other.settimeout(2)
        own = socket.gethostbyname(socket.gethostname())
        if not own.startswith("127."):
            assert other.connect_ex((own, asker.at.port)) != 0


def test_a_port_that_is_taken_is_said(asker):
    with pytest.raises(OutputError, match=f"port {asker.at.port} cannot be had"):
        serve(published(), by="王", lang="en", port=asker.at.port, told=print)


def test_the_command_says_what_is_wrong_with_out(tmp_path, capsys):
    assert exit_code(["review", str(tmp_path), "--by", "王"]) == 6
    assert "holds no documents" in capsys.readouterr().err


def test_decisions_over_http_are_those_of_the_command(asker):
    answer = asker.decide(
        MISREAD, "amount", amount="212.69", unit="万元", why="看了原件", cell="income/2070308/total"
    )
    assert (answer.status, answer.headers["location"]) == (303, f"/finding/{MISREAD}")
    shown = asker.ask(f"/finding/{MISREAD}").text
    assert "corrected by hand" in shown
    assert "看了原件" in shown
    assert asker.decide(MISREAD, "undo").status == 303
    wrong = asker.decide(MISREAD, "amount", amount="<b>三", unit="万元")
    assert wrong.status == 400
    assert "&lt;b&gt;三" in wrong.text
    assert 'role="alert"' in wrong.text
