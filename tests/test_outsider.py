"""The README's way from `git clone` to a corrected cell in DuckDB is six commands, and they do it."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
_BLOCK = re.compile(r"^```console\n((?:\$ .*\n)*?\$ git clone .*\n(?:\$ .*\n)*)```$", re.MULTILINE)


def commands() -> list[str]:
    [found] = _BLOCK.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    return [line.removeprefix("$ ") for line in found.splitlines()]


def followed(folder: Path, *, ready: bool) -> str:
    """What the last command prints; ``ready``: an environment like ours is there already."""
    clone, enter, setup, *rest = commands()
    url = next(word for word in shlex.split(clone) if word.startswith("https://"))
    env = {k: v for k, v in os.environ.items() if not k.startswith("COV_")} | {"COLUMNS": "100"}
    safe = ["-c", f"safe.directory={ROOT}", "-c", f"safe.directory={ROOT / '.git'}"]
    words = shlex.split(clone.replace(url, str(ROOT)))
    subprocess.run([words[0], *safe, *words[1:], "juesuan"], cwd=folder, check=True, env=env)
    inside = folder / enter.removeprefix("cd ")
    if ready:
        (inside / ".venv").symlink_to(sys.prefix)
    else:
        subprocess.run(setup, shell=True, cwd=inside, check=True, env=env)
    for command in rest:
        done = subprocess.run(
            command, shell=True, cwd=inside, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, (command, done.stdout, done.stderr)
    return done.stdout


def corrected(told: str) -> bool:
    """Whether DuckDB shows the cell as printed and as corrected."""
    return all(word in told for word in ("群众体育", "272.69", "2126900.00", "repaired"))


def test_there_are_six_commands():
    assert len(commands()) == 6


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a git checkout: nothing to clone")
def test_they_lead_from_a_clone_to_a_corrected_cell(tmp_path):
    assert corrected(followed(tmp_path, ready=True))


@pytest.mark.soak
@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a git checkout: nothing to clone")
def test_they_do_so_where_nothing_is_installed(tmp_path):
    assert corrected(followed(tmp_path, ready=False))
