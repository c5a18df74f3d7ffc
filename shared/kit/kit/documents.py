"""Documents of repositories: a workspace scope that no query can leave out, and facts that commit
with the state they are about.

Every document reads `{_id, workspace_id, revision, v, state, writes?, outbox?, outbox_since?,
removed?, settled?, fence?}`. The state is the service's, in the form that the collection's codec
gives it; the rest is kept here. `writes` has the ids of the last few writes (decision 36). Times
are the database's. What is removed stays as a tombstone without a state, `settled` once its facts
are out, and expires then. Nobody else reaches the driver's collection.
"""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, Protocol, TypeVar

from motor.motor_asyncio import AsyncIOMotorCollection
from pymongo import ASCENDING, DESCENDING

from contracts.ids import WorkspaceId
from kit.across_workspaces import EPOCH, AcrossWorkspaces
from kit.codec import Codec
from kit.indexes import Index, drop_what_deletes, migrate
from kit.mongo import Database, Document, driver_errors
from kit.outbox import SWEEP_BATCH, Outbox
from kit.retention import REMOVED_FOR, TOMBSTONE_LIFE, Expires, Retention
from kit.stored import Stored
from kit.workspace_documents import CLOSED, ChangedMeanwhile, Overtaken, WorkspaceDocuments

__all__ = [
    "ChangedMeanwhile",
    "Collection",
    "Overtaken",
    "Repository",
    "Stored",
    "SweptBy",
    "Unique",
    "WorkspaceDocuments",
]

T = TypeVar("T")
LEFT_BEHIND = {"outbox": True, "outbox_since": True, "removed": True}


class Repository(Protocol):
    """What the chassis needs of a repository: its collections' indexes, made at start."""

    @property
    def collections(self) -> Sequence["Collection[Any]"]: ...


@dataclass(frozen=True, slots=True)
class Unique:
    """A unique index over members of the state, within a workspace (or across all)."""

    members: tuple[str, ...]
    across_workspaces: bool = False


@dataclass(frozen=True, slots=True)
class SweptBy:
    """Background work finds documents of all workspaces by this date, where members are so."""

    date: str
    where: Mapping[str, Any] = field(default_factory=dict)


SETTLED = Index("settled", (("settled", ASCENDING),), expire_after=TOMBSTONE_LIFE)
"""By which tombstones expire; it has an entry for every document."""


