"""How many amounts are proven? As counts, so that forms and documents add up without loss."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from operator import add, attrgetter

from extract.model import Item


@dataclass(frozen=True, slots=True)
class Coverage:
    """Amounts, and those under one and two equalities that hold with none failing.

    A blank counts nowhere, a printed zero in ``amounts`` but not in ``nonzero``: zeros prove
    each other cheaply.
    """

    amounts: int = 0
    proven: int = 0
    proven_twice: int = 0
    nonzero: int = 0
    nonzero_proven: int = 0
    nonzero_proven_twice: int = 0

    def __add__(self, other: Coverage) -> Coverage:
        """Both together.

        >>> Coverage(2, 1) + Coverage(3, 3)
        Coverage(amounts=5, proven=4, proven_twice=0, nonzero=0, nonzero_proven=0, nonzero_proven_twice=0)
        """
        return Coverage(*map(add, _numbers(self), _numbers(other)))

    @property
    def share(self) -> float | None:
        """Of all amounts, those proven; None where there are none."""
        return _share(self.proven, self.amounts)

    @property
    def share_twice(self) -> float | None:
        """Of all amounts, those proven twice."""
        return _share(self.proven_twice, self.amounts)

    @property
    def nonzero_share(self) -> float | None:
        """Of the amounts that are not zero, those proven."""
        return _share(self.nonzero_proven, self.nonzero)

    @property
    def nonzero_share_twice(self) -> float | None:
        """Of the amounts that are not zero, those proven twice."""
        return _share(self.nonzero_proven_twice, self.nonzero)


# Not dataclasses.astuple, which copies deeply: a run adds those of every document it ever read.
_numbers = attrgetter(*(field.name for field in fields(Coverage)))


def cover(items: Iterable[Item]) -> Coverage:
    """The coverage of ``items``, by the checks counted on each."""
    amounts = [item for item in items if item.amount is not None]
    nonzero = [item for item in amounts if item.amount]
    return Coverage(*_counts(amounts), *_counts(nonzero))


def by_form(items: Iterable[Item]) -> Mapping[str, Coverage]:
    """The coverage of each form, all its variants together."""
    grouped: dict[str, list[Item]] = {}
    for item in items:
        grouped.setdefault(item.form, []).append(item)
    return {form: cover(cells) for form, cells in grouped.items()}


def together(many: Iterable[Mapping[str, Coverage]]) -> Mapping[str, Coverage]:
    """The coverage of each form over several documents."""
    found: dict[str, Coverage] = {}
    for forms in many:
        for form, covered in forms.items():
            found[form] = found.get(form, Coverage()) + covered
    return found


def _counts(amounts: Sequence[Item]) -> tuple[int, int, int]:
    passed = [0 if item.checks_failed else item.checks_passed for item in amounts]
    return len(passed), sum(n >= 1 for n in passed), sum(n >= 2 for n in passed)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
