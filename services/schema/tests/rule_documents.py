"""The smallest documents that a rule may be tripped with, as JSON."""

import json

INFO = {"title": "t", "version": "1"}
SERVERS = [{"url": "https://a.example"}]
OK = {"200": {"description": "d"}}


def document(operation=None, *, path="/a", method="get", item=None, version="3.1.0", **members):
    node = {"operationId": "a", "summary": "s", "responses": OK, **(operation or {})}
    whole = {"openapi": version, "info": INFO, "servers": SERVERS}
    return json.dumps({**whole, "paths": {path: {method: node, **(item or {})}}, **members})


def without(text, *path):
    whole = json.loads(text)
    here = whole
    for step in path[:-1]:
        here = here[step]
    del here[path[-1]]
    return json.dumps(whole)


def parameter(**members):
    return document(
        {"parameters": [{"name": "x", "in": "query", "schema": {"type": "string"}, **members}]}
    )


def in_path(path, *parameters):
    return document({"parameters": list(parameters)}, path=path)


def schema(node):
    return parameter(schema=node)


def refers_to(pointer):
    used = {"name": "q", "in": "query", "schema": {"$ref": pointer}}
    held = {"name": "p", "in": "query", "schema": {"type": "string"}}
    return document({"parameters": [used]}, components={"parameters": {"P": held}})


def unions(count):
    """An object of so many members, each one of the same 40 schemas of 60 members."""
    members = {f"p{i}": {"type": "string"} for i in range(60)}
    named = {
        f"S{i}": {"type": "object", "properties": {"kind": {"const": f"k{i}"}, **members}}
        for i in range(40)
    }
    union = {
        "oneOf": [{"$ref": f"#/components/schemas/{name}"} for name in named],
        "discriminator": {"propertyName": "kind"},
    }
    node = {"type": "object", "properties": {f"u{i}": union for i in range(count)}}
    request = {"content": {"application/json": {"schema": node}}}
    return document({"requestBody": request}, method="post", components={"schemas": named})


def body(node, method="post"):
    return document({"requestBody": node}, method=method)


def xml_body(name, xml=None, media_types=("application/xml",)):
    member = {"type": "string", **({"xml": xml} if xml else {})}
    node = {"type": "object", "properties": {name: member}}
    return body({"content": {each: {"schema": node} for each in media_types}})


def server(url, **variables):
    return document(servers=[{"url": url, "variables": variables}])


def swagger(**members):
    return json.dumps({"swagger": "2.0", "info": INFO, "host": "a.example", **members})


def in_swagger_path(collection_format):
    field = {"name": "x", "in": "path", "required": True, "type": "array"}
    field |= {"items": {"type": "string"}, "collectionFormat": collection_format}
    node = {"operationId": "a", "summary": "s", "parameters": [field], "responses": OK}
    return swagger(paths={"/a/{x}": {"get": node}})


def nested(levels):
    node = {"type": "string"}
    for _ in range(levels):
        node = {"type": "array", "items": node}
    return node


JSON_BODY = {"content": {"application/json": {"schema": {"type": "array", "items": {}}}}}


def multipart(encoding):
    node = {"type": "object", "properties": {"p": {"type": "string"}}}
    return body({"content": {"multipart/form-data": {"schema": node, "encoding": encoding}}})


def answered(content):
    return document({"responses": {"200": {"description": "d", "content": content}}})


LEFT_OUT = {
    "schema.body_media_left_out": (
        body({"content": {"json": {}, **JSON_BODY["content"]}}),
        body(JSON_BODY),
    ),
    "schema.answer_media_left_out": (answered({"json": {}}), answered({"application/json": {}})),
    "schema.encoding_type_left_out": (
        multipart({"p": {"contentType": "text/plain, text"}}),
        multipart({"p": {"contentType": "text/plain, text/csv"}}),
    ),
    "schema.encoding_left_out": (
        multipart({"q": {"contentType": "text/plain"}}),
        multipart({"p": {"contentType": "text/plain"}}),
    ),
    "schema.part_header_left_out": (
        multipart({"p": {"headers": {"X-A": {"schema": {"type": "string"}}}}}),
        multipart({"p": {"headers": {"X-A": {"schema": {"const": "a"}}}}}),
    ),
    "schema.not_read": (document(webhooks={"w": {"post": {"responses": OK}}}), document()),
    "schema.server_variable_idle": (
        server("https://a.example", b={"default": "c"}),
        server("https://a.example/{b}", b={"default": "c", "enum": ["c"]}),
    ),
}


def _by_position(required, member="itemEncoding"):
    content = {"multipart/mixed": {"schema": {"type": "array", "items": {}}, member: {}}}
    operation = {"requestBody": {"required": required, "content": content}}
    return document(operation, method="post", version="3.2.0")


