"""Several tools as a model is given them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import orjson

from contracts.operation import Operation
from contracts.tool_forms.definition import Flavour, tool_for
from schema_service.domain.json_list import JsonList


@dataclass(frozen=True, slots=True)
class Toolbox:
    """`tools` are `ToolForm`s, `tokens` is their estimated size together.

    `last` is the name of the last one where more follow.
    """

    tools: JsonList
    tokens: int
    last: str | None = None

    def followed_by(self, last: str | None) -> "Toolbox":
        return replace(self, last=last)


def toolbox(compiled: Sequence[bytes], flavour: Flavour, *, strict: bool) -> Toolbox:
    """Of compiled operations as JSON texts, in their order."""
    operations = [Operation.model_validate(orjson.loads(text)) for text in compiled]
    tools = [tool_for(each.name, each, flavour, strict=strict) for each in operations]
    return Toolbox(JsonList.of(tools), sum(tool.tokens for tool in tools))
