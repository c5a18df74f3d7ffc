"""A service's root keys, as its settings hold them: in the environment, or in a file.

`NAME_KEYS=id:base64(32 bytes)`, several with commas or line breaks between; the first one writes,
all read. `NAME_KEYS=@/path` reads the same from a file, once, when the service starts.
"""

import base64
import binascii
import re
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, SecretStr

from kit.key_strength import weakness

FILE = "@"
"""No id of a key begins so."""
MAX_FILE_BYTES = 64 * 1024
_KEY_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_BETWEEN = re.compile(r"[,\r\n]")


def read_keys(unverified: str) -> dict[str, bytes]:
    """Keys by id, in order. What is wrong is said without saying the key."""
    keys: dict[str, bytes] = {}
    for entry in filter(None, (part.strip() for part in _BETWEEN.split(unverified))):
        key_id, colon, encoded = entry.partition(":")
        # Without a colon the "id" is a key: then nothing of it may be said.
        if not colon or not _KEY_ID.fullmatch(key_id) or key_id in keys:
            raise ValueError("each key needs an id of its own: `id:base64`, comma, `id:base64`")
        try:
            key = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            raise ValueError(f"the key {key_id} is not base64") from None
        if reason := weakness(key):
            raise ValueError(f"the key {key_id} {reason}; draw one: openssl rand -base64 32")
        keys[key_id] = key
    if not keys:
        raise ValueError("there is no key; draw one: openssl rand -base64 32")
    return keys


def _usable(unverified: SecretStr) -> SecretStr:
    """The keys themselves, whatever they came from."""
    text = unverified.get_secret_value()
    if text.startswith(FILE):
        text = _contents(Path(text.removeprefix(FILE)))
    read_keys(text)
    return SecretStr(text)


def _contents(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_FILE_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no such path"
        raise ValueError(f"the file of keys cannot be read: {reason}") from None
    if len(raw) > MAX_FILE_BYTES or not raw.isascii():
        raise ValueError("the file of keys holds something else")
    return raw.decode()


RootKeys = Annotated[SecretStr, AfterValidator(_usable)]
"""The type of a service's member `keys`; what is missing, weak or an example stops the start."""
