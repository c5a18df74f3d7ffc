"""Members of one object or list, some of which are removed at the same time."""

from collections.abc import Collection, Sequence

from schema_service.domain.position.members import Member


class Siblings:
    """Looked through once, however many of them are edited."""

    def __init__(self, members: Sequence[Member], gone: Collection[int]) -> None:
        """`gone` are the offsets of the keys of what is removed."""
        self.members = members
        self.staying = [each for each in members if each.key_offset not in gone]
        self._positions = {each.key_offset: at for at, each in enumerate(members)}

    def position(self, member: Member) -> int:
        """Its place among the members, from zero."""
        return self._positions[member.key_offset]

    def last_staying(self, without: Member) -> int:
        """The position of the last member that stays, but for one that goes too; -1 without any."""
        two = (self.position(each) for each in reversed(self.staying[-2:]))
        return next((each for each in two if each != self.position(without)), -1)
