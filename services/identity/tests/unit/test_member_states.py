from contracts.ids import MemberId, WorkspaceId
from contracts.requests import Role
from identity_service.adapters.mongo_members import MEMBERS, state_of
from identity_service.domain.member import Member

NAMELESS = Member(MemberId("mem_1"), WorkspaceId("ws_1"), "Ada", Role.USER)


def test_an_address_that_nobody_named_is_not_stored():
    """An index that demands different addresses has no entry for it then."""
    assert "email" not in MEMBERS.write(state_of(NAMELESS))
