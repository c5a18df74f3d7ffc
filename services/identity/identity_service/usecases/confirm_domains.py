from collections.abc import Sequence
from dataclasses import dataclass

from contracts.ids import WorkspaceId
from identity_service.domain.oidc.email_domain import email_domain
from identity_service.domain.oidc.sign_in_settings import ConfirmedDomains
from identity_service.ports import ConfirmedDomainStore, WorkspaceStore


@dataclass(frozen=True, slots=True)
class ConfirmDomains:
    """Say which domains of e-mail addresses are a workspace's own, and no others.

    Whoever operates the installation says so, having made sure that it is true (decision 42).
    """

    workspaces: WorkspaceStore
    confirmed: ConfirmedDomainStore

    async def __call__(self, workspace_id: WorkspaceId, domains: Sequence[str]) -> ConfirmedDomains:
        workspace = await self.workspaces.read(workspace_id)
        named = tuple(sorted({email_domain(each) for each in domains}))
        confirmed = ConfirmedDomains(workspace.id, named)
        await self.confirmed.put(confirmed)
        return confirmed
