import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from contracts.errors import Limited, PlatformError
from contracts.ids import WorkspaceId
from egress import Budget, Overloaded
from schema_service.domain.bundling.addresses import same_origin
from schema_service.domain.bundling.part import MAX_LEVELS, MAX_PARTS, Outside, Part
from schema_service.domain.bundling.rules import PART_MISSING
from schema_service.domain.errors import BundlingTooLong, ImportTooLarge, TooManyReferences
from schema_service.domain.examined import as_data
from schema_service.domain.media_type import media_type_of
from schema_service.domain.reading.limits import MAX_BYTES
from schema_service.ports import Bundler, DocumentSource, FetchedDocument

BUNDLING_SECONDS = 45.0


@dataclass(frozen=True, slots=True)
class Delivery:
    """`document.raw` holds everything; `findings` are about what could not be bundled into it."""

    document: FetchedDocument
    bundled: bool = False
    findings: tuple[dict[str, Any], ...] = ()


@dataclass(slots=True)
class _Counted:
    """The bytes of what was fetched, as a part of the workspace's share of `budget`."""

    budget: Budget | None
    workspace_id: WorkspaceId
    held: int = 0

    def add(self, fetched: bytes) -> None:
        """Raises what `Budget.take` raises."""
        if self.budget is not None:
            self.budget.take(self.workspace_id, len(fetched))
            self.held += len(fetched)

    def end(self) -> None:
        if self.budget is not None:
            self.budget.give(self.workspace_id, self.held)


@dataclass(slots=True)
class _Gathered:
    """Parts in the order in which they were first referred to, nearest level first."""

    room: int
    counted: _Counted
    parts: list[Part] = field(default_factory=list)
    findings: list[dict[str, Any]] = field(default_factory=list)

    def misses(self, url: str, reason: str) -> None:
        finding = PART_MISSING.at("", url=url, reason=reason.rstrip(".")).placed(1, 1)
        self.findings.append(as_data(finding))


@dataclass(frozen=True, slots=True)
class FetchDocument:
    """A document from a URL; with `bundle`, what it refers to at the same origin goes into it.

    One fetch after the other, each through egress: 50 documents and 16 MB together at most. What
    cannot be had stays a reference, and is a finding. `budget` bounds the bytes of all documents
    together; without, each import is bounded by itself only.
    """

    documents: DocumentSource
    bundler: Bundler
    budget: Budget | None = None

    @asynccontextmanager
    async def __call__(
        self, workspace_id: WorkspaceId, url: str, *, bundle: bool = False, etag: str | None = None
    ) -> AsyncIterator[Delivery]:
        """What was fetched counts in the budget until the context is left.

        An ETag names the text of one document, so a bundle is always fetched anew.
        """
        counted = _Counted(self.budget, workspace_id)
        try:
            fetched = await self.documents.fetch(workspace_id, url, etag=None if bundle else etag)
            counted.add(fetched.raw or b"")
            if fetched.raw is None or not bundle:
                yield Delivery(fetched)
            else:
                yield await self._bundled_in_time(fetched, fetched.raw, counted)
        finally:
            counted.end()

    async def _bundled_in_time(
        self, fetched: FetchedDocument, raw: bytes, counted: _Counted
    ) -> Delivery:
        try:
            async with asyncio.timeout(BUNDLING_SECONDS):
                return await self._bundled(fetched, raw, counted)
        except TimeoutError:
            raise BundlingTooLong(BUNDLING_SECONDS) from None

    async def _bundled(self, fetched: FetchedDocument, raw: bytes, counted: _Counted) -> Delivery:
        workspace_id = counted.workspace_id
        root = Part(fetched.url, fetched.url, raw)
        gathered = await self._gathered(workspace_id, root, counted)
        whole = raw
        if gathered.parts:
            whole = await self.bundler.bundle(workspace_id, root, gathered.parts)
        document = FetchedDocument(whole, media_type_of(whole), fetched.etag, fetched.url)
        return Delivery(document, bundled=True, findings=tuple(gathered.findings))

    async def _gathered(
        self, workspace_id: WorkspaceId, root: Part, counted: _Counted
    ) -> _Gathered:
        gathered = _Gathered(MAX_BYTES - len(root.raw), counted)
        known = {root.url}
        waiting = deque([(root, 0)])
        while waiting:
            part, level = waiting.popleft()
            for url in (await self._outside(workspace_id, part, root, gathered)).urls:
                if url in known:
                    continue
                known.add(url)
                _refuse_excess(len(known) - 1, level)
                found = await self._part(workspace_id, url, root, gathered)
                if found is not None:
                    waiting.append((found, level + 1))
        return gathered

    async def _outside(
        self, workspace_id: WorkspaceId, part: Part, root: Part, gathered: _Gathered
    ) -> Outside:
        found = await self.bundler.outside(workspace_id, part, root.url)
        if part is root:
            return found
        if found.unreadable:
            gathered.misses(part.url, found.unreadable)
        else:
            gathered.parts.append(part)
        return found

    async def _part(
        self, workspace_id: WorkspaceId, url: str, root: Part, gathered: _Gathered
    ) -> Part | None:
        try:
            fetched = await self.documents.fetch(workspace_id, url, max_bytes=gathered.room)
        except (ImportTooLarge, Limited, Overloaded):  # what is stored would depend on the load
            raise
        except PlatformError as refusal:
            gathered.misses(url, refusal.sentence)
            return None
        if fetched.raw is None or not same_origin(fetched.url, root.url):
            gathered.misses(url, "It leads to another origin")
            return None
        gathered.counted.add(fetched.raw)
        gathered.room -= len(fetched.raw)
        return Part(url, fetched.url, fetched.raw)


def _refuse_excess(parts: int, level: int) -> None:
    if parts > MAX_PARTS:
        raise TooManyReferences(f"{MAX_PARTS} other documents")
    if level >= MAX_LEVELS:
        raise TooManyReferences(f"{MAX_LEVELS} levels of other documents")
