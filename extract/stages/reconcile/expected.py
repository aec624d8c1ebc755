"""Which forms should a 决算 print that this one does not?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extract.forms import catalogue
from extract.forms.rules import expected_forms
from extract.stages.reconcile.findings import NOWHERE, Told


def missing_forms(
    forms_found: Sequence[str] | None, fiscal_year: int, province: str | None = None
) -> Iterator[Told]:
    """One a form; nothing for a document without any form (a budget, say), which is no 决算.

    ``forms_found`` may name known other forms too: some hold what another province prints as a form.
    """
    if not forms_found:
        return
    alone = {expected.form for expected in expected_forms() if expected.alone}
    if alone.issuperset(forms_found):
        return
    for expected in expected_forms():
        due = expected.is_due(fiscal_year, province, forms_found)
        if due and expected.form not in forms_found:
            title = catalogue().forms[expected.form].title
            yield Told(
                rule="expected_forms",
                category="missing_form",
                severity="warning",
                zh=f"未见{title}。",
                en=f"There is no {expected.form.replace('_', ' ')} form.",
                form=expected.form,
                at=NOWHERE,
            )
