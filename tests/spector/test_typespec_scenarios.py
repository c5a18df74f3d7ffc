"""@typespec/spector's mock server accepts what is sent for the requests of @typespec/http-specs.

It compares path, query, headers and body with what the specification says, and answers with another
status where they differ.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import httpx
import pytest

from execution_service.domain.admission import Admitted, admit
from execution_service.domain.compiled_operation import CompiledOperation
from execution_service.domain.outbound_request import build_request
from execution_service.domain.platform_headers import platform_headers
from openactions_local.child import Child
from openactions_local.servers import LOOPBACK, accepts, free_port
from tests.spector.arguments import NotDescribed, arguments_of, operation_of
from tests.spector.scenarios import NODE, Scenario, installed, scenarios

pytestmark = [pytest.mark.nightly, pytest.mark.timeout(900)]
SIGNED_IN = ("authorization", "x-ms-api-key")
"""Headers that auth adds to a call."""
NOT_JUDGED = {
    "Routes_PathParameters_PathExpansion": "OpenAPI 3.1 has no words for `{/param}`; the document"
    " leaves the slash out",
    "Routes_PathParameters_ReservedExpansion": "OpenAPI 3.1 has no words for `{+param}` in a path",
    "Parameters_Path_optional": "OpenAPI has no optional path parameters",
    "Type_Enum_Fixed_String_putUnknownValue": "a value that the document forbids, which we refuse",
}
"""How the names of scenarios begin that no document describes; others have a path of none."""
EXPECTED_FAILURES: dict[str, str] = {}
"""Names of scenarios, and why the request is not as the specification wants it."""


@contextmanager
def mock_server(packages: Path, log: Path) -> Iterator[str]:
    port = free_port()
    specs = packages / "node_modules/@typespec/http-specs/specs"
    cli = packages / "node_modules/@typespec/spector/cmd/cli.mjs"
    command = [str(NODE), str(cli), "serve", str(specs), "--port", str(port)]
    command += ["--coverageFile", str(log.with_suffix(".json"))]
    server = Child("spector", command, log, start_seconds=60)
    with asyncio.Runner() as runner:
        server.start()
        try:
            runner.run(server.ready(partial(accepts, port)))
            yield f"http://{LOOPBACK}:{port}"
        finally:
            runner.run(server.stop())


def outcome(scenario: Scenario, client: httpx.Client) -> str:
    """Empty where the server accepts the request."""
    operation = operation_of(scenario)
    prepared = CompiledOperation.of(operation)
    admitted = admit(prepared, arguments_of(operation, scenario))
    if not isinstance(admitted, Admitted):
        return f"refused: {admitted.faults[0].message}"
    built = build_request(prepared, admitted)
    expected = scenario.expected.get("headers") or {}
    credential = [(n.lower(), v) for n, v in expected.items() if n.lower() in SIGNED_IN]
    headers = [
        *platform_headers("gpt_1", built.headers, prepared.accept),
        *built.headers,
        *credential,
    ]
    answer = client.request(
        built.method, built.raw_path_and_query, headers=headers, content=built.body
    )
    if answer.status_code == scenario.status:
        return ""
    return f"{answer.status_code} instead of {scenario.status}: {answer.text[:300]}"


def test_spector_accepts_what_is_sent(pytestconfig, tmp_path, capsys):
    packages = installed(pytestconfig.cache.mkdir("spector"))
    failed, judged, passed_over = {}, 0, []
    with (
        mock_server(packages, tmp_path / "spector.log") as url,
        httpx.Client(base_url=url) as client,
    ):
        for scenario in scenarios(packages, tmp_path / "scenarios", url):
            if scenario.name.startswith(tuple(NOT_JUDGED)) or scenario.asks_for_nothing_known:
                passed_over.append(scenario.name)
                continue
            try:
                found = outcome(scenario, client)
            except NotDescribed:
                passed_over.append(scenario.name)
                continue
            judged += 1
            if found:
                failed[scenario.name] = found
    with capsys.disabled():
        print(f"\n{judged - len(failed)} of {judged} scenarios; {len(passed_over)} not described")
    assert failed.keys() == EXPECTED_FAILURES.keys(), failed
