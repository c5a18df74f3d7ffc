"""What many operations share is worked out once and kept by reference."""

import json
from dataclasses import replace

import pytest

from schema_service.domain.compiling.server.helping import helping_variable
from schema_service.domain.compiling.server.values import MAX_LENGTH
from schema_service.domain.compiling.server.variables import fill
from schema_service.domain.examination import examine
from schema_service.domain.reading.read_document import read_document
from services.schema.tests.documents import answer, api

RESPONSES = {"200": {"description": "", "content": {"application/json": {}}}}


def compiled(paths, **members):
    examined = examine(read_document(json.dumps(api(paths, **members))))
    return [each.operation for each in examined.operations], examined.findings


def posting(media_type, **members):
    content = {media_type: {"schema": {"$ref": "#/components/schemas/S"}}}
    return {"post": {"requestBody": {"content": content}, "responses": RESPONSES, **members}}


ITSELF = {
    "type": "object",
    "xml": {"name": "s"},
    "properties": {
        "self": {"$ref": "#/components/schemas/S"},
        **{f"m{n}": {"type": "string"} for n in range(5)},
    },
}
COMPONENTS = {"schemas": {"S": ITSELF}}


def test_b3_operations_of_the_same_body_share_their_arguments():
    for media_type in ("application/xml", "application/json", "multipart/form-data"):
        paths = {f"/{n}": posting(media_type) for n in range(2)}
        (first, second), _ = compiled(paths, components=COMPONENTS)
        assert first.arguments == second.arguments
        assert first.body == second.body
        schemas = zip(
            first.arguments["properties"].values(),
            second.arguments["properties"].values(),
            strict=True,
        )
        assert all(one is other for one, other in schemas)


def test_b3_an_operation_that_takes_more_or_other_things_has_its_own_arguments():
    parameter = {"name": "m1", "in": "query", "schema": {"type": "integer"}}
    paths = {
        "/a": posting("application/json"),
        "/b": posting("application/json", parameters=[parameter]),
        "/c": posting("application/x-www-form-urlencoded"),
        "/d": posting("application/json"),
    }
    paths["/d"]["post"]["requestBody"]["required"] = True
    (plain, more, form, needed), _ = compiled(paths, components=COMPONENTS)
    assert "m1" in plain.arguments["properties"]
    assert more.arguments["properties"]["m1"] == {"type": "integer"}
    assert form.body.media_type != plain.body.media_type
    assert (plain.body.required, needed.body.required) == (False, True)


def test_b3_what_a_path_item_declares_is_prepared_once_for_all_that_refer_to_it():
    listed = [{"name": "q", "in": "query", "schema": {"type": "string", "enum": ["a", "b"]}}]
    item = {"parameters": listed, "get": {"responses": {**RESPONSES, "ok": {"description": ""}}}}
    paths = {"/a": item, **{f"/{n}": {"$ref": "#/paths/~1a"} for n in range(2)}}
    (first, *others), findings = compiled(paths)
    for other in others:
        assert other.arguments["properties"]["q"] is first.arguments["properties"]["q"]
        assert other.response_media_types == first.response_media_types == ("application/json",)
    assert [each.code for each in findings].count("schema.status_unknown") == 1


class Counted(dict):
    """Counts what is looked up in it."""

    looked_up = 0

    def get(self, *arguments):
        self.looked_up += 1
        return super().get(*arguments)


def helping(url, variables):
    return helping_variable(url, fill(url, variables, ("servers", 0), {}))


def test_b3_other_variables_are_worked_out_once_for_all_values_that_are_tried():
    names = [f"v{n}" for n in range(200)]
    host = ".".join(f"{{{name}}}" for name in names)
    variables = Counted({name: {"default": "a"} for name in names})
    assert helping(f"http://{host}.local", variables) is None
    assert variables.looked_up < 2 * len(names)
    one = {"host": {"default": "localhost"}}
    assert helping("https://{host}/{v}", {**one, "v": {"default": "1"}}) == "host"


def test_b3_a_variable_helps_only_with_a_value_that_it_may_have_and_in_a_url_of_some_length():
    ends_the_host = {"host": {"default": "a", "enum": ["a", "api.acme.io/x"]}}
    assert helping("https://{host}.local/v1", ends_the_host) is None
    free = {"host": {"default": "localhost"}}
    assert helping("https://{host}/v1", free) == "host"
    room = MAX_LENGTH - len("https://api.acme.io/")
    for length, helps in ((room, "host"), (room + 1, None)):
        variables = free | {"path": {"default": "a" * length}}
        assert helping("https://{host}/{path}", variables) == helps


class Read(dict):
    """Counts how often its members are gone through."""

    times = 0

    def __iter__(self):
        self.times += 1
        return super().__iter__()

    def keys(self):
        self.times += 1
        return super().keys()

    def values(self):
        self.times += 1
        return super().values()

    def items(self):
        self.times += 1
        return super().items()


def times_read(document, *place):
    """How often what stands at a place is gone through while the document is examined."""
    reading = read_document(json.dumps(document))
    holder = reading.document
    for step in place[:-1]:
        holder = holder[step]
    counted = holder[place[-1]] = Read(holder[place[-1]])
    examined = examine(replace(reading, document=reading.document))
    assert all(each.operation for each in examined.operations)
    return counted.times


ENCODED = {"schema": {"$ref": "#/components/schemas/S"}, "encoding": {}}
PARTS = {"content": {"application/x-www-form-urlencoded": ENCODED, "multipart/form-data": ENCODED}}
BODY = {"$ref": "#/components/requestBodies/B"}
PARAMETER = {"name": "q", "in": "query", "schema": {"type": "string"}}


