"""Who decides that somebody signs in with a role: a session may do all that its role allows."""

from contracts.principal import SCOPES_OF_ROLE, Principal, Via, WorkspaceClosing
from contracts.requests import Role
from identity_service.domain.errors import ScopesExceeded, TokenEndsNoSession


def demand_whole_role(caller: Principal, role: Role) -> None:
    """`ScopesExceeded` where the caller's own token may do less than that role."""
    if surplus := SCOPES_OF_ROLE[role] - caller.scopes:
        raise ScopesExceeded(surplus)


def demand_may_end_sessions(caller: Principal) -> None:
    """`TokenEndsNoSession` for a token that may do less than its member's role: it begins none of
    their sessions either. A session always may. `WorkspaceClosing` while no token may.
    """
    surplus = SCOPES_OF_ROLE[caller.member_role or caller.role] - caller.scopes
    if caller.via is Via.SESSION or not surplus:
        return
    if caller.closing_until is not None:
        raise WorkspaceClosing(caller.closing_until)
    raise TokenEndsNoSession(surplus)
