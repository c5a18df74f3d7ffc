"""The kit's own neighbours, in memory: a broker that may be away, documents that carry facts."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from contracts.facts import DomainsChanged, SchemaStored
from kit.errors import BusUnavailable, DatabaseRefused, FactRefused


def schema_stored(revision=1):
    """A fact that voids nothing that anybody cached."""
    return SchemaStored(workspace_id="ws_ours", schema_id="sch_1", valid=True, operations=revision)


def domains_changed(revision=1, workspace_id="ws_ours", **fields):
    return DomainsChanged(workspace_id=workspace_id, revision=revision, **fields)


@dataclass
class Publisher:
    """Every publication counts here, also the second of one fact.

    `away` answers nobody, connected or not; `refused` and `unanswered` hold ids of facts, `silent`
    subjects of which none is answered.
    """

    away: bool = False
    connected: bool = True
    refused: set = field(default_factory=set)
    unanswered: set = field(default_factory=set)
    silent: set = field(default_factory=set)
    published: list = field(default_factory=list)
    attempts: list = field(default_factory=list)

    async def publish(self, fact):
        self.attempts.append(fact.id)
        if self.away or fact.subject in self.silent or fact.id in self.unanswered:
            raise BusUnavailable
        if fact.id in self.refused:
            raise FactRefused
        self.published.append(fact)

    @property
    def ids(self):
        return [fact.id for fact in self.published]


@dataclass
class MemoryOutboxed:
    """`Outboxed`: documents by id, each with the facts that are not out yet."""

    name: str = "things"
    documents: dict = field(default_factory=dict)
    unchangeable: set = field(default_factory=set)
    """Ids of documents of which the database refuses every change."""

    def commit(self, id_, packed):
        """As a writer does; a second commit adds its facts. The document as it is then."""
        kept = self.documents.setdefault(id_, {"_id": id_, "revision": 0, "outbox": []})
        kept["revision"] += 1
        kept["outbox"] = [*kept["outbox"], *packed]
        kept.setdefault("outbox_since", datetime.now(UTC))
        return dict(kept)

    async def left_behind(self, grace):
        before = datetime.now(UTC) - grace
        for document in list(self.documents.values()):
            if document.get("outbox_since", before) < before:
                yield dict(document)

    async def forget_facts(self, id_, fact_ids):
        if id_ in self.unchangeable:
            raise DatabaseRefused("DocumentValidationFailure", 121)
        document = self.documents[id_]
        document["outbox"] = [fact for fact in document["outbox"] if fact["id"] not in fact_ids]
        if not document["outbox"]:
            document.pop("outbox_since", None)

    def pending_in(self, id_):
        return [fact["id"] for fact in self.documents[id_]["outbox"]]


@dataclass
class Watch:
    """`FactWatch`; the test decides what it receives, and whether it is in sync."""

    in_sync: bool = True
    reactions: list = field(default_factory=list)
    forgetters: list = field(default_factory=list)

    @property
    def in_sync_until(self):
        return float("inf" if self.in_sync else "-inf")

    def on(self, fact, react):
        self.reactions.append((fact, react))

    def on_lost(self, forget):
        self.forgetters.append(forget)

    async def ensure_in_sync(self):
        if not self.in_sync:
            raise BusUnavailable

    def receives(self, fact):
        for kind, react in self.reactions:
            if isinstance(fact, kind):
                react(fact)

    def loses_facts(self):
        for forget in self.forgetters:
            forget()
