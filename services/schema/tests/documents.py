"""Documents for tests, and short ways to their operations."""

import jsonschema_rs

from schema_service.domain.examination import examine
from schema_service.domain.reading.reading import Reading, Syntax

SERVER = {"url": "https://api.example.com/v1"}


def answer(document, **options):
    """Operations get a summary, so that nothing is said about its absence."""
    for item in document.get("paths", {}).values() if "info" in document else ():
        for operation in item.values() if isinstance(item, dict) else ():
            if isinstance(operation, dict):
                operation.setdefault("summary", "s")
    return examine(Reading(b"{}", Syntax.JSON, document), **options)


def api(paths, **more):
    return {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "servers": [SERVER]} | {
        "paths": paths,
        **more,
    }


def only(document, **options):
    [detected] = answer(document, **options).operations
    assert detected.operation is not None, answer(document, **options).findings
    jsonschema_rs.Draft202012Validator(detected.operation.arguments)
    return detected.operation


def get(**members):
    return api({"/pets": {"get": {"operationId": "listPets", **members}}})


def post(schema, media_type="application/json", **body):
    content = {media_type: {"schema": schema}}
    operation = {"operationId": "addPet", "requestBody": {"content": content, **body}}
    return api({"/pets": {"post": operation}})


def codes(examination):
    return [finding.code for finding in examination.findings]
