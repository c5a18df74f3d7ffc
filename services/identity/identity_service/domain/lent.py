"""What somebody has of another person's rights: a sign-in link that they made for that person, the
session that began by it, a token. Whoever made it can have used it, so it gives no more than they
had, and ends with them.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from contracts.ids import MemberId
from contracts.requests import Role
from identity_service.domain.member import Member
from identity_service.domain.role_order import lower, outranks

MAX_MAKERS = 20
"""Each of whom is looked at whenever what they made is used."""
READ_AT_ONCE = 200
"""Of the tokens or sessions that rest on one member, who may have made many for all others."""


@dataclass(frozen=True, slots=True)
class Lent:
    by: tuple[MemberId, ...]
    """Who made it, and who made what it was made with; each once. The person, too, where a
    session began with a token of some scopes alone, and of what is made with that session.
    """
    at_most: Role
    """The lowest of the roles that they had then."""

    @classmethod
    def of(cls, makers: Iterable[MemberId], at_most: Role) -> "Lent | None":
        """None where nobody but the person had a hand in it."""
        by = tuple(dict.fromkeys(makers))
        return cls(by, at_most) if by else None

    @classmethod
    def stored(cls, by: tuple[str, ...] | None, at_most: str | None) -> "Lent | None":
        """Of two members of a document, which one of an earlier release lacks."""
        if by is None or at_most is None:
            return None
        return cls(tuple(MemberId(each) for each in by), Role(at_most))

    def suits(self, person: Member, makers: Iterable[Member | None]) -> bool:
        """Whether each of the makers is there, switched on, and does not stand below the person as
        they are now.
        """
        roles = [each.role for each in makers if each is not None and each.active]
        all_here = len(roles) == len(self.by)
        return all_here and not any(outranks(person.role, each) for each in (*roles, self.at_most))


def effective_role(role: Role, lent: Lent | None) -> Role:
    return role if lent is None else lower(role, lent.at_most)
