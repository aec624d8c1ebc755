"""Would the statement agree better if one form were read another way?"""

from __future__ import annotations

from extract.stages.reconcile.causes import Cause
from extract.stages.reconcile.ledger import Cell
from extract.stages.reconcile.system import System
from extract.stages.reconcile.testimony import against


def tried(
    system: System, category: str, variant: str, at: Cell, cost: float, after: System
) -> Cause:
    """The cause that the form of ``at`` should read as in ``after``, with what that settles and breaks."""
    table = after.ledger[at.form, variant]
    settles = frozenset(
        n for n in system.violated if system.constraints[n].name not in after.complaints
    )
    spoken = sum(
        against(stated, after.value(place)) - against(stated, system.value(place))
        for place, stated in system.heard.items()
        if place[0] == variant and place[1].form == at.form
    )
    # What breaks has no number in the system before: it is counted.
    breaks = frozenset(range(-len(after.complaints - system.complaints), 0))
    return Cause(
        category,
        variant,
        at,
        cost + spoken,
        settles=settles,
        breaks=breaks,
        rows=(at.key,),
        table=table,
    )


def helps(cause: Cause) -> bool:
    """Whether it settles more than it breaks."""
    return len(cause.settles) > len(cause.breaks)
