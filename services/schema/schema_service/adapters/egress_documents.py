"""Documents from URLs, through the only way out: each hop of a redirect checked like a first."""

from functools import partial

from contracts.errors import PlatformError
from contracts.ids import WorkspaceId
from contracts.origin import host_of
from egress import Egress, Followed, OutboundRequest, ResponseTooLarge, Target, follow
from schema_service.domain.errors import ImportFailed, ImportTooLarge, ImportUnavailable
from schema_service.domain.media_type import media_type_of
from schema_service.domain.reading.limits import MAX_BYTES
from schema_service.ports import FetchedDocument, WorkspaceHosts

OK, NOT_MODIFIED = 200, 304
REQUEST_TIMEOUT, TOO_MANY_REQUESTS, SERVER_ERROR = 408, 429, 500
FETCH_SECONDS = 30.0
ACCEPT = "application/yaml, application/json;q=0.9, text/*;q=0.5, */*;q=0.1"
USER_AGENT = "OpenActions/0.1.0"


class EgressDocuments:
    """An origin that the operator allowed is fetched from where the workspace lists its host
    (decision 30). Public ones need no list.
    """

    def __init__(self, egress: Egress, hosts: WorkspaceHosts | None) -> None:
        """`hosts` is None outside a platform, where there are no workspaces."""
        self._egress = egress
        self._hosts = hosts

    async def fetch(
        self,
        workspace_id: WorkspaceId,
        url: str,
        *,
        etag: str | None = None,
        max_bytes: int = MAX_BYTES,
    ) -> FetchedDocument:
        headers = [("accept", ACCEPT), ("user-agent", USER_AGENT)]
        if etag:
            headers.append(("if-none-match", etag))
        request = OutboundRequest(
            "GET",
            Target.parse(url, self._egress.settings),
            tuple(headers),
            pool_key=f"{workspace_id}/schema_import",
            share_key=workspace_id,
            timeout_seconds=FETCH_SECONDS,
            max_bytes=max_bytes,
        )
        if max_bytes <= 0:
            raise ImportTooLarge(url, 0)
        try:
            listed = partial(self._refuse_unlisted, workspace_id)
            followed = await follow(self._egress, request, before=listed)
        except ResponseTooLarge:
            raise ImportTooLarge(url, max_bytes) from None
        return _fetched(followed, asked_if_changed=etag is not None)

    async def _refuse_unlisted(self, workspace_id: WorkspaceId, target: Target) -> None:
        if self._hosts is not None and self._egress.settings.allows_origin(target.origin):
            await self._hosts.refuse_unlisted(workspace_id, host_of(target.origin))


def _fetched(followed: Followed, *, asked_if_changed: bool) -> FetchedDocument:
    response, final = followed.response, followed.target
    unchanged = asked_if_changed and response.status == NOT_MODIFIED
    if response.status != OK and not unchanged:
        raise _refusal(response.status)
    return FetchedDocument(
        raw=None if unchanged else response.body,
        media_type=media_type_of(response.body),
        etag=response.header("etag"),
        url=f"{final.scheme}://{final.authority}{final.path_and_query}",
    )


def _refusal(status: int) -> PlatformError:
    """Unavailable where the server is busy or failing, and another attempt may succeed."""
    if status in (REQUEST_TIMEOUT, TOO_MANY_REQUESTS) or status >= SERVER_ERROR:
        return ImportUnavailable(status)
    return ImportFailed(status)
