import asyncio
from dataclasses import dataclass

from contracts.access import GptAccess, Permitted
from contracts.errors import Kind, PlatformError
from contracts.ids import GptId, WorkspaceId
from contracts.principal import Principal
from contracts.requests import Stage
from execution_service.domain.admission import NO_NAMES, ReservedNames
from execution_service.domain.errors import (
    GptNotFound,
    OperationMoved,
    OperationNotFound,
    ToolsChanged,
)
from execution_service.domain.release import Release, Tool
from execution_service.domain.tool_page import MAX_TOOLS, Position, ToolPage
from execution_service.domain.tool_text import OPENAI, LeftOut, ToolText, Wording
from execution_service.domain.voidable import Voidable
from execution_service.ports import Accesses, Credentials, Releases, ToolTexts
from execution_service.usecases.steps.find_access import find_access
from execution_service.usecases.steps.resolve import VERB_OF_STAGE

READS_AT_ONCE = 8
"""Operations that one list asks schema for at the same time."""
_PASSING = frozenset({Kind.LIMITED, Kind.UNAVAILABLE})


@dataclass(frozen=True, slots=True)
class WantedTools:
    principal: Principal
    gpt_workspace_id: WorkspaceId
    """Whose GPT it is; the principal's own, as in `WantedCall`."""
    gpt_id: GptId
    stage: Stage = Stage.PUBLISHED
    wording: Wording = OPENAI
    limit: int = MAX_TOOLS
    after: Position | None = None


@dataclass(frozen=True, slots=True)
class ListTools:
    """What a GPT offers to a model: the tools of a release, by the names that calls take.

    For whoever may call them, at that stage. A tool that nobody can call at the moment, whatever
    the arguments, is left out, with the refusal that its call would get; while that cannot be
    known, the whole list is refused, because a model that is given fewer tools goes on without.
    An argument that the action's credential fills is not asked for: no call may give it. Verdicts
    of policy, and whether the action can sign in, are about calls and change nothing here.
    """

    accesses: Accesses
    releases: Releases
    texts: ToolTexts
    credentials: Credentials

    async def __call__(self, wanted: WantedTools) -> ToolPage:
        access = await self._permitted(wanted)
        release = await self.releases.read(wanted.gpt_workspace_id, wanted.gpt_id, wanted.stage)
        page = await self._page(wanted, release)
        if not access.holds():  # it took a while: operations were read meanwhile
            await self._permitted(wanted)
        return page

    async def _permitted(self, wanted: WantedTools) -> Voidable[GptAccess]:
        """Before the release is read: without access the refusal is that of an unknown GPT."""
        verb = VERB_OF_STAGE[wanted.stage]
        try:
            access, allowed = await find_access(
                self.accesses, wanted.principal, verb, wanted.gpt_workspace_id, wanted.gpt_id
            )
        except OperationNotFound:
            raise GptNotFound from None
        if isinstance(allowed, Permitted):
            return access
        raise GptNotFound if allowed.kind is Kind.NOT_FOUND else allowed.error()

    async def _page(self, wanted: WantedTools, release: Release) -> ToolPage:
        begun = _offset(release, wanted.after)
        tools, page = [*release.tools.values()], ToolPage.of(release)
        chosen = tools[begun : begun + wanted.limit]
        for first in range(0, len(chosen), READS_AT_ONCE):
            some = chosen[first : first + READS_AT_ONCE]
            found = await asyncio.gather(*(self._found(wanted, tool) for tool in some))
            if not all(page.takes(each) for each in found):
                break
        page.ends(begun, tools)
        return page

    async def _found(self, wanted: WantedTools, tool: Tool) -> ToolText | LeftOut:
        try:
            return await self._text(wanted, tool)
        except PlatformError as why:
            if why.kind in _PASSING:
                raise
            return LeftOut.of(tool.name, why)

    async def _text(self, wanted: WantedTools, tool: Tool) -> ToolText | LeftOut:
        workspace_id, wording = wanted.gpt_workspace_id, wanted.wording
        found = await self.texts.find(workspace_id, tool, wording)
        if isinstance(found, LeftOut):
            return found
        if tool.origin not in ("", found.origin):
            raise OperationMoved(tool.origin, found.origin)
        reserved = await self._reserved(wanted, tool, found)
        if not reserved:
            return found
        return await self.texts.find(workspace_id, tool, wording._replace(reserved=reserved))

    async def _reserved(self, wanted: WantedTools, tool: Tool, found: ToolText) -> ReservedNames:
        if not found.places:
            return NO_NAMES
        workspace_id = wanted.principal.workspace_id
        try:
            places = await self.credentials.places(
                wanted.gpt_workspace_id, workspace_id, tool, found.origin
            )
        except PlatformError as why:
            if why.kind in _PASSING:
                raise
            return NO_NAMES
        return found.places & {(location, name.casefold()) for location, name in places}


def _offset(release: Release, after: Position | None) -> int:
    if after is None:
        return 0
    if not after.is_in(release):
        raise ToolsChanged
    return after.offset
