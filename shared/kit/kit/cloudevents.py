"""Facts on the wire: CloudEvents 1.0, NATS protocol binding, binary mode.

Attributes are headers and the data is JSON; the id doubles as JetStream's for deduplication.
Facts that come with every call may travel together, in the JSON batch format (decision 5).
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson

from contracts.fact import FACTS, Fact
from contracts.request import MAX_MESSAGE_BYTES
from kit import trace

BATCH_MEDIA_TYPE = "application/cloudevents-batch+json"
SPEC_VERSION = "1.0"
_ATTRIBUTES = ("specversion", "id", "type", "time", "subject")


MAX_AHEAD = timedelta(minutes=5)
"""How much later than the broker stored it a fact may claim to have happened: clocks differ."""


class Unreadable(ValueError):
    """No fact of ours. `code` becomes the dead letter's reason."""

    def __init__(self, sentence: str, code: str = "event.unreadable") -> None:
        super().__init__(sentence)
        self.code = code


def headers_of(fact: Fact, source: str) -> dict[str, str]:
    headers = {
        "Nats-Msg-Id": fact.id,
        "ce-specversion": SPEC_VERSION,
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


def members_of(
    subject: str,
    data: bytes,
    headers: Mapping[str, str] | None,
    stored_at: datetime | None = None,
) -> dict[str, Any]:
    """Data and attributes as the one set of members that a fact's class validates.

    `stored_at` is the broker's time, which one service's wrong clock does not move. Without it the
    fact's own time is not checked: a cache is emptied whatever the publisher's clock says.
    """
    _check_size(data)
    headers = headers or {}
    try:
        members = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise Unreadable(f"The data is not JSON: {error}.") from None
    if not isinstance(members, dict):
        raise Unreadable("The data is not an object.")
    try:
        event = {name: headers[f"ce-{name}"] for name in _ATTRIBUTES}
    except KeyError as error:
        raise Unreadable(f"The CloudEvent has no {error.args[0]}.") from None
    _check(subject, event, members, stored_at)
    attributes = {"id": event["id"], "time": event["time"]}
    return {**members, **attributes, "traceparent": headers.get("traceparent")}


def _check_size(data: bytes) -> None:
    if len(data) > MAX_MESSAGE_BYTES:
        raise Unreadable(f"A message has at most {MAX_MESSAGE_BYTES} bytes.", "event.too_large")


def _check(
    subject: str,
    event: Mapping[str, Any],
    members: Mapping[str, Any],
    stored_at: datetime | None,
) -> None:
    """Attributes and data name one version, one kind, one workspace, and a time that has come."""
    if event["specversion"] != SPEC_VERSION:
        raise Unreadable("Only CloudEvents 1.0 are read.", "event.version_unknown")
    if event["type"] != subject:
        raise Unreadable(f"The subject is {subject}, the type is another.", "event.wrong_type")
    if event["subject"] != members.get("workspace_id"):
        raise Unreadable("The event is about another workspace.", "event.wrong_workspace")
    try:
        time = datetime.fromisoformat(event["time"])
        ahead = stored_at is not None and time - stored_at > MAX_AHEAD
    except (TypeError, ValueError):
        raise Unreadable("The event's time is no RFC 3339 timestamp.") from None
    if ahead:
        raise Unreadable("The event's time has not come yet.", "event.from_the_future")


def batch_of(facts: Sequence[Fact], source: str) -> tuple[bytes, dict[str, str]]:
    """Payload and headers of facts of one class in one message (CloudEvents JSON format, 4)."""
    events = [
        {
            "specversion": SPEC_VERSION,
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


def facts_of(
    subject: str,
    data: bytes,
    headers: Mapping[str, str] | None,
    stored_at: datetime | None = None,
) -> list[Fact]:
    """`Unreadable`, or a ValidationError (both ValueErrors), for anything that is no such fact."""
    fact = FACTS.get(subject)
    if fact is None:
        raise Unreadable(f"No fact is published as {subject}.", "event.version_unknown")
    if (headers or {}).get("content-type") != BATCH_MEDIA_TYPE:
        return [fact.model_validate(members_of(subject, data, headers, stored_at))]
    _check_size(data)
    try:
        members = [_batched(subject, event, stored_at) for event in orjson.loads(data)]
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise Unreadable("This is not a batch of CloudEvents.") from error
    if not members:
        raise Unreadable("A batch holds at least one CloudEvent.")
    return [fact.model_validate(each) for each in members]


def _batched(subject: str, event: Mapping[str, Any], stored_at: datetime | None) -> dict[str, Any]:
    if not isinstance(event["data"], dict):
        raise Unreadable("The data is not an object.")
    _check(subject, event, event["data"], stored_at)
    return {**event["data"], **{name: event[name] for name in ("id", "time", "traceparent")}}
