from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict, Field

from contracts.requests import Stage
from contracts.tool_forms.definition import Flavour
from execution_service.domain.tool_page import MAX_TOOLS, ToolPage
from kit.pages import cursor_after


class ToolsQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    gpt_id: str = Field(min_length=1, max_length=64)
    stage: Stage = Field(
        default=Stage.PUBLISHED, description="`draft` is for those who may edit the GPT."
    )
    format: Flavour = Flavour.OPENAI
    strict: bool = Field(default=False, description="OpenAI's structured form, where possible.")
    limit: int = Field(
        default=MAX_TOOLS, ge=1, le=MAX_TOOLS, description="A page also ends before 1 MiB."
    )
    cursor: str | None = Field(default=None, max_length=200)


class LeftOutView(BaseModel):
    """A tool that nobody can call at the moment, and the refusal that a call gets."""

    name: str
    code: str
    detail: str
    hint: str


class ToolListView(BaseModel):
    """`tools` are as the model's API takes them. All pages are of one `release`."""

    gpt_id: str
    stage: Stage
    release: int = Field(description="The version of what is published, the draft's revision.")
    tools: list[dict[str, Any]]
    tokens: int = Field(description="Of all tools on this page together (estimated).")
    left_out: list[LeftOutView]
    next_cursor: str | None = Field(
        default=None, description="For the following ones; null on the last."
    )


def tool_list_json(page: ToolPage) -> bytes:
    """A `ToolListView`: its items are JSON text already."""
    return orjson.dumps(
        {
            "gpt_id": page.gpt_id,
            "stage": page.stage,
            "release": page.number,
            "tools": [orjson.Fragment(text) for text in page.tools],
            "tokens": page.tokens,
            "left_out": [orjson.Fragment(text) for text in page.left_out],
            "next_cursor": cursor_after(None if page.after is None else str(page.after)),
        }
    )
