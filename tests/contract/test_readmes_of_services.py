"""The pages of services name the requests that their code answers, and the paths that it has."""

import re

import pytest

from contracts.requests import ReadGpt
from openactions_local.services import routed_segments
from tests.contract.survey import ROOT, folders_of_services, services

NAME = re.compile(r"`([a-z_]+\.[a-z_]+)`")
SEGMENT = re.compile(r"`(?:[A-Z]+ )?(?:/v1/)?([a-z]+)`")
SERVICES = folders_of_services()


@pytest.fixture(scope="module")
def surveyed():
    return {service.name: service for service in services()}


def answers_listed(page, service):
    """Requests of its own that a page names beside **answers**, in a row or a paragraph."""
    [listed] = re.findall(r"(?im)^(?:\| )?\*\*answers\*\*(.+?)(?:\n\||\n\n)", page, re.DOTALL)
    return {name for name in NAME.findall(listed) if name.startswith(f"{service}.")}


def row_listed(name):
    """What `services/README.md` says of a service: the cells of its row."""
    page = (ROOT / "services/README.md").read_text()
    [row] = re.findall(rf"(?m)^\| \[{name}\]\(.*$", page)
    _, _, paths, answers, _ = row.strip("| ").split(" | ")
    return {*SEGMENT.findall(paths)}, {*NAME.findall(answers)}


def answered_by(service):
    return {request.name for request in service.answers}


def segments_of(service):
    """The first segments after `/v1/` under which a service has routes, the operator's among them.

    Only pages for people are hidden from the OpenAPI document.
    """
    paths = [path.split("/") for path in service.api.openapi()["paths"]]
    operator = {"workspaces"} if service.name == "identity" else set()
    return {path[2] for path in paths if path[1] == "v1"} | operator


@pytest.mark.parametrize("name", SERVICES)
def test_a_services_page_names_every_request_that_it_answers(surveyed, name):
    page = (ROOT / f"services/{name}/README.md").read_text()

    assert answers_listed(page, name) == answered_by(surveyed[name])


@pytest.mark.parametrize("name", SERVICES)
def test_the_page_of_all_services_names_every_request_and_path(surveyed, name):
    service = surveyed[name]

    assert row_listed(name) == (segments_of(service), answered_by(service) - {ReadGpt.name})


@pytest.mark.parametrize("name", SERVICES)
def test_t4_a_started_platform_lists_the_paths_of_the_services_own_routes(surveyed, name):
    documented = (path.split("/") for path in surveyed[name].api.openapi()["paths"])

    assert {*routed_segments(surveyed[name].api)} == {
        path[2] for path in documented if path[1] == "v1"
    }


def test_a_request_that_a_page_does_not_name_is_missed():
    row = "| **answers** | `it.asks`: who · `it.other` |\n| **publishes** | `it.happened` |"

    assert answers_listed(row, "it") == {"it.asks", "it.other"}
    assert answers_listed("Text.\n\n**Answers** `it.asks`,\nand no `x.y`.\n\nMore.", "it") == {
        "it.asks"
    }
