"""Workspaces whose 30 days are over are removed by whichever replica finds them first."""

import asyncio

from contracts.errors import PlatformError
from identity_service.app import IdentityApp
from kit import logs

log = logs.logger("identity.end_of_workspaces")
EVERY_SECONDS = 60.0


async def remove_due_workspaces_for_ever(app: IdentityApp) -> None:
    while True:
        try:
            if removed := await app.remove_due_workspaces():
                log.info("workspaces_removed", count=removed)
        except PlatformError as error:
            log.warning("removals_postponed", code=error.code)
        await asyncio.sleep(EVERY_SECONDS)
