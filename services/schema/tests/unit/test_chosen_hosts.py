"""A chosen server variable stays within its part of the URL, and nobody's host is made up."""

import pytest

from contracts.requests import ServerChoice
from schema_service.domain.chosen_server import ServerRefused, chosen_server
from schema_service.domain.compiling.server.variables import described


def form(template, **variables):
    made = {name: {"default": default, "enum": []} for name, default in variables.items()}
    return {"path": "/a", "server_template": template, "server_variables": made}


def chosen(operation, **values):
    return chosen_server(operation, ServerChoice(server_variables=values), blocked=False)


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

    with pytest.raises(ServerRefused, match="tenant has no value"):
        chosen(operation, version="v2")
    assert chosen(operation, tenant="ours", version="v2") == "https://ours.acme.io/v2"


def test_an_empty_default_is_a_value():
    operation = form("https://acme.io/{base}{version}", base="", version="v1")

    assert chosen(operation, version="v2") == "https://acme.io/v2"


def test_b07_a_value_behind_those_that_a_compiled_operation_lists_is_taken():
    template, regions = "https://{region}.acme.io", [f"r{number}" for number in range(300)]
    variables = described(template, {"region": {"enum": regions, "default": "r0"}})
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
