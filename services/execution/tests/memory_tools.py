"""The tools of one GPT, in memory."""

import asyncio
from dataclasses import dataclass, field, replace

from contracts.access import GptAccess
from contracts.requests import Stage
from execution_service.domain.admission import NO_NAMES
from execution_service.domain.errors import GptNotFound, OperationNotFound
from execution_service.domain.release import Release
from execution_service.domain.tool_text import ToolText
from services.execution.tests.fakes import ORIGIN, SHARED, VoidableValue


@dataclass
class MemoryTools:
    """`Accesses`, `Releases`, `ToolTexts` and `Credentials`: one GPT whose tools are called at
    ORIGIN.

    `texts` says by name what is another definition, or why there is none; `credentials` where the
    credential goes, or why nobody says, by the GPT's workspace, the caller's, action and origin.
    """

    tools: tuple = ()
    number: int = 3
    access: GptAccess = SHARED
    asked_anew: int = 0
    texts: dict = field(default_factory=dict)
    at_once: int = 0
    most_at_once: int = 0
    while_reading: object = lambda: None
    credentials: dict = field(default_factory=dict)
    wordings: list = field(default_factory=list)

    def release(self):
        return Release.of("gpt_1", Stage.PUBLISHED, self.number, self.tools)

    @property
    def accesses(self):
        return AccessOfTools(self)

    async def read(self, workspace_id, gpt_id, stage):
        if not self.tools or (workspace_id, gpt_id) != ("ws_1", "gpt_1"):
            raise GptNotFound
        return replace(self.release(), stage=stage)

    async def places(self, gpt_workspace_id, workspace_id, tool, origin):
        asked = (gpt_workspace_id, workspace_id, tool.action_id, origin)
        found = self.credentials.get(asked, NO_NAMES)
        if isinstance(found, Exception):
            raise found
        return found

    async def find(self, workspace_id, tool, wording):
        assert workspace_id == "ws_1"
        self.wordings.append(wording)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.while_reading()
        await asyncio.sleep(0)
        self.at_once -= 1
        text = self.texts.get(tool.name, ToolText(b'{"name":"%s"}' % tool.name.encode(), 1, ORIGIN))
        if isinstance(text, Exception):
            raise text
        return text


@dataclass
class AccessOfTools:
    tools: MemoryTools

    async def find(self, workspace_id, gpt_id):
        if (workspace_id, gpt_id) != ("ws_1", "gpt_1"):
            raise OperationNotFound
        self.tools.accessed = VoidableValue(self.tools.access)
        return self.tools.accessed

    async def find_anew(self, workspace_id, gpt_id):
        self.tools.asked_anew += 1
        return await self.find(workspace_id, gpt_id)
