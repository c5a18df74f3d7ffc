"""Facts on the wire: CloudEvents 1.0, NATS protocol binding, binary mode.

Attributes are headers and the data is JSON; the id doubles as JetStream's for deduplication.
"""

from collections.abc import Mapping
from typing import Any

import orjson

from contracts.fact import FACTS, Fact
from kit import trace


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


def fact_of(subject: str, data: bytes, headers: Mapping[str, str] | None) -> Fact:
    """`Unreadable`, or a ValidationError (both ValueErrors), for anything that is no such fact."""
    return FACTS[subject].model_validate(members_of(data, headers))
