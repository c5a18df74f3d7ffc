"""Pages and their files. Whatever they show comes from the REST API, as for any other client."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response

from console_service.app import ConsoleApp
from console_service.domain.page import VIEWS
from kit.errors import NOTHING_HERE
from kit.problems import PATHS_HINT, PathNotFound

router = APIRouter(include_in_schema=False)
A_YEAR = "public, max-age=31536000, immutable"


def app_of(request: Request) -> ConsoleApp:
    app: ConsoleApp = request.app.state.app
    return app


App = Annotated[ConsoleApp, Depends(app_of)]


@router.get("/assets/{name}")
async def read_asset(
    name: Annotated[str, Path(max_length=200)], request: Request, app: App
) -> Response:
    """A file of the page's, compressed for whoever takes that. Another content has another name."""
    asset = app.built.find_asset(name)
    if asset is None:
        raise PathNotFound(NOTHING_HERE, hint="Reload the page: it was built anew meanwhile.")
    headers = {"cache-control": A_YEAR, "vary": "accept-encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["content-encoding"] = "gzip"
        return Response(asset.gzipped, media_type=asset.media_type, headers=headers)
    return Response(asset.content, media_type=asset.media_type, headers=headers)


@router.get("/{path:path}")
async def show_page(path: str, app: App) -> Response:
    """The page, which then shows the view at this path."""
    if VIEWS.match(f"/{path}") is None:
        raise PathNotFound(NOTHING_HERE, hint=PATHS_HINT)
    page, policy = await app.show_page()
    headers = {"content-security-policy": policy, "referrer-policy": "no-referrer"}
    return Response(page, media_type="text/html", headers=headers)
