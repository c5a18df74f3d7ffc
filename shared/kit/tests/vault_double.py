"""A double of HashiCorp Vault's Transit and KV engines: no Vault was ever asked. It answers as
Vault's documentation says, with AES-GCM keys in versions; a real server may differ where that is
silent.
"""

import base64
import json
import os
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

TOKEN = "hvs.of-the-double"
NONCE_BYTES = 12


@dataclass
class VaultDouble:
    keys: dict = field(default_factory=lambda: {"root": [AESGCM(os.urandom(32))]})
    """Versions by name."""
    min_decryption_version: int = 1
    knows_associated_data: bool = True
    token: str = TOKEN
    secrets: dict = field(default_factory=dict)
    """By the path below `/v1/`, what the engine KV answers as `data`; None: deleted."""
    forbidden: set = field(default_factory=set)
    """Paths that the token's policy does not let it read."""
    asked: list = field(default_factory=list)
    status: int = 0
    """Not 0: all that it answers, as when it is sealed."""

    def answer(self, path, headers, body):
        """Status and body of a POST."""
        self.asked.append((path, headers))
        if self.status:
            return self.status, {"errors": ["Vault is sealed"]}
        if headers.get("x-vault-token") != self.token:
            return 403, {"errors": ["permission denied"]}
        _, _, mount, what, name = path.split("/")
        if mount != "transit":
            return 404, {"errors": [f'no handler for route "{mount}/{what}/{name}".']}
        if name not in self.keys:
            return 400, {"errors": ["encryption key not found"]}
        sent = json.loads(body)
        bound = base64.b64decode(sent["associated_data"]) if self.knows_associated_data else None
        answer = self._encrypt if what == "encrypt" else self._decrypt
        return answer(self.keys[name], sent, bound)

    def read(self, path, headers):
        """Status and body of a GET."""
        self.asked.append((path, headers))
        if self.status:
            return self.status, {"errors": ["Vault is sealed"]}
        name = path.removeprefix("/v1/")
        if headers.get("x-vault-token") != self.token or name in self.forbidden:
            return 403, {"errors": ["1 error occurred:\n\t* permission denied\n\n"]}
        if name not in self.secrets:
            return 404, {"errors": []}
        found = self.secrets[name]
        if found is None:
            deleted = {"data": None, "metadata": {"deletion_time": "2026-01-01T00:00:00Z"}}
            return 404, {"data": deleted}
        return 200, {"request_id": "x", "data": found}

    def rotate(self, name="root"):
        self.keys[name].append(AESGCM(os.urandom(32)))

    def _encrypt(self, versions, sent, bound):
        nonce = os.urandom(NONCE_BYTES)
        raw = nonce + versions[-1].encrypt(nonce, base64.b64decode(sent["plaintext"]), bound)
        text = f"vault:v{len(versions)}:{base64.b64encode(raw).decode()}"
        return 200, {"data": {"ciphertext": text, "key_version": len(versions)}}

    def _decrypt(self, versions, sent, bound):
        prefix, _, text = sent["ciphertext"].rpartition(":")
        number = prefix.removeprefix("vault:v")
        if not number.isdigit() or not 0 < int(number) <= len(versions):
            return 400, {"errors": ["invalid ciphertext: no prefix"]}
        if int(number) < self.min_decryption_version:
            too_old = "ciphertext or signature version is disallowed by policy (too old)"
            return 400, {"errors": [too_old]}
        raw = base64.b64decode(text)
        try:
            key = versions[int(number) - 1]
            plaintext = key.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], bound)
        except (InvalidTag, ValueError):
            return 400, {"errors": ["cipher: message authentication failed"]}
        return 200, {"data": {"plaintext": base64.b64encode(plaintext).decode()}}
