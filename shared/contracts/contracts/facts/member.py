from contracts.fact import Fact
from contracts.ids import MemberId
from contracts.principal import Role


class MemberChanged(Fact, name="member.changed", by="identity", voids=True):
    """A member has another role, was switched off or on, or was removed; what was verified or
    decided for them is void.
    """

    member_id: MemberId
    role: Role | None
    """None: removed, or switched off."""
    revision: int
    active: bool = True
    """False: switched off. A release that does not know that reads of a removal."""
