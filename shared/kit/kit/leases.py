"""Work that one replica does at a time: a lease that ends by the database's clock, and a fencing
token that only grows.

A holder that was frozen does not know that its lease ran out. So what it changes carries its token
(`Collection.within(..., fence=lease.token)`), and the database refuses it wherever a later holder
has written. One document a piece of work, `{_id, holder, token, expires_at}`.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from pymongo import ReturnDocument

from contracts.errors import Unavailable
from contracts.ids import new_id
from kit import logs
from kit.mongo import Database, Document, Taken, driver_errors
from kit.retention import Forever

log = logs.logger("kit.leases")

LASTS = timedelta(seconds=15)
RENEWALS_A_LEASE = 3


@dataclass(frozen=True, slots=True)
class Lease:
    name: str
    holder: str
    """New for each time that it is acquired: two of one process are two holders."""
    token: int
    """Higher than that of whoever held it before."""
    expires_at: datetime
    """By the database's clock."""


class Leases:
    kept = Forever("one document a piece of work; their tokens must never start again")

    def __init__(self, database: Database, lasts: timedelta = LASTS) -> None:
        self._leases = database["leases"]
        self._lasts = lasts

    async def acquire(self, name: str) -> Lease | None:
        """None while another holds it."""
        holder = new_id("hol")
        with driver_errors(writing=True):
            taken = await self._take(name, holder)
            if taken is None:  # never held before
                with suppress(Taken), driver_errors(writing=True):
                    await self._leases.insert_one({"_id": name, "token": 0})
                taken = await self._take(name, holder)
        return _lease(taken) if taken and taken.get("holder") == holder else None

    async def _take(self, name: str, holder: str) -> Document | None:
        # As numbers, because the embedded database takes any stored date to be equal to $$NOW; and
        # in the update, because there it also ignores $$NOW in a filter.
        free: Document = {"$lte": [{"$toLong": "$expires_at"}, {"$toLong": "$$NOW"}]}

        def where_free(new: Any, kept: str) -> Document:
            return {"$cond": [free, new, kept]}

        taken = {
            "holder": where_free(holder, "$holder"),
            "token": where_free({"$add": ["$token", 1]}, "$token"),
            "expires_at": where_free(self._end, "$expires_at"),
        }
        document: Document | None = await self._leases.find_one_and_update(
            {"_id": name}, [{"$set": taken}], return_document=ReturnDocument.AFTER
        )
        return document

    @property
    def _end(self) -> Document:
        return {"$add": ["$$NOW", int(self._lasts.total_seconds() * 1000)]}

    async def renew(self, lease: Lease) -> Lease | None:
        """None where it ran out and another has it. One that nobody else took goes on."""
        with driver_errors(writing=True):
            renewed = await self._leases.find_one_and_update(
                {"_id": lease.name, "holder": lease.holder, "token": lease.token},
                [{"$set": {"expires_at": self._end}}],
                return_document=ReturnDocument.AFTER,
            )
        return _lease(renewed) if renewed else None

    async def release(self, lease: Lease) -> None:
        """Others may have it at once; its token stays used."""
        with driver_errors(writing=True):
            await self._leases.update_one(
                {"_id": lease.name, "holder": lease.holder, "token": lease.token},
                {"$unset": {"expires_at": "", "holder": ""}},
            )

    async def alone(self, name: str, work: Callable[[Lease], Awaitable[Any]]) -> bool:
        """Do the work unless another replica is at it: True if it was done here.

        It is cancelled if the lease is lost meanwhile.
        """
        lease = await self.acquire(name)
        if lease is None:
            return False
        working = asyncio.ensure_future(work(lease))
        renewing = asyncio.create_task(self._keep(lease))
        try:
            await asyncio.wait({working, renewing}, return_when=asyncio.FIRST_COMPLETED)
            done = working.done()
            if done:
                await working
            return done
        finally:
            for task in (working, renewing):
                task.cancel()
            await asyncio.gather(working, renewing, return_exceptions=True)
            with suppress(Unavailable):  # then it runs out
                await self.release(lease)

    async def repeat(
        self, name: str, work: Callable[[Lease], Awaitable[Any]], *, every_seconds: float
    ) -> None:
        """For ever, on one replica at a time: whichever finds that nobody is at it."""
        while True:
            await self.alone(name, work)
            await asyncio.sleep(every_seconds)

    async def _keep(self, lease: Lease) -> None:
        """Returns when the lease is lost, or was not renewed for as long as it lasts."""
        lasts = self._lasts.total_seconds()
        renewed_at = monotonic()
        while monotonic() - renewed_at < lasts:
            await asyncio.sleep(lasts / RENEWALS_A_LEASE)
            asked_at = monotonic()
            try:
                if await self.renew(lease) is None:
                    log.warning("lease_lost", lease=lease.name, fence=lease.token)
                    return
                renewed_at = asked_at
            except Unavailable as error:
                log.warning("lease_not_renewed", lease=lease.name, code=error.code)


def _lease(document: Document) -> Lease:
    return Lease(document["_id"], document["holder"], document["token"], document["expires_at"])
