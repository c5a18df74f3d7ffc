"""What identity's pages say where something is refused, and where one can go from there."""

from collections.abc import Sequence
from urllib.parse import urlencode

from contracts.errors import PlatformError
from identity_service.domain.member_errors import AlreadyAMember
from identity_service.domain.oidc.errors import COMPANY_SIGN_IN, CompanyRefused, SignOnEnforced
from kit.errors import status_of
from kit.html import Link, Page, PageRoute, refusal
from kit.html.route import WAYS_ON

SIGN_OUT_THERE = "/v1/session/oidc/sign-out"


def way_to_company(workspace_id: str) -> Link:
    return Link(COMPANY_SIGN_IN + workspace_id, "go_to_company")


def way_out_of_company(workspace_id: str, label: str) -> Link:
    return Link(f"{SIGN_OUT_THERE}?{urlencode({'workspace': workspace_id})}", label)


class IdentityPage(PageRoute):
    def page_of(self, error: PlatformError) -> Page:
        if isinstance(error, AlreadyAMember):
            return Page("joined_before", links=WAYS_ON, status=status_of(error))
        return refusal(error, _ways_on(error))


def _ways_on(error: PlatformError) -> Sequence[Link]:
    if isinstance(error, SignOnEnforced):
        return (way_to_company(error.workspace_id),)
    if isinstance(error, CompanyRefused) and error.workspace_id is not None:
        return (way_out_of_company(error.workspace_id, "change_account"),)
    return ()
