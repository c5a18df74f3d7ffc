"""One service's messages as an AsyncAPI 3.0 document, written by FastStream.

FastStream has what the service's routers subscribe to. What it publishes and requests, and what it
receives beside its routers (the live watch, batches), is declared to the same broker here.
"""

from typing import Any

import orjson
from faststream.nats import NatsBroker
from faststream.specification import AsyncAPI

from contracts.fact import FACTS, Fact
from contracts.request import REQUESTS
from tests.contract.survey import Service, subscribed

Document = dict[str, Any]


def asyncapi_of(service: Service) -> Document:
    broker = service.api.state.broker
    _declare_subscriptions(broker, service)
    for fact in service.states:
        broker.publisher(
            fact.subject, title=f"state.{fact.label}", description=fact.__doc__, schema=fact
        )
    for request in service.asks:
        broker.publisher(
            request.subject,
            title=f"ask.{request.label}",
            description=request.__doc__,
            schema=request,
        )
    specification = AsyncAPI(
        broker, title=service.api.title, version=service.api.version,
        description=service.api.description,
    )  # fmt: skip
    document: Document = orjson.loads(specification.to_specification().to_json())
    _describe_replies(document)
    _keep_headers_out(document)
    return document


def _declare_subscriptions(broker: NatsBroker, service: Service) -> None:
    known = subscribed(broker)
    taken = service.subscriptions
    for fact in sorted({*taken.live, *taken.durable}, key=lambda f: f.subject):
        if fact.subject not in known:
            subscriber = broker.subscriber(
                fact.subject, title=f"receive.{fact.label}", description=fact.__doc__
            )
            subscriber(_subscriptions(fact))


def _subscriptions(fact: type[Fact]) -> Any:
    async def receive(received: Any) -> None:
        raise NotImplementedError(f"{received} is documented here, and received elsewhere")

    receive.__annotations__["received"] = fact
    return receive


def _describe_replies(document: Document) -> None:
    """FastStream does not say what a request is answered with (AsyncAPI 3.0, operation reply)."""
    for key, operation in document["operations"].items():
        channel = document["channels"][operation["channel"]["$ref"].rpartition("/")[2]]
        request = REQUESTS.get(channel["address"])
        if request is None:
            continue
        schemas = document["components"]["schemas"]
        template = "#/components/schemas/{model}"
        reply = request.reply.model_json_schema(ref_template=template)
        schemas.update(reply.pop("$defs", {}))
        schemas[request.reply.__name__] = reply
        payload = {"$ref": f"#/components/schemas/{request.reply.__name__}"}
        name = f"reply.{request.label}"
        document["channels"][name] = {"address": None, "messages": {"reply": {"payload": payload}}}
        document["operations"][key]["reply"] = {
            "address": {"location": "$message.header#/reply-to"},
            "channel": {"$ref": f"#/channels/{name}"},
        }


def _keep_headers_out(document: Document) -> None:
    """A fact's id, time and trace are CloudEvents headers, not members of its data."""
    for fact in FACTS.values():
        schema = document["components"]["schemas"].get(fact.__name__)
        for name, field in fact.model_fields.items():
            if schema and field.exclude:
                schema["properties"].pop(name, None)
