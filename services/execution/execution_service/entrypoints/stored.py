"""Requests whose calls outlive them: `Prefer: respond-async`, `Idempotency-Key`."""

import hashlib
import hmac
import re
from dataclasses import replace

import orjson

from contracts.errors import Invalid
from execution_service.domain.arguments.exact_json import read_json, spelled_alike
from execution_service.domain.invocation import WantedCall
from execution_service.domain.stored_call import IdempotencyKey
from execution_service.entrypoints.views import AcceptedView, invocation_view
from execution_service.usecases.invoke_stored import StoredAnswer, StoredRequest
from kit.front import Scope, Send
from kit.hot import headers_of, send_json
from kit.prefer import prefers_async

KEY = re.compile(r"[\x21-\x7e]{1,255}")
PATH = "/v1/invocations"


class KeyInvalid(Invalid):
    code = "execution.key_invalid"

    def __init__(self) -> None:
        super().__init__(
            "An Idempotency-Key is 1 to 255 visible ASCII characters.",
            hint="Use a new UUID for each call.",
        )


class NestedTooDeep(Invalid):
    code = "execution.nested_too_deep"

    def __init__(self) -> None:
        super().__init__(
            "The arguments are nested too deeply to be kept.",
            hint="An operation's arguments have at most some 250 levels.",
        )


def outlives_its_request(scope: Scope) -> bool:
    return any(key in (b"idempotency-key", b"prefer") for key, _ in scope["headers"])


def stored_request(
    scope: Scope, body: bytes, wanted: WantedCall, *, token_digest: str
) -> StoredRequest | None:
    """None where the headers ask for neither."""
    is_asynchronous = prefers_async(", ".join(headers_of(scope, b"prefer")))
    keys = headers_of(scope, b"idempotency-key")
    if not keys and not is_asynchronous:
        return None
    if len(keys) > 1:
        raise KeyInvalid
    if wanted.read_exactly is not None and wanted.arguments:
        wanted = replace(wanted, arguments=wanted.read_exactly(), read_exactly=None)
    key = _key(keys[0], body, wanted, is_asynchronous=is_asynchronous) if keys else None
    return StoredRequest(wanted, token_digest, key, is_asynchronous)


def _key(header: str, body: bytes, wanted: WantedCall, *, is_asynchronous: bool) -> IdempotencyKey:
    """A key is its member's own. The same JSON in another spelling is the same request.

    The request's digest is keyed with the header, which is stored nowhere: from the digest alone
    short arguments could be guessed.
    """
    header = header.strip()
    if KEY.fullmatch(header) is None:
        raise KeyInvalid
    name = hashlib.sha256(f"{wanted.principal.member_id}\n{header}".encode()).hexdigest()
    request = b"%d\n%b" % (is_asynchronous, _canonical(body))
    return IdempotencyKey(name, hmac.digest(header.encode(), request, "sha256").hex())


def _canonical(body: bytes) -> bytes:
    try:
        return spelled_alike(read_json(body))
    except orjson.JSONEncodeError:  # it can be read, and not written
        raise NestedTooDeep from None


async def send_stored(send: Send, answer: StoredAnswer) -> None:
    """How the call ended, or 202 and where that can be read (RFC 7240, 4.1)."""
    headers = [(b"idempotency-replayed", b"true")] if answer.is_repeated else []
    if answer.result is not None:
        await send_json(send, orjson.dumps(invocation_view(answer.result)), *headers)
        return
    accepted = AcceptedView.of(answer.call)
    headers += [
        (b"location", f"{PATH}/{accepted.id}".encode()),
        (b"preference-applied", b"respond-async"),
    ]
    await send_json(send, accepted.model_dump_json().encode(), *headers, status=202)
