"""The exact request that admitted arguments stand for. Nothing here does any I/O."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from execution_service.domain.admission import Admitted
from execution_service.domain.compiled_operation import CompiledOperation
from execution_service.domain.errors import HeaderRefused, UrlTooLong
from execution_service.domain.wire.header import MAX_HEADER_CHARACTERS

MAX_TARGET_CHARACTERS = 64 * 1024


@dataclass(frozen=True, slots=True)
class BuiltRequest:
    """Characters as they go on the wire: whoever sends it encodes and normalises nothing.

    The credential and the platform's own headers are not in it yet.
    """

    method: str
    raw_path_and_query: str
    """Starts with a slash; ASCII."""
    headers: tuple[tuple[str, str], ...]
    body: bytes | None


def build_request(compiled: CompiledOperation, admitted: Admitted) -> BuiltRequest:
    """Raises PathEscapes, HeaderRefused, BodyRefused or UrlTooLong."""
    arguments = admitted.arguments
    headers = _headers(compiled, arguments) if compiled.headers or compiled.cookies else []
    body = None
    writer = compiled.body_in(admitted.chosen)
    if writer is not None and (payload := writer.write(arguments)) is not None:
        content_type, body = payload
        headers.append(("content-type", content_type))
    return BuiltRequest(
        method=compiled.method,
        raw_path_and_query=_target(compiled, arguments),
        headers=tuple(headers),
        body=body,
    )


def _target(compiled: CompiledOperation, arguments: Mapping[str, Any]) -> str:
    pairs = [text for slot in compiled.query if (text := slot.text(arguments))]
    if compiled.fixed_query:
        pairs.insert(0, compiled.fixed_query)
    path = compiled.path.fill(arguments)
    target = f"{path}?{'&'.join(pairs)}" if pairs else path
    if len(target) > MAX_TARGET_CHARACTERS:
        raise UrlTooLong(
            f"The path and query would be {len(target)} characters long.",
            hint=f"At most {MAX_TARGET_CHARACTERS} are sent; shorten the path or query arguments.",
        )
    return target


def _headers(compiled: CompiledOperation, arguments: Mapping[str, Any]) -> list[tuple[str, str]]:
    headers = [
        (slot.name, text) for slot in compiled.headers if (text := slot.text(arguments)) is not None
    ]
    crumbs = [text for slot in compiled.cookies if (text := slot.text(arguments))]
    if crumbs:
        headers.append(("cookie", _cookie(crumbs)))
    return headers


def _cookie(crumbs: list[str]) -> str:
    cookie = "; ".join(crumbs)
    if len(cookie) > MAX_HEADER_CHARACTERS:
        raise HeaderRefused(
            f"The cookies would be longer than {MAX_HEADER_CHARACTERS} characters.",
            hint="Shorten the arguments that are sent as cookies.",
        )
    return cookie
