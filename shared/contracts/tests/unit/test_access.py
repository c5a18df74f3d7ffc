"""Who may do what: the whole matrix, written out."""

from itertools import product

import pytest

from contracts.access import (
    GptAccess,
    Invocations,
    Level,
    Members,
    Permitted,
    Refused,
    Sharing,
    Verb,
    may,
)
from contracts.errors import Denied, Kind, NotFound
from contracts.principal import SCOPES_OF_ROLE, Principal, Role, Via

GPT_VERBS = (
    Verb.CHAT,
    Verb.VIEW_SETTINGS,
    Verb.DUPLICATE,
    Verb.EDIT,
    Verb.TRY_DRAFT,
    Verb.PUBLISH,
    Verb.CHANGE_ACCESS,
    Verb.REMOVE,
)
CODES = {
    "yes": None,
    "404": "platform.not_found",
    "private": "access.private",
    "builders": "access.builders_only",
    "level": "access.level_too_low",
    "owner": "access.owner_only",
}
MATRIX = """
role    relation sharing  chat     view     duplic.  edit     try      publish  access   remove
owner   none     private  private  yes      yes      yes      private  yes      yes      yes
owner   can_chat private  yes      yes      yes      yes      level    yes      yes      yes
owner   can_view private  yes      yes      yes      yes      level    yes      yes      yes
owner   can_edit private  yes      yes      yes      yes      yes      yes      yes      yes
owner   owner    private  yes      yes      yes      yes      yes      yes      yes      yes
owner   none     shared   yes      yes      yes      yes      yes      yes      yes      yes
owner   can_chat shared   yes      yes      yes      yes      yes      yes      yes      yes
owner   can_view shared   yes      yes      yes      yes      yes      yes      yes      yes
owner   can_edit shared   yes      yes      yes      yes      yes      yes      yes      yes
owner   owner    shared   yes      yes      yes      yes      yes      yes      yes      yes
admin   none     private  private  yes      yes      yes      private  yes      yes      yes
admin   can_chat private  yes      yes      yes      yes      level    yes      yes      yes
admin   can_view private  yes      yes      yes      yes      level    yes      yes      yes
admin   can_edit private  yes      yes      yes      yes      yes      yes      yes      yes
admin   owner    private  yes      yes      yes      yes      yes      yes      yes      yes
admin   none     shared   yes      yes      yes      yes      yes      yes      yes      yes
admin   can_chat shared   yes      yes      yes      yes      yes      yes      yes      yes
admin   can_view shared   yes      yes      yes      yes      yes      yes      yes      yes
admin   can_edit shared   yes      yes      yes      yes      yes      yes      yes      yes
admin   owner    shared   yes      yes      yes      yes      yes      yes      yes      yes
builder none     private  404      404      404      404      404      404      404      404
builder can_chat private  yes      level    level    level    level    level    owner    owner
builder can_view private  yes      yes      yes      level    level    level    owner    owner
builder can_edit private  yes      yes      yes      yes      yes      yes      owner    owner
builder owner    private  yes      yes      yes      yes      yes      yes      yes      yes
builder none     shared   yes      level    level    level    level    level    owner    owner
builder can_chat shared   yes      level    level    level    level    level    owner    owner
builder can_view shared   yes      yes      yes      level    level    level    owner    owner
builder can_edit shared   yes      yes      yes      yes      yes      yes      owner    owner
builder owner    shared   yes      yes      yes      yes      yes      yes      yes      yes
user    none     private  404      404      404      404      404      404      404      404
user    can_chat private  yes      level    builders builders builders builders builders builders
user    can_view private  yes      yes      builders builders builders builders builders builders
user    can_edit private  yes      yes      builders builders builders builders builders builders
user    owner    private  yes      yes      builders builders builders builders builders builders
user    none     shared   yes      level    builders builders builders builders builders builders
user    can_chat shared   yes      level    builders builders builders builders builders builders
user    can_view shared   yes      yes      builders builders builders builders builders builders
user    can_edit shared   yes      yes      builders builders builders builders builders builders
user    owner    shared   yes      yes      builders builders builders builders builders builders
"""
SHARED = (Sharing.WORKSPACE, Sharing.LINK, Sharing.PUBLIC)


def rows():
    """(role, relation, sharing, verb, code of the refusal) for each cell."""
    for line in MATRIX.strip().splitlines()[1:]:
        role, relation, sharing, *cells = line.split()
        for each in (Sharing.PRIVATE,) if sharing == "private" else SHARED:
            for verb, cell in zip(GPT_VERBS, cells, strict=True):
                yield Role(role), relation, each, verb, CODES[cell]


ROWS = list(rows())


def principal(role, *, member_id="mem_1", workspace_id="ws_1"):
    return Principal(workspace_id, member_id, role, Via.TOKEN, SCOPES_OF_ROLE[role], None, "tok_1")


def gpt(relation, sharing, *, member_id="mem_1"):
    if relation == "none":
        return GptAccess("ws_1", "mem_2", sharing, (("mem_3", Level.EDIT),))
    if relation == "owner":
        return GptAccess("ws_1", member_id, sharing)
    entries = (("mem_3", Level.EDIT), (member_id, Level(relation)))
    return GptAccess("ws_1", "mem_2", sharing, entries)


def code_of(answer):
    return answer.code if isinstance(answer, Refused) else None


