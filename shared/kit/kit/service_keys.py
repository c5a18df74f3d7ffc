"""The key ring of a service, made of its settings: the only place that does so."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pydantic import SecretStr

from kit.envelope import EnvelopeKeyRing
from kit.key_services.aws_kms import AwsKmsRoot, endpoint_of
from kit.key_services.exchange import Asking, Exchange
from kit.key_services.settings import KeysSettings, KeysUnusable
from kit.key_services.vault_transit import VaultTransitRoot
from kit.mongo import Database
from kit.mongo_workspace_keys import MongoWorkspaceKeys
from kit.outbox import Outbox
from kit.root_keys import KeyOfService, KeyService, held_keys, read_roots
from kit.workspace_keys import HeldRoot, RootKey, WorkspaceKeys


class Dial(Protocol):
    """`egress.operator.OperatorEgress`: the kit opens no connection of its own."""

    def __call__(
        self, urls: Iterable[str], *, allowed_origins: str, ca_file: Path | None, seconds: float
    ) -> Exchange: ...


@dataclass(frozen=True, slots=True)
class Stored:
    """Where a service keeps the keys of its workspaces."""

    service: str
    database: Database
    outbox: Outbox


@dataclass(frozen=True, slots=True)
class ServiceKeys:
    """`store` is the first of the service's repositories: the end of a workspace begins with its
    key. `renew_for_ever` is background work.
    """

    ring: EnvelopeKeyRing
    store: MongoWorkspaceKeys
    workspaces: WorkspaceKeys
    exchange: Exchange | None

    async def start(self) -> None:
        if self.exchange is not None:
            await self.exchange.start()

    async def close(self) -> None:
        if self.exchange is not None:
            await self.exchange.close()

    async def renew_for_ever(self) -> None:
        await self.workspaces.renew_for_ever()


def service_keys(
    stored: Stored, keys: SecretStr, settings: KeysSettings, dial: Dial
) -> ServiceKeys:
    """Of a service's setting `keys` (`kit.root_keys.RootKeys`). Nothing connects before `start`.

    Raises `KeysUnusable` where a key service is named and how to reach it is not said.
    """
    roots = read_roots(keys.get_secret_value())
    named = [root for root in roots.values() if isinstance(root, KeyOfService)]
    exchange = _exchange(named, settings, dial) if named else None
    usable = {
        key_id: _root(root, stored.service, settings, exchange) for key_id, root in roots.items()
    }
    store = MongoWorkspaceKeys(stored.database, stored.outbox)
    workspaces = WorkspaceKeys(stored.service, store, usable)
    first = next(iter(roots))
    held = held_keys(roots)
    writes = settings.per_workspace or first not in held
    ring = EnvelopeKeyRing(held, workspaces, writing_root=first, per_workspace=writes)
    return ServiceKeys(ring, store, workspaces, exchange)


def _exchange(named: Iterable[KeyOfService], settings: KeysSettings, dial: Dial) -> Exchange:
    urls = {_url(root, settings) for root in named}
    try:
        return dial(
            sorted(urls),
            allowed_origins=settings.allowed_origins,
            ca_file=settings.ca_file,
            seconds=settings.seconds,
        )
    except ValueError as error:
        raise KeysUnusable(f"KEYS_…: {error}") from None


def _url(root: KeyOfService, settings: KeysSettings) -> str:
    if root.service is KeyService.AWS_KMS:
        if not settings.aws_access_key_id or not settings.aws_secret_access_key.get_secret_value():
            raise KeysUnusable("KEYS_AWS_ACCESS_KEY_ID and KEYS_AWS_SECRET_ACCESS_KEY are not set.")
        return endpoint_of(root.name, settings)
    if not settings.vault_url:
        raise KeysUnusable("KEYS_VAULT_URL is not set.")
    try:
        settings.token_of_vault()
    except ValueError as error:
        raise KeysUnusable(f"KEYS_VAULT_TOKEN: {error}.") from None
    return settings.vault_url


def _root(
    root: bytes | KeyOfService, service: str, settings: KeysSettings, exchange: Exchange | None
) -> RootKey:
    if isinstance(root, bytes):
        return HeldRoot(root)
    assert exchange is not None  # noqa: S101 - made wherever a key service is named
    asking = Asking(service, exchange)
    if root.service is KeyService.AWS_KMS:
        return AwsKmsRoot(root.name, settings, asking)
    return VaultTransitRoot(root.name, settings, asking)
