"""What is worked out once for many operations is, for each, what it would be for it alone."""

import json
import random
from functools import lru_cache

import jsonschema_rs
import pytest

from contracts.json_schema import names_in
from schema_service.domain.compiling.json_schema.patterns import PATTERN_OPTIONS
from schema_service.domain.compiling.json_schema.schemas import MAX_BYTES_OF_DEFAULT
from schema_service.domain.examination import Verdict
from services.schema.tests.schema_documents import document_of, examined, with_member

SEEDS = pytest.mark.parametrize("seed", range(40))


@lru_cache(maxsize=4)
def made(seed):
    """A document, and what is said of it in each of the ways in which it is looked at."""
    document = document_of(random.Random(seed))
    paths = list(document["paths"])
    return document, examined(document, paths), [examined(document, [path]) for path in paths]


def compiled(examination):
    """Of each operation what it compiles to, and whether anything is said against it."""
    return {
        each.operation_id: (each.operation and each.operation.digest, each.verdict)
        for each in examination.operations
    }


def members(examination):
    """What each member of the body becomes."""
    [detected] = examination.operations
    return detected.operation.arguments["properties"]


@SEEDS
def test_o9b6_an_operation_is_compiled_alike_alone_among_others_and_in_any_order(seed):
    document, whole, each_alone = made(seed)
    assert compiled(examined(document, list(document["paths"])[::-1])) == compiled(whole)
    alone = {}
    for examination in each_alone:
        alone |= compiled(examination)
    assert alone == compiled(whole)


@SEEDS
def test_o9b6_a_member_is_compiled_alike_alone_and_beside_another_one(seed):
    document, _, each_alone = made(seed)
    for path, both in zip(document["paths"], each_alone, strict=True):
        for name, schema in members(both).items():
            [alone] = members(examined(with_member(document, path, name), [path])).values()
            assert alone == schema


def schemas_in(tree):
    if isinstance(tree, dict):
        yield tree
    for each in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from schemas_in(each)


def refused_defaults(arguments):
    """Those of `document_of` that the schema beside them refuses."""
    definitions = arguments.get("$defs", {})
    for schema in schemas_in(arguments):
        default = schema.get("default")
        if default in (5, {}) or (isinstance(default, dict) and "m0" in default):
            whole = {**schema, "$defs": definitions}
            checked = jsonschema_rs.Draft202012Validator(whole, pattern_options=PATTERN_OPTIONS)
            if not checked.is_valid(default):
                yield schema


@SEEDS
def test_o9b6_an_operation_has_all_definitions_and_no_default_that_is_no_value(seed):
    for detected in made(seed)[1].operations:
        arguments = detected.operation.arguments
        definitions = arguments.get("$defs", {})
        assert set(names_in(arguments)) <= set(definitions)
        # beyond so many bytes of definitions a default is not checked against all of them
        if len(json.dumps(definitions)) <= MAX_BYTES_OF_DEFAULT:
            assert [*refused_defaults(arguments)] == []


@SEEDS
def test_o9b6_whoever_would_have_seen_a_refused_default_is_ready_with_warnings(seed):
    for examination in made(seed)[2]:
        if "schema.default_refused" in {each.code for each in examination.findings}:
            [detected] = examination.operations
            assert detected.verdict is Verdict.READY_WITH_WARNINGS
