from dataclasses import dataclass

from contracts.ids import TokenId
from contracts.principal import Principal, Via
from identity_service.domain.drawn_secret import DrawnSecret
from identity_service.domain.errors import NotAToken
from identity_service.domain.oidc.errors import LinkWouldNotSignIn, SignOnEnforced
from identity_service.domain.session import ByToken, Session
from identity_service.usecases.follow_sign_in_link import FollowSignInLink
from identity_service.usecases.let_member_sign_in import LetMemberSignIn
from kit.errors import NothingHere, Unauthenticated


@dataclass(frozen=True, slots=True)
class SignInByToken:
    """Begin a session of the member whose token somebody has, as by a link of that token's: it
    rests on whoever lent the token, and rises above its member's role of now only where the token
    does. It ends with the token, which may be somebody's for an hour only.
    """

    let_member_sign_in: LetMemberSignIn
    follow_sign_in_link: FollowSignInLink

    async def __call__(
        self, caller: Principal, browser: str, replaced_digest: str | None = None
    ) -> tuple[Session, DrawnSecret]:
        """`NotAToken` for a session, `ScopesExceeded` where the token may do less than its member's
        role, `LinkVoid` where whoever lent it may not let the member in, `Unauthenticated` where
        the member or the token is gone; else as `LetMemberSignIn`.
        """
        if caller.via is not Via.TOKEN:
            raise NotAToken
        try:
            member, lent = await self.let_member_sign_in.demand_right(caller, caller.member_id)
        except NothingHere as gone:  # removed since the token was looked at
            raise Unauthenticated from gone
        follow, token = self.follow_sign_in_link, TokenId(caller.credential_id)
        await follow.read_sign_in_link.demand_makers(lent, member)
        try:
            session, drawn = await follow.begin(
                member, lent, browser, replaced_digest, ByToken(token, caller.expires_at)
            )
        except SignOnEnforced as enforced:  # since the caller's right was looked at
            raise LinkWouldNotSignIn(caller.workspace_id) from enforced
        await self._demand_token(session, token)
        return session, drawn

    async def _demand_token(self, session: Session, token: TokenId) -> None:
        """Whoever revoked it since did not find this session among those to end."""
        try:
            await self.let_member_sign_in.lend.tokens.read(session.workspace_id, token)
        except NothingHere as gone:
            await self.follow_sign_in_link.sign_in.end_without_waiting(session)
            raise Unauthenticated from gone
