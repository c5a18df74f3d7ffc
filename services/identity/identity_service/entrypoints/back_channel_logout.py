"""Where a company's sign-in says that somebody signed out there (Back-Channel Logout 1.0, 2.5)."""

from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response

from identity_service.domain.oidc.errors import LogoutTokenInvalid
from identity_service.domain.oidc.signed_token import MAX_TOKEN_BYTES
from identity_service.entrypoints.http import App
from kit.browser import CrossSite
from kit.errors import NotInForce, UnsupportedMediaType
from kit.problems import problems

router = APIRouter(prefix="/v1/session", tags=["session"])
FORM = "application/x-www-form-urlencoded"
MAX_FIELDS = 20
OK = 200
BODY: dict[str, Any] = {
    "required": True,
    "content": {
        FORM: {
            "schema": {
                "type": "object",
                "required": ["logout_token"],
                "properties": {"logout_token": {"type": "string"}},
                "additionalProperties": False,
            }
        }
    },
}
SENT_BY_BROWSERS = ("cookie", "origin", "sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest")


def _refuse_browsers(request: Request) -> None:
    """Providers call from server to server; no page has any business here."""
    if any(name in request.headers for name in SENT_BY_BROWSERS):
        raise CrossSite("this address is for servers of companies, which have no cookies")


@router.post(
    "/back-channel-logout",
    openapi_extra={"requestBody": BODY, "security": []},
    response_class=Response,
    responses=problems(LogoutTokenInvalid, NotInForce),
)
async def back_channel_logout(request: Request, app: App) -> Response:
    """A company's sign-in says that somebody signed out there: their sessions end everywhere.

    The form holds one `logout_token` (OpenID Connect Back-Channel Logout 1.0). 200 once it is in
    force; 400 says what is wrong with the token.
    """
    _refuse_browsers(request)
    await app.end_provider_sessions(await _token_of(request))
    return Response(None, OK)


async def _token_of(request: Request) -> str:
    content_type = request.headers.get("content-type", "")
    if content_type.partition(";")[0].strip().lower() != FORM:
        raise UnsupportedMediaType(content_type, wanted="a form", type_=FORM)
    body = await request.body()
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError:
        return ""
    found = [value for name, value in pairs if name == "logout_token"]
    return found[0] if len(found) == 1 and len(body) <= 2 * MAX_TOKEN_BYTES else ""
