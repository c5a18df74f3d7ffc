"""Which role stands above which."""

from contracts.requests import Role

_ASCENDING = (Role.USER, Role.BUILDER, Role.ADMIN, Role.OWNER)


def outranks(role: Role, other: Role) -> bool:
    """Does `role` stand strictly above `other`?"""
    return _ASCENDING.index(role) > _ASCENDING.index(other)
