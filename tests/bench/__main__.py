"""All benchmarks, as Markdown.

python -m tests.bench
"""

from __future__ import annotations

from tests.bench import speed

if __name__ == "__main__":
    speed.main()
