import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from auth_service.domain.credential_material import CredentialMaterial
from auth_service.domain.reference_errors import ReferredSecretUnusable, SecretNotFound
from auth_service.domain.reference_rules import ReferenceRules
from auth_service.domain.referred_key import ReferredKey
from auth_service.domain.secret_reference import SecretReference
from auth_service.domain.stored_secret import StoredSecret
from auth_service.ports import SecretStores
from contracts.errors import Invalid
from contracts.ids import WorkspaceId
from kit.sealing import Secret


@dataclass(frozen=True, slots=True)
class ReadReferences:
    """What secrets that stay in a store of the operator's are now. Nothing is kept: whoever gets
    them may use them as long as anything that is handed out.

    The rules are asked each time, so that what the operator no longer allows is not read.
    """

    rules: ReferenceRules
    stores: SecretStores

    async def __call__(
        self, workspace_id: WorkspaceId, references: Iterable[SecretReference]
    ) -> dict[SecretReference, Secret[str]]:
        """Each secret is read once, whatever its keys. Raises what the rules refuse,
        `SecretNotFound` and `SecretStoreUnavailable`.
        """
        wanted = [*references]
        regions = {
            (each.store, each.name): self.rules.for_reference(workspace_id, each).region
            for each in wanted
        }
        read = (self.stores.read(*place, region) for place, region in regions.items())
        found = dict(zip(regions, await asyncio.gather(*read), strict=True))
        return {each: _text(each, found[each.store, each.name]) for each in wanted}

    async def material(self, workspace_id: WorkspaceId, key: ReferredKey) -> CredentialMaterial:
        """Raises also `ReferredSecretUnusable`."""
        read = await self(workspace_id, (each.reference for each in key.references))
        try:
            return key.material(read)
        except Invalid as why:
            raise ReferredSecretUnusable(why) from None

    async def text(self, workspace_id: WorkspaceId, reference: SecretReference) -> Secret[str]:
        return (await self(workspace_id, [reference]))[reference]


def _text(reference: SecretReference, secret: StoredSecret) -> Secret[str]:
    text = secret.text(reference.key)
    if text is None:
        raise SecretNotFound(reference.store.shown, reference.key)
    return text
