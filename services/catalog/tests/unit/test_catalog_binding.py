import pytest
from catalog_fakes import many_operations, operation, schema

from catalog_service.domain.binding import Wanted, bind, unknown_variables, warnings_about
from catalog_service.domain.definition import Definition, Limits
from contracts.errors import PlatformError
from contracts.requests import HostRefusal

LIMITS = Limits(actions=10, operations=128)


def bound(wanted, brief):
    return bind("act_1", wanted, brief, Definition("Vet"), LIMITS)


def test_all_ready_operations_are_bound_where_none_is_named():
    brief = schema(operation("getPet"), operation("broken", ready=False), operation("addPet"))

    assert bound(Wanted("sch_1"), brief).operations == ("getPet", "addPet")


def test_named_operations_keep_the_builders_order():
    brief = schema(operation("getPet"), operation("addPet"))

    chosen = bound(Wanted("sch_1", operations=("addPet", "getPet")), brief)

    assert chosen.operations == ("addPet", "getPet")


def test_an_empty_choice_binds_nothing():
    assert bound(Wanted("sch_1", operations=()), schema(operation("getPet"))).operations == ()


def test_every_unusable_operation_is_named():
    brief = schema(operation("getPet"), operation("broken", ready=False))

    with pytest.raises(PlatformError) as refused:
        bound(Wanted("sch_1", operations=("getPet", "broken", "nothing")), brief)

    assert refused.value.code == "catalog.operations_unusable"
    assert [(fault["operation"], fault["code"]) for fault in refused.value.findings] == [
        ("broken", "catalog.operation_blocked"),
        ("nothing", "catalog.operation_unknown"),
    ]
    assert refused.value.findings[0]["pointer"] == "/body/operations/1"


def test_only_the_origins_of_chosen_operations_count():
    brief = schema(operation("getPet"), operation("getToy", origin="https://toys.example.com"))

    chosen = bound(Wanted("sch_1", operations=("getToy",)), brief)

    assert chosen.origins == ("https://toys.example.com",)


def test_a_schema_too_large_to_be_listed_asks_for_a_choice():
    brief = schema(*many_operations(128)).model_copy(update={"total": 129})

    with pytest.raises(PlatformError) as refused:
        bound(Wanted("sch_1"), brief)

    assert refused.value.code == "catalog.too_many_operations"


def test_a_schema_of_just_the_limit_is_bound_whole():
    assert len(bound(Wanted("sch_1"), schema(*many_operations(128))).operations) == 128


@pytest.mark.parametrize(
    ("title", "name"),
    [
        pytest.param(" Pets ", "Pets", id="trimmed"),
        pytest.param("P" * 60, "P" * 50, id="cut"),
        pytest.param(" ", "Untitled", id="blank"),
    ],
)
def test_an_action_without_a_name_is_named_after_its_schema(title, name):
    assert bound(Wanted("sch_1"), schema(operation("getPet"), title=title)).name == name


def test_a_refused_host_is_a_warning_in_policys_words():
    action = bound(Wanted("sch_1"), schema(operation("getPet")))
    refusal = HostRefusal(host="api.example.com", code="policy.x", sentence="No.", hint="Ask.")

    (warning,) = warnings_about(action, [refusal])

    assert (warning.code, warning.sentence, warning.hint) == ("policy.x", "No.", "Ask.")
    assert warning.host == "api.example.com"


def test_a_doubtful_privacy_policy_is_stored_with_a_warning_and_shown_to_nobody():
    wanted = Wanted("sch_1", privacy_policy_url="javascript:alert(1)")
    action = bound(wanted, schema(operation("getPet")))

    assert [warning.code for warning in warnings_about(action, [])] == [
        "catalog.privacy_policy_invalid"
    ]
    assert action.privacy_policy_url == "javascript:alert(1)"
    assert action.public_policy_url is None


def test_an_action_that_a_schema_gives_no_operation_is_stored_with_a_warning():
    action = bound(Wanted("sch_1"), schema(operation("getPet", ready=False)))

    assert [warning.code for warning in warnings_about(action, [])] == [
        "catalog.action_without_operations"
    ]


def test_n29_without_a_server_the_warning_names_what_gives_one():
    action = bound(Wanted("sch_1"), schema(operation("getPet", ready=False)))

    [warning] = warnings_about(action, [])

    assert "GET /v1/schemas/sch_1 " in warning.hint
    assert "--base-url" in warning.hint


@pytest.mark.parametrize(
    ("server", "codes"),
    [
        ("https://api.example.com/v1", ["catalog.base_url_is_example"]),
        ("https://example.org", ["catalog.base_url_is_example"]),
        ("https://myexample.com", []),
        ("", []),
    ],
)
def test_n29_a_base_url_that_is_nobodys_is_a_warning(server, codes):
    origin = server.removesuffix("/v1") or "https://api.example.com"
    brief = schema(operation("getPet", origin=origin).model_copy(update={"server": server}))

    found = warnings_about(bound(Wanted("sch_1"), brief), [])

    assert [warning.code for warning in found] == codes


def test_n37_a_kept_variable_that_the_schema_has_no_more_is_a_warning():
    brief = schema(operation("getPet").model_copy(update={"server_variables": ("tenant",)}))
    wanted = Wanted(
        "sch_1", server_variables={"tenant": "a", "region": "eu"}, names_variables=False
    )
    action = bound(wanted, brief)

    unused = unknown_variables(action.server_variables, brief)
    [warning] = warnings_about(action, [], unused_variables=unused)

    assert (warning.code, unused) == ("catalog.server_variable_unused", ["region"])
    assert "region" in warning.sentence


def test_a9_a_base_url_that_no_operation_is_called_at_is_a_warning():
    action = bound(Wanted("sch_1", base_url="https://ours.acme.io"), schema(operation("getPet")))

    [warning] = warnings_about(action, [])

    assert warning.code == "catalog.base_url_unused"
    assert action.origins[0] in warning.sentence
    assert "Leave `base_url` out" in warning.hint


def test_a9_a_base_url_that_an_operation_is_called_at_is_none():
    ours = operation("getPet", origin="https://ours.acme.io")
    brief = schema(ours.model_copy(update={"server": "https://ours.acme.io"}), operation("other"))

    assert warnings_about(bound(Wanted("sch_1", base_url="https://ours.acme.io"), brief), []) == ()
