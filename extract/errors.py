"""What can go wrong, and what it costs.

::

    JuesuanError
    ├── InputError            one input cannot be read; the others go on          exit 3 (all of them: 4)
    │   ├── UnreadableFile    the operating system would not give its bytes
    │   ├── EmptyFile         no bytes
    │   ├── UnknownFormat     not a format any reader knows
    │   ├── DamagedFile       of a known format, but broken
    │   ├── EncryptedFile     wants a password
    │   ├── NoTextLayer       pages are pictures
    │   ├── OnlyLinks         a web page that only links what is to be read
    │   ├── TooLarge          more than any disclosure holds: a bomb, or no disclosure
    │   ├── ToolMissing       another program has to open it, and is not installed
    │   └── WorkerLost        cost its process: it crashed, or took too much memory
    │       └── OutOfTime     took too long, and was stopped
    ├── OutputError           OUT cannot be used                                  exit 6
    │   ├── OutputLocked      another run is writing there
    │   └── SchemaMismatch    OUT was written under another contract
    ├── ClusterError          the Dask cluster cannot be used                     exit 2
    ├── DriverMissing         a kind of URL needs another package                exit 2
    ├── NoInput               nothing to read was found                           exit 6
    ├── ExtraMissing          an optional part is not installed                   exit 2
    ├── DecisionRefused       what is to be decided on a finding cannot be          exit 2
    ├── QueryError            a question in SQL cannot be answered                exit 2
    ├── NotOurs               an export would overwrite what it did not make      exit 2
    ├── ListError             a list of what is expected says nothing clear       exit 2
    └── SchemaError           a file in schemas/ breaks its own rules             exit 2

An interrupted run (Ctrl-C, SIGTERM) is no error: it publishes what was finished, and its summary says 130.

A message says what happened to what, and what to do about it.
"""

from __future__ import annotations

from typing import ClassVar

EXIT_DONE = 0
EXIT_USAGE = 2
EXIT_SOME_FAILED = 3
EXIT_ALL_FAILED = 4
EXIT_FINDINGS = 5
EXIT_OUTPUT = 6
EXIT_INTERRUPTED = 130
_LONGEST = 2000  # characters of a message


class JuesuanError(Exception):
    """Every error this package raises on purpose."""

    exit_code: ClassVar[int] = EXIT_USAGE


class InputError(JuesuanError):
    """One input cannot be read; it becomes a ``documents`` row with ``status`` failed."""

    exit_code = EXIT_SOME_FAILED

    def __init__(self, message: str) -> None:
        """``message`` may quote the input: what a terminal would obey is not repeated, nor pages of it."""
        shown = "".join(c if c.isprintable() else " " if c.isspace() else "�" for c in message)
        super().__init__(shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]} …")


class UnreadableFile(InputError):
    """The operating system would not hand over the bytes."""


class EmptyFile(InputError):
    """There are no bytes."""


class UnknownFormat(InputError):
    """No reader knows the format."""


class DamagedFile(InputError):
    """The format is known, the file is broken."""


class EncryptedFile(InputError):
    """The file wants a password."""


class NoTextLayer(InputError):
    """The pages are pictures."""


class OnlyLinks(InputError):
    """A web page without tables that links the files which hold them."""


class TooLarge(InputError):
    """It unpacks to more than any disclosure holds."""


class ToolMissing(InputError):
    """Another program has to open it, and is not installed."""


class WorkerLost(InputError):
    """The process that read it crashed, or took too much memory."""


class OutOfTime(WorkerLost):
    """Reading it took too long and was stopped."""


class OutputError(JuesuanError):
    """The output directory cannot be used."""

    exit_code = EXIT_OUTPUT


class OutputLocked(OutputError):
    """Another run is writing there."""


class SchemaMismatch(OutputError):
    """The output directory was written under another contract version."""


class ClusterError(JuesuanError):
    """The Dask cluster cannot be reached, or its workers cannot work for us."""


class DriverMissing(JuesuanError):
    """A kind of URL needs a package that is not installed."""


class NoInput(JuesuanError):
    """Nothing to read was found."""

    exit_code = EXIT_OUTPUT


class ExtraMissing(JuesuanError):
    """An optional part of the package is not installed."""


class DecisionRefused(JuesuanError):
    """What is to be decided on a finding cannot be."""


class QueryError(JuesuanError):
    """A question in SQL is wrong, or asks for more than reading."""


class NotOurs(JuesuanError):
    """Where an export is to go something lies that no export made."""


class ListError(JuesuanError):
    """A list of agencies and years cannot be read."""


class SchemaError(JuesuanError):
    """A file in schemas/ breaks its own rules."""