def with_parts(operations, parts=PARTS, **members):
    encoding = {f"m{n}": {"contentType": "text/plain"} for n in range(5)}
    content = {name: {**each, "encoding": encoding} for name, each in parts["content"].items()}
    post = {"requestBody": BODY, "responses": RESPONSES, **members}
    components = {**COMPONENTS, "requestBodies": {"B": {"content": content}}}
    return api({f"/{n}": {"post": post} for n in range(operations)}, components=components)


@pytest.mark.parametrize("more", [{}, {"parameters": [PARAMETER]}], ids=["alone", "with another"])
@pytest.mark.parametrize("media_type", PARTS["content"])
def test_encodings_of_a_shared_body_are_worked_out_once(more, media_type):
    place = ("components", "requestBodies", "B", "content", media_type, "encoding")
    few, many = with_parts(2, **more), with_parts(20, **more)
    assert times_read(many, *place) == times_read(few, *place)
    schemas = ("components", "schemas", "S", "properties")
    assert times_read(many, *schemas) == times_read(few, *schemas)


@pytest.mark.parametrize("more", [{}, {"parameters": [PARAMETER]}], ids=["alone", "with another"])
def test_operations_share_how_the_parts_of_a_body_are_sent(more):
    document = with_parts(2, {"content": {"multipart/form-data": ENCODED}}, **more)
    (first, second), _ = compiled(document["paths"], components=document["components"])
    assert first.body == second.body
    parts = zip(first.body.encoding.values(), second.body.encoding.values(), strict=True)
    assert all(one is other for one, other in parts)


@pytest.mark.parametrize("media_type", PARTS["content"])
def test_operations_of_the_same_encoded_body_have_one_body(media_type):
    document = with_parts(2, {"content": {media_type: ENCODED}})
    (first, second), _ = compiled(document["paths"], components=document["components"])
    assert {*first.body.encoding} >= {f"m{n}" for n in range(5)}
    assert first.body is second.body


def test_bodies_of_the_same_schema_with_other_encodings_are_not_the_same():
    paths = {f"/{n}": posting("multipart/form-data") for n in range(3)}
    for path, written in (("/0", "text/csv"), ("/1", "application/json")):
        media = paths[path]["post"]["requestBody"]["content"]["multipart/form-data"]
        media["encoding"] = {"m0": {"contentType": written}}
    operations, _ = compiled(paths, components=COMPONENTS)
    assert [each.body.encoding["m0"].content_type for each in operations] == [
        "text/csv",
        "application/json",
        None,
    ]


def test_media_types_of_a_shared_answer_are_read_once():
    def document(operations):
        content = {f"application/x{n}": {} for n in range(5)}
        shared = {"200": {"$ref": "#/components/responses/R"}}
        return api(
            {f"/{n}": {"get": {"responses": shared}} for n in range(operations)},
            components={"responses": {"R": {"description": "", "content": content}}},
        )

    place = ("components", "responses", "R", "content")
    assert times_read(document(20), *place) == times_read(document(2), *place)
    (first, second), _ = compiled(document(2)["paths"], components=document(2)["components"])
    assert first.response_media_types is second.response_media_types
    assert len(first.response_media_types) == 5


def test_several_answers_have_the_media_types_of_all_each_once():
    def answering(*names):
        return {"description": "", "content": {f"application/{name}": {} for name in names}}

    responses = {"200": answering("a", "b"), "201": answering("b", "c"), "default": answering("d")}
    alone = {"200": answering("a", "b")}
    paths = {"/0": {"get": {"responses": responses}}, "/1": {"get": {"responses": alone}}}
    (first, second), _ = compiled(paths)
    assert first.response_media_types == ("application/a", "application/b", "application/c")
    assert second.response_media_types == ("application/a", "application/b")


def test_members_of_shared_bodies_count_for_each_operation():
    """Beyond 60,000 a body is one argument, whoever else has it as well."""
    wide = {"type": "object", "properties": {f"m{n}": {"type": "string"} for n in range(900)}}
    paths = {f"/{n:03}": posting("application/json") for n in range(70)}
    operations, _ = compiled(paths, components={"schemas": {"S": wide}})
    assert [each.body.members is None for each in operations] == [False] * 66 + [True] * 4


def test_b3_what_a_path_item_says_is_looked_at_once_for_all_paths_that_refer_to_it():
    def gone_through(count):
        responses = Read(RESPONSES)
        paths = {"/a": {"get": {"responses": responses}}}
        answer(api(paths | {f"/{n}": {"$ref": "#/paths/~1a"} for n in range(count)}))
        return responses.times

    assert gone_through(12) == gone_through(1) > 0


def test_b3_what_stands_beside_a_reference_to_a_path_item_is_of_its_path_alone():
    def beside(host, kind):
        parameter = {"name": "one", "in": "query", "schema": {"type": kind}}
        servers = [{"url": f"https://{host}.acme.io"}]
        return {"$ref": "#/components/pathItems/I", "servers": servers, "parameters": [parameter]}

    shared = {"pathItems": {"I": {"get": {"responses": RESPONSES}}}}
    paths = {"/a": beside("one", "integer"), "/b": beside("two", "string")}
    operations, _ = compiled(paths, components=shared)
    assert [each.server for each in operations] == ["https://one.acme.io", "https://two.acme.io"]
    types = [each.arguments["properties"]["one"]["type"] for each in operations]
    assert types == ["integer", "string"]
