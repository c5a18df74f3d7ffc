"""The smallest documents that trip a rule, as text, from the part that they are about."""

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
