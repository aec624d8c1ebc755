"""Write the pages and pictures of schemas/docs, or, with --check, compare them."""

from __future__ import annotations

import sys

from tests.docs import FOLDER, pages, pictures


def main(check: bool) -> int:
    """0; with ``check``, 1 where something is not as it would be written."""
    wrong = []
    for name, text in pages().items():
        path = FOLDER / name
        if check:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                wrong.append(name)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    for name, picture in pictures.made().items():
        path = FOLDER / name
        if check:
            if not path.exists() or not pictures.alike(path.read_bytes(), picture):
                wrong.append(name)
        elif not path.exists() or not pictures.alike(path.read_bytes(), picture):
            path.write_bytes(picture)
    known = {*pages(), *pictures.made(), *pictures.BESIDE, "README.md", "extending.md"}
    wrong += [
        f"{path.relative_to(FOLDER)} (nobody makes it)"
        for path in sorted(FOLDER.rglob("*"))
        if path.is_file() and str(path.relative_to(FOLDER)) not in known
    ]
    for name in wrong:
        print(f"schemas/docs/{name} is not as it would be made: python -m tests.docs")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
