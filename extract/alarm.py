"""When has a document taken too long? The kernel's alarm of a worker process, put off for scans.

A page that is read as a picture takes a hundred times as long as another, and a document may
have hundreds: what one document may take cannot be one number for both.
"""

from __future__ import annotations

import signal
from dataclasses import dataclass

SHARE = 1 / 60
"""Each scanned page allows this part of a document's time more: of 600 s, 10."""


@dataclass(slots=True)
class Alarm:
    """Ends this process when its time is up; silent until set."""

    seconds: float = 0.0

    def set(self, seconds: float) -> None:
        """Ring in so many seconds; 0 is never."""
        self.seconds = seconds
        signal.setitimer(signal.ITIMER_REAL, seconds)

    def put_off(self) -> None:
        """Allow the time of one scanned page more, if it is set at all."""
        if self.seconds:
            left, _ = signal.getitimer(signal.ITIMER_REAL)
            signal.setitimer(signal.ITIMER_REAL, left + self.seconds * SHARE)


ALARM = Alarm()
"""The one of this process."""
