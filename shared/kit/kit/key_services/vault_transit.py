"""A root key in HashiCorp Vault's Transit engine (POST /v1/{mount}/encrypt|decrypt/{name}).

The owner of a workspace's key is its `associated_data`. Versions of Vault that do not know this
member ignore it, so a digest of the owner is encrypted with the key, too, and compared.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

import orjson

from kit import logs
from kit.key_ring import KeyUnknown, SecretUnreadable
from kit.key_services.exchange import Asking
from kit.key_services.settings import KeysSettings
from kit.key_strength import KEY_BYTES
from kit.workspace_keys import KeyOwner

log = logs.logger("kit.vault_transit")
OK, BAD_REQUEST, NOT_FOUND = 200, 400, 404
_GONE = ("encryption key not found", "disallowed by policy", "no handler for route")
"""Parts of what Vault says where the key, its old version, or the engine is not there any more."""
_ALTERED = ("invalid ciphertext", "message authentication failed", "unable to decrypt")


class VaultTransitRoot:
    """`RootKey` named `name`; the token needs `update` on its two paths and nothing else."""

    def __init__(self, name: str, settings: KeysSettings, asking: Asking) -> None:
        self._name = name
        self._settings = settings
        self._asking = asking

    async def wrap(self, key: bytes, owner: KeyOwner) -> str:
        plaintext = _text(key + _digest(owner))
        answer = await self._ask("encrypt", {"plaintext": plaintext}, owner)
        wrapped = answer.get("ciphertext")
        if not isinstance(wrapped, str) or not wrapped.startswith("vault:v"):
            raise self._asking.unavailable("no ciphertext in the answer")
        return wrapped

    async def unwrap(self, wrapped: str, owner: KeyOwner) -> bytes:
        answer = await self._ask("decrypt", {"ciphertext": wrapped}, owner)
        try:
            raw = base64.b64decode(answer["plaintext"], validate=True)
        except (KeyError, TypeError, binascii.Error):
            raise self._asking.unavailable("no plaintext in the answer") from None
        if not hmac.compare_digest(raw[KEY_BYTES:], _digest(owner)):
            raise SecretUnreadable
        return raw[:KEY_BYTES]

    async def _ask(self, what: str, body: Mapping[str, str], owner: KeyOwner) -> dict[str, Any]:
        settings = self._settings
        url = f"{settings.vault_url.rstrip('/')}/v1/{settings.vault_mount}/{what}/{self._name}"
        try:
            headers = [("x-vault-token", settings.token_of_vault()), ("x-vault-request", "true")]
        except ValueError as error:
            raise self._asking.unavailable(str(error)) from None
        if settings.vault_namespace:
            headers.append(("x-vault-namespace", settings.vault_namespace))
        sent = {**body, "associated_data": _text(owner.binding)}
        json = ("content-type", "application/json")
        status, answer = await self._asking.ask(url, (*headers, json), orjson.dumps(sent))
        if status != OK:
            raise self._refusal(status, " ".join(map(str, answer.get("errors") or ())))
        self._asking.answered()
        data = answer.get("data")
        return data if isinstance(data, dict) else {}

    def _refusal(self, status: int, said: str) -> Exception:
        """What Vault says is looked at for these parts alone, and never passed on."""
        if status in {BAD_REQUEST, NOT_FOUND} and any(part in said for part in _GONE):
            log.critical("root_key_gone", root=self._name, status=status)
            return KeyUnknown()
        if status == BAD_REQUEST and any(part in said for part in _ALTERED):
            return SecretUnreadable()
        return self._asking.unavailable(f"status {status}")


def _digest(owner: KeyOwner) -> bytes:
    return hashlib.sha256(owner.binding).digest()


def _text(part: bytes) -> str:
    return base64.b64encode(part).decode()
