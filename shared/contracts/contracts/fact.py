"""A fact: something a service already committed. Facts travel as CloudEvents 1.0 in binary mode.

How a fact evolves: adding an optional field updates its golden schema; anything else is a new class
with `version=2`, published beside the old one until nobody listens to that any more.
"""

from datetime import UTC, datetime
from secrets import token_hex
from typing import Any, ClassVar, Self
from uuid import NAMESPACE_URL, uuid5

from pydantic import BaseModel, ConfigDict, Field

from contracts.ids import FactId, WorkspaceId

FACTS: dict[str, type["Fact"]] = {}
"""Every fact by its subject."""
FACTS_STREAM = "FACTS"
"""Facts that void what others cached, or clean up: few, and every replica follows all of them."""
INVOCATIONS_STREAM = "INVOCATIONS"
"""Facts that every call publishes: many, and only the recorder takes them."""
EVERY_FACT = "fact.>"
EVERY_INVOCATION_FACT = "fact.invocation.>"


class Fact(BaseModel):
    """What consumers may rely on for ever. The attributes below travel as headers, not as data."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    name: ClassVar[str]
    label: ClassVar[str]
    """The name, with the version from the second on: unique in documents."""
    subject: ClassVar[str]
    family: ClassVar[str]
    """The subjects of all facts of its aggregate, as a wildcard."""
    stream: ClassVar[str]
    """The JetStream stream that keeps it: INVOCATIONS for what every call publishes, else FACTS."""
    publisher: ClassVar[str]
    batched: ClassVar[bool]
    """Published with every call: several may share a message, which only batch consumers take."""
    voids: ClassVar[bool]
    """Others cached what it makes void: its change is answered once this is published."""

    id: FactId = Field(default_factory=lambda: FactId(token_hex(16)), exclude=True)
    """128 random bits, or what `because` derives."""
    time: datetime = Field(default_factory=lambda: datetime.now(UTC), exclude=True)
    traceparent: str | None = Field(default=None, exclude=True)
    workspace_id: WorkspaceId

    def __init_subclass__(
        cls,
        *,
        name: str,
        by: str,
        version: int = 1,
        batched: bool = False,
        voids: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init_subclass__(**kwargs)
        cls.name, cls.publisher, cls.batched, cls.voids = name, by, batched, voids
        cls.label = name if version == 1 else f"{name}.v{version}"
        cls.subject = f"fact.{name}.v{version}"
        cls.family = f"fact.{name.partition('.')[0]}.>"
        cls.stream = INVOCATIONS_STREAM if name.startswith("invocation.") else FACTS_STREAM
        known = FACTS.setdefault(cls.subject, cls)
        if known.__qualname__ != cls.__qualname__ or known.__module__ != cls.__module__:
            raise TypeError(f"{cls.subject} is already declared, by {known.publisher}")

    @classmethod
    def because(cls, cause: "Fact | str", **fields: Any) -> Self:
        """A follow-up whose id derives from its cause: redelivered, it publishes no second fact.

        `cause` may be any stable key of what happened where no fact caused it.
        """
        key = cause if isinstance(cause, str) else cause.id
        trace = None if isinstance(cause, str) else cause.traceparent
        derived = FactId(str(uuid5(NAMESPACE_URL, f"{key}/{cls.subject}")))
        return cls(**{"id": derived, "traceparent": trace, **fields})
