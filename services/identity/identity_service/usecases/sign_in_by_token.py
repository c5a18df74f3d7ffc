from dataclasses import dataclass

from contracts.principal import Principal, Via
from identity_service.domain.drawn_secret import DrawnSecret
from identity_service.domain.errors import NotAToken
from identity_service.domain.session import Session
from identity_service.domain.sign_in_link import PATH
from identity_service.usecases.follow_sign_in_link import FollowSignInLink
from identity_service.usecases.let_member_sign_in import LetMemberSignIn
from kit.caller import digest_of


@dataclass(frozen=True, slots=True)
class SignInByToken:
    """Begin a session of the member whose token somebody has, by a link that is made and used up at
    once: so a session gives no more than the token does, and whoever lent the token is asked about.
    """

    let_member_sign_in: LetMemberSignIn
    follow_sign_in_link: FollowSignInLink

    async def __call__(
        self, caller: Principal, browser: str, replaced_digest: str | None = None
    ) -> tuple[Session, DrawnSecret]:
        """`NotAToken` for a session, `ScopesExceeded` where the token may do less than its member's
        role; else as `LetMemberSignIn` and `FollowSignInLink`.
        """
        if caller.via is not Via.TOKEN:
            raise NotAToken
        _, path = await self.let_member_sign_in(caller, caller.member_id)
        digest = digest_of(path.removeprefix(PATH))
        return await self.follow_sign_in_link(digest, browser, replaced_digest)
