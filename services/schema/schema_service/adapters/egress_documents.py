"""Documents from URLs, through the only way out: each hop of a redirect checked like a first."""

from contracts.ids import WorkspaceId
from egress import Egress, OutboundRequest, Target, follow
from schema_service.domain.errors import ImportFailed
from schema_service.domain.media_type import media_type_of
from schema_service.domain.reading.limits import MAX_BYTES
from schema_service.ports import FetchedDocument

OK, NOT_MODIFIED = 200, 304
FETCH_SECONDS = 30.0
ACCEPT = "application/yaml, application/json;q=0.9, text/*;q=0.5, */*;q=0.1"
USER_AGENT = "OpenActions/0.1.0"


class EgressDocuments:
    def __init__(self, egress: Egress) -> None:
        self._egress = egress

    async def fetch(
        self, workspace_id: WorkspaceId, url: str, etag: str | None = None
    ) -> FetchedDocument:
        headers = [("accept", ACCEPT), ("user-agent", USER_AGENT)]
        if etag:
            headers.append(("if-none-match", etag))
        followed = await follow(
            self._egress,
            OutboundRequest(
                "GET",
                Target.parse(url, self._egress.settings),
                tuple(headers),
                pool_key=f"{workspace_id}/schema_import",
                timeout_seconds=FETCH_SECONDS,
                max_bytes=MAX_BYTES,
            ),
        )
        response, final = followed.response, followed.target
        if response.status not in (OK, NOT_MODIFIED):
            raise ImportFailed(response.status)
        return FetchedDocument(
            raw=response.body if response.status == OK else None,
            media_type=media_type_of(response.body),
            etag=response.header("etag"),
            url=f"{final.scheme}://{final.authority}{final.path_and_query}",
        )