@dataclass(frozen=True, kw_only=True)
class Collection(Generic[T]):
    """One kind of document. Reach it by `within(workspace)`; `across_workspaces` needs a reason."""

    database: Database
    name: str
    outbox: Outbox
    codec: Codec[T]
    kept: Retention
    unique: tuple[Unique, ...] = ()
    listed_by: tuple[str, ...] = ()
    """Members by which a workspace's documents are found and listed, newest first."""
    counted_by: tuple[tuple[str, ...], ...] = ()
    """Members that documents have together which are counted by the span of their ids
    (`Reading.count_between`); for a single one `listed_by` is enough."""
    filtered_by: tuple[str, ...] = ()
    """Members that a list may look at in each document, without an index of their own."""
    found_by: tuple[str, ...] = ()
    """Members by which documents of all workspaces are found (`AcrossWorkspaces.all_by`)."""
    swept_by: tuple[SweptBy, ...] = ()
    swept_below: tuple[str, ...] = ()
    """Members with a whole number, which background work raises (`AcrossWorkspaces.below`)."""
    only_recorded: bool = False
    """Whether all is written by `AcrossWorkspaces.record`: no facts, nothing removed one by one."""
    reuses_ids: bool = False
    """Whether an id that was removed may be added again at once; its revisions then go on."""
    replaced_indexes: tuple[str, ...] = ()
    """Names under which earlier releases had indexes that are no longer wanted."""
    _raw: AsyncIOMotorCollection[Document] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_raw", self.database[self.name])
        self.outbox.serve(self)

    @property
    def indexes(self) -> list[Index]:
        mine = (("workspace_id", ASCENDING),)
        newest_first = (("_id", DESCENDING),)
        indexes = [
            Index("newest", (*mine, ("removed", ASCENDING), *newest_first)),
            Index("outbox", (("outbox_since", ASCENDING),), sparse=True),
            *(() if self.only_recorded else (SETTLED,)),
            Index(  # what commit b35d436 left of the few that it removed, which is not settled
                "removed",
                (("removed", ASCENDING),),
                partial={"removed": {"$type": "date"}, "outbox": None},
                expire_after=REMOVED_FOR,
            ),
        ]
        for unique in self.unique:
            keys = tuple((f"state.{member}", ASCENDING) for member in unique.members)
            scope = () if unique.across_workspaces else mine
            # Not sparse: a removed document, whose state is gone, would still hold a place.
            present = {f"state.{member}": {"$exists": True} for member in unique.members}
            meaning = _meaning("unique", *unique.members)
            indexes.append(Index(meaning, (*scope, *keys), unique=True, partial=present))
        # A filter names `removed` unless all is only recorded (`Reading`), and the embedded
        # database takes an index only where the filter names each of its first members.
        here = () if self.only_recorded else (("removed", ASCENDING),)
        for member in self.listed_by:
            by = (*mine, *here, (f"state.{member}", ASCENDING), *newest_first)
            indexes.append(Index(_meaning("listed_by", member), by))
        for members in self.counted_by:
            keys = tuple((f"state.{member}", ASCENDING) for member in members)
            together = (*mine, *here, *keys, *newest_first)
            indexes.append(Index(_meaning("counted_by", *members), together))
        for member in self.found_by:
            everywhere = ((f"state.{member}", ASCENDING), ("_id", ASCENDING))
            indexes.append(Index(_meaning("found_by", member), everywhere))
        indexes += [self.index_of_sweep(sweep.date, sweep.where) for sweep in self.swept_by]
        for member in self.swept_below:
            by_number = ((f"state.{member}", ASCENDING), ("_id", ASCENDING))
            indexes.append(Index(_meaning("swept_below", member), by_number))
        if isinstance(self.kept, Expires):
            date = ((f"state.{self.kept.member}", ASCENDING),)
            meaning = _meaning("expires", self.kept.member)
            indexes.append(Index(meaning, date, expire_after=self.kept.after))
        return indexes

    def index_of_sweep(self, member: str, where: Mapping[str, Any]) -> Index:
        """By this date, of documents whose members are so (`SweptBy`)."""
        partial = {f"state.{name}": value for name, value in where.items()}
        date = ((f"state.{member}", ASCENDING),)
        return Index(_meaning("swept_by", member), date, partial=partial or None)

    @property
    def expiring(self) -> dict[str, timedelta]:
        """By which dates documents expire, as paths from their root, and how long after.

        What commit b35d436 removed is left out: to find it, the embedded database would read
        everything.
        """
        return {
            index.keys[0][0]: index.expire_after
            for index in self.indexes
            if index.expire_after is not None and not index.partial
        }

    async def ensure_indexes(self, *, expiring: bool = True) -> int:
        """Make what is missing, drop what is replaced; returns how many were made.

        Without `expiring` no index deletes documents, those of an earlier start included.
        """
        of_drivers = (f"workspace_id_1_state.{member}_1" for member in self.listed_by)
        settled = (SETTLED.name, SETTLED.dated.name) if self.only_recorded else ()
        replaced = frozenset((*of_drivers, *settled, *self.replaced_indexes))
        wanted = self.indexes
        if not expiring:
            await drop_what_deletes(self._raw)
            wanted = [index.dated if index.expire_after else index for index in wanted]
        return await migrate(self._raw, wanted, replaced)

    def within(
        self, workspace_id: WorkspaceId, *, fence: int | None = None
    ) -> WorkspaceDocuments[T]:
        """With a fence (`kit.leases`), it changes only what no later holder has changed."""
        return WorkspaceDocuments(self, workspace_id, fence)

    @property
    def across_workspaces(self) -> AcrossWorkspaces[T]:
        """For background work, and for what is not yet known whose it is."""
        return AcrossWorkspaces(self)

    def stored(self, document: Document) -> Stored[T]:
        return Stored(
            document["_id"],
            WorkspaceId(document["workspace_id"]),
            document["revision"],
            self.codec.read(document["state"], document.get("v", 1)),
        )

    def document(self, id_: str, workspace_id: WorkspaceId, state: T) -> Document:
        """A new one, without facts."""
        return {
            "_id": id_,
            "workspace_id": workspace_id,
            "revision": 1,
            "v": self.codec.version,
            "state": self.codec.write(state),
        }

    async def left_behind(self, grace: timedelta) -> AsyncGenerator[Document, None]:
        """Documents with facts that wait longer than that, across workspaces, oldest first.

        By the database's clock, which is read only where something waits.
        """
        before: datetime | None = None
        with driver_errors():
            found = self._raw.find({"outbox_since": {"$gt": EPOCH}}, LEFT_BEHIND)
            async for document in found.sort("outbox_since", ASCENDING).batch_size(SWEEP_BATCH):
                before = before or await self.now() - grace
                if document["outbox_since"] > before:
                    return
                yield dict(document)

    async def now(self) -> datetime:
        """By the database's clock."""
        hello = await self.database.command("hello", codec_options=self._raw.codec_options)
        now: datetime = hello["localTime"]
        return now.replace(tzinfo=UTC)

    async def forget_facts(self, id_: str, fact_ids: Sequence[str]) -> None:
        """These facts are out."""
        out = {"$in": ["$$fact.id", [*fact_ids]]}
        facts = {"$ifNull": ["$outbox", []]}
        left = {"$filter": {"input": facts, "as": "fact", "cond": {"$not": [out]}}}
        with driver_errors(writing=True):
            await self._raw.update_one({"_id": id_}, [{"$set": {"outbox": left}}, CLOSED])


def _meaning(*words: str) -> str:
    return "_".join(words).replace(".", "_")
