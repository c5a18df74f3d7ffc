"""The operator's settings and a base URL: one decision in validation, repair and binding."""

import pytest

from contracts.requests import ServerChoice
from egress import EgressSettings
from schema_service.adapters.egress_origins import EgressOrigins
from schema_service.adapters.process_examiner import repair_document
from schema_service.domain.chosen_server import chosen_server
from schema_service.domain.examination import examine
from schema_service.domain.needed_values import NeededValues
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.repairing.terms import Terms
from services.schema.tests.server_documents import called, read, text_of

BASE = "https://h.acme.io/api"
INNER = {"url": "http://10.0.0.1:8000/v1"}
OWN = {"url": "https://api.acme.io/v1"}
WITH_VARIABLE = {"url": "https://api.acme.io/{v}", "variables": {"v": {"default": "v1"}}}
ALLOWED = {"allowed_origins": {"http://10.0.0.1:8000": "10.0.0.1"}}
OUR_HOSTS = {"own_hosts": frozenset({"api.acme.io"})}


def by_validation(text, values, settings):
    return called(read(text, values=values, **settings))


def by_repair(text, values, settings):
    found = read(text, **settings).findings.items()
    repairs = [each["repair"] for each in found if each["repair"]]
    rules = EgressOrigins(EgressSettings(**settings))
    return called(read(repair_document(text, repairs, Terms(None, values, rules)).text, **settings))


def by_binding(text, values, settings):
    [detected] = examine(read_document(text)).operations
    form = (detected.operation or detected.unplaced).model_dump()
    now = called(read(text, **settings))
    rules = EgressOrigins(EgressSettings(**settings))
    choice = ServerChoice(base_url=values.base_url, server_variables=values.server_variables)
    server = chosen_server(form, choice, blocked=not now, source_url=None, origins=rules)
    return [server] if server else now


@pytest.mark.parametrize(
    ("servers", "settings", "url"),
    [
        ([{"url": "http://api.acme.io/v1"}], {}, BASE),
        ([INNER], {}, BASE),
        ([INNER], ALLOWED, INNER["url"]),
        ([INNER, {"url": "/v2"}], ALLOWED, INNER["url"]),
        ([INNER, {"url": "/v2"}], {}, f"{BASE}/v2"),
        ([OWN], OUR_HOSTS, BASE),
        ([WITH_VARIABLE], OUR_HOSTS, BASE),
        ([OWN, {"url": "https://b.acme.dev/v1"}], OUR_HOSTS, BASE),
        ([OWN], {}, OWN["url"]),
        ([{"url": "htps://api.acme.io/v1"}], {}, BASE),
        ([{"url": "api.acme.io/v1"}], {}, BASE),
        ([{"url": "htps://api.acme.io/v1"}, {"url": "/v2"}], {}, f"{BASE}/v2"),
        ([{"url": "https://api.acme.io/v1/"}], {}, OWN["url"]),
    ],
)
def test_q9_4_a_base_url_counts_where_the_operator_lets_no_server_be_called(servers, settings, url):
    text, values = text_of(servers), NeededValues(BASE)
    ways = (by_validation, by_repair, by_binding)

    assert [way(text, values, settings) for way in ways] == [[url]] * 3


def test_q9_4_values_that_lead_to_what_the_operator_refuses_leave_it_to_the_base_url():
    inner = {"url": "http://{h}:8000/v1", "variables": {"h": {"default": "10.0.0.1"}}}
    values = NeededValues(BASE, {"h": "10.0.0.2"})
    ways = (by_validation, by_repair, by_binding)

    assert [way(text_of([inner]), values, ALLOWED) for way in ways] == [[f"{BASE}/v1"]] * 3
