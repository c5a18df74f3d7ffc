"""What a principal may ask for: scopes, and what a closing workspace leaves of them."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from contracts.ids import MemberId, WorkspaceId
from contracts.principal import (
    CLOSING_SCOPES,
    GRANTED_SCOPES,
    SCOPES_OF_ROLE,
    Principal,
    Role,
    Scope,
    ScopeMissing,
    Via,
    WorkspaceClosing,
)

UNTIL = datetime(2026, 12, 26, 8, tzinfo=UTC)


def principal(scopes, closing_until=None):
    return Principal(
        WorkspaceId("ws_1"),
        MemberId("mem_1"),
        Role.USER,
        Via.TOKEN,
        frozenset(scopes),
        None,
        "tok_1",
        closing_until,
    )


def test_a_principal_may_do_what_its_scopes_say_and_nothing_else():
    user = principal(SCOPES_OF_ROLE[Role.USER])

    user.demand(Scope.INVOCATIONS_CREATE)
    with pytest.raises(ScopeMissing) as refused:
        user.demand(Scope.DOMAINS_WRITE)
    assert "domains:write" in refused.value.sentence


def test_whoever_belongs_to_a_closing_workspace_learns_that_it_is_closing():
    owner = principal(SCOPES_OF_ROLE[Role.OWNER] & CLOSING_SCOPES, UNTIL)

    owner.demand(Scope.WORKSPACE_READ)
    owner.demand(Scope.WORKSPACE_REMOVE)
    with pytest.raises(WorkspaceClosing) as refused:
        owner.demand(Scope.INVOCATIONS_CREATE)
    assert refused.value.code == "identity.workspace_closing"
    assert "26 December 2026" in refused.value.sentence


def test_each_role_may_do_all_that_the_one_below_may():
    ladder = [SCOPES_OF_ROLE[role] for role in (Role.USER, Role.BUILDER, Role.ADMIN, Role.OWNER)]

    assert all(below <= above for below, above in pairwise(ladder))
    assert ladder[0] < ladder[1] < ladder[2] < ladder[3]


@pytest.mark.parametrize(
    "scope",
    [Scope.DOMAINS_WRITE, Scope.SETTINGS_WRITE, Scope.TOKENS_WRITE, Scope.WORKSPACE_WRITE],
)
def test_builders_do_not_rule(scope):
    assert scope not in SCOPES_OF_ROLE[Role.BUILDER]


def test_nobody_but_owners_removes_a_workspace():
    assert [role for role in Role if Scope.WORKSPACE_REMOVE in SCOPES_OF_ROLE[role]] == [Role.OWNER]


@pytest.mark.parametrize(
    ("via", "role", "scope", "said", "advice"),
    [
        (
            *(Via.SESSION, Role.USER, Scope.MEMBERS_READ, "Your role, `user`, does not allow this"),
            "The roles `builder`, `admin` and `owner` do. Ask an owner or an admin",
        ),
        (
            *(Via.SESSION, Role.USER, Scope.TOKENS_WRITE, "Your role, `user`"),
            "The roles `admin` and `owner` do.",
        ),
        (
            *(Via.SESSION, Role.ADMIN, Scope.SIGN_IN_WRITE, "Your role, `admin`"),
            "Only the role `owner` does. Ask an owner",
        ),
        (
            *(Via.TOKEN, Role.ADMIN, Scope.WORKSPACE_REMOVE, "The role of this token's member"),
            "Only the role `owner` does. Ask an owner",
        ),
        (
            *(Via.TOKEN, Role.OWNER, Scope.MEMBERS_READ, "This token may not do that"),
            "Use a token of this member with that scope",
        ),
        (
            *(Via.TOKEN, Role.OWNER, Scope.USERS_IMPERSONATE, "no role has the scope"),
            "An owner creates a token whose `scopes` name it.",
        ),
        (
            *(Via.SESSION, Role.ADMIN, Scope.MEMBERS_PROVISION, "This session may not do that"),
            "An owner or an admin creates a token",
        ),
    ],
)
def test_n7_a_refusal_says_what_lacks_and_who_can_help(via, role, scope, said, advice):
    known = replace(principal({Scope.WORKSPACE_READ}), via=via, role=role)

    with pytest.raises(ScopeMissing) as refused:
        known.demand(scope)

    assert said in refused.value.sentence
    assert f"`{scope}`" in refused.value.sentence
    assert advice in refused.value.hint
    if via is Via.SESSION and scope not in GRANTED_SCOPES:
        assert "token" not in (refused.value.sentence + refused.value.hint).replace(scope, "")
