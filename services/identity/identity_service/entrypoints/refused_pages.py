"""What identity's pages say where something is refused, and where one can go from there."""

from collections.abc import Sequence
from urllib.parse import urlencode

from contracts.errors import PlatformError
from identity_service.domain.member_errors import AlreadyAMember
from identity_service.domain.oidc.errors import CompanyRefused, SignOnEnforced
from identity_service.entrypoints.page_hints import HINTS
from kit.errors import status_of
from kit.html import Link, Page, PageRoute, refusal
from kit.html.route import WAYS_ON

OIDC = "/v1/session/oidc"


def way_to_company(workspace_id: str) -> Link:
    return Link(_about(workspace_id, OIDC), "go_to_company")


def way_out_of_company(workspace_id: str, label: str) -> Link:
    return Link(_about(workspace_id, f"{OIDC}/sign-out"), label)


def _about(workspace_id: str, page: str) -> str:
    return f"{page}?{urlencode({'workspace': workspace_id})}"


class IdentityPage(PageRoute):
    hints = HINTS

    def page_of(self, error: PlatformError) -> Page:
        if isinstance(error, AlreadyAMember):
            return Page("joined_before", links=WAYS_ON, status=status_of(error))
        return refusal(error, self.hints, _ways_on(error))


def _ways_on(error: PlatformError) -> Sequence[Link]:
    if isinstance(error, SignOnEnforced):
        return (way_to_company(error.workspace_id),)
    if isinstance(error, CompanyRefused) and error.workspace_id is not None:
        return (way_out_of_company(error.workspace_id, "change_account"),)
    return ()
