"""Requests whose calls outlive them: `Prefer: respond-async`, `Idempotency-Key`."""

import hashlib
import re

import orjson

from contracts.errors import Invalid
from execution_service.domain.invocation import WantedCall
from execution_service.domain.stored_call import IdempotencyKey
from execution_service.entrypoints.views import AcceptedView, invocation_view
from execution_service.usecases.invoke_stored import StoredAnswer, StoredRequest
from kit.front import Scope, Send
from kit.hot import header_of, send_json
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


def outlives_its_request(scope: Scope) -> bool:
    return any(key in (b"idempotency-key", b"prefer") for key, _ in scope["headers"])


def stored_request(
    scope: Scope, body: bytes, wanted: WantedCall, *, token_digest: str
) -> StoredRequest | None:
    """None where the headers ask for neither."""
    is_asynchronous = prefers_async(header_of(scope, b"prefer") or "")
    header = header_of(scope, b"idempotency-key")
    if header is None and not is_asynchronous:
        return None
    key = None
    if header is not None:
        key = _key(header.strip(), body, wanted, is_asynchronous=is_asynchronous)
    return StoredRequest(wanted, token_digest, key, is_asynchronous)


def _key(header: str, body: bytes, wanted: WantedCall, *, is_asynchronous: bool) -> IdempotencyKey:
    """A key is its member's own. The same JSON in another spelling is the same request."""
    if KEY.fullmatch(header) is None:
        raise KeyInvalid
    name = hashlib.sha256(f"{wanted.principal.member_id}\n{header}".encode()).hexdigest()
    canonical = orjson.dumps(orjson.loads(body), option=orjson.OPT_SORT_KEYS)
    digest = hashlib.sha256(b"%d\n%b" % (is_asynchronous, canonical)).hexdigest()
    return IdempotencyKey(name, digest)


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