def _default_mapping(target):
    node = {"discriminator": {"propertyName": "a", "defaultMapping": target}}
    return schema(node)


BODY_SLIPS = {
    "schema.parts_by_position": (_by_position(True), _by_position(False)),
    "schema.parts_left_out": (_by_position(False), _by_position(True)),
    "schema.discriminator_default": (_default_mapping("#/nowhere"), _default_mapping("#/info")),
    "schema.body_media_missing": (body({"content": {}}), body(JSON_BODY)),
    "schema.body_media_invalid": (
        body({"content": {"text/odd thing": {}}}),
        body({"content": {"text/odd thing": {}, "text/plain": {}}}),
    ),
    "schema.body_media_unknown": (body({"content": {"schema": {}}}), body(JSON_BODY)),
    "schema.xml_name_invalid": (xml_body("x y"), xml_body("x-y")),
    "schema.xml_prefix_undeclared": (
        xml_body("s:x"),
        xml_body("s:x", {"prefix": "s", "namespace": "http://s"}),
    ),
    "schema.xml_left_out": (
        xml_body("x y", media_types=("application/xml", "application/json")),
        xml_body("x", media_types=("application/xml", "application/json")),
    ),
    "schema.body_on_get": (body(JSON_BODY, "get"), body(JSON_BODY, "delete")),
}
"""A document that trips the rule, and a neighbour of it that does not."""

SCHEMA_SLIPS = {
    "schema.schema_is_type": (
        schema({"properties": {"a": "string"}}),
        schema({"properties": {"a": {"type": "string"}}}),
    ),
    "schema.schema_not_an_object": (
        schema({"properties": {"a": None}}),
        schema({"properties": {"a": True}}),
    ),
    "schema.member_beside_type": (
        schema({"type": "object", "a": {"type": "string"}}),
        schema({"type": "object", "properties": {"a": {"type": "string"}}}),
    ),
    "schema.body_content_missing": (
        body({"application/json": {"schema": {"type": "object"}}}),
        body({"content": {"application/json": {"schema": {"type": "object"}}}}),
    ),
    "schema.member_beside_itself": (
        schema(
            {"type": "object", "a": {"type": "string"}, "properties": {"a": {"type": "string"}}}
        ),
        schema({"type": "object", "properties": {"a": {"type": "string"}}}),
    ),
    "schema.reference_to_holder": (
        refers_to("#/components/parameters/P"),
        refers_to("#/components/parameters/P/schema"),
    ),
    "schema.keyword_in_properties": (
        schema({"properties": {"required": ["a"]}}),
        schema({"properties": {"required": {"type": "array", "items": {}}}}),
    ),
    "schema.example_of_other_type": (
        schema({"type": "string", "example": 1}),
        schema({"type": "string", "example": "1"}),
    ),
    "schema.default_refused": (
        schema({"type": "integer", "default": 9, "maximum": 3}),
        schema({"type": "integer", "default": 3, "maximum": 3}),
    ),
}
"""Likewise."""

FINE = document()
PATHS = {"/a": {"get": {"operationId": "a", "summary": "s", "responses": OK}}}

SERVER_SLIPS = {
    "schema.server_missing": (document(servers=[]), FINE),
    "schema.server_misplaced": (document(servers=[], server=SERVERS), FINE),
    "schema.version_at_other_key": (
        json.dumps({"swagger": "3.0.0", "info": INFO, "servers": SERVERS, "paths": {}}),
        FINE,
    ),
    "schema.written_as_openapi_3": (
        json.dumps({"swagger": "2.0", "info": INFO, "servers": SERVERS, "components": {"a": 1}}),
        FINE,
    ),
    "schema.host_with_more": (
        swagger(host="https://api.acme.io/v1", paths=PATHS),
        swagger(paths=PATHS),
    ),
    "schema.server_placeholder": (server("https://YOUR_HOST"), server("https://your-host.a")),
    "schema.server_from_import": (document(servers=[]), FINE),
    "schema.server_resolved": (server("/v1"), FINE),
    "schema.server_given": (document(servers=[]), server("https://api.acme.io")),
    "schema.server_relative": (server("/v1"), FINE),
    "schema.server_scheme_misspelt": (server("https//api.foo.dev"), FINE),
    "schema.server_broken": (server("ftp://a.example"), FINE),
    "schema.servers_several": (document(servers=SERVERS * 2), FINE),
    "schema.server_variable_open": (
        server("https://{a}.example"),
        server("https://{a}.example", a={"enum": ["b"]}),
    ),
    "schema.server_variable_default": (
        server("https://a.example/{a}", a={"default": "b"}),
        server("https://a.example/{a}", a={"default": "b", "enum": ["b"]}),
    ),
    "schema.server_variable_value": (
        server("https://a.example/{a}", a={"default": "b", "enum": ["c"]}),
        server("https://a.example/{a}", a={"default": "c", "enum": ["c"]}),
    ),
    "schema.server_variable_unknown": (
        server("https://a.example/{a}", a={"default": "b", "enum": ["b", "c"]}),
        server("https://a.example/{d}", d={"default": "b", "enum": ["b", "c"]}),
    ),
    "schema.base_url_unused": (server("https://api.foo.dev"), document(servers=[])),
    "schema.server_variable_ends_host": (
        server("https://{a}.example", a={"default": "b.example/"}),
        server("https://{a}", a={"default": "b.example/c"}),
    ),
    "schema.server_trailing_slash": (server("https://a.example/"), FINE),
    "schema.server_query": (server("https://a.example?b=1"), FINE),
    "schema.server_query_open": (
        server("https://a.example?b={c}", c={"default": "d"}),
        server("https://a.example?b=1"),
    ),
    "schema.server_fragment": (server("https://a.example#b"), FINE),
}
"""Likewise."""


