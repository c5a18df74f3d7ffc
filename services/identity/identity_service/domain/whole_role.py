"""Who decides that somebody signs in with a role: a session may do all that its role allows."""

from contracts.principal import SCOPES_OF_ROLE, Principal
from contracts.requests import Role
from identity_service.domain.errors import ScopesExceeded


def demand_whole_role(caller: Principal, role: Role) -> None:
    """`ScopesExceeded` where the caller's own token may do less than that role."""
    if surplus := SCOPES_OF_ROLE[role] - caller.scopes:
        raise ScopesExceeded(surplus)
