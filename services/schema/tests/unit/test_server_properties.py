"""What holds for every document, whatever it says of its servers."""

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schema_service.domain.needed_values import NeededValues
from services.schema.tests.server_documents import GIVEN, errors, read, repaired, text_of, verdicts

SOME = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)
hosts = st.sampled_from(
    [
        *("localhost", "127.0.0.1", "10.0.0.1:8080", "api.acme.io", "api.acme.io:8443", "a_b.io"),
        *("YOUR_HOST", "your-domain.com", "<host>", "{host}", "{{host}}", "box", "printer.local"),
        *("api.example.com", "{tenant}.acme.io", "[::1]", "", "0x7f.1", "x" * 70 + ".io"),
    ]
)
urls = st.builds(
    "{}{}{}".format,
    st.sampled_from(["https://", "http://", "//", "", "ftp://", "/"]),
    hosts,
    st.sampled_from(["", "/", "/v1", "/v1/", "/../x", "?q=1", "/{base}"]),
) | st.text(max_size=12)
variables = st.dictionaries(
    st.sampled_from(["host", "tenant", "base"]),
    st.fixed_dictionaries({}, optional={"default": hosts, "enum": st.lists(hosts, max_size=2)})
    | st.none(),
)
server = st.fixed_dictionaries({"url": urls}, optional={"variables": variables})
servers = st.none() | st.lists(server | urls | st.none() | st.just({}), max_size=3) | server | urls
sources = st.sampled_from([None, "https://docs.acme.io/openapi.yaml", "http://localhost/x.json"])


def blocked_or_not(found):
    return [each == "blocked" for each in verdicts(found)]


@SOME
@given(servers, servers, sources)
def test_property_1_blocked_means_an_error_with_its_place_and_a_hint(first, misplaced, source):
    info = {"title": "t", "version": "1", "servers": misplaced}
    found = read(text_of(first, info=info), source)

    assert any(blocked_or_not(found)) <= bool(errors(found))
    assert any(blocked_or_not(found)) <= (not found.valid)
    assert all(each["hint"] and each["line"] for each in errors(found))


@SOME
@given(servers, sources, st.sampled_from([NeededValues(), GIVEN]))
def test_property_3_no_repair_hides_an_error_or_invents_a_host(servers, source, values):
    text = text_of(servers)

    outcome = repaired(text, values, source)
    after = read(outcome.text, source)

    assert any(blocked_or_not(after)) <= bool(errors(after))
    if "example" not in text:
        assert "example" not in outcome.text
    for each in json.loads(outcome.text).get("servers") or ():
        assert "None" not in json.dumps(each)


@SOME
@given(servers)
def test_property_3_where_nothing_but_an_address_is_missing_a_base_url_makes_it_ready(servers):
    text = text_of(servers)
    needs = [each["repair"] and each["repair"]["needs"] for each in errors(read(text))]
    if needs == [["base_url"]]:
        assert not any(blocked_or_not(read(repaired(text, GIVEN).text)))


@SOME
@given(servers, sources)
def test_property_5_one_public_server_is_enough(servers, source):
    listed = servers if isinstance(servers, list) else []
    found = read(text_of([*listed, {"url": "https://good.acme.io/v1"}]), source)

    assert blocked_or_not(found) == [False]
