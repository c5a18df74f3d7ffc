from dataclasses import dataclass

from identity_service import ports
from identity_service.ports import BootstrapStore
from identity_service.usecases.create_sign_in_link import CreateSignInLink
from kit.errors import NothingHere


@dataclass(frozen=True, slots=True)
class AnnounceSignInLink:
    """Show whoever operates the installation how the first workspace's owner signs in.

    Nothing where nobody knows under which address people reach the installation.
    """

    bootstraps: BootstrapStore
    create_sign_in_link: CreateSignInLink
    announce: ports.AnnounceSignInLink
    origin: str | None

    async def __call__(self) -> None:
        if self.origin is None:
            return
        begun = await self.bootstraps.read()
        try:
            _, path = await self.create_sign_in_link(begun.workspace_id)
        except NothingHere:  # the workspace is being deleted
            return
        self.announce(self.origin + path)
