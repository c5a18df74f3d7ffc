from dataclasses import dataclass

from catalog_service.domain.gpt import Gpt
from catalog_service.ports import GptStore
from contracts.principal import Principal, Role


@dataclass(frozen=True, slots=True)
class ListGpts:
    """Those that the principal may use, up to `limit + 1`, newest first, so that the caller knows
    whether there are more.
    """

    gpts: GptStore

    async def __call__(
        self, principal: Principal, limit: int, after: str | None, name_part: str
    ) -> list[Gpt]:
        sees_all = principal.role in {Role.OWNER, Role.ADMIN}
        member_id = None if sees_all else principal.member_id
        return await self.gpts.page(
            principal.workspace_id, limit, after, name_part, visible_to=member_id
        )
