"""The schedules in the README do what it says of them."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
import sys
import types
from pathlib import Path

import pytest

from tests.cli.test_cli import QUICK

README = Path(__file__).parents[1] / "README.md"


def block(language: str, holding: str) -> str:
    """The fenced block of the README in that language that has these words."""
    blocks = re.findall(rf"```{language}\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    [found] = [each for each in blocks if holding in each]
    return str(found)


@pytest.fixture
def srv(tmp_path) -> Path:
    """What the README calls /srv."""
    (tmp_path / "incoming").mkdir()
    shutil.copy(QUICK, tmp_path / "incoming")
    (tmp_path / "agencies.csv").write_text("agency,fiscal_year\n望月区民政局,2021\n", "utf-8")
    return tmp_path


def ended(command: str, srv: Path) -> subprocess.CompletedProcess[str]:
    """As cron runs it: in a shell, with next to nothing in the environment."""
    path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
    return subprocess.run(
        ["/bin/sh", "-c", command.replace("/srv/", f"{srv}/")],
        env={"PATH": path, "HOME": str(srv)},
        cwd=srv,
        capture_output=True,
        text=True,
        check=False,
    )


def test_cron_mails_only_news(srv):
    run, coverage = (line.split(maxsplit=5)[5] for line in block("crontab", "run").splitlines())
    first, second = ended(run, srv), ended(run, srv)
    assert (first.returncode, second.returncode) == (0, 0)
    assert "1 read now" in first.stdout
    assert second.stdout + second.stderr == ""
    assert "juesuan_exit_code 0.0" in (srv / "metrics" / "juesuan.prom").read_text()
    assert ended(coverage, srv).returncode == 0
    assert "望月区民政局,2021" in (srv / "coverage.csv").read_text()


def test_systemd_takes_documents_that_cannot_be_read_for_no_failure(srv):
    unit = configparser.ConfigParser()
    unit.optionxform = str  # type: ignore[assignment]
    unit.read_string(block("ini", "oneshot"))
    (srv / "incoming" / "empty.pdf").touch()
    done = ended(unit["Service"]["ExecStart"], srv)
    assert str(done.returncode) == unit["Service"]["SuccessExitStatus"]


def test_the_airflow_task_runs(srv, monkeypatch):
    decorators = types.ModuleType("airflow.decorators")
    decorators.task = lambda **_: lambda function: function  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "airflow", types.ModuleType("airflow"))
    monkeypatch.setitem(sys.modules, "airflow.decorators", decorators)
    names: dict[str, object] = {}
    exec(block("python", "airflow").replace("/srv/", f"{srv}/"), names)
    told = names["accounts"]()  # type: ignore[operator]
    assert told == {"added": 1, "superseded": 0, "failed": 0}
