"""Secrets in stores of the operator's: Vault's KV engine and AWS Secrets Manager, reached by the
settings by which root keys are (`KEYS_…`), with a way out of their own.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import orjson

from auth_service.domain.reference_errors import SecretNotFound, SecretStoreUnavailable
from auth_service.domain.reference_rules import ReferenceRules
from auth_service.domain.secret_reference import SecretStoreName
from auth_service.domain.stored_secret import StoredSecret
from contracts.errors import PlatformError
from kit.key_services.exchange import Answer, Headers
from kit.key_services.settings import KeysSettings, KeysUnusable
from kit.key_services.sigv4 import AwsCredentials, Scope, signed
from kit.outage import Outage

READ_SECONDS = 4.0
"""At most, for one request: whoever asked auth for a credential waits for five."""
OK, NOT_FOUND = 200, 404
VAULT, AWS = SecretStoreName.VAULT, SecretStoreName.AWS
GONE = frozenset({"ResourceNotFoundException", "InvalidRequestException"})
"""AWS: not there, or marked for deletion."""


class Way(Protocol):
    """Egress to these servers alone (`egress.operator.OperatorEgress`)."""

    async def get(self, url: str, headers: Headers) -> Answer: ...

    async def post(self, url: str, headers: Headers, body: bytes) -> Answer: ...

    async def start(self) -> None: ...

    async def close(self) -> None: ...


class DialOperator(Protocol):
    def __call__(
        self, urls: Iterable[str], *, allowed_origins: str, ca_file: Path | None, seconds: float
    ) -> Way: ...


class OperatorSecrets:
    """`SecretStores`. Without rules there is no way out at all."""

    def __init__(self, settings: KeysSettings, way: Way | None) -> None:
        self._settings = settings
        self._way = way
        self._outage = Outage("auth", "secret_store_answers_again")

    async def start(self) -> None:
        if self._way is not None:
            await self._way.start()

    async def close(self) -> None:
        if self._way is not None:
            await self._way.close()

    async def read(self, store: SecretStoreName, name: str, region: str) -> StoredSecret:
        if self._way is None:
            raise SecretStoreUnavailable(store.shown)
        try:
            if store is VAULT:
                return await self._vault(self._way, name)
            return await self._aws(self._way, name, region)
        except _Unusable as why:
            self._outage.report("secret_store_unavailable", store=store.value, reason=str(why))
            raise SecretStoreUnavailable(store.shown) from None

    async def _vault(self, way: Way, path: str) -> StoredSecret:
        """`GET /v1/{path}`: of KV version 2 the newest version, of version 1 the only one."""
        settings = self._settings
        try:
            headers = [("x-vault-token", settings.token_of_vault()), ("x-vault-request", "true")]
        except ValueError as error:
            raise _Unusable(str(error)) from None
        if settings.vault_namespace:
            headers.append(("x-vault-namespace", settings.vault_namespace))
        url = f"{settings.vault_url.rstrip('/')}/v1/{path}"
        status, answer = await _answered(way.get(url, tuple(headers)))
        if status == NOT_FOUND:
            raise SecretNotFound(VAULT.shown, "")
        if status != OK:
            raise _Unusable(f"status {status}")
        self._outage.over()
        data = answer.get("data")
        members = data if isinstance(data, dict) else {}
        if isinstance(members.get("data"), dict) and isinstance(members.get("metadata"), dict):
            members = members["data"]
        return StoredSecret(members=members)

    async def _aws(self, way: Way, name: str, region: str) -> StoredSecret:
        """`secretsmanager.GetSecretValue` (JSON 1.1): the version `AWSCURRENT`."""
        settings, url = self._settings, endpoint_of(region, self._settings)
        sent = orjson.dumps({"SecretId": name})
        headers = {
            "content-type": "application/x-amz-json-1.1",
            "host": urlsplit(url).netloc,
            "x-amz-target": "secretsmanager.GetSecretValue",
        }
        credentials = AwsCredentials(
            settings.aws_access_key_id,
            settings.aws_secret_access_key.get_secret_value(),
            settings.aws_session_token.get_secret_value(),
        )
        scope = Scope(region, "secretsmanager")
        with_signature = signed(headers, sent, credentials, scope, datetime.now(UTC))
        del with_signature["host"]  # egress sets it
        wire = tuple(with_signature.items())
        status, answer = await _answered(way.post(f"{url}/", wire, sent))
        kind = str(answer.get("__type", "")).rpartition("#")[2]
        if kind in GONE:
            raise SecretNotFound(AWS.shown, "")
        if status != OK:
            raise _Unusable(f"status {status} {kind[:64]}")
        self._outage.over()
        text = answer.get("SecretString")
        return StoredSecret.of_text(text) if isinstance(text, str) else StoredSecret()


class _Unusable(Exception):
    """The store did not answer, or not with a secret; the reason is for the log."""


async def _answered(asked: Any) -> tuple[int, dict[str, Any]]:
    """Status, and the object that the body holds: an empty one of 404, whatever it holds."""
    try:
        answer: Answer = await asked
    except PlatformError as error:
        raise _Unusable(error.code) from None
    try:
        read = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        read = None
    if isinstance(read, dict):
        return answer.status, read
    if answer.status == NOT_FOUND:
        return answer.status, {}
    raise _Unusable(f"status {answer.status}, no JSON object")


def endpoint_of(region: str, settings: KeysSettings) -> str:
    """`https://host[:port]` of Secrets Manager in that region."""
    if settings.aws_endpoint:
        return settings.aws_endpoint.rstrip("/")
    suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    return f"https://secretsmanager.{region}.{suffix}"


def operator_secrets(
    rules: ReferenceRules, settings: KeysSettings, dial: DialOperator
) -> OperatorSecrets:
    """For these rules; raises `KeysUnusable` where it is not said how their stores are reached."""
    if not rules.rules:
        return OperatorSecrets(settings, None)
    urls = set()
    for rule in rules.rules:
        _ensure_reachable(rule.store, settings)
        is_vault = rule.store is VAULT
        urls.add(settings.vault_url if is_vault else endpoint_of(rule.region, settings))
    try:
        way = dial(
            sorted(urls),
            allowed_origins=settings.allowed_origins,
            ca_file=settings.ca_file,
            seconds=min(settings.seconds, READ_SECONDS),
        )
    except ValueError as error:
        raise KeysUnusable(f"KEYS_…: {error}") from None
    return OperatorSecrets(settings, way)


def _ensure_reachable(store: SecretStoreName, settings: KeysSettings) -> None:
    secret_key = settings.aws_secret_access_key.get_secret_value()
    if store is AWS and not (settings.aws_access_key_id and secret_key):
        raise KeysUnusable(
            "AUTH_SECRET_REFERENCES names AWS Secrets Manager: KEYS_AWS_ACCESS_KEY_ID and "
            "KEYS_AWS_SECRET_ACCESS_KEY are not set."
        )
    if store is VAULT and not settings.vault_url:
        raise KeysUnusable("AUTH_SECRET_REFERENCES names Vault: KEYS_VAULT_URL is not set.")
    if store is VAULT:
        try:
            settings.token_of_vault()
        except ValueError as error:
            raise KeysUnusable(f"KEYS_VAULT_TOKEN: {error}.") from None
