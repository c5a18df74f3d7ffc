"""The guided tour: one real call through everything, then the refusal when its domain goes."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from secrets import token_hex
from time import sleep
from typing import Any

import uvicorn

from egress.domain_name import is_within
from openactions import OpenActions, ProblemError
from openactions_local import demo_api, demo_origin
from openactions_local.errors import StartFailed
from openactions_local.listening import check_demo_port
from openactions_local.servers import LOOPBACK

IN_FORCE_SECONDS = 1.0
"""Seconds within which every replica applies a change of the rules."""
YAML = "application/yaml"
GONE = {404, 405}
"""Not there any more, or, with 405, a platform of an earlier release that deletes no schemas."""

DOMAIN_REFUSED = {"policy.no_domains_allowed", "policy.domain_not_allowed"}

Tell = Callable[[str, str], None]
"""Called with a step's title and what came of it."""


class TourFailed(StartFailed):
    """A step did not do what the tour says it does, or cannot be done here."""


@contextmanager
def demo_server(port: int) -> Iterator[None]:
    """The weather-and-pets API, in a thread."""
    check_demo_port(port)
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
    """It changes nothing that others made, and removes what it made, also where a step fails."""

    platform: OpenActions
    tell: Tell
    demo_port: int
    _left: list[str] = field(default_factory=list)

    def walk(self) -> None:
        self._check_that_nothing_of_others_is_touched()
        with ExitStack() as made:
            schema = self._store_document(made)
            gpt_id, action_id = self._make_gpt(made, schema["id"])
            self._set_key(action_id)
            self._allow_domain(made)
            self._publish(gpt_id)
            self._invoke(gpt_id)
            self._refuse(gpt_id)
        if self._left:
            raise TourFailed(
                f"These could not be deleted; delete them yourself: {', '.join(self._left)}"
            )
        self.tell("Cleaned up", "what the tour made")

    def _check_that_nothing_of_others_is_touched(self) -> None:
        """Domain rules have no owner: what is allowed already cannot be removed at the end."""
        rules = self.platform.get("/v1/domains")
        alone = "Walk the tour on a platform of its own: `./openactions demo`."
        if rules["mode"] != "list":
            raise TourFailed(
                f"This workspace allows all domains: no call would be refused. {alone}"
            )
        if any(is_within(demo_origin.HOST, listed) for listed in rules["domains"]):
            raise TourFailed(
                f"This workspace allows {demo_origin.DOMAIN} already, and the tour would remove it."
                f" {alone}"
            )
        text = demo_api.document(self.demo_port)
        examined = self.platform.post_document("/v1/schemas/validate", text, YAML)
        if any(operation["verdict"] == "blocked" for operation in examined["operations"]):
            origin = demo_origin.origin(self.demo_port)
            raise TourFailed(
                f"That platform may not call {origin}, where the demo API is. Name the port that it"
                " shows as its demo's with --demo-port, or start it with"
                f" `up --demo-port {self.demo_port}`."
            )

    def _remove(self, path: str) -> None:
        try:
            self.platform.delete(path)
        except ProblemError as refused:
            if refused.status not in GONE:
                self._left.append(f"{path} ({refused})")

    def _store_document(self, made: ExitStack) -> Any:
        """Under a version that nobody else has stored: the schema is the tour's own."""
        text = demo_api.document(self.demo_port, f"1.0.0-tour.{token_hex(8)}")
        schema = self.platform.post_document("/v1/schemas", text, YAML)
        made.callback(self._remove, f"/v1/schemas/{schema['id']}")
        self.tell("Document stored", schema["id"])
        for operation in schema["operations"]:
            line = f"{operation['name']}  {operation['method']} {operation['path']}"
            self.tell("Operation detected", f"{line}  ({operation['verdict']})")
        return schema

    def _make_gpt(self, made: ExitStack, schema_id: str) -> tuple[str, str]:
        gpt = self.platform.post("/v1/gpts", {"name": "Weather and pets"})
        made.callback(self._remove, f"/v1/gpts/{gpt['id']}")
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

    def _allow_domain(self, made: ExitStack) -> None:
        self.platform.post("/v1/domains", {"domain": demo_origin.DOMAIN})
        made.callback(self._remove, f"/v1/domains/{demo_origin.DOMAIN}")
        self.tell("Domain allowed", demo_origin.DOMAIN)

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
        self.platform.delete(f"/v1/domains/{demo_origin.DOMAIN}")
        self.tell("Domain removed", demo_origin.DOMAIN)
        sleep(IN_FORCE_SECONDS)
        try:
            self.platform.invoke(gpt_id, "getWeather", {"city": "Zürich"})
        except ProblemError as refused:
            if refused.code not in DOMAIN_REFUSED:
                raise
            self.tell("Call refused", str(refused))
        else:
            raise TourFailed("A call ran although its domain is not allowed.")
