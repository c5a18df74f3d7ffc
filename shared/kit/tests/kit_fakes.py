"""The kit's own neighbours, in memory: a broker that may be away, documents that carry facts."""

from dataclasses import dataclass, field

from contracts.facts import DomainsChanged
from kit.errors import BusUnavailable


def domains_changed(revision=1, workspace_id="ws_ours", **fields):
    return DomainsChanged(workspace_id=workspace_id, revision=revision, **fields)


@dataclass
class Publisher:
    """Every statement counts here, also the second of one fact; `away` refuses them all."""

    away: bool = False
    published: list = field(default_factory=list)

    async def publish(self, fact):
        if self.away:
            raise BusUnavailable
        self.published.append(fact)

    @property
    def ids(self):
        return [fact.id for fact in self.published]


@dataclass
class MemoryOutboxed:
    """`Outboxed`: documents by id, each with the facts that are not out yet."""

    name: str = "things"
    documents: dict = field(default_factory=dict)

    def add(self, id_, pending):
        """As a writer that committed a document; a second commit adds its facts."""
        kept = self.documents.setdefault(id_, {"_id": id_, "outbox": []})
        kept["outbox"] = [*kept["outbox"], *pending.get("outbox", ())]
        kept["outbox_since"] = pending["outbox_since"]

    async def left_behind(self, before, limit):
        waiting = [d for d in self.documents.values() if d.get("outbox_since", before) < before]
        return [dict(document) for document in waiting[:limit]]

    async def forget_facts(self, id_, fact_ids):
        document = self.documents[id_]
        document["outbox"] = [fact for fact in document["outbox"] if fact["id"] not in fact_ids]
        if not document["outbox"]:
            del document["outbox_since"]

    def pending_in(self, id_):
        return [fact["id"] for fact in self.documents[id_]["outbox"]]


@dataclass
class Watch:
    """`FactWatch`, told by the test what it hears and whether it hears at all."""

    in_sync: bool = True
    reactions: list = field(default_factory=list)
    forgetters: list = field(default_factory=list)

    def on(self, fact, react):
        self.reactions.append((fact, react))

    def on_lost(self, forget):
        self.forgetters.append(forget)

    async def ensure_in_sync(self):
        if not self.in_sync:
            raise BusUnavailable

    def hears(self, fact):
        for kind, react in self.reactions:
            if isinstance(fact, kind):
                react(fact)

    def loses_facts(self):
        for forget in self.forgetters:
            forget()
