"""All benchmarks in one go, into tests/bench/RESULTS.md, which the README quotes.

    python -m tests.bench

Each part runs in a process of its own, for memory and threads are measured; run one alone as
``python -m tests.bench.layouts 20`` for more documents than the few it takes here.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

RESULTS = Path(__file__).with_name("RESULTS.md")
PARTS = {
    "Speed": ("tests.bench.speed",),
    "Layouts, native": ("tests.bench.layouts", "5"),
    "Scans": ("tests.bench.scans", "2"),
    "Publishing": ("tests.bench.publishing",),
    "Memory": ("tests.bench.memory", "2000", "24"),
}


def main() -> None:
    """Run every part, write what they print, and print it."""
    sections = []
    for title, (module, *told) in PARTS.items():
        print(f"{title}: python -m {module} {' '.join(told)}", file=sys.stderr, flush=True)
        command = [sys.executable, "-m", module, *told]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        sections.append(f"### {title}\n\n{_as_markdown(done.stdout.strip())}\n")
    text = "\n".join(sections)
    RESULTS.write_text(text, encoding="utf-8")
    print(text)


def _as_markdown(told: str) -> str:
    """What a part printed; as it stands if it is no Markdown."""
    is_table = any(line.startswith("|") for line in told.splitlines())
    return told if is_table else f"```\n{told}\n```"


if __name__ == "__main__":
    main()
