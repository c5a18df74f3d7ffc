from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response

from contracts.principal import Principal, Scope
from kit.caller import requires
from kit.documents import ChangedMeanwhile, Overtaken
from kit.errors import NotInForce
from kit.etags import etag_of, revision_of
from kit.pages import CursorInvalid, PageRequest, PageView, PartOfText, page_request
from kit.problems import problems
from policy_service.app import PolicyApp
from policy_service.domain.domain_rules import DomainRules
from policy_service.domain.errors import DomainNotListed, TooManyDomains
from policy_service.entrypoints.views import (
    DomainBody,
    DomainRulesBody,
    DomainRulesView,
    DomainView,
)

router = APIRouter(prefix="/v1/domains", tags=["domains"])


def policy(request: Request) -> PolicyApp:
    app: PolicyApp = request.app.state.app
    return app


App = Annotated[PolicyApp, Depends(policy)]
Reader = Annotated[Principal, Depends(requires(Scope.DOMAINS_READ))]
Ruler = Annotated[Principal, Depends(requires(Scope.DOMAINS_WRITE))]
Page = Annotated[PageRequest, Depends(page_request)]
IfMatch = Annotated[str | None, Header(description="The ETag that this change is based on.")]


@router.get("")
async def read_domains(reader: Reader, app: App, response: Response) -> DomainRulesView:
    """The domains that this workspace's actions may call."""
    return _shown(await app.rules.in_force(reader.workspace_id), response)


@router.get("/entries", responses=problems(CursorInvalid))
async def list_domains(
    reader: Reader,
    app: App,
    page: Page,
    q: Annotated[PartOfText, Query(description="Part of a domain, in either case.")] = "",
) -> PageView[DomainView]:
    """The entries of the list one by one, in alphabetical order."""
    found = await app.list_domains(reader.workspace_id, page.limit, page.after, q)
    return page.view_of([DomainView(domain=each) for each in found], found)


@router.put("", responses=problems(TooManyDomains, ChangedMeanwhile, Overtaken, NotInForce))
async def replace_domains(
    body: DomainRulesBody, ruler: Ruler, app: App, response: Response, if_match: IfMatch = None
) -> DomainRulesView:
    """Set all rules at once. In force everywhere within a second."""
    expected = revision_of(if_match)
    rules = await app.replace_domains(ruler.workspace_id, body.mode, body.domains, expected)
    return _shown(rules, response)


@router.post("", responses=problems(TooManyDomains, ChangedMeanwhile, Overtaken, NotInForce))
async def allow_domain(
    body: DomainBody, ruler: Ruler, app: App, response: Response, if_match: IfMatch = None
) -> DomainRulesView:
    """Allow one domain and its subdomains."""
    expected = revision_of(if_match)
    return _shown(await app.allow_domain(ruler.workspace_id, body.domain, expected), response)


@router.delete(
    "/{domain}", responses=problems(DomainNotListed, ChangedMeanwhile, Overtaken, NotInForce)
)
async def disallow_domain(
    domain: Annotated[str, Path(max_length=1_000)],
    ruler: Ruler,
    app: App,
    response: Response,
    if_match: IfMatch = None,
) -> DomainRulesView:
    """Take one domain off the list."""
    expected = revision_of(if_match)
    return _shown(await app.disallow_domain(ruler.workspace_id, domain, expected), response)


def _shown(rules: DomainRules, response: Response) -> DomainRulesView:
    response.headers["etag"] = etag_of(rules.revision)
    return DomainRulesView.of(rules)
