"""What happens at every start, and changes something at the first."""

import asyncio
from collections.abc import Callable

from identity_service.app import IdentityApp
from kit import logs

log = logs.logger("identity.first_start")
LOOK_AGAIN_SECONDS = 0.2


async def first_start(
    app: IdentityApp, *, reset_owner_token: bool, offers_sign_in: Callable[[], bool]
) -> None:
    """Return once the first workspace exists and its owner's token was announced by some replica.

    That may take as long as the claim of a replica that died while it announced. A
    sign-in link is announced, too, where `offers_sign_in` then says so.
    """
    await app.bootstrap_workspace(reset_owner_token=reset_owner_token)
    while not await app.announce_owner_token():
        log.info("another_replica_announces_the_owner_token")
        await asyncio.sleep(LOOK_AGAIN_SECONDS)
    if offers_sign_in():
        await app.announce_sign_in_link()
