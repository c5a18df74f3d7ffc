"""What stands once in a document is worked out once, however many operations it is for."""

from contracts.operation import Location
from schema_service.domain.compiling.answers import MAX_NAMES
from schema_service.domain.compiling.inputs.sendable import Way, sendable
from schema_service.domain.compiling.json_schema.schemas import Schemas
from schema_service.domain.compiling.path_members import owner_of
from schema_service.domain.compiling.references import References
from schema_service.domain.compiling.security import MAX_SCHEMES
from schema_service.domain.linting.grammar import _methods
from services.schema.tests.documents import answer, api


class CountedMembers(dict):
    """Counts how often its members are gone through."""

    passes = 0

    def __iter__(self):
        self.passes += 1
        return super().__iter__()


class CountedList(list):
    """Counts how often its items are gone through."""

    passes = 0

    def __iter__(self):
        self.passes += 1
        return super().__iter__()


def many(count=50, **members):
    paths = {f"/p{n}": {"get": {"operationId": f"o{n}"}} for n in range(count)}
    return api(paths, **members)


def test_w9_10_security_of_a_document_is_listed_once_for_all_operations():
    security = CountedList([{"key": []}])
    few, lots = (answer(many(count, security=security)) and security.passes for count in (1, 50))
    assert lots == 2 * few


def test_w9_10_an_operation_keeps_the_first_security_schemes_and_says_so():
    schemes = {f"s{n}": {"type": "http", "scheme": "bearer"} for n in range(MAX_SCHEMES + 1)}
    security = [{name: []} for name in schemes]
    found = answer(many(2, security=security, components={"securitySchemes": schemes}))
    assert [len(each.operation.security) for each in found.operations] == [MAX_SCHEMES] * 2
    [finding] = [each for each in found.findings if each.code == "schema.security_too_long"]
    assert finding.pointer == "/security"
    assert str(MAX_SCHEMES + 1) in finding.message


def test_w9_11_an_operation_keeps_the_first_media_types_of_its_answers_and_json_before_others():
    produces = [f"text/x-{n}" for n in range(MAX_NAMES)] + ["application/json"]
    paths = {"/a": {"get": {"operationId": "a", "responses": {}}}}
    swagger = {"swagger": "2.0", "info": {"title": "t", "version": "1"}, "host": "api.pets.dev"}
    found = answer({**swagger, "schemes": ["https"], "produces": produces, "paths": paths})
    [kept] = [each.operation.response_media_types for each in found.operations]
    assert kept == ("application/json", *produces[: MAX_NAMES - 1])


def test_w9_12_the_method_above_responses_is_looked_up_once_for_a_path():
    def passes(count):
        methods = {f"M{n}": {"operationId": f"m{n}"} for n in range(count)}
        item = CountedMembers({"get": {"operationId": "a"}, "additionalOperations": methods})
        answer({**api({"/a": item}), "openapi": "3.2.0"})
        return item.passes

    assert passes(40) == passes(2)


def test_w9_12_the_method_above_responses_is_still_found():
    item = {"get": {}, "responses": {}}
    assert owner_of("responses", item) == "get"


def test_w9_13_members_of_a_path_are_told_apart_in_one_pass():
    """As many comparisons as members, and not as pairs of them."""

    class Name(str):
        __slots__ = ()
        compared = 0

        def __eq__(self, other):
            Name.compared += 1
            return str.__eq__(self, other)

        __hash__ = str.__hash__

    item = {Name(f"x{n}"): {} for n in range(200)} | {Name(f"y{n}"): 1 for n in range(200)}
    pieces = [*_methods(item)]
    assert len(pieces) == 201
    assert Name.compared < 1_000


def test_w9_8_values_of_a_shared_schema_are_looked_through_once():
    shared = {"enum": ["a", "é"]}
    document = api({}, components={"schemas": {"Shared": shared}})
    schemas = Schemas(References(document), [], alone=False)
    reference = {"$ref": "#/components/schemas/Shared", "description": "d"}
    compiled = [schemas.compile(reference, ("parameters", n, "schema")) for n in range(2)]
    first, second = (sendable(each, Way(Location.HEADER), (), schemas) for each in compiled)
    assert first.compiled.schema["enum"] == ["a"]
    assert first.compiled.schema is second.compiled.schema
