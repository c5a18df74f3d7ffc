"""What is moved to where it belongs replaces nothing that stands there already."""

import json

import pytest

from schema_service.domain.examination import examine
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.repairing.rounds import repair_all


def operation(name, **members):
    return {"operationId": name, "responses": {"200": {"description": "ok"}}, **members}


def api(paths):
    head = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}}
    return json.dumps({**head, "servers": [{"url": "https://api.acme.io"}], "paths": paths})


def found(text):
    return examine(read_document(text))


def repaired(text):
    repairs = [each.repair for each in found(text).findings if each.repair]
    return repair_all(text, repairs).text


@pytest.mark.parametrize("there", ["get", "GET", "Get"])
@pytest.mark.parametrize("written", ["get", "GET", "Get"])
def test_a_method_is_not_moved_over_the_same_one_in_other_letters(there, written):
    inside = operation("post", **{written: operation("other")})
    text = api({"/items": {there: operation("first"), "post": inside}})
    [finding] = [each for each in found(text).findings if each.severity == "error"]
    assert (finding.code, finding.repair) == ("schema.operation_misplaced", None)
    assert "which has get already: keep one of the two" in finding.hint
    assert '"first"' in repaired(text)
    assert '"other"' in repaired(text)


def test_a_method_in_capitals_is_moved_where_there_is_none():
    text = api({"/items": {"post": operation("post", GET=operation("other"))}})
    names = {each.operation_id for each in found(repaired(text)).operations}
    assert names == {"post", "other"}


def test_a_path_is_not_moved_over_the_same_path():
    outer = {"get": operation("items"), "/a": {"post": operation("lost")}}
    text = api({"/a": {"get": operation("first")}, "/items": outer})
    [finding] = [each for each in found(text).findings if each.severity == "error"]
    assert (finding.code, finding.repair) == ("schema.path_inside_path", None)
    assert "There is a path /a already" in finding.hint
    assert '"first"' in repaired(text)
    assert '"lost"' in repaired(text)


def test_of_two_alike_inside_others_one_is_moved():
    method = operation("items", **{"/a": {"get": operation("one")}})
    text = api({"/items": {"get": method, "/a": {"post": operation("two")}}})
    after = repaired(text)
    assert '"one"' in after
    assert '"two"' in after
    assert not found(after).valid


def test_a_path_without_a_value_is_no_hindrance():
    outer = {"get": operation("items"), "/a": {"post": operation("moved")}}
    after = repaired(api({"/a": None, "/items": outer}))
    assert "POST /a" in {f"{each.method} {each.path}" for each in found(after).operations}
