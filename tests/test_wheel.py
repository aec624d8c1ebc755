"""The wheel carries everything: built, put into an empty environment, run from another folder."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "fixtures" / "cases" / "zhuzhou-2020-native"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    _run(sys.executable, "-m", "build", "--wheel", "--outdir", out, ROOT)
    [built] = out.glob("*.whl")
    return built


def test_the_wheel_holds_the_schemas_and_no_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    schemas = [
        p.relative_to(ROOT / "schemas") for p in (ROOT / "schemas").rglob("*") if p.is_file()
    ]
    assert {f"extract/_schemas/{path.as_posix()}" for path in schemas} <= set(names)
    assert not [name for name in names if name.startswith(("tests", "fixtures"))]


def test_the_wheel_holds_templates_and_the_stylesheet(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    pages = [
        p.relative_to(ROOT)
        for kind in ("html", "css")
        for p in (ROOT / "extract").rglob(f"*.{kind}")
    ]
    assert pages
    assert {path.as_posix() for path in pages} <= set(names)


def test_the_installed_command_reads_a_document_from_any_folder(
    wheel: Path, tmp_path: Path
) -> None:
    venv.create(tmp_path / "empty", with_pip=True)
    python = tmp_path / "empty" / "bin" / "python"
    _run(python, "-m", "pip", "install", "--quiet", wheel)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    done = _run(python.parent / "juesuan", "run", SAMPLE, "--out", "out", "--json", cwd=elsewhere)
    summary = json.loads(done.stdout)
    assert summary["items"] > 500
    assert list((elsewhere / "out" / "items").rglob("*.parquet"))
    _run(python.parent / "juesuan", "report", "out", "--lang", "zh", cwd=elsewhere)
    assert "部门决算" in (elsewhere / "out" / "report" / "index.html").read_text(encoding="utf-8")


def _run(*command: object, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done
