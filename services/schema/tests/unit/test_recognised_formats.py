"""What is no OpenAPI document is recognised by name, in one finding with the way in (B15)."""

import json

import pytest

from schema_service.domain.examined import examine_text

PLUGIN = {
    "schema_version": "v1",
    "name_for_human": "Shop",
    "name_for_model": "shop",
    "auth": {"type": "none"},
    "api": {"type": "openapi", "url": "https://shop.example.org/openapi.yaml"},
}
COPILOT_FORM = "json-schemas/copilot/plugin/v2.1/schema.json"
COPILOT = {
    "schema_version": "v2.1",
    "name_for_human": "Shop",
    "runtimes": [{"type": "OpenApi", "spec": {"url": "https://a.example/openapi.yaml"}}],
}
TOOL = {"name": "a", "inputSchema": {"type": "object"}}
INTROSPECTION = {"data": {"__schema": {"queryType": {"name": "Query"}}}}
RAW_SPEC = {"action_id": "g-1", "domain": "a.example", "raw_spec": "openapi: 3.1.0", "auth": {}}
COLLECTION = {"info": {"_postman_id": "1", "name": "n"}, "item": []}
WSDL = '<?xml version="1.0"?><wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/"/>'
UI = '<!doctype html><div id="swagger-ui"></div><script>Ui({url: "/v3/api-docs"})</script>'
KNOWN = {
    "plugin manifest": (PLUGIN, "ai-plugin.json", "https://shop.example.org/openapi.yaml"),
    "nb11 copilot manifest": (COPILOT, "of Microsoft Copilot", "https://a.example/openapi.yaml"),
    "nb11 copilot manifest of functions": (
        {"$schema": f"https://developer.microsoft.com/{COPILOT_FORM}", "functions": []},
        "of Microsoft Copilot",
        "runtimes[].spec.url",
    ),
    "postman 2.1": (COLLECTION, "a Postman collection", "Convert it"),
    "postman by its schema": (
        {
            "info": {"schema": "https://schema.getpostman.com/json/collection/v2.1.0/c.json"},
            "item": [],
        },
        "a Postman collection",
        "Convert it",
    ),
    "postman API's answer": ({"collection": COLLECTION}, "a Postman collection", "Convert it"),
    "insomnia 4": (
        {"_type": "export", "__export_format": 4, "resources": []},
        "Insomnia",
        "Export",
    ),
    "insomnia 5": ("type: collection.insomnia.rest/5.0\nname: n\n", "Insomnia", "Export"),
    "har": ({"log": {"version": "1.2", "entries": []}}, "a HAR recording", "cookies"),
    "curl": ("curl -X POST https://api.example.org/a -d '{}'", "a curl command", "requestBody"),
    "curl with a prompt": ("$ curl https://api.example.org/a", "a curl command", "servers"),
    "curl on lines": (
        "curl --request GET \\\n  --url https://a.example/x\n",
        "a curl command",
        "paths",
    ),
    "introspection": (INTROSPECTION, "a GraphQL introspection result", "one POST operation"),
    "introspection, bare": (INTROSPECTION["data"], "GraphQL introspection", "one POST operation"),
    "graphql": (
        "type Query {\n  a(id: ID!): String\n}\n",
        "a GraphQL schema",
        "one POST operation",
    ),
    "graphql schema": ("schema {\n  query: Query\n}\n", "a GraphQL schema", "one POST operation"),
    "asyncapi": (
        "asyncapi: 3.0.0\ninfo: {title: t, version: '1'}\nchannels: {}\n",
        "AsyncAPI",
        "HTTP",
    ),
    "raml": ("#%RAML 1.0\ntitle: t\n", "a RAML document", "Convert it"),
    "api blueprint": (
        "FORMAT: 1A\n\n# Polls\n## List [GET /a]\n",
        "an API Blueprint",
        "Convert it",
    ),
    "wsdl": (WSDL, "a WSDL description", "Write an OpenAPI document"),
    "discovery": ({"kind": "discovery#restDescription", "resources": {}}, "Google API", "Convert"),
    "tools/list": (
        {"jsonrpc": "2.0", "id": 1, "result": {"tools": [TOOL]}},
        "tools/list",
        "Import",
    ),
    "tools": ({"tools": [TOOL]}, "tools for models", "Import"),
    "list of tools": (
        [{"type": "function", "function": {"name": "a"}}],
        "tools for a model",
        "Import",
    ),
    "page": ("<!DOCTYPE html><html><body>Sign in</body></html>", "a page in HTML", "sign in"),
    "swagger ui": (UI, "shows an API's documentation", "/v3/api-docs"),
    "action of a GPT": (RAW_SPEC, "an action exported from a GPT", "raw_spec"),
    "tool of a GPT": (
        {"type": "jit_plugin", "metadata": RAW_SPEC},
        "exported from a GPT",
        "raw_spec",
    ),
    "json schema": (
        {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object"},
        "a JSON Schema alone",
        "components.schemas",
    ),
    "json schema, unnamed": ({"type": "object", "properties": {}}, "a JSON Schema", "paths"),
    "nothing known": (
        {"foo": "bar"},
        "no member of an OpenAPI document, only foo",
        "openapi, info",
    ),
    "swagger 1": ({"swaggerVersion": "1.2", "apis": []}, "Swagger 1", "Convert"),
    "list": ([1, 2], "it is a list", "is an object"),
    "list of documents": ([{"openapi": "3.1.0"}], "a list of OpenAPI documents", "one of"),
    "address": ("https://api.example.org/openapi.json", "an address", "URL"),
    "http request": ("GET /a HTTP/1.1\nHost: a.example\n\n", "an HTTP request", "Describe"),
}


@pytest.mark.parametrize(("given", "said", "hint"), KNOWN.values(), ids=KNOWN)
def test_b15_another_format_is_refused_by_name_with_the_way_in(given, said, hint):
    text = given if isinstance(given, str) else json.dumps(given)
    examined = examine_text(text.encode(), source_url=None)
    [finding] = examined.findings.items()
    assert (finding["severity"], finding["code"]) == ("error", "schema.unparsable")
    assert said in finding["message"]
    assert hint in finding["hint"]
    assert not examined.readable
    assert not examined.valid


@pytest.mark.parametrize(
    "document",
    [
        {"openapi": "3.1.0"},
        {"swagger": "2.0"},
        {"info": {"title": "t", "version": "1"}},
        {"paths": {"/a": {"get": {}}}, "tools": [TOOL]},
        {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "definitions": {}},
        {
            "openapi": "3.1.0",
            "info": {"title": "curl"},
            "kind": "x",
            "apiVersion": "1",
            "paths": {},
        },
    ],
)
def test_a_document_with_members_of_openapi_is_examined_however_poor(document):
    assert examine_text(json.dumps(document).encode(), source_url=None).readable
