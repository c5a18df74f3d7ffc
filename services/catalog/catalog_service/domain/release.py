"""What one publication, or one revision of a draft, froze: calls and lists of tools read nothing
else. Who may use it is live, and not in it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from catalog_service.domain.definition import Action, Definition, Tool
from contracts.ids import GptId
from contracts.origin import origin_set_digest
from contracts.requests import ReleaseAction, ReleasePage, ReleaseTexts, ReleaseTool, Stage

PAGE_BYTES = 48 * 1024
"""Of a page's actions and tools as JSON; with its other members it fits a message."""
SLICE_CHARACTERS = 12_000
"""Of texts, at most 4 bytes each."""


@dataclass(frozen=True, slots=True)
class Release:
    gpt_id: GptId
    stage: Stage
    number: int
    """The version of what is published, the GPT's revision of a draft."""
    definition: Definition

    def page(self, offset: int) -> ReleasePage:
        """The actions and tools from there on that fit a message."""
        entries = list(self._entries())
        actions: list[ReleaseAction] = []
        tools: list[ReleaseTool] = []
        end, size = offset, 0
        for entry in entries[offset:]:
            size += len(entry.model_dump_json().encode()) + 1
            if size > PAGE_BYTES and end > offset:
                break
            if isinstance(entry, ReleaseAction):
                actions.append(entry)
            else:
                tools.append(entry)
            end += 1
        return ReleasePage(
            gpt_id=self.gpt_id,
            stage=self.stage,
            number=self.number,
            name=self.definition.name,
            actions=tuple(actions),
            tools=tuple(tools),
            next_offset=end if end < len(entries) else None,
        )

    def _entries(self) -> Iterator[ReleaseAction | ReleaseTool]:
        for action in self.definition.actions:
            yield _action(action)
        for action in self.definition.actions:
            for tool in action.tools:
                yield _tool(action, tool)

    def texts(self, offset: int) -> ReleaseTexts:
        """A slice of the description, instructions and starters."""
        definition = self.definition
        text = json.dumps(
            {
                "description": definition.description,
                "instructions": definition.instructions,
                "starters": definition.starters,
            },
            ensure_ascii=False,
        )
        end = offset + SLICE_CHARACTERS
        return ReleaseTexts(
            number=self.number,
            text=text[offset:end],
            next_offset=end if end < len(text) else None,
        )


def _action(action: Action) -> ReleaseAction:
    return ReleaseAction(
        action_id=action.id,
        name=action.name,
        schema_id=action.schema_id,
        origin_set=origin_set_digest(action.origins),
        privacy_policy_url=action.public_policy_url,
    )


def _tool(action: Action, tool: Tool) -> ReleaseTool:
    return ReleaseTool(
        name=tool.name,
        action_id=action.id,
        operation=tool.operation,
        source_digest=tool.source_digest,
        origin=tool.origin,
        method=tool.method,
        consequential=tool.consequential,
        anonymous=tool.anonymous,
        server=tool.server,
    )
