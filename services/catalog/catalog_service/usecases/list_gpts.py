from contextlib import suppress
from dataclasses import dataclass

from catalog_service.domain.access import seen_by
from catalog_service.domain.seen_gpt import SeenGpt
from catalog_service.ports import GptStore
from contracts.errors import PlatformError
from contracts.principal import Principal, Role


@dataclass(frozen=True, slots=True)
class ListGpts:
    """Those that the principal may see, up to `limit + 1`, newest first, so that the caller knows
    whether there are more.
    """

    gpts: GptStore

    async def __call__(
        self,
        principal: Principal,
        limit: int,
        after: str | None,
        text: str,
        *,
        published: bool | None = None,
    ) -> list[SeenGpt]:
        sees_all = principal.role in {Role.OWNER, Role.ADMIN}
        member_id = None if sees_all else principal.member_id
        seen: list[SeenGpt] = []
        while len(seen) <= limit:
            found = await self.gpts.page(
                principal.workspace_id,
                limit,
                after,
                text,
                visible_to=member_id,
                published=published,
            )
            for gpt in found:
                with suppress(PlatformError):  # what the store thought visible, and is not any more
                    seen.append(seen_by(principal, gpt))
            if len(found) <= limit:
                break
            after = found[-1].id
        return seen[: limit + 1]
