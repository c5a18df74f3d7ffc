"""Blobs: bytes too large for a message or a document, in an object store, each with an expiry.

The port is `BlobStore`; `kit.obstore_blobs` reads a folder or an S3-compatible store,
`kit.testing.MemoryBlobs` is the fake. A store never gets plaintext: `kit.sealed_blobs` encrypts
under a service's own keys, `kit.handover` to the key of the service that receives.
"""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from contracts.errors import Invalid, Unavailable
from contracts.ids import WorkspaceId

_AREA = re.compile(r"[a-z][a-z0-9-]{0,31}")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,95}")
_HOUR = "%Y%m%d%H"
HANDOVER = "handover"
"""The area that all services share; what is in it opens only for the replica that asked."""


class BlobStoreUnavailable(Unavailable):
    """No connection, no permission, no room, or no answer in time; the cause is in the log."""

    code = "platform.blob_store_unavailable"

    def __init__(self) -> None:
        super().__init__(
            "The store for large content cannot be used at the moment.",
            hint="Try again in a moment; if it stays so, your operator looks at `BLOBS_…` and at "
            "the room that the store has.",
        )


class BlobNotFound(Exception):
    """Never there, expired and deleted, or another workspace's. Callers say it in their words."""


class BlobTooLarge(Invalid):
    code = "platform.blob_too_large"

    def __init__(self, max_bytes: int) -> None:
        super().__init__(
            f"This content is larger than the {max_bytes:,} bytes that may be kept.",
            hint="Send less at once.",
        )


class BlobUnreadable(Unavailable):
    """Changed, cut, moved, or encrypted for another place, without a way to distinguish. Never
    used.
    """

    code = "platform.blob_unreadable"

    def __init__(self) -> None:
        super().__init__(
            "Stored content failed its integrity check and is not used.",
            hint="Ask for it again; if it stays so, tell your operator.",
        )


@dataclass(frozen=True, slots=True)
class BlobName:
    """All that a store has to be given of a blob.

    The hour of its expiry comes first, so that a sweep lists only hours that have passed; the
    workspace is a folder below it. No part of it can lead out of its folder.
    """

    area: str
    workspace_id: WorkspaceId
    id: str
    expires_at: datetime
    """With a time zone, in whole seconds."""

    def __post_init__(self) -> None:
        if not _AREA.fullmatch(self.area) or self.expires_at.microsecond:
            raise ValueError("a blob needs an area and an expiry in whole seconds")
        if not _ID.fullmatch(self.id) or not _ID.fullmatch(self.workspace_id):
            raise BlobNotFound

    @property
    def path(self) -> str:
        hour = self.expires_at.astimezone(UTC).strftime(_HOUR)
        seconds = int(self.expires_at.timestamp())
        return f"{self.area}/{hour}/{self.workspace_id}/{seconds}.{self.id}"

    @classmethod
    def of(cls, path: str) -> "BlobName | None":
        """None for what has no name of ours."""
        match path.split("/"):
            case [area, _, workspace_id, file]:
                seconds, _, id_ = file.partition(".")
            case _:
                return None
        try:
            expires_at = datetime.fromtimestamp(int(seconds), UTC)
            name = cls(area, WorkspaceId(workspace_id), id_, expires_at)
        except (ValueError, OverflowError, OSError, BlobNotFound):
            return None
        return name if name.path == path else None


def is_workspace(unchecked: str) -> bool:
    """Whether there may be blobs of such a workspace: its id is a folder of their names."""
    return _ID.fullmatch(unchecked) is not None


def hour_has_passed(hour: str, now: datetime) -> bool:
    """Whether something in the folder of that hour may have expired; never for other folders."""
    return hour.isdecimal() and hour <= now.astimezone(UTC).strftime(_HOUR)


def expiry(now: datetime, lifetime: timedelta) -> datetime:
    return (now + lifetime).replace(microsecond=0)


class BlobStore(Protocol):
    """Each of these raises `BlobStoreUnavailable` where the store does not do it in time."""

    async def put(self, name: BlobName, content: bytes) -> None:
        """Whole or not at all: no reader sees a part."""
        ...

    def stream(self, name: BlobName) -> AsyncIterator[bytes]:
        """In chunks; `BlobNotFound` before the first."""
        ...

    async def delete(self, name: BlobName) -> None:
        """Also where it is gone already."""
        ...

    def overdue(self, area: str, now: datetime) -> AsyncIterator[BlobName]:
        """Those whose expiry is over. Other files of the area are left alone."""
        ...

    def of_workspace(self, area: str, workspace_id: WorkspaceId) -> AsyncIterator[BlobName]:
        """None where the id is none that a blob's name may have."""
        ...


async def whole(store: BlobStore, name: BlobName, max_bytes: int) -> bytes:
    """A blob's bytes; `BlobUnreadable` where they are more than anybody put there."""
    chunks: list[bytes] = []
    size = 0
    async for chunk in store.stream(name):
        size += len(chunk)
        if size > max_bytes:
            raise BlobUnreadable
        chunks.append(chunk)
    return b"".join(chunks)
