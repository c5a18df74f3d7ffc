"""The guided tour: one real call through everything, then the refusal when its domain goes."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import sleep
from typing import Any

import uvicorn

from openactions import OpenActions, ProblemError
from openactions_local import demo_api
from openactions_local.servers import LOOPBACK, port_is_free

IN_FORCE_SECONDS = 1.0
"""Seconds within which every replica applies a change of the rules."""

DOMAIN_REFUSED = {"policy.no_domains_allowed", "policy.domain_not_allowed"}

Tell = Callable[[str, str], None]
"""Called with a step's title and what came of it."""


class TourFailed(RuntimeError):
    """A step did not do what the tour says it does."""


@contextmanager
def demo_server(port: int) -> Iterator[None]:
    """The weather-and-pets API, in a thread."""
    if not port_is_free(port):
        raise TourFailed(f"Port {port}, where the demo API wants to listen, is taken.")
    server = uvicorn.Server(
        uvicorn.Config(demo_api.build(), host=LOOPBACK, port=port, log_config=None)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        thread.join(0.02)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


@dataclass(frozen=True, slots=True)
class Tour:
    platform: OpenActions
    tell: Tell
    demo_port: int

    def walk(self) -> None:
        schema = self._store_document()
        gpt_id, action_id = self._make_gpt(schema["id"])
        self._set_key(action_id)
        self._allow_domain()
        self._publish(gpt_id)
        self._invoke(gpt_id)
        self._refuse(gpt_id)

    def _store_document(self) -> Any:
        text = demo_api.document(self.demo_port)
        schema = self.platform.post_document("/v1/schemas", text, "application/yaml")
        self.tell("Document stored", schema["id"])
        for operation in schema["operations"]:
            line = f"{operation['name']}  {operation['method']} {operation['path']}"
            self.tell("Operation detected", f"{line}  ({operation['verdict']})")
        return schema

    def _make_gpt(self, schema_id: str) -> tuple[str, str]:
        gpt = self.platform.post("/v1/gpts", {"name": "Weather and pets"})
        body = {"schema_id": schema_id}
        action = self.platform.post(f"/v1/gpts/{gpt['id']}/actions", body)
        self.tell("GPT made, action bound", f"{gpt['id']}, {action['id']}")
        for warning in action.get("warnings", []):
            self.tell("Warned, as it should be", warning["detail"])
        return gpt["id"], action["id"]

    def _set_key(self, action_id: str) -> None:
        body = {"type": "api_key", "placement": "bearer", "token": demo_api.API_KEY}
        self.platform.put(f"/v1/credentials/{action_id}", body)
        self.tell("API key set", "sealed; nobody can read it back")

    def _allow_domain(self) -> None:
        self.platform.post("/v1/domains", {"domain": demo_api.DOMAIN})
        self.tell("Domain allowed", demo_api.DOMAIN)

    def _publish(self, gpt_id: str) -> None:
        published = self.platform.post(f"/v1/gpts/{gpt_id}/publish", {"sharing": "workspace"})
        self.tell("GPT published", f"version {published['version']}")

    def _invoke(self, gpt_id: str) -> None:
        arguments = {"city": "Zürich", "units": "celsius"}
        weather = self.platform.invoke(gpt_id, "getWeather", arguments)
        self._expect(weather, "getWeather", 200)
        pet = self.platform.invoke(gpt_id, "addPet", {"name": "Mia", "species": "cat"})
        self._expect(pet, "addPet", 201)
        record = self.platform.invocation(pet["id"])
        self.tell("On record", f"{record['id']}  {record['outcome']}  {record['host']}")

    def _expect(self, call: dict[str, Any], operation: str, status: int) -> None:
        if call["outcome"] != "succeeded" or call["status"] != status:
            raise TourFailed(f"{operation} ended so: {json.dumps(call)}")
        self.tell("Operation invoked", f"{operation}  {call['duration_ms']} ms")
        self.tell("Result", json.dumps(call["body"], ensure_ascii=False))

    def _refuse(self, gpt_id: str) -> None:
        self.platform.delete(f"/v1/domains/{demo_api.DOMAIN}")
        self.tell("Domain removed", demo_api.DOMAIN)
        sleep(IN_FORCE_SECONDS)
        try:
            self.platform.invoke(gpt_id, "getWeather", {"city": "Zürich"})
        except ProblemError as refused:
            if refused.code not in DOMAIN_REFUSED:
                raise
            self.tell("Call refused", str(refused))
        else:
            raise TourFailed("A call ran although its domain is not allowed.")
