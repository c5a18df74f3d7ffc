"""Documents that are generated from code are committed as the code would write them."""

import ast
import json

import pytest

from contracts.fact import FACTS
from contracts.request import REQUESTS
from contracts.requests import Decide, ReadGpt, ReadReleaseTexts
from tests.contract.generate import ROOT, documents
from tests.contract.readme import readme
from tests.contract.survey import folders_of_services, made_by, services

NOT_ASKED_YET = {ReadReleaseTexts}
"""Answered for conversations."""
ASKED_BY_THE_RELEASE_BEFORE = {ReadGpt, Decide}


@pytest.fixture(scope="module")
def surveyed():
    return services()


def test_what_is_committed_is_what_the_code_says():
    stale = [
        str(path.relative_to(ROOT))
        for path, text in documents().items()
        if not path.exists() or path.read_text() != text
    ]

    assert stale == [], "run ./openactions contracts"


def test_every_service_is_surveyed(surveyed):
    assert [service.name for service in surveyed] == folders_of_services()


def test_b5_a_fact_voids_where_and_only_where_caches_hear_it(surveyed):
    """What is received live is awaited by who changes it; else "done" is answered too early."""
    received = {fact for service in surveyed for fact in service.subscriptions.live}

    assert {fact for fact in FACTS.values() if fact.voids} == received


def test_every_request_has_one_service_that_answers_it(surveyed):
    answered = [request.subject for service in surveyed for request in service.answers]

    assert sorted(answered) == sorted(REQUESTS)


def test_nobody_asks_what_it_answers_itself(surveyed):
    assert [s.name for s in surveyed if {*s.asks} & {*s.answers}] == []


def test_every_request_is_asked_by_somebody(surveyed):
    asked = {request for service in surveyed for request in service.asks}

    assert asked | NOT_ASKED_YET | ASKED_BY_THE_RELEASE_BEFORE == {*REQUESTS.values()}


def test_a_use_case_of_a_requests_name_is_no_question():
    asks = "from contracts.requests import Gate as Ask\nfrom mine import Decide\nAsk(), Decide()"

    assert [*made_by(ast.parse(asks))] == ["Gate"]


def test_what_only_the_release_before_asks_is_marked_so(surveyed):
    rows = [row.split("|")[1:-1] for row in readme(surveyed).splitlines() if "`request." in row]
    listed = {row[0].strip(" `") for row in rows if "execution of the release before" in row[-1]}

    assert listed == {request.subject for request in ASKED_BY_THE_RELEASE_BEFORE}


def test_every_service_hears_when_a_token_is_revoked(surveyed):
    revoked = FACTS["fact.token.revoked.v1"]

    assert [service.name for service in surveyed if revoked not in service.subscriptions.live] == []


@pytest.mark.parametrize("name", folders_of_services())
def test_every_reference_in_a_services_messages_leads_somewhere(name):
    document = json.loads((ROOT / f"services/{name}/asyncapi.json").read_text())

    for reference in _references(document):
        node = document
        for part in reference.removeprefix("#/").split("/"):
            node = node[part.replace("~1", "/").replace("~0", "~")]
        assert node, reference


@pytest.mark.parametrize("name", folders_of_services())
def test_every_operation_of_a_service_has_an_id_of_its_own_and_says_what_it_does(name):
    document = json.loads((ROOT / f"services/{name}/openapi.json").read_text())
    operations = [operation for path in document["paths"].values() for operation in path.values()]

    ids = [operation["operationId"] for operation in operations]
    assert len(ids) == len(set(ids)) > 0
    assert [o["operationId"] for o in operations if not o.get("description")] == []


@pytest.mark.parametrize("name", folders_of_services())
def test_every_operation_of_a_service_says_that_it_refuses_with_problem_documents(name):
    document = json.loads((ROOT / f"services/{name}/openapi.json").read_text())
    refusals = [
        (path, method, status, response["content"])
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        for status, response in operation["responses"].items()
        if status >= "4"
    ]
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}

    assert [each for each in refusals if each[3] != problem] == []
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert {"401", "403", "429", "503"} <= set(operation["responses"]), (path, method)


def _references(node):
    if isinstance(node, list):
        for item in node:
            yield from _references(item)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref" and isinstance(value, str):
                yield value
            else:
                yield from _references(value)