def as_part(media_type):
    part = {"type": "object", "properties": {"a": {"type": "string"}}}
    form = {"schema": {"type": "object", "properties": {"p": part}}}
    form["encoding"] = {"p": {"contentType": media_type}}
    return body({"content": {"multipart/form-data": form}})


def with_paths(paths):
    return json.dumps({**json.loads(FINE), "paths": paths})


SLIPS = {
    "schema.member_misspelt": (document({"sumary": "a"}), document({"x-sumary": "a"})),
    "schema.consequential_misspelt": (
        document({"x-openai-isconsequential": True}),
        document({"x-openai-isConsequential": True}),
    ),
    "schema.consequential_misplaced": (
        with_paths({"/a": {"get": {"responses": {}}, "x-openai-isConsequential": True}}),
        with_paths({"/a": {"get": {"responses": {}, "x-openai-isConsequential": True}}}),
    ),
    "schema.operation_id_mark": (
        document({"operationId": "list,"}),
        document({"operationId": "list"}),
    ),
    "schema.required_misspelt": (
        schema({"properties": {"name": {}}, "required": ["nmae"]}),
        schema({"properties": {"name": {}}, "required": ["name"]}),
    ),
    "schema.required_undescribed": (
        schema({"properties": {"name": {}}, "required": ["other"]}),
        schema({"properties": {"name": {}}, "required": ["name"]}),
    ),
    "schema.part_as_json": (as_part("application/xml"), as_part("application/json")),
    "schema.method_beside_path": (
        with_paths({"/a": None, "get": {"responses": {}}}),
        with_paths({"/a": {"get": {"responses": {}}}}),
    ),
    "schema.path_inside_operation": (
        document({"/b": {"get": {"responses": {}}}}),
        document({"x-b": {"get": {"responses": {}}}}),
    ),
    "schema.operation_misplaced": (
        document({"post": {"responses": {}}}),
        document({"x-post": {"responses": {}}}),
    ),
    "schema.path_misplaced": (
        document(**{"/b": {"get": {"responses": {}}}}),
        document(**{"x-b": {"get": {"responses": {}}}}),
    ),
    "schema.member_misplaced": (
        parameter(responses=OK),
        parameter(**{"x-responses": OK}),
    ),
    "schema.method_in_additional": (
        document(item={"additionalOperations": {"put": {"responses": OK}}}, version="3.2.0"),
        document(item={"additionalOperations": {"LINK": {"responses": OK}}}, version="3.2.0"),
    ),
    "schema.parameter_unsendable": (
        parameter(**{"in": "header", "required": True, "schema": {"enum": ["é"]}}),
        parameter(**{"in": "query", "required": True, "schema": {"enum": ["é"]}}),
    ),
    "schema.values_unsendable": (
        parameter(**{"in": "header", "schema": {"enum": ["a", "é"]}}),
        parameter(**{"in": "header", "schema": {"enum": ["a", "b"]}}),
    ),
    "schema.security_too_long": (
        document({"security": [{f"s{n}": []} for n in range(101)]}),
        document({"security": [{f"s{n}": []} for n in range(100)]}),
    ),
    "schema.method_repeated": (
        document(item={"GET": {"responses": OK}}),
        document(item={"PUT": {"responses": OK}}),
    ),
    "schema.text_not_indented": (
        "title: |\nLists: the items",
        "title: |\n    Lists: the items",
    ),
    "schema.mark_behind_value": ("a:\n  name: x,", 'a:\n  name: "x,"'),
    "schema.paths_at_margin": ("paths:\n/a:\n  get: {}", "paths:\n  /a:\n    get: {}"),
    "schema.path_template_marked": (document(path="/a/${id}"), document(path="/a/$x")),
    "schema.path_template_typed": (document(path="/a/{id:int}"), document(path="/a/{id}")),
}
"""Of names and levels: by code, a document that trips the rule and one that does not."""
