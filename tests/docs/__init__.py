"""The pages of schemas/docs: made from the schemas and the fixtures, checked by `make docs`.

`python -m tests.docs` writes them, and the pictures; with ``--check`` it says what is not as it would be.
"""

from __future__ import annotations

from collections.abc import Mapping

from extract.locations import schemas
from tests.docs import dictionary, forms

FOLDER = schemas() / "docs"
MADE = "<!-- made by python -m tests.docs; edit the schemas instead -->\n\n"


def pages() -> Mapping[str, str]:
    """Every page that is made, by its name in schemas/docs."""
    made = {"datasets.md": dictionary.page()}
    made |= {f"forms/{name}.md": text for name, text in forms.pages().items()}
    made["forms/README.md"] = forms.contents()
    return {name: MADE + text for name, text in made.items()}
