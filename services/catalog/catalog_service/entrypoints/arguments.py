"""What the catalog's routes take: who asks, for which thing, and on which reading of it."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Path, Request

from catalog_service.app import CatalogApp
from contracts.ids import ActionId, GptId
from contracts.principal import Principal, Scope
from kit.caller import requires
from kit.etags import revision_of
from kit.pages import PageRequest, page_request


def catalog(request: Request) -> CatalogApp:
    app: CatalogApp = request.app.state.app
    return app


App = Annotated[CatalogApp, Depends(catalog)]
Reader = Annotated[Principal, Depends(requires(Scope.GPTS_READ))]
Builder = Annotated[Principal, Depends(requires(Scope.GPTS_WRITE))]
IdOfGpt = Annotated[GptId, Path(max_length=64)]
NumberOfVersion = Annotated[int, Path(ge=1, le=99_999_999)]
IdOfAction = Annotated[ActionId, Path(max_length=64)]
IfMatch = Annotated[str | None, Header(description="The ETag that this change is based on.")]
Page = Annotated[PageRequest, Depends(page_request)]


@dataclass(frozen=True, slots=True)
class Change:
    """A builder who changes a thing, and the revision that it must still have (None: any)."""

    principal: Principal
    at_revision: int | None


def change(builder: Builder, if_match: IfMatch = None) -> Change:
    return Change(builder, revision_of(if_match))


Changing = Annotated[Change, Depends(change)]
