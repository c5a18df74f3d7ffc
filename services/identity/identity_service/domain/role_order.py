"""Which role stands above which."""

from collections.abc import Iterable

from contracts.requests import Role

_ASCENDING = (Role.USER, Role.BUILDER, Role.ADMIN, Role.OWNER)


def outranks(role: Role, other: Role) -> bool:
    """Does `role` stand strictly above `other`?"""
    return _ASCENDING.index(role) > _ASCENDING.index(other)


def lower(role: Role, other: Role) -> Role:
    """Of the two."""
    return min(role, other, key=_ASCENDING.index)


def highest(roles: Iterable[Role]) -> Role | None:
    """None of none."""
    return max(roles, key=_ASCENDING.index, default=None)
