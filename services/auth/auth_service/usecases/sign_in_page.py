from dataclasses import dataclass

from contracts.ids import ActionId


@dataclass(frozen=True, slots=True)
class SignInPage:
    """The address at which a member signs in to an action: always the same one."""

    origin: str
    """Of the installation's pages; empty where it is not known."""

    async def __call__(self, action_id: ActionId) -> str:
        """Empty where no page has an address."""
        return f"{self.origin}/aip/{action_id}/sign-in" if self.origin else ""
