"""Stand-ins for the ports about access tokens of actions."""

from collections import deque
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl

from oauth_clients import answered

from auth_service.domain.oauth.errors import UrlInvalid
from auth_service.domain.service_token import ServiceToken
from kit.documents import Overtaken


@dataclass
class MemoryServiceTokens:
    """`ServiceTokens` in memory; the contract suite runs against it too."""

    stored: dict[str, ServiceToken] = field(default_factory=dict)

    async def find(self, workspace_id, action_id, revision):
        return await self.again(ServiceToken(workspace_id, action_id, revision))

    async def again(self, seen):
        found = self.stored.get(seen.id)
        if found is None or found.workspace_id != seen.workspace_id:
            return ServiceToken(seen.workspace_id, seen.action_id, seen.revision)
        return found

    async def replace(self, seen, changed):
        found = self.stored.get(seen.id)
        if (found.version if found else 0) != seen.version:
            raise Overtaken
        if found and changed.sealed == seen.sealed != found.sealed:
            raise Overtaken
        self.stored[seen.id] = replace(changed, version=seen.version + 1)

    async def keep_only(self, workspace_id, action_id, revisions):
        for id_, found in [*self.stored.items()]:
            mine = (found.workspace_id, found.action_id) == (workspace_id, action_id)
            if mine and found.revision not in revisions:
                del self.stored[id_]


@dataclass
class ScriptedEndpoint:
    """`TokenEndpoint` that answers in turn what `answers` holds, then a token of its own."""

    answers: deque = field(default_factory=deque)
    """Answers, exceptions, or functions that are awaited for one of these."""
    lifetime: int | None = 3_600
    requests: list = field(default_factory=list)
    refused_hosts: tuple[str, ...] = ("internal.example.com",)

    def ensure_callable(self, url, name):
        if any(host in url for host in self.refused_hosts):
            raise UrlInvalid(name, "This host cannot be called.")

    async def send(self, request, pool_key):
        self.requests.append(request)
        answer = self.answers.popleft() if self.answers else self._token()
        if callable(answer):
            answer = await answer()
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def forms(self):
        return [dict(parse_qsl(request.body.decode())) for request in self.requests]

    def _token(self):
        more = {} if self.lifetime is None else {"expires_in": self.lifetime}
        return answered({"access_token": f"token-{len(self.requests)}-of-the-action", **more})
