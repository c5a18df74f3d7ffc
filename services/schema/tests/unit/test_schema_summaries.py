"""Summaries of operations, as an older or a newer release stored them (B8)."""

from schema_service.domain.examination import Verdict
from schema_service.domain.examined import OperationSummary
from schema_service.domain.finding import Edit
from schema_service.domain.json_list import JsonList

SUMMARY = OperationSummary(
    "getThing", "getThing", "GET", "/", "A thing", False, Verdict.READY, "/paths", "https://a:443"
)
STORED = JsonList.of([SUMMARY]).items()[0]


def test_a_summary_is_read_as_it_was_stored():
    assert OperationSummary.of(STORED) == SUMMARY


def test_b8_a_member_of_a_newer_release_is_ignored():
    assert OperationSummary.of({**STORED, "tags": ["new"]}) == SUMMARY


def test_b8_what_an_older_release_did_not_know_makes_an_operation_stricter():
    needed = ("operation_id", "name", "method", "path")

    read = OperationSummary.of({name: STORED[name] for name in needed})

    assert (read.verdict, read.origin, read.consequential) == (Verdict.BLOCKED, None, True)


def test_b8_a_verdict_of_a_newer_release_blocks():
    assert OperationSummary.of({**STORED, "verdict": "deprecated"}).verdict is Verdict.BLOCKED


def test_b8_a_repair_of_another_release_is_read():
    stored = {"op": "remove", "pointer": "/a", "why": "new"}

    assert Edit.of(stored) == Edit("remove", "/a")
