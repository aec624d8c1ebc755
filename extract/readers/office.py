"""What does a text of an older or another program hold (doc, wps, rtf, odt)?

LibreOffice saves it as docx in a folder of its own, without macros and without fetching
what it links; ``word`` reads the rest.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from extract.errors import DamagedFile, EncryptedFile, TooLarge, ToolMissing
from extract.model import Document, Ocr, Page
from extract.readers import word
from extract.readers.package import names

MEDIA_TYPE = "application/msword"

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAM = "WordDocument".encode("utf-16-le")
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_ODT = b"application/vnd.oasis.opendocument.text"
_SECONDS = 100
_BYTES = 100 << 20
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def sniff(data: bytes) -> bool:
    """Whether the bytes are a text that LibreOffice opens, or an Office file under a password."""
    if data.startswith(_OLE):
        return _STREAM in data or _LOCKED in data
    return data.startswith(b"{\\rtf") or (_ODT in data[:200] and "content.xml" in names(data))


def read(data: bytes, ocr: Ocr = "auto") -> Document:  # noqa: ARG001 - one signature for all readers
    """One page without number. Raises ``DamagedFile``, ``EncryptedFile``, ``TooLarge`` or ``ToolMissing``."""
    if data.startswith(_OLE) and _LOCKED in data:
        raise EncryptedFile(
            "the Office file wants a password; save a copy without one and try again"
        )
    if len(data) > _BYTES:
        raise TooLarge(
            f"the text has more than {_BYTES >> 20} MB; save it as docx without pictures"
        )
    page = Page(None, blocks=word.blocks(_as_docx(data)))
    return Document(hashlib.sha256(data).hexdigest(), MEDIA_TYPE, "native", (page,))


def _as_docx(data: bytes) -> bytes:
    tool = shutil.which("soffice") or shutil.which("libreoffice")
    if tool is None:
        raise ToolMissing(
            "a text of an older Word, of WPS or OpenDocument: LibreOffice opens it, and is not installed "
            "(Debian and Fedora: libreoffice-writer); or save it as docx and try again"
        )
    with tempfile.TemporaryDirectory(prefix="juesuan-") as name:
        folder = Path(name)
        profile = folder / "profile"
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
        given, made = folder / "given.doc", folder / "made" / "given.docx"
        given.write_bytes(data)
        command = [
            tool, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore",
            "--convert-to", "docx", "--outdir", str(made.parent), str(given),
        ]  # fmt: skip
        _run(command, folder)
        if not made.is_file():
            raise DamagedFile(
                "LibreOffice could not open the text; open it in Word and save it as docx"
            )
        return made.read_bytes()


def _run(command: list[str], folder: Path) -> None:
    """Let it work so long, and end whatever it started."""
    environment = {**os.environ, "HOME": str(folder), "TMPDIR": str(folder)}
    with subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as work:
        try:
            work.wait(_SECONDS)
        except subprocess.TimeoutExpired as late:
            raise DamagedFile(
                f"LibreOffice did not open the text within {_SECONDS} seconds; save it as docx"
            ) from late
        finally:
            if work.poll() is None:
                os.killpg(work.pid, signal.SIGKILL)
