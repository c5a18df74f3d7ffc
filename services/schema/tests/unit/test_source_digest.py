"""What an operation is compiled from, whatever compiles it."""

from dataclasses import replace

from schema_service.domain.examination import Verdict
from schema_service.domain.examined import OperationSummary, examine_text
from schema_service.domain.source_digest import source_digest

OPERATION = OperationSummary(
    "a", "a", "GET", "/a", pointer="/paths/~1a/get", origin="https://a:443"
)
DIGEST = source_digest("d", OPERATION)
SHARED = b"""\
openapi: 3.1.0
info: {title: T, version: "1"}
servers: [{url: "https://api.example.com"}]
paths:
  /a: {$ref: "#/components/pathItems/item"}
  /b: {$ref: "#/components/pathItems/item"}
components: {pathItems: {item: {get: {summary: s, responses: {}}}}}
"""


def test_a_source_digest_is_the_same_in_every_release():
    """Releases pin it."""
    assert DIGEST == "245d3ed74c1c49fc4f8256f42d6a411e7ea5c4baa30a3ff6caac3027b8d811da"


def test_it_does_not_depend_on_what_a_compiler_makes_of_the_operation():
    other = replace(
        OPERATION,
        summary="Other",
        verdict=Verdict.BLOCKED,
        consequential=True,
        origin=None,
        anonymous=True,
        path="/b",
    )

    assert source_digest("d", other) == DIGEST


def test_it_depends_on_document_operation_and_choices():
    others = {
        source_digest("e", OPERATION),
        source_digest("d", replace(OPERATION, pointer="/paths/~1b/get")),
        source_digest("d", replace(OPERATION, name="b")),
        source_digest("d", OPERATION, {"server": {"region": "eu"}}),
    }

    assert len(others | {DIGEST}) == 5
    assert source_digest("d", OPERATION, {}) == DIGEST


def test_an_old_record_without_a_pointer_is_told_by_its_name():
    old = [replace(OPERATION, pointer="", name=name) for name in ("a", "b")]

    assert len({source_digest("d", each) for each in old}) == 2


def test_paths_that_share_a_path_item_have_different_sources():
    found = [
        OperationSummary.of(o) for o in examine_text(SHARED, source_url=None).operations.items()
    ]

    assert len({each.pointer for each in found}) == 1
    assert len({source_digest("d", each) for each in found}) == 2
