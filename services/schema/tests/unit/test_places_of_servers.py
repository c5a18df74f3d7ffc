"""A server that may not be called is said wherever it blocks operations (property 1)."""

import json

from egress import EgressSettings
from schema_service.adapters.egress_origins import EgressOrigins
from schema_service.domain.examined import examine_text
from schema_service.domain.operator_rules import with_operator_rules


def test_property_1_a_refused_server_is_an_error_at_each_place_that_names_it():
    own = {"servers": [{"url": "https://localhost/v1"}]}
    paths = {f"/{name}": {"get": {"operationId": name, **own}} for name in "abc"}
    paths["/d"] = {"get": {"operationId": "d"}}
    about = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}}
    text = json.dumps({**about, "servers": [{"url": "https://api.acme.dev"}], "paths": paths})

    found = with_operator_rules(
        examine_text(text.encode(), source_url=None), EgressOrigins(EgressSettings())
    )

    refused = [each for each in found.findings.items() if each["severity"] == "error"]
    assert [each["pointer"] for each in refused] == [
        f"/paths/~1{name}/get/servers/0/url" for name in "abc"
    ]
    assert [each["repair"]["edits"][0]["pointer"] for each in refused] == [
        each["pointer"] for each in refused
    ]
    assert len({each["column"] for each in refused}) == 3


def test_property_1_a_place_whose_operations_are_called_elsewhere_is_no_error():
    """The operator allows the second server of the one list; the other list has no second one."""
    first, second = "http://one.acme.dev", "http://two.acme.dev"
    several = {"servers": [{"url": first}, {"url": second}]}
    paths = {
        "/a": {"get": {"operationId": "a", **several}},
        "/b": {"get": {"operationId": "b", "servers": [{"url": first}]}},
    }
    text = json.dumps({"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": paths})
    rules = EgressOrigins(EgressSettings(allowed_origins={f"{second}:80": "127.0.0.1"}))

    found = with_operator_rules(examine_text(text.encode(), source_url=None), rules)

    refused = [each for each in found.findings.items() if each["severity"] == "error"]
    assert [each["pointer"] for each in refused] == ["/paths/~1b/get/servers/0/url"]
    assert {item["name"]: item["verdict"] for item in found.operations.items()}["b"] == "blocked"
