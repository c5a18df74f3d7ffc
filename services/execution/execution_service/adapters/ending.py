"""What came of a stored call, as its document keeps it, encrypted: a result or a refusal."""

from dataclasses import dataclass, replace
from typing import Any

import orjson

from contracts.facts import Outcome
from contracts.ids import InvocationId
from execution_service.domain.arguments.change import Coercion
from execution_service.domain.invocation import CallError, FinishedCall
from execution_service.domain.json_text import JsonText
from execution_service.domain.stored_call import Refusal
from kit.codec import Codec


@dataclass(frozen=True, slots=True)
class Ending:
    result: FinishedCall | None = None
    refusal: Refusal | None = None


NO_ENDING = Ending()


@dataclass(frozen=True, slots=True)
class StoredResult:
    """A `FinishedCall`. Where its body is JSON, `json` is its text."""

    id: InvocationId
    operation: str
    outcome: Outcome
    duration_ms: float
    status: int | None = None
    content_type: str | None = None
    body: Any = None
    """Text. Documents of earlier releases have the value of JSON here, and no `json`; beside
    `json` it is written for replicas of the release before, which know nothing else."""
    truncated: bool = False
    error: CallError | None = None
    json: str | None = None
    masked: int = 0
    coerced: tuple[Coercion, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredEnding:
    result: StoredResult | None = None
    refusal: Refusal | None = None


ENDINGS = Codec(StoredEnding, as_json=True)


def ending_state(ending: Ending) -> dict[str, Any]:
    """For `orjson`."""
    result = ending.result
    if result is None or not isinstance(result.body, JsonText):
        stored = _stored(result) if result else None
        return ENDINGS.write(StoredEnding(stored, ending.refusal))
    text = result.body.text
    stored = _stored(replace(result, body=None), json=text.decode())
    state = ENDINGS.write(StoredEnding(stored, ending.refusal))
    state["result"]["body"] = _for_the_release_before(text)
    return state


def _stored(result: FinishedCall, json: str | None = None) -> StoredResult:
    return StoredResult(
        result.id,
        result.operation,
        result.outcome,
        result.duration_ms,
        result.status,
        result.content_type,
        result.body,
        result.truncated,
        result.error,
        json,
        result.masked,
        result.coerced,
    )


def _for_the_release_before(text: bytes) -> object:
    """The value, where that release can read and write it; else its text."""
    try:
        return orjson.Fragment(orjson.dumps(orjson.loads(text)))
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return text.decode()


def read_ending(state: dict[str, Any]) -> Ending:
    """Raises `DocumentUnreadable`."""
    stored = ENDINGS.read(state)
    return Ending(_finished(stored.result) if stored.result else None, stored.refusal)


def _finished(stored: StoredResult) -> FinishedCall:
    return FinishedCall(
        stored.id,
        stored.operation,
        stored.outcome,
        stored.duration_ms,
        stored.status,
        stored.content_type,
        _body(stored),
        stored.truncated,
        stored.error,
        stored.masked,
        stored.coerced,
    )


def _body(stored: StoredResult) -> JsonText | str | None:
    if stored.json is not None:
        return JsonText(stored.json.encode())
    body = stored.body
    return body if body is None or isinstance(body, str) else JsonText(orjson.dumps(body))
