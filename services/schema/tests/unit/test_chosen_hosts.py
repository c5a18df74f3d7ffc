"""A chosen server variable stays within its part of the URL, and nobody's host is made up."""

import pytest
from pydantic import ValidationError

from contracts.operation import ServerVariable
from contracts.requests import ServerChoice
from schema_service.domain.chosen_server import chosen_server
from schema_service.domain.compiling.server.values import kept
from schema_service.domain.errors import ServerRefused
from schema_service.domain.needed_values import NeededValues
from schema_service.domain.submission import Values
from services.schema.tests.server_documents import called, errors, read, text_of, verdicts


def form(template, **variables):
    made = {name: {"default": default, "enum": []} for name, default in variables.items()}
    return {"path": "/a", "server_template": template, "server_variables": made}


def chosen(operation, source_url=None, **values):
    choice = ServerChoice(server_variables=values)
    return chosen_server(operation, choice, blocked=False, source_url=source_url)


@pytest.mark.parametrize(
    "value", ["evil.com/", "evil.com?", "evil.com#", "a@evil.com", "evil:8443"]
)
def test_h77_a_value_does_not_end_the_host_that_it_is_a_part_of(value):
    with pytest.raises(ServerRefused):
        chosen(form("https://{tenant}.acme.io", tenant="eu"), tenant=value)


def test_a_value_in_a_path_may_have_a_slash():
    assert chosen(form("https://acme.io/{base}", base="v1"), base="a/b") == "https://acme.io/a/b"


def test_h77_a_default_that_only_names_its_variable_is_no_host():
    operation = form("https://{tenant}.acme.io/{version}", tenant="tenant", version="v1")

    with pytest.raises(ServerRefused, match="tenant, a placeholder"):
        chosen(operation, version="v2")
    assert chosen(operation, tenant="ours", version="v2") == "https://ours.acme.io/v2"


def test_an_empty_default_is_a_value():
    operation = form("https://acme.io/{base}{version}", base="", version="v1")

    assert chosen(operation, version="v2") == "https://acme.io/v2"


def test_b07_a_value_behind_those_that_a_compiled_operation_lists_is_taken():
    template, regions = "https://{region}.acme.io", [f"r{number}" for number in range(300)]
    variables = kept(template, {"region": {"enum": regions, "default": "r0"}})
    operation = form(template)
    operation["server_variables"] = {"region": variables["region"].model_dump(mode="json")}

    assert chosen(operation, region="r299") == "https://r299.acme.io"
    with pytest.raises(ServerRefused):
        chosen(operation, region="evil.com/")


def test_b07_a_closed_list_names_its_first_values_and_no_thousands():
    operation = form("https://{region}.acme.io", region="r0")
    operation["server_variables"]["region"]["enum"] = [f"r{number}" for number in range(199)]

    with pytest.raises(ServerRefused) as refused:
        chosen(operation, region="us")
    assert refused.value.hint == f"Choose one of: {', '.join(f'r{n}' for n in range(20))}, …."


GUARDED = [
    ("https://{t}.acme.dev/v1", {"default": "eu"}, "evil.com/"),
    ("https://{t}.acme.dev/v1", {}, "evil.com?"),
    ("https://{t}-eu.acme.dev", {"default": "eu"}, "a@evil"),
    ("https://api.acme.{t}", {"default": "dev"}, "dev:8443"),
    ("{t}://api.acme.dev", {"default": "https"}, "https://evil.com/"),
    ("//{t}.acme.dev/v1", {"default": "eu"}, "evil.com/"),
]


@pytest.mark.parametrize(("url", "variable", "value"), GUARDED)
def test_h77_a_value_stays_within_its_part_whoever_gives_it(url, variable, value):
    """The document's default, a validation's value, a binding's: one rule."""
    binding = form(url, t=variable.get("default"))
    with pytest.raises(ServerRefused, match="ends it"):
        chosen(binding, t=value)
    for given, default in ((value, variable), (None, {"default": value})):
        values = None if given is None else NeededValues(server_variables={"t": given})
        found = read(text_of([{"url": url, "variables": {"t": default}}]), values=values)
        if given is None and url.endswith("{t}"):
            continue  # a document may say so: nothing of its host stands behind it
        assert verdicts(found) == ["blocked"]
        assert "schema.server_variable_ends_host" in [each["code"] for each in errors(found)]


@pytest.mark.parametrize(
    ("url", "default", "value", "expected"),
    [
        ("https://{host}/v1", "api.acme.dev/eu", "api.acme.dev/us", "https://api.acme.dev/us/v1"),
        ("https://api.acme.dev{base}", "/v1", "/v2", "https://api.acme.dev/v2"),
        ("{base}/v1", "https://api.acme.dev", "https://eu.acme.dev", "https://eu.acme.dev/v1"),
    ],
)
def test_h77_what_a_document_lets_a_variable_be_may_be_chosen(url, default, value, expected):
    name = url.partition("{")[2].partition("}")[0]
    assert chosen(form(url, **{name: default}), **{name: value}) == expected
    text = text_of([{"url": url, "variables": {name: {"default": default}}}])
    assert called(read(text, values=NeededValues(server_variables={name: value}))) == [expected]


def test_a_default_outside_its_closed_list_is_no_value_for_a_binding_either():
    operation = form("https://{region}.acme.io/{version}", region="asia", version="v1")
    operation["server_variables"]["region"]["enum"] = ["eu", "us"]

    with pytest.raises(ServerRefused, match="region may not be asia"):
        chosen(operation, version="v2")


def test_what_a_compiled_operation_repeats_of_variables_is_bounded():
    listed = [f"{number:04}" + "x" * 400 for number in range(200)]
    variables = {"a": {"default": "y" * 100_000}, "b": {"enum": listed}, "c": {"default": "z"}}

    held = kept("https://{a}.acme.io/{b}/{c}", variables)

    assert len(ServerVariable.model_dump_json(held["a"])) < 100
    assert held["a"].default is None
    assert sum(map(len, held["b"].enum)) < 4_000
    assert held["b"].more
    assert held["c"] == ServerVariable(default="z")


def test_a_value_that_there_was_no_room_for_may_be_chosen():
    listed = ["eu", "x" * 501, "us"]
    [variable] = kept("https://acme.io/{r}", {"r": {"enum": listed}}).values()
    operation = form("https://acme.io/{r}")
    operation["server_variables"]["r"] = variable.model_dump(mode="json")

    assert variable.enum == ("eu", "us")
    assert chosen(operation, r="x" * 501) == f"https://acme.io/{'x' * 501}"


def test_a_value_may_be_as_long_for_a_validation_as_for_a_binding():
    Values(server_variables={"t": "x" * 500})
    with pytest.raises(ValidationError, match="500 characters"):
        Values(server_variables={"t": "x" * 501})
