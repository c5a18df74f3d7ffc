"""What many operations share is worked out once and kept by reference."""

import json

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


class Watched(dict):
    """Counts how often its members are gone through."""

    times = 0

    def __iter__(self):
        self.times += 1
        return super().__iter__()


def test_b3_what_a_path_item_says_is_looked_at_once_for_all_paths_that_refer_to_it():
    def gone_through(count):
        responses = Watched(RESPONSES)
        paths = {"/a": {"get": {"responses": responses}}}
        answer(api(paths | {f"/{n}": {"$ref": "#/paths/~1a"} for n in range(count)}))
        return responses.times

    assert gone_through(12) == gone_through(1) > 0
