"""A token that somebody else made says how far it goes, and so does a refusal of it."""

import pytest

from contracts.ids import TokenId
from contracts.principal import SCOPES_OF_ROLE, Principal, Scope, ScopeMissing, Via
from contracts.requests import Role
from identity_service.domain.api_token import ApiToken
from identity_service.domain.lent import Lent
from identity_service.domain.workspace import Workspace as Ours
from identity_service.entrypoints.views import TokenView, WorkspaceView
from identity_service.usecases.create_token import WantedToken
from services.identity.tests.company import OWNER
from services.identity.tests.page_platform import pages
from services.identity.tests.session_platform import OURS
from services.identity.tests.unit.test_lent_rights import ADMIN, BOB, ROBOT, Workspace


@pytest.fixture
async def ours():
    async with pages() as shown:
        for member in (ADMIN, BOB, ROBOT):
            await shown.platform.members.add(member)
        yield Workspace(shown)


async def shown(ours, member, caller, scopes=None):
    token, _ = await ours.create(caller, WantedToken("x", member.id, scopes))
    return TokenView.of(token)


async def test_a_token_that_somebody_else_made_says_by_whom_it_is_capped_and_at_what(ours):
    by_admin = await shown(ours, BOB, await ours.by_token(ADMIN))
    narrow = await shown(ours, BOB, await ours.by_token(ADMIN), frozenset({"gpts:read"}))
    planted = await ours.by_token(BOB, await ours.token_for(BOB))
    grandchild = await shown(ours, BOB, planted)

    assert (by_admin.capped.role, by_admin.capped.by) == (Role.ADMIN, [ADMIN.id])
    assert set(by_admin.capped.scopes) == SCOPES_OF_ROLE[Role.ADMIN]
    assert narrow.capped.scopes == ["gpts:read"]
    assert (grandchild.capped.role, grandchild.capped.by) == (Role.ADMIN, [ADMIN.id])


async def test_ones_own_tokens_and_those_of_programs_are_not_capped(ours):
    own = await shown(ours, ADMIN, await ours.by_token(ADMIN))
    robots = await shown(ours, ROBOT, await ours.by_token(ADMIN))

    assert (own.capped, robots.capped) == (None, None)


async def principal_by(ours, digest):
    known = await ours.authenticate(digest)
    whose = (known.workspace_id, known.member_id, known.role, known.via)
    kept = (known.scopes, None, known.token_id)
    return Principal(*whose, *kept, member_role=known.member_role)


@pytest.mark.parametrize(
    ("role", "scope", "said", "advice"),
    [
        (
            Role.OWNER,
            Scope.SIGN_IN_WRITE,
            "which somebody else had when they made it",
            "create a token yourself",
        ),
        (Role.ADMIN, Scope.SIGN_IN_WRITE, "this token's member, `admin`", "Ask an owner"),
        (Role.OWNER, Scope.USERS_IMPERSONATE, "no role has the scope", "An owner creates a token"),
    ],
)
async def test_a_refusal_names_the_cap_where_that_is_what_lacks(ours, role, scope, said, advice):
    digest = await ours.token_for(BOB)
    await ours.role(BOB, role)
    caller = await principal_by(ours, digest)

    with pytest.raises(ScopeMissing) as refused:
        caller.demand(scope)

    assert said in refused.value.sentence
    assert f"`{scope}`" in refused.value.sentence
    assert advice in refused.value.hint


def test_who_makes_no_tokens_is_told_who_does():
    refused = ScopeMissing(Scope.GPTS_WRITE, Role.USER, Via.TOKEN, member_role=Role.BUILDER)

    assert "with the role `user` at most" in refused.sentence
    assert "ask an owner or an admin for another token of this member" in refused.hint


async def test_whoever_calls_with_it_reads_both_roles(ours):
    digest = await ours.token_for(BOB)
    for role, acts_as in ((Role.OWNER, Role.ADMIN), (Role.USER, Role.USER)):
        await ours.role(BOB, role)
        caller = await principal_by(ours, digest)

        you = WorkspaceView.of(Ours(OURS, "Ours"), caller).you

        assert (you.role, you.member_role) == (acts_as, role)
    assert (await principal_by(ours, digest)).member_role is None


async def test_a_token_that_names_a_scope_of_no_role_has_it_no_longer_than_its_cap_allows(ours):
    """Whatever made it: an admin gives `users:impersonate` to nobody."""
    named = frozenset({Scope.USERS_IMPERSONATE, Scope.GPTS_READ})
    for at_most, scopes in ((Role.OWNER, named), (Role.ADMIN, {Scope.GPTS_READ})):
        digest = f"at most {at_most}"
        whose = TokenId(f"tok_{at_most}"), OURS, OWNER.id, "x", digest, ""
        lent = Lent((ADMIN.id,), at_most)
        token = ApiToken(*whose, named, ours.platform.clock(), lent=lent)
        await ours.tokens.add(token)

        assert (await ours.authenticate(digest)).scopes == scopes
