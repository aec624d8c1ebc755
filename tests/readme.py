"""Runs what the README shows, so that `cog --check` holds it to what the program prints."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
WIDTH = "88"

# What differs from machine to machine
_TIMES = re.compile(r"\d+\.\d+(?= s\b)|\d+(?= at a time)")


def shell(command: str, *, lines: slice = slice(None)) -> str:
    """A command and what it prints (progress too), times masked, as a fenced block."""
    program, *words = shlex.split(command)
    done = subprocess.run(
        [str(Path(sys.executable).parent / program), *words],
        cwd=_folder(),
        env={**os.environ, "COLUMNS": WIDTH, "NO_COLOR": "1", "LC_ALL": "C.UTF-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    printed = [line.rstrip() for line in _TIMES.sub("…", done.stdout).splitlines()][lines]
    return "\n".join(["```console", f"$ {command}", *printed, "```"])


def python(code: str) -> str:
    """A piece of Python and what it prints, as a fenced block."""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=_folder(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    shown = [f"# {line.rstrip()}" for line in done.stdout.splitlines()]
    return "\n".join(["```python", code.strip(), *shown, "```"])


def portal(sources: str, command: str) -> str:
    """What a harvest prints where a site on this machine stands in for the portal of ``sources``."""
    from tests.harvest.portal import Answer, serving

    host = re.findall(r"https://[\w.]+\.example", sources)[0]
    cases = ROOT / "fixtures" / "cases"
    with serving() as site:
        site.list(
            "/yjsgk/index.html", ("t20210818_1.html", "株洲市某局2020年度部门决算 2021-08-18")
        )
        site.list(
            "/yjsgk/t20210818_1.html",
            ("W1.txt", "附件：部门决算公开表"),
            ("W2.pdf", "部门决算说明"),
        )
        text = (cases / "zhuzhou-2020-ocr" / "zhuzhou-2020.txt").read_bytes()
        site.routes["/yjsgk/W1.txt"] = Answer(text, etag='"5f3a"')
        (_folder() / "sources.yaml").write_text(sources.replace(host, site.url("")))
        printed = shell(f"{command} --allow-private").replace(site.url(""), host)
    return printed.replace(" --allow-private", "")


@cache
def _folder() -> Path:
    """A folder of its own for the whole page, with fixtures/ in it."""
    folder = Path(tempfile.mkdtemp())
    (folder / "fixtures").symlink_to(ROOT / "fixtures")
    return folder
