"""Facts on the wire: CloudEvents 1.0, NATS protocol binding, binary mode.

Attributes are headers and the data is JSON; the id doubles as JetStream's for deduplication.
Facts that come with every call may travel together, in the JSON batch format (decision 5).
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from contracts.fact import FACTS, Fact
from kit import trace

BATCH_MEDIA_TYPE = "application/cloudevents-batch+json"


class Unreadable(ValueError):
    """No fact of ours: not JSON, not an object, or without an id."""


def headers_of(fact: Fact, source: str) -> dict[str, str]:
    headers = {
        "Nats-Msg-Id": fact.id,
        "ce-specversion": "1.0",
        "ce-id": fact.id,
        "ce-type": fact.subject,
        "ce-source": source,
        "ce-time": fact.time.isoformat(),
        "ce-subject": fact.workspace_id,
        "ce-datacontenttype": "application/json",
    }
    if traceparent := fact.traceparent or trace.current():
        headers["traceparent"] = traceparent
    return headers


def members_of(data: bytes, headers: Mapping[str, str] | None) -> dict[str, Any]:
    """Data and attributes as the one set of members that a fact's class validates."""
    headers = headers or {}
    try:
        members = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise Unreadable(f"The data is not JSON: {error}.") from None
    if not isinstance(members, dict) or "ce-id" not in headers or "ce-time" not in headers:
        raise Unreadable("This is not a CloudEvent with an object as its data.")
    attributes = {"id": headers["ce-id"], "time": headers["ce-time"]}
    return {**members, **attributes, "traceparent": headers.get("traceparent")}


def batch_of(facts: Sequence[Fact], source: str) -> tuple[bytes, dict[str, str]]:
    """Payload and headers of facts of one class in one message (CloudEvents JSON format, 4)."""
    events = [
        {
            "specversion": "1.0",
            "id": fact.id,
            "type": fact.subject,
            "source": source,
            "time": fact.time.isoformat(),
            "subject": fact.workspace_id,
            "traceparent": fact.traceparent,
            "data": orjson.Fragment(fact.model_dump_json()),
        }
        for fact in facts
    ]
    # Over all members: two batches that begin alike are not the same message.
    members = hashlib.sha256("\n".join(fact.id for fact in facts).encode()).hexdigest()
    headers = {"content-type": BATCH_MEDIA_TYPE, "Nats-Msg-Id": f"batch-{members[:32]}"}
    return orjson.dumps(events), headers


def facts_of(subject: str, data: bytes, headers: Mapping[str, str] | None) -> list[Fact]:
    """`Unreadable`, or a ValidationError (both ValueErrors), for anything that is no such fact."""
    fact = FACTS[subject]
    if (headers or {}).get("content-type") != BATCH_MEDIA_TYPE:
        return [fact.model_validate(members_of(data, headers))]
    try:
        members = [
            {**event["data"], **{name: event[name] for name in _MEMBERS}}
            for event in orjson.loads(data)
        ]
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise Unreadable("This is not a batch of CloudEvents.") from error
    if not members:
        raise Unreadable("A batch holds at least one CloudEvent.")
    return [fact.model_validate(each) for each in members]


_MEMBERS = ("id", "time", "traceparent")
