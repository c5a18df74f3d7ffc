"""A server's query, of operations that are compiled again."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from schema_service.domain.compiling.server.choice import Choice
from schema_service.domain.compiling.server_rules import SERVER_QUERY
from schema_service.domain.finding import Finding


def with_known_query(choice: Choice, known: Mapping[tuple[str, str], Any] | None) -> Choice:
    """Without what the operation was called without until now: releases pin the server's URL, and
    compiling a document again may not change what their calls send.

    `known` are the operation's arguments by location and name, as it was compiled before; None for
    one that was not.
    """
    if known is None:
        return choice
    query = tuple(pair for pair in choice.query if ("query", pair[0]) in known)
    if query == choice.query:
        return choice
    left_out = list(dict.fromkeys(name for name, _ in choice.query if ("query", name) not in known))
    found = tuple(_saying(each, left_out) for each in choice.found)
    return replace(choice, query=query, found=found)


def _saying(finding: Finding, left_out: list[str]) -> Finding:
    if finding.code != SERVER_QUERY.code:
        return finding
    return replace(
        finding,
        message="The server's URL has a query, for which OpenAPI has no place there; calls go "
        f"without {', '.join(left_out)} of it, as they did when the document was stored",
        hint="To send it, describe it as query parameters with one permitted value each, or store "
        "the document again, bind it and publish the GPT.",
    )
