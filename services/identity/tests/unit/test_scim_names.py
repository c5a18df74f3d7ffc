"""What a directory changes is changed by each of its names, or refused: never neither."""

import asyncio

import pytest
from pydantic import ValidationError
from scim2_models import Context, SCIMException

from identity_service.entrypoints.scim_bounds import MAX_PATH, SHOWN, AsksTooMuch
from identity_service.entrypoints.scim_errors import refusal_of_library
from identity_service.entrypoints.scim_names import _is_path, named_plainly
from identity_service.entrypoints.scim_requests import POLICY, operations_of, patch_of
from identity_service.entrypoints.scim_resources import MAX_EMAILS, Email, Group, User
from identity_service.entrypoints.scim_users import demand_lost_nothing
from services.identity.tests.scim_platform import GROUP, PATCH, USER
from services.identity.tests.unit.test_scim_bounds import patch_group

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
C, AC, ABC = [{"value": "c"}], {"a", "c"}, {"a", "b", "c"}
AT_HOME = {"value": "h@example.com", "type": "home"}
NAMED = 'emails[type eq "home"].value'


def body_of(*operations):
    return {"schemas": [PATCH], "Operations": [*operations]}


def patched_group(*operations):
    """Ids of its members, and its name."""
    with POLICY:
        group = Group(id="grp_1", display_name="Makers")
        members = asyncio.run(patch_group(body_of(*operations), group, {"a", "b"}))
    return {*members}, group.display_name


def patched_user(*operations):
    body = body_of(*operations)
    email = Email(value="a@example.com", type="work")
    user = User(id="mem_1", user_name="ada", active=True, emails=[email])
    with POLICY:
        patch_of(User, body, operations_of(User, body), MAX_EMAILS).patch(user)
        demand_lost_nothing(user)
    return user


def refused(work):
    with POLICY, pytest.raises((SCIMException, ValidationError)) as raised:
        work()
    return refusal_of_library(raised.value).scim_type


@pytest.mark.parametrize(
    ("operation", "members", "name"),
    [
        ({"op": "add", "value": {GROUP: {"members": C}}}, ABC, "Makers"),
        ({"op": "Add", "value": {GROUP.upper(): {"Members": C}}}, ABC, "Makers"),
        ({"op": "add", "value": {GROUP: {f"{GROUP}:members": C}}}, ABC, "Makers"),
        ({"op": "add", "value": {f"{GROUP}:members": C}}, ABC, "Makers"),
        ({"op": "add", "path": GROUP, "value": {"members": C}}, ABC, "Makers"),
        ({"op": "add", "path": f"{GROUP}:members", "value": C}, ABC, "Makers"),
        ({"op": "replace", "value": {GROUP: {"members": C, "displayName": "X"}}}, {"c"}, "X"),
        ({"op": "add", "value": {"members": C, GROUP: {"members": [{"value": "a"}]}}}, ABC, None),
        ({"op": "add", "value": {'members[value eq "c"]': {"type": "User"}}}, ABC, "Makers"),
        ({"op": "remove", "value": {GROUP: {"members": [{"value": "b"}]}}}, {"a"}, "Makers"),
        ({"op": "replace", "value": {GROUP: {"id": "grp_1", "displayName": "X"}}}, None, "X"),
    ],
)
def test_a_group_s_attributes_are_changed_by_each_of_their_names(operation, members, name):
    assert patched_group(operation) == (members or {"a", "b"}, name or "Makers")


@pytest.mark.parametrize(
    ("operation", "scim_type"),
    [
        ({"op": "add", "path": "membres", "value": C}, "invalidPath"),
        ({"op": "remove", "path": "membres"}, "invalidPath"),
        ({"op": "add", "value": {"membres": C}}, "invalidPath"),
        ({"op": "add", "value": {GROUP: {"membres": C}}}, "invalidPath"),
        ({"op": "add", "value": {GROUP: {GROUP: {"members": C}}}}, "invalidPath"),
        ({"op": "add", "value": {GROUP: C}}, "invalidValue"),
        ({"op": "add", "path": f"{USER}:members", "value": C}, "invalidPath"),
        ({"op": "add", "value": {USER: {"members": C}}}, "invalidPath"),
        ({"op": "replace", "path": "displayName.x", "value": "X"}, "invalidPath"),
        ({"op": "add", "path": "members", "value": {"members": C}}, "invalidValue"),
        ({"op": "add", "path": "members", "value": [{"display": "c"}]}, "invalidValue"),
        ({"op": "add", "path": "members", "value": [*C, {"value": ""}]}, "invalidValue"),
        ({"op": "replace", "value": {"members": [{"$ref": "/Users/c"}]}}, "invalidValue"),
    ],
)
def test_what_of_a_group_cannot_be_changed_is_refused(operation, scim_type):
    assert refused(lambda: patched_group(operation)) == scim_type


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "add", "value": {USER: {NAMED: AT_HOME["value"]}}},
        {"op": "add", "value": {f"{USER}:{NAMED}": AT_HOME["value"]}},
        {"op": "add", "value": {NAMED: AT_HOME["value"]}},
        {"op": "add", "path": f"{USER}:{NAMED}", "value": AT_HOME["value"]},
        {"op": "add", "path": USER, "value": {"emails": [AT_HOME]}},
        {"op": "add", "value": {"emails": [AT_HOME], "title": "x", ENTERPRISE: {"x": 1}}},
    ],
)
def test_a_user_s_attributes_are_changed_by_each_of_their_names(operation):
    assert [each.value for each in patched_user(operation).emails] == [
        "a@example.com",
        "h@example.com",
    ]


