"""Which role people have by the groups that their company's sign-in names."""

from dataclasses import replace

import pytest

from contracts.ids import MemberId
from contracts.requests import Role
from identity_service.domain.api_token import ApiToken
from identity_service.domain.directory_entry import DirectoryEntry
from identity_service.domain.member import Member
from identity_service.domain.oidc.admission import may_change_by_groups
from identity_service.domain.oidc.errors import IdTokenInvalid
from services.identity.tests.company import OWNER, new_company_platform
from services.identity.tests.session_platform import OURS

GROUPS = (("bosses", Role.OWNER), ("makers", Role.BUILDER))


@pytest.fixture
async def platform():
    made = await new_company_platform()
    said = {"sub": "u1", "email": "ada@acme.com", "email_verified": True, "name": "Ada"}
    made.company.person = said
    return made


@pytest.mark.parametrize(
    ("groups", "role"),
    [
        (["makers"], Role.BUILDER),
        (["makers", "bosses"], Role.OWNER),
        ("makers", Role.BUILDER),
        (["others", 7, None], Role.USER),
        ("", Role.USER),
        (None, Role.USER),
    ],
)
async def test_the_highest_role_of_the_groups_is_theirs(platform, groups, role):
    await platform.gives(*GROUPS)
    platform.company.claims = {"groups": groups}

    assert (await platform.member_who_came()).role is role


async def test_the_role_follows_the_groups_at_each_sign_in(platform):
    await platform.gives(*GROUPS)
    platform.company.claims = {"groups": ["makers"]}
    first = await platform.member_who_came()
    platform.company.claims = {"groups": []}

    after = await platform.member_who_came()

    assert (first.role, after.role, after.id) == (Role.BUILDER, Role.USER, first.id)


async def test_without_groups_that_give_roles_a_role_stays(platform):
    await platform.invite("ada@acme.com", role=Role.ADMIN)

    assert (await platform.member_who_came()).role is Role.ADMIN


ABSENT = [{}, {"groups": None}, {"groups": 7}, {"groups": {"makers": True}}]


@pytest.mark.parametrize("claims", ABSENT)
@pytest.mark.parametrize("role", [Role.ADMIN, Role.BUILDER, Role.OWNER])
async def test_n6_without_the_claim_a_role_stays_that_was_given_by_hand(platform, claims, role):
    await platform.invite(role=role)
    await platform.gives(*GROUPS)
    platform.company.claims = claims

    assert (await platform.member_who_came()).role is role


@pytest.mark.parametrize("claims", ABSENT)
async def test_n6_without_the_claim_a_role_stays_that_a_group_gave_before(platform, claims):
    await platform.gives(*GROUPS)
    platform.company.claims = {"groups": ["makers"]}
    await platform.member_who_came()
    platform.company.claims = claims

    assert (await platform.member_who_came()).role is Role.BUILDER


@pytest.mark.parametrize("claims", ABSENT)
async def test_n6_without_the_claim_a_new_member_has_the_default_role(platform, claims):
    await platform.gives(*GROUPS)
    platform.company.claims = claims

    assert (await platform.member_who_came()).role is Role.USER


@pytest.mark.parametrize("groups", [[], ["others"], "others"])
async def test_n6_a_claim_that_names_no_mapped_group_takes_a_role_that_was_given_by_hand(
    platform, groups
):
    await platform.invite(role=Role.ADMIN)
    await platform.gives(*GROUPS)
    platform.company.claims = {"groups": groups}

    assert (await platform.member_who_came()).role is Role.USER


@pytest.mark.parametrize(
    ("claim", "groups", "role", "may_change"),
    [
        ("groups", (("makers", Role.BUILDER),), Role.ADMIN, True),
        ("groups", (("makers", Role.BUILDER),), Role.OWNER, False),
        ("groups", GROUPS, Role.OWNER, True),
        ("groups", (), Role.ADMIN, False),
        (None, GROUPS, Role.ADMIN, False),
    ],
)
async def test_n6_an_invitation_knows_whether_groups_may_change_its_role(
    platform, claim, groups, role, may_change
):
    await platform.gives(*groups)
    await platform.configure(group_claim=claim)
    settings = await platform.sign_in_settings.find(OURS)

    roles = await platform.group_roles.read(OURS)

    assert may_change_by_groups(settings, roles, role) is may_change


async def test_the_last_owner_stays_one_whatever_the_groups_say(platform):
    await platform.gives(*GROUPS)
    seen = await platform.members.find(OURS, OWNER.id)
    await platform.members.remove(seen, seen.as_fact())
    await platform.invite("ada@acme.com", role=Role.OWNER)

    assert (await platform.member_who_came()).role is Role.OWNER


async def test_groups_that_are_elsewhere_are_not_taken_for_none(platform):
    await platform.gives(*GROUPS)
    platform.company.claims = {"_claim_names": {"groups": "src1"}}

    with pytest.raises(IdTokenInvalid, match="more groups"):
        await platform.came()


async def test_without_the_claim_that_names_groups_they_give_no_role(platform):
    await platform.gives(*GROUPS)
    await platform.configure(group_claim=None)
    platform.company.claims = {"groups": ["bosses"]}

    assert (await platform.member_who_came()).role is Role.USER


async def test_a_group_has_one_name_in_either_case(platform):
    await platform.gives(("MAKERS", Role.BUILDER))
    platform.company.claims = {"groups": ["Makers"]}

    assert (await platform.member_who_came()).role is Role.BUILDER


async def test_an_owner_stays_one_unless_a_group_makes_owners(platform):
    """Else an admin, who may give a group any role but that, could bring an owner down."""
    await platform.invite(role=Role.OWNER)
    await platform.tokens.add(
        ApiToken.for_owner("tok_1", OURS, OWNER.id, _drawn(), platform.clock())
    )
    platform.company.claims = {"groups": ["staff"]}

    await platform.gives(("staff", Role.USER))
    assert (await platform.member_who_came()).role is Role.OWNER
    await platform.gives(("staff", Role.USER), ("bosses", Role.OWNER))
    assert (await platform.member_who_came()).role is Role.USER


@pytest.mark.parametrize(("gave_role", "role"), [(True, Role.ADMIN), (False, Role.BUILDER)])
async def test_a_role_that_the_directory_gave_stays(platform, gave_role, role):
    entry = DirectoryEntry("ada", "ada", gave_role=gave_role)
    await platform.invite(role=Role.ADMIN, directory=entry)
    await platform.gives(*GROUPS)
    platform.company.claims = {"groups": ["makers"]}

    assert (await platform.member_who_came()).role is role


async def test_an_emergency_owner_stays_owner_whatever_the_groups_say(platform):
    token = ApiToken.for_owner("tok_1", OURS, OWNER.id, _drawn(), platform.clock())
    await platform.tokens.add(token)
    await platform.gives(*GROUPS)
    settings = {"enforced": True, "emergency_owner": OWNER.id}
    await platform.configure(group_claim="groups", **settings)
    await platform.members.add(
        Member(MemberId("mem_second"), OURS, "Second", Role.OWNER, email="s@acme.com")
    )
    seen = await platform.members.find(OURS, OWNER.id)
    await platform.members.replace(seen, replace(seen, email="ada@acme.com", revision=2))

    assert (await platform.member_who_came()).role is Role.OWNER


def _drawn():
    return _Drawn()


class _Drawn:
    digest = "d"
    hint = "abcd"
