from dataclasses import dataclass

from auth_service.domain.action_credentials import ActionCredentials, serves
from auth_service.domain.connection import Connection
from auth_service.domain.errors import SecretUnreadable, about_credentials
from auth_service.domain.oauth.client import OAuthClient
from auth_service.domain.oauth.revocation_request import revocation_request
from auth_service.domain.pending_revocation import (
    PendingRevocation,
    RevocationCall,
    place_of_revocation,
)
from auth_service.domain.token_set import TokenSet
from auth_service.ports import Clock
from auth_service.usecases.open_client import OpenClient
from contracts.errors import PlatformError
from contracts.ids import new_id
from kit import logs
from kit.key_ring import KeyRing, Sealed

log = logs.logger("auth.revocation")


@dataclass(frozen=True, slots=True)
class PrepareRevocation:
    """What the provider is going to be asked for, sealed, while client and tokens are there."""

    keys: KeyRing
    open_client: OpenClient
    clock: Clock

    async def __call__(
        self, credentials: ActionCredentials, seen: Connection
    ) -> PendingRevocation | None:
        """None where there is nothing to revoke, or no way to: ending a connection never fails
        because of that.
        """
        records = (each for each in credentials.records if serves(seen.account, each))
        record = next(records, None)
        if seen.sealed is None or record is None or record.client is None:
            return None
        try:
            client = (await self.open_client(credentials, record)).client
            return await self._prepared(record.client.preset, client, seen, seen.sealed)
        except PlatformError as error:
            log.warning("revocation_impossible", connection_id=seen.id, code=error.code)
            return None

    async def _prepared(
        self, preset: str, client: OAuthClient, seen: Connection, sealed: Sealed
    ) -> PendingRevocation | None:
        revocation = client.profile.revocation
        if revocation is None:
            return None
        with about_credentials():
            tokens = TokenSet.from_storage(await self.keys.open(sealed, seen.place))
        if not tokens.is_of(seen.action_id, seen.member_id):
            raise SecretUnreadable
        tokens.ensure_sign_in_at(client.revocation_url(revocation))
        request = revocation_request(client, revocation, tokens.access_token, tokens.refresh_token)
        call, id_ = RevocationCall(preset, request), new_id("rev")
        place = place_of_revocation(seen.workspace_id, id_)
        now = self.clock()
        return PendingRevocation(
            id_,
            seen.workspace_id,
            seen.action_id,
            seen.id,
            await self.keys.seal(call.for_storage(), place),
            now,
            now,
        )
