"""An authorization server (RFC 6749) and its API, which behave as badly as a test wants them to.

It rotates refresh tokens and revokes all tokens of a sign-in when a rotated one comes again, as
RFC 9700, 4.14.2 says; it can be given answers in advance, be slow, or end a connection after it
has rotated.
"""

import asyncio
import base64
import hashlib
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from secrets import token_urlsafe
from types import MappingProxyType
from urllib.parse import parse_qsl, unquote_plus, urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

OAUTH_ERROR = 400
REFUSED = 401
LONGEST_SECONDS = 60.0
NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass
class SignIn:
    """What one person allowed one client; its tokens end together."""

    scope: str
    refresh_token: str = ""
    before: str = ""
    """The refresh token that was rotated last."""
    access_tokens: set[str] = field(default_factory=set)
    ended: bool = False


@dataclass
class Code:
    redirect_uri: str
    challenge: str
    scope: str


@dataclass
class AwfulProvider:
    client_id: str = "the client"
    client_secret: str = "a secret: of 100 % + letters, ä"
    lifetime: int | str | None = 3_600
    """`expires_in` as it is answered; None: not at all."""
    rotates: bool = True
    takes_the_last_one_again: bool = False
    """Whether the refresh token that was rotated last is good for one retry (FAPI 2.0, 5.3.2.1)."""
    iss: str | None = None
    """In the answer to the browser (RFC 9207); None: left out."""
    granted: str | None = None
    """The scope that a person allows; None: what is asked for."""
    id_token: str = ""
    """Beside the tokens of a code (OpenID Connect Core 1.0, 3.1.3.3)."""
    error: dict[str, str] | None = None
    """With which the browser is sent back."""
    delay_seconds: float = 0.0
    breaks_off: int = 0
    """How many of the next token requests are carried out and not answered."""
    answers: deque[Response] = field(default_factory=deque)
    """To the next token requests, which are not carried out."""
    revocation_status: int = 200
    revocation_hangs: bool = False
    """Whether requests to revoke are read and never answered."""
    token_requests: list[dict[str, str]] = field(default_factory=list)
    """The forms, with `authorization` from the header where there is one."""
    accepts: list[str] = field(default_factory=list)
    """The header `Accept` of each token request."""
    revoked: list[str] = field(default_factory=list)
    called: list[str | None] = field(default_factory=list)
    """The access token of each call of the API."""
    codes: dict[str, Code] = field(default_factory=dict)
    sign_ins: list[SignIn] = field(default_factory=list)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/authorize", self._authorize),
                Route("/token", self._token, methods=["POST"]),
                Route("/revoke", self._revoke, methods=["POST"]),
                Route("/api/me", self._me, methods=["GET", "POST"]),
            ]
        )

    def expire_access_tokens(self) -> None:
        for sign_in in self.sign_ins:
            sign_in.access_tokens.clear()

    async def _authorize(self, request: Request) -> Response:
        """The person is signed in already and allows everything (RFC 6749, 4.1.1 and 4.1.2)."""
        asked = request.query_params
        back = {"state": asked["state"], **({"iss": self.iss} if self.iss else {})}
        if self.error:
            return _back_to(asked["redirect_uri"], {**back, **self.error})
        code = token_urlsafe()
        self.codes[code] = Code(
            asked["redirect_uri"], asked.get("code_challenge", ""), asked.get("scope", "")
        )
        return _back_to(asked["redirect_uri"], {**back, "code": code})

    async def _token(self, request: Request) -> Response:
        body = (await request.body()).decode()
        is_json = request.headers.get("content-type", "").startswith("application/json")
        form = await request.json() if is_json else dict(parse_qsl(body, keep_blank_values=True))
        authorization = request.headers.get("authorization")
        self.token_requests.append(
            {**form, **({"authorization": authorization} if authorization else {})}
        )
        self.accepts.append(request.headers.get("accept", ""))
        if self.delay_seconds:
            await asyncio.sleep(self.delay_seconds)
        if self.answers:
            return self.answers.popleft()
        if not self._knows_client(form, authorization):
            return _error("invalid_client", REFUSED)
        answer = self._granted(form)
        if self.breaks_off:
            self.breaks_off -= 1
            return _BrokenOff()
        return answer

    def _knows_client(self, form: dict[str, str], authorization: str | None) -> bool:
        """In the body, or as in RFC 6749, 2.3.1; never both (2.3)."""
        if authorization is None:
            named = (form.get("client_id"), form.get("client_secret"))
            return named == (self.client_id, self.client_secret)
        encoded = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        client_id, _, secret = encoded.partition(":")
        named = (unquote_plus(client_id), unquote_plus(secret))
        return named == (self.client_id, self.client_secret) and "client_secret" not in form

    def _granted(self, form: dict[str, str]) -> Response:
        match form.get("grant_type"):
            case "authorization_code":
                return self._for_code(form)
            case "refresh_token":
                return self._refreshed(form["refresh_token"])
            case "client_credentials":
                sign_in = SignIn(form.get("scope", ""))
                self.sign_ins.append(sign_in)
                return self._issued(sign_in)
        return _error("unsupported_grant_type")

    def _for_code(self, form: dict[str, str]) -> Response:
        code = self.codes.pop(form.get("code", ""), None)
        if code is None or code.redirect_uri != form.get("redirect_uri"):
            return _error("invalid_grant")
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if (
            code.challenge
            and base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != code.challenge
        ):
            return _error("invalid_grant")
        scope = code.scope if self.granted is None else self.granted
        sign_in = SignIn(scope, refresh_token=token_urlsafe())
        self.sign_ins.append(sign_in)
        return self._issued(sign_in, {"id_token": self.id_token} if self.id_token else {})

    def _refreshed(self, refresh_token: str) -> Response:
        """A rotated token that comes again ends the sign-in (RFC 9700, 4.14.2)."""
        for sign_in in self.sign_ins:
            if sign_in.ended or not refresh_token:
                continue
            again = refresh_token == sign_in.before
            if again and not self.takes_the_last_one_again:
                sign_in.ended = True
                sign_in.access_tokens.clear()
            elif again or refresh_token == sign_in.refresh_token:
                if self.rotates and not again:
                    sign_in.before, sign_in.refresh_token = refresh_token, token_urlsafe()
                return self._issued(sign_in)
        return _error("invalid_grant")

    def _issued(self, sign_in: SignIn, more: Mapping[str, str] = NOTHING) -> Response:
        access_token = token_urlsafe()
        sign_in.access_tokens.add(access_token)
        answer = {"access_token": access_token, "token_type": "Bearer", "scope": sign_in.scope}
        if sign_in.refresh_token:
            answer["refresh_token"] = sign_in.refresh_token
        if self.lifetime is not None:
            answer["expires_in"] = self.lifetime
        return JSONResponse({**answer, **more})

    async def _revoke(self, request: Request) -> Response:
        """RFC 7009, 2.1."""
        token = dict(parse_qsl((await request.body()).decode())).get("token", "")
        self.revoked.append(token)
        if self.revocation_hangs:
            await asyncio.sleep(LONGEST_SECONDS)
        for sign_in in self.sign_ins:
            if token == sign_in.refresh_token or token in sign_in.access_tokens:
                sign_in.ended = True
                sign_in.access_tokens.clear()
        return Response(status_code=self.revocation_status)

    async def _me(self, request: Request) -> Response:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        self.called.append(token or None)
        known = any(token in sign_in.access_tokens for sign_in in self.sign_ins)
        if scheme != "Bearer" or not known:
            return Response(
                status_code=REFUSED, headers={"www-authenticate": 'Bearer error="invalid_token"'}
            )
        return JSONResponse({"login": "somebody"})


class _BrokenOff(Response):
    """The connection ends without an answer."""

    async def __call__(self, *_: object) -> None:
        raise ConnectionAbortedError


def _back_to(redirect_uri: str, parameters: dict[str, str]) -> Response:
    return RedirectResponse(f"{redirect_uri}?{urlencode(parameters)}", status_code=302)


def _error(code: str, status: int = OAUTH_ERROR) -> Response:
    return JSONResponse({"error": code}, status_code=status)