@pytest.mark.parametrize(
    ("operation", "scim_type"),
    [
        ({"op": "replace", "path": "dispName", "value": "A"}, "invalidPath"),
        ({"op": "replace", "value": {"dispName": "A"}}, "invalidPath"),
        ({"op": "replace", "path": "name", "value": {"given": "A"}}, "invalidPath"),
        ({"op": "replace", "value": {"name": {"given": "A"}}}, "invalidPath"),
        ({"op": "replace", "path": f"{GROUP}:displayName", "value": "A"}, "invalidPath"),
        ({"op": "add", "path": "roles", "value": [{"display": "admin"}]}, "invalidValue"),
        ({"op": "add", "value": {"emails": [{"type": "home"}]}}, "invalidValue"),
        ({"op": "add", "path": 'emails[type eq "home"].primary', "value": True}, "invalidValue"),
        ({"op": "remove", "path": USER}, "noTarget"),
    ],
)
def test_what_of_a_user_cannot_be_changed_is_refused(operation, scim_type):
    assert refused(lambda: patched_user(operation)) == scim_type


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "add", "path": f"{ENTERPRISE}:department", "value": "Engines"},
        {"op": "add", "value": {ENTERPRISE: {"department": "Engines"}}},
        {"op": "replace", "path": 'phoneNumbers[type eq "mobile"].value', "value": "1"},
        {"op": "replace", "path": "name.honorificPrefix", "value": "Dr"},
        {"op": "replace", "value": {"password": "x", "locale": "en", "id": "x"}},
        {"op": "remove", "path": "title"},
    ],
)
def test_what_the_standard_or_an_extension_defines_and_is_not_kept_is_left_out(operation):
    assert patched_user(operation) == patched_user({"op": "replace", "value": {}})


def test_an_entry_may_lose_its_value_and_get_it_in_a_later_operation():
    assert patched_user({"op": "remove", "path": 'emails[type eq "work"].value'})
    primary = {"op": "add", "path": 'emails[type eq "home"].primary', "value": True}
    user = patched_user(primary, {"op": "add", "path": NAMED, "value": "h@example.com"})
    assert user.emails[1].value == "h@example.com"


@pytest.mark.parametrize(
    "body",
    [
        {USER: {"userName": "ada", "displayName": "A"}},
        {f"{USER}:userName": "ada", f"{USER.upper()}:displayName": "A"},
        {"userName": "ada", "displayName": "A", "title": "x", "meta": {"x": 1}, "id": "mem_1"},
        {"userName": "ada", "displayName": "A", "groups": [{"display": "x"}], ENTERPRISE: {}},
    ],
)
def test_a_replacement_names_attributes_alike(body):
    with POLICY:
        user = User.model_validate(
            named_plainly(User, {"schemas": [USER], **body}),
            scim_ctx=Context.RESOURCE_REPLACEMENT_REQUEST,
        )
    assert (user.user_name, user.display_name) == ("ada", "A")


@pytest.mark.parametrize(
    ("model", "body"),
    [
        (User, {"userName": "ada", "dispName": "A"}),
        (User, {"userName": "ada", "name.givenName": "A"}),
        (User, {"userName": "ada", "name": {"given": "A"}}),
        (User, {"userName": "ada", f"{USER}:userName": "bob"}),
        (User, {"userName": "ada", "emails": [{"type": "work"}]}),
        (User, {"userName": "ada", "roles": [{"display": "admin"}]}),
        (Group, {"displayName": "X", "membres": C}),
        (Group, {"displayName": "X", "members": [{"value": None}]}),
    ],
)
def test_a_replacement_that_would_lose_something_is_refused(model, body):
    assert refused(lambda: named_plainly(model, body)) in ("invalidPath", "invalidValue")


def test_names_are_bounded_before_they_are_read():
    many = {"urn:x:y:z": {f"a{number}": 1 for number in range(700)}}
    some = {"op": "add", "value": {f"urn:x:y:z:a{number}": 1 for number in range(70)}}
    for work in (
        lambda: named_plainly(User, many),
        lambda: patched_user({"op": "add", "value": many}),
        lambda: operations_of(User, body_of(*[some] * 10)),
    ):
        with pytest.raises(AsksTooMuch):
            work()
    entries = {f'members[value eq "m{number}"]': {"type": "User"} for number in range(101)}
    with pytest.raises(SCIMException, match="at most 100"):
        patched_group({"op": "add", "value": entries})


@pytest.mark.parametrize("start", ["x", "urn:x:", f"{USER}:", "name.", 'members[value eq "'])
@pytest.mark.parametrize("within", [lambda body: body, lambda body: {USER: body}])
def test_a_name_that_is_too_long_is_refused_before_it_is_looked_up(start, within):
    long = start + "x" * MAX_PATH
    before = _is_path.cache_info()
    for work in (
        lambda: named_plainly(User, within({"userName": "ada", long: 1})),
        lambda: named_plainly(Group, within({long: "x"})),
        lambda: patched_user({"op": "add", "value": within({long: 1})}),
        lambda: patched_group({"op": "add", "path": long, "value": 1}),
    ):
        assert refused(work) == "invalidSyntax"
    assert _is_path.cache_info() == before


@pytest.mark.parametrize(
    "body",
    [
        lambda name: {name: 1},
        lambda name: {"name": {name: 1}},
        lambda name: {f"{USER}:{name}": 1},
        lambda name: {f"x.{name}": 1},
    ],
)
def test_a_refusal_repeats_the_beginning_of_a_long_name(body):
    with POLICY, pytest.raises(SCIMException) as raised:
        named_plainly(User, body("x" * (MAX_PATH - 50)))

    assert "x" * 10 in str(raised.value)
    assert "x" * (SHOWN + 1) not in str(raised.value)
