"""Scopes of no role (`GRANTED_SCOPES`): whose tokens may name them, and who gives them."""

from contracts.principal import GRANTED_SCOPES, Role
from identity_service.domain.member import Member, MemberKind
from identity_service.domain.role_order import outranks


def named_scopes_of(member: Member) -> frozenset[str]:
    """What a token of the member has where it names it: a service account's any, a person's those
    that they might give themselves, as long as they may.
    """
    if member.kind is MemberKind.SERVICE:
        return frozenset(GRANTED_SCOPES)
    return given_by(member.role)


def given_by(role: Role) -> frozenset[str]:
    return frozenset(scope for scope, least in GRANTED_SCOPES.items() if not outranks(least, role))