def test_the_matrix_names_every_combination_once():
    relations = ("none", "can_chat", "can_view", "can_edit", "owner")
    every = set(product(Role, relations, Sharing, GPT_VERBS))

    assert len(ROWS) == len(every)
    assert {row[:4] for row in ROWS} == every


@pytest.mark.parametrize(("role", "relation", "sharing", "verb", "code"), ROWS)
def test_b2_what_a_member_may_do_with_a_gpt(role, relation, sharing, verb, code):
    assert code_of(may(principal(role), verb, gpt(relation, sharing))) == code


@pytest.mark.parametrize(("role", "relation", "sharing", "verb", "code"), ROWS)
def test_another_workspaces_gpt_is_not_found_whatever_it_says(role, relation, sharing, verb, code):
    """Even where the same member id owns it or is on its list: ids do not prove membership."""
    foreign = principal(role, workspace_id="ws_2")

    assert code_of(may(foreign, verb, gpt(relation, sharing))) == "platform.not_found"


@pytest.mark.parametrize("verb", GPT_VERBS)
def test_a_gpt_without_an_owner_is_the_workspaces_owners_and_admins(verb):
    orphan = GptAccess("ws_1", None, Sharing.PRIVATE)

    assert code_of(may(principal(Role.BUILDER), verb, orphan)) == "platform.not_found"
    expected = "access.private" if verb in (Verb.CHAT, Verb.TRY_DRAFT) else None
    assert code_of(may(principal(Role.ADMIN), verb, orphan)) == expected


@pytest.mark.parametrize("role", Role)
def test_the_highest_entry_of_a_member_counts(role):
    twice = GptAccess("ws_1", None, Sharing.PRIVATE, (("mem_1", Level.VIEW), ("mem_1", Level.CHAT)))

    assert isinstance(may(principal(role), Verb.VIEW_SETTINGS, twice), Permitted)


@pytest.mark.parametrize("role", Role)
def test_members_read_their_own_invocations_and_those_who_rule_read_all(role):
    ours = Invocations("ws_1")

    assert isinstance(may(principal(role), Verb.READ_OWN, ours), Permitted)
    expected = None if role in (Role.OWNER, Role.ADMIN) else "access.admins_only"
    assert code_of(may(principal(role), Verb.READ_ALL, ours)) == expected


@pytest.mark.parametrize("role", Role)
def test_owners_and_admins_manage_members(role):
    expected = None if role in (Role.OWNER, Role.ADMIN) else "access.admins_only"

    assert code_of(may(principal(role), Verb.MANAGE, Members("ws_1"))) == expected


@pytest.mark.parametrize(
    ("verb", "thing"),
    [
        (Verb.READ_OWN, Invocations("ws_2")),
        (Verb.READ_ALL, Invocations("ws_2")),
        (Verb.MANAGE, Members("ws_2")),
    ],
)
def test_another_workspaces_invocations_and_members_are_not_found(verb, thing):
    assert code_of(may(principal(Role.OWNER), verb, thing)) == "platform.not_found"


@pytest.mark.parametrize(
    ("verb", "thing"),
    [
        (Verb.MANAGE, gpt("owner", Sharing.PUBLIC)),
        (Verb.READ_ALL, gpt("owner", Sharing.PUBLIC)),
        (Verb.CHAT, Invocations("ws_1")),
        (Verb.MANAGE, Invocations("ws_1")),
        (Verb.READ_OWN, Members("ws_1")),
    ],
)
def test_a_verb_that_a_thing_does_not_have_is_a_fault_of_ours(verb, thing):
    with pytest.raises(ValueError, match="nobody can"):
        may(principal(Role.OWNER), verb, thing)


def test_every_refusal_has_a_code_a_sentence_and_a_next_step():
    answers = [may(principal(row[0]), row[3], gpt(row[1], row[2])) for row in ROWS]
    refusals = {answer for answer in answers if isinstance(answer, Refused)}

    assert {refusal.code for refusal in refusals} == {code for code in CODES.values() if code}
    assert all(refusal.sentence and refusal.hint for refusal in refusals)


def test_a_refusal_is_raised_as_an_error_of_its_kind():
    denied = may(principal(Role.USER), Verb.EDIT, gpt("can_edit", Sharing.PRIVATE))
    hidden = may(principal(Role.USER), Verb.CHAT, gpt("none", Sharing.PRIVATE))

    assert denied.kind is Kind.DENIED
    error = denied.error()
    assert isinstance(error, Denied)
    assert (error.code, error.sentence, error.hint) == (
        denied.code,
        denied.sentence,
        denied.hint,
    )
    assert isinstance(hidden.error(), NotFound)


def test_who_is_permitted_learns_what_gave_the_right():
    assert may(principal(Role.ADMIN), Verb.EDIT, gpt("none", Sharing.PRIVATE)) == Permitted(
        "role: admin"
    )
    assert may(principal(Role.BUILDER), Verb.EDIT, gpt("can_edit", Sharing.PUBLIC)) == Permitted(
        "list: can_edit"
    )
    assert may(principal(Role.USER), Verb.CHAT, gpt("none", Sharing.LINK)) == Permitted(
        "sharing: link"
    )
    assert may(principal(Role.BUILDER), Verb.REMOVE, gpt("owner", Sharing.LINK)) == Permitted(
        "owner"
    )
