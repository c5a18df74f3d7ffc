"""A service's root keys, as its settings name them: in the environment, in a file, or in a service.

`NAME_KEYS=id:key`, several with commas or line breaks between; the first one writes, all read. A
key is `base64(32 bytes)`, or the name of one that never leaves its service: `vault-transit:NAME`
(HashiCorp Vault's Transit engine) or `aws-kms:ARN` (AWS KMS). `NAME_KEYS=@/path` reads the same
from a file, once, when the service starts.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, SecretStr

from kit.key_strength import weakness

FILE = "@"
"""No id of a key begins so."""
MAX_FILE_BYTES = 64 * 1024
MAX_KEYS = 16
_KEY_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_BETWEEN = re.compile(r"[,\r\n]")


class KeyService(StrEnum):
    VAULT_TRANSIT = "vault-transit"
    AWS_KMS = "aws-kms"


_NAMES = {
    KeyService.VAULT_TRANSIT: re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,127}"),
    KeyService.AWS_KMS: re.compile(
        r"arn:aws(?:-cn|-us-gov)?:kms:[a-z0-9-]{1,32}:[0-9]{12}:key/[A-Za-z0-9-]{1,128}"
    ),
}
_NAMED = {
    KeyService.VAULT_TRANSIT: "the name of a Transit key",
    KeyService.AWS_KMS: "the ARN of a key: arn:aws:kms:REGION:ACCOUNT:key/ID",
}


@dataclass(frozen=True, slots=True)
class KeyOfService:
    """A root key that its service uses for us and never hands out."""

    service: KeyService
    name: str


def read_roots(unverified: str) -> dict[str, bytes | KeyOfService]:
    """Keys by id, in order. What is wrong is said without saying the key."""
    keys: dict[str, bytes | KeyOfService] = {}
    for entry in filter(None, (part.strip() for part in _BETWEEN.split(unverified))):
        key_id, colon, written = entry.partition(":")
        # Without a colon the "id" is a key: then nothing of it may be said.
        if not colon or not _KEY_ID.fullmatch(key_id) or key_id in keys:
            raise ValueError("each key needs an id of its own: `id:base64`, comma, `id:base64`")
        keys[key_id] = _key(key_id, written)
    if not keys:
        raise ValueError("there is no key; draw one: openssl rand -base64 32")
    if len(keys) > MAX_KEYS:
        raise ValueError(f"there are more than {MAX_KEYS} keys")
    return keys


def read_keys(unverified: str) -> dict[str, bytes]:
    """Of those keys the ones that the settings hold themselves, which may be none."""
    return held_keys(read_roots(unverified))


def held_keys(roots: Mapping[str, bytes | KeyOfService]) -> dict[str, bytes]:
    return {key_id: key for key_id, key in roots.items() if isinstance(key, bytes)}


def _key(key_id: str, written: str) -> bytes | KeyOfService:
    service, colon, name = written.partition(":")
    if colon and service in {*KeyService}:
        named = KeyService(service)
        if not _NAMES[named].fullmatch(name):
            raise ValueError(f"the key {key_id} needs {_NAMED[named]}")
        return KeyOfService(named, name)
    try:
        key = base64.b64decode(written, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError(f"the key {key_id} is not base64") from None
    if reason := weakness(key):
        raise ValueError(f"the key {key_id} {reason}; draw one: openssl rand -base64 32")
    return key


def _usable(unverified: SecretStr) -> SecretStr:
    """The keys themselves, whatever they came from."""
    text = unverified.get_secret_value()
    if text.startswith(FILE):
        text = _contents(Path(text.removeprefix(FILE)))
    read_roots(text)
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
