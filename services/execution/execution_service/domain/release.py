"""What a GPT offers to calls: the tools of one release (`contracts.requests.catalog`)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from contracts.ids import ActionId, GptId, SchemaId
from contracts.requests import Stage
from execution_service.domain.errors import OperationNotFound


@dataclass(frozen=True, slots=True)
class Tool:
    name: str
    """Unique in the GPT."""
    action_id: ActionId
    schema_id: SchemaId
    operation: str
    """Its name in the schema."""
    source_digest: str
    origin: str
    """As it was when the action was bound; empty where that is not known."""
    origin_set: str
    """All origins of its action (`contracts.origin.origin_set_digest`)."""
    server: str = ""
    """The base URL that the action's binding chose; empty: as the operation is compiled."""
    method: str = ""
    """Empty of a tool that a release before stored."""

    @property
    def source(self) -> tuple[ActionId, SchemaId, str, str]:
        """What is called, whatever models call it."""
        return self.action_id, self.schema_id, self.operation, self.server


@dataclass(frozen=True, slots=True)
class Release:
    """Immutable, as its number is."""

    gpt_id: GptId
    stage: Stage
    number: int
    tools: Mapping[str, Tool]
    by_operation: Mapping[tuple[ActionId, str], Tool]
    actions: frozenset[ActionId]

    @classmethod
    def of(cls, gpt_id: GptId, stage: Stage, number: int, tools: Iterable[Tool]) -> Self:
        each = tuple(tools)
        return cls(
            gpt_id,
            stage,
            number,
            {tool.name: tool for tool in each},
            {(tool.action_id, tool.operation): tool for tool in each},
            frozenset(tool.action_id for tool in each),
        )

    def tool(self, name: str, action_id: ActionId | None) -> Tool:
        """By its own name, or by its operation's name with its action. `OperationNotFound`."""
        tool = self.tools.get(name) if action_id is None else None
        if action_id is not None:
            tool = self.by_operation.get((action_id, name)) or self._of_action(name, action_id)
        if tool is None:
            raise OperationNotFound
        return tool

    def has(self, action_id: ActionId) -> bool:
        """Whether it has the action, with whatever tools."""
        return action_id in self.actions

    def _of_action(self, name: str, action_id: ActionId) -> Tool | None:
        tool = self.tools.get(name)
        return tool if tool is not None and tool.action_id == action_id else None
