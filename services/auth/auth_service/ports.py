"""What auth needs of the world, and `kit.key_ring.KeyRing`."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from auth_service.domain.action_credentials import ActionCredentials
from auth_service.domain.action_hosts import ActionHosts
from contracts.facts import CredentialChanged
from contracts.ids import ActionId, WorkspaceId

Clock = Callable[[], datetime]


class CredentialStore(Protocol):
    async def find(self, workspace_id: WorkspaceId, action_id: ActionId) -> ActionCredentials:
        """The newest committed ones; an action that has none signs in with nothing."""
        ...

    async def replace(
        self, seen: ActionCredentials, changed: ActionCredentials, fact: CredentialChanged
    ) -> None:
        """Commit credentials and fact together; `Overtaken` where `seen` is not the newest,
        or a change of keys sealed meanwhile, without a new revision, what stays.

        `NotInForce` where they are committed and their fact could not be published.
        """
        ...

    async def destroy(self, seen: ActionCredentials, fact: CredentialChanged) -> None:
        """Delete all of them and their secrets for good, and commit the fact; refusals as above."""
        ...

    async def rule_out(self, workspace_id: WorkspaceId, action_id: ActionId) -> None:
        """Nobody sets anything for this action from now on, which has no settings or no more.

        `Overtaken` where it has; `NotInForce` where they are gone and their fact is not out.
        """
        ...

    async def ensure_in_force(self, workspace_id: WorkspaceId, action_id: ActionId) -> None:
        """Publish what is still to be published of them; `NotInForce` as above."""
        ...


class Actions(Protocol):
    async def hosts(self, workspace_id: WorkspaceId, action_id: ActionId) -> ActionHosts:
        """What the action calls, in the draft and in releases; not found alike if foreign or
        unknown.
        """
        ...
