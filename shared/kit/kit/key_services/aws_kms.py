"""A root key in AWS KMS (JSON 1.1, `TrentService.Encrypt` and `TrentService.Decrypt`).

The owner of a workspace's key is its encryption context, which CloudTrail shows: ids, no secrets.
"""

import base64
import binascii
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import orjson

from kit import logs
from kit.key_ring import KeyUnknown, SecretUnreadable
from kit.key_services.exchange import Asking
from kit.key_services.settings import KeysSettings
from kit.key_services.sigv4 import AwsCredentials, Scope, signed
from kit.workspace_keys import KeyOwner

log = logs.logger("kit.aws_kms")
OK = 200
_GONE = frozenset({"NotFoundException", "DisabledException", "KMSInvalidStateException"})
_ALTERED = frozenset({"InvalidCiphertextException", "IncorrectKeyException"})


def endpoint_of(arn: str, settings: KeysSettings) -> str:
    """`https://host[:port]` where the key of that ARN is."""
    if settings.aws_endpoint:
        return settings.aws_endpoint.rstrip("/")
    _, partition, _, region, *_ = arn.split(":")
    suffix = "amazonaws.com.cn" if partition == "aws-cn" else "amazonaws.com"
    return f"https://kms.{region}.{suffix}"


def _now() -> datetime:
    return datetime.now(UTC)


class AwsKmsRoot:
    """`RootKey` of that ARN; needs `kms:Encrypt` and `kms:Decrypt` for it and nothing else."""

    def __init__(
        self,
        arn: str,
        settings: KeysSettings,
        asking: Asking,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self._arn = arn
        self._url = endpoint_of(arn, settings)
        self._scope = Scope(arn.split(":")[3], "kms")
        self._credentials = AwsCredentials(
            settings.aws_access_key_id,
            settings.aws_secret_access_key.get_secret_value(),
            settings.aws_session_token.get_secret_value(),
        )
        self._asking = asking
        self._clock = clock

    async def wrap(self, key: bytes, owner: KeyOwner) -> str:
        answer = await self._ask("Encrypt", {"Plaintext": base64.b64encode(key).decode()}, owner)
        wrapped = answer.get("CiphertextBlob")
        if not isinstance(wrapped, str):
            raise self._asking.unavailable("no ciphertext in the answer")
        return wrapped

    async def unwrap(self, wrapped: str, owner: KeyOwner) -> bytes:
        answer = await self._ask("Decrypt", {"CiphertextBlob": wrapped}, owner)
        try:
            return base64.b64decode(answer["Plaintext"], validate=True)
        except (KeyError, TypeError, binascii.Error):
            raise self._asking.unavailable("no plaintext in the answer") from None

    async def _ask(self, what: str, body: Mapping[str, str], owner: KeyOwner) -> dict[str, Any]:
        context = {
            "openactions:service": owner.service,
            "openactions:workspace": owner.workspace_id,
            "openactions:root": owner.root_id,
        }
        sent = orjson.dumps({**body, "KeyId": self._arn, "EncryptionContext": context})
        headers = {
            "content-type": "application/x-amz-json-1.1",
            "host": urlsplit(self._url).netloc,
            "x-amz-target": f"TrentService.{what}",
        }
        with_signature = signed(headers, sent, self._credentials, self._scope, self._clock())
        del with_signature["host"]  # egress sets it
        url, wire = f"{self._url}/", tuple(with_signature.items())
        status, answer = await self._asking.ask(url, wire, sent)
        if status != OK:
            raise self._refusal(status, str(answer.get("__type", "")).rpartition("#")[2])
        self._asking.answered()
        return answer

    def _refusal(self, status: int, kind: str) -> Exception:
        if kind in _GONE:
            log.critical("root_key_gone", root=self._arn, reason=kind)
            return KeyUnknown()
        if kind in _ALTERED:
            return SecretUnreadable()
        return self._asking.unavailable(f"status {status} {kind[:64]}")
