from dataclasses import dataclass

from auth_service.domain.attempt import Attempt
from auth_service.domain.connection import Account, Connection, Whose
from auth_service.domain.errors import AttemptOver, NoSignInHere, SettingsChanged
from auth_service.domain.oauth.authorization_answer import (
    AuthorizationAnswer,
    read_callback,
    state_of,
)
from auth_service.domain.oauth.scopes import compare
from auth_service.domain.oauth.token_answer import TokenAnswer, read_token_answer
from auth_service.domain.oauth.token_request import code_request
from auth_service.domain.token_set import TokenSet
from auth_service.ports import Clock, EndedOnce, LinkLog, SignInSeal, TokenEndpoint
from auth_service.usecases.find_sign_in import FindSignIn, MemberSignIn
from auth_service.usecases.link_connection import LinkConnection, SignedIn
from auth_service.usecases.open_client import OpenClient, OpenedClient
from auth_service.usecases.read_callback import callback_url
from contracts.errors import PlatformError
from contracts.ids import ActionId
from contracts.principal import Principal
from kit.sealing import Secret


@dataclass(frozen=True, slots=True)
class FromProvider:
    """What a browser brings back, unchecked."""

    action_id: ActionId
    """Whose redirect URI it came to."""
    query: str
    browser_secret: str
    """Empty where the browser has none."""


@dataclass(frozen=True, slots=True)
class FinishedSignIn:
    connection: Connection
    service: str
    """The API's host, or hosts."""
    return_to: str


@dataclass(frozen=True, slots=True)
class FinishAttempt:
    """End an attempt with the provider's answer, and link the account: the code is sent once, and
    only where the attempt is this browser's, this member's, and of this action.
    """

    find: FindSignIn
    open_client: OpenClient
    link: LinkConnection
    endpoint: TokenEndpoint
    seal: SignInSeal
    ended: EndedOnce
    log: LinkLog
    clock: Clock
    origin: str

    async def __call__(self, principal: Principal, brought: FromProvider) -> FinishedSignIn:
        """Raises `AttemptOver`, `SettingsChanged`, `CallbackInvalid`, `IssuerMismatch`,
        `AuthorizationRefused`, and what asking for tokens and linking raise.
        """
        whose = Whose(principal.workspace_id, brought.action_id, principal.member_id)
        try:
            return await self._finished(principal, whose, brought)
        except PlatformError as refusal:
            self.log.refused(whose, refusal.code)
            raise

    async def _finished(
        self, principal: Principal, whose: Whose, brought: FromProvider
    ) -> FinishedSignIn:
        attempt = self.seal.open_attempt(state_of(brought.query), brought.browser_secret)
        if attempt is None or not self._is_theirs(attempt, whose):
            raise AttemptOver
        found = await self._settings(principal, attempt)
        opened = await self.open_client(found.credentials, found.record)
        answer = read_callback(brought.query, opened.client.profile)
        if not await self.ended.end(attempt.workspace_id, attempt.id, self.clock()):
            raise AttemptOver
        answer.ensure_from(attempt.issuer, names_itself=attempt.names_itself)
        tokens = await self._tokens(attempt, opened, answer)
        signed_in = _signed_in(attempt, opened, tokens, found)
        connection = await self.link(whose, signed_in)
        return FinishedSignIn(connection, found.service, attempt.return_to)

    def _is_theirs(self, attempt: Attempt, whose: Whose) -> bool:
        is_here = attempt.redirect_uri == callback_url(self.origin, whose.action_id)
        return attempt.whose == whose and is_here and attempt.live(self.clock())

    async def _settings(self, principal: Principal, attempt: Attempt) -> MemberSignIn:
        """Those by which the browser was sent; `SettingsChanged` where they are others by now."""
        try:
            found = await self.find(principal, attempt.action_id, attempt.origin_set)
        except NoSignInHere:
            raise SettingsChanged from None
        if found.client is None or found.client.digest != attempt.settings_digest:
            raise SettingsChanged
        return found

    async def _tokens(
        self, attempt: Attempt, opened: OpenedClient, answer: AuthorizationAnswer
    ) -> TokenAnswer:
        """Asked for once: a code that came twice ends what was granted (RFC 6749, 4.1.2)."""
        code = answer.granted_code()
        request = code_request(opened.client, code, attempt.redirect_uri, Secret(attempt.verifier))
        pool_key = f"{attempt.workspace_id}/{attempt.action_id}"
        answered = await self.endpoint.send(request, pool_key)
        return read_token_answer(answered, opened.client, request, self.clock())


def _signed_in(
    attempt: Attempt, opened: OpenedClient, answer: TokenAnswer, found: MemberSignIn
) -> SignedIn:
    """For the hosts of the record alone, which the page named: the client's secret may have been
    entered for more.
    """
    api_origins = found.record.origins
    client = opened.client
    tokens = TokenSet(
        attempt.member_id,
        attempt.action_id,
        api_origins,
        opened.sealed_to,
        answer.access_token,
        answer.refresh_token,
    )
    account = Account(
        attempt.settings_digest,
        api_origins,
        scopes_asked=client.scopes,
        scopes=compare(client.profile, client.scopes, answer.scopes),
        label=answer.account_label,
        gpt=found.hosts.gpt,
    )
    return SignedIn(
        account,
        tokens.for_storage(),
        answer.lifetime,
        renewable=answer.refresh_token is not None,
    )
