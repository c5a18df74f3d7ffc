"""The guided tour: one real call through everything, then the refusal when its domain goes."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from secrets import token_hex
from time import sleep
from typing import Any

from egress.domain_name import is_within
from openactions import OpenActions, ProblemError, Unreachable
from openactions.requests import Answer
from openactions_local import demo_api, demo_origin
from openactions_local.errors import StartFailed
from openactions_local.listening import listen_for_demo
from openactions_local.serving import serving_in_thread

IN_FORCE_SECONDS = 1.0
"""Seconds within which every replica applies a change of the rules."""
YAML = "application/yaml"
GONE = {404, 405}
"""Not there any more, or, with 405, a platform of an earlier release that deletes no schemas."""

CHANGED = 412
NOT_YET = {409, 503}
DELETE_TRIES = 5
DOMAIN_PATH = f"/v1/domains/{demo_origin.DOMAIN}"
SOMEBODY_ELSE = (
    "Somebody else changed this workspace's domain rules during the tour, so it leaves them alone."
    " Walk it again, or on a platform of its own: `./openactions demo`."
)
DOMAIN_REFUSED = {"policy.no_domains_allowed", "policy.domain_not_allowed"}

Report = Callable[[str, str], None]
"""Called with a step's title and what came of it."""


class TourFailed(StartFailed):
    """A step did not do what the tour says it does, or cannot be done here."""


@contextmanager
def demo_server(port: int) -> Iterator[None]:
    """The weather-and-pets API, in a thread."""
    with serving_in_thread(demo_api.build(), listen_for_demo(port)):
        yield


@dataclass(slots=True)
class Tour:
    """It changes nothing that others made, and removes what it made, also where a step fails."""

    platform: OpenActions
    report: Report
    demo_port: int
    pause: Callable[[float], None] = sleep
    _name: str = field(default_factory=lambda: f"tour-{token_hex(8)}")
    """Nobody else's: by it is found what was made though the answer was an error."""
    _rules: Answer | None = None
    """The domain rules as the tour left them; None while its domain is not among them."""
    _left: list[str] = field(default_factory=list)

    def walk(self) -> None:
        before = self._check_that_nothing_of_others_is_touched()
        try:
            with ExitStack() as made:
                schema = self._store_document(made)
                gpt_id, action_id = self._make_gpt(made, schema["id"])
                self._set_key(action_id)
                self._allow_domain(made, before)
                self._publish(gpt_id)
                self._invoke(gpt_id)
                self._refuse(gpt_id)
        except (ProblemError, Unreachable, TourFailed) as failed:
            if self._left:
                raise TourFailed(f"{failed} {self._leftovers()}") from failed
            raise
        if self._left:
            raise TourFailed(self._leftovers())
        self.report("Cleaned up", "what the tour made")

    def _leftovers(self) -> str:
        return f"These could not be deleted; delete them yourself: {', '.join(self._left)}"

    def _check_that_nothing_of_others_is_touched(self) -> Answer:
        """The domain rules; they have no owner: what they allow already would not be removed."""
        rules: Answer = self.platform.get("/v1/domains")
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
        return rules

    def _make(self, made: ExitStack, make: Callable[[], Any], listed: str, name: str) -> Any:
        """What `make` answers, to be removed at the end. Where it fails, it may have been made
        nevertheless: then it is looked up in the list, where no other has this name.
        """
        try:
            answer = make()
        except (ProblemError, Unreachable):
            made.callback(self._remove_what_is_listed, listed, name)
            raise
        made.callback(self._remove, f"{listed}/{answer['id']}")
        return answer

    def _remove_what_is_listed(self, listed: str, name: str) -> None:
        try:
            found = [each["id"] for each in self.platform.each(listed) if name in each.values()]
        except (ProblemError, Unreachable) as refused:
            self._left.append(f"what has the name {name} in {listed} ({refused})")
            return
        for identifier in found:
            self._remove(f"{listed}/{identifier}")

    def _remove(self, path: str) -> None:
        try:
            self._deleted(path)
        except (ProblemError, Unreachable) as refused:
            if not isinstance(refused, ProblemError) or refused.status not in GONE:
                self._left.append(f"{path} ({refused})")

    def _deleted(self, path: str, if_match: str | None = None) -> None:
        """Tried again for some seconds where a change is not in force yet, a service is away, or
        what was deleted just before still counts as a use.
        """
        for _ in range(DELETE_TRIES - 1):
            try:
                self.platform.delete(path, if_match=if_match)
            except ProblemError as refused:
                if refused.status not in NOT_YET:
                    raise
                self.pause(1)
            else:
                return
        self.platform.delete(path, if_match=if_match)

    def _store_document(self, made: ExitStack) -> Any:
        """Under a version that nobody else has stored: the schema is the tour's own."""
        version = f"1.0.0-{self._name}"
        text = demo_api.document(self.demo_port, version)
        store = partial(self.platform.post_document, "/v1/schemas", text, YAML)
        schema = self._make(made, store, "/v1/schemas", version)
        self.report("Document stored", schema["id"])
        for operation in schema["operations"]:
            line = f"{operation['name']}  {operation['method']} {operation['path']}"
            self.report("Operation detected", f"{line}  ({operation['verdict']})")
        return schema

    def _make_gpt(self, made: ExitStack, schema_id: str) -> tuple[str, str]:
        name = f"Weather and pets, {self._name}"
        create = partial(self.platform.post, "/v1/gpts", {"name": name})
        gpt = self._make(made, create, "/v1/gpts", name)
        body = {"schema_id": schema_id}
        action = self.platform.post(f"/v1/gpts/{gpt['id']}/actions", body)
        self.report("GPT made, action bound", f"{gpt['id']}, {action['id']}")
        for warning in action.get("warnings", []):
            self.report("Warned, as it should be", warning["detail"])
        return gpt["id"], action["id"]

    def _set_key(self, action_id: str) -> None:
        body = {"type": "api_key", "placement": "bearer", "token": demo_api.API_KEY}
        self.platform.put(f"/v1/credentials/{action_id}", body)
        self.report("API key set", "sealed; nobody can read it back")

    def _allow_domain(self, made: ExitStack, before: Answer) -> None:
        body = {"domain": demo_origin.DOMAIN}
        try:
            self._rules = self.platform.post("/v1/domains", body, if_match=before.etag)
        except ProblemError as refused:
            if refused.status == CHANGED:
                raise TourFailed(SOMEBODY_ELSE) from None
            made.callback(self._remove_domain_if_it_was_added, before)
            raise
        if self._rules["revision"] != before["revision"] + 1:  # it was somebody else's already
            self._rules = None
            raise TourFailed(SOMEBODY_ELSE)
        made.callback(self._remove_domain)
        self.report("Domain allowed", demo_origin.DOMAIN)

    def _remove_domain_if_it_was_added(self, before: Answer) -> None:
        """Exactly one change came after `before`: the tour's own, whatever the answer was."""
        try:
            rules = self.platform.get("/v1/domains")
        except (ProblemError, Unreachable) as refused:
            self._left.append(f"{DOMAIN_PATH} ({refused})")
            return
        ours = rules["revision"] == before["revision"] + 1
        if ours and demo_origin.DOMAIN in rules["domains"]:
            self._rules = rules
            self._remove_domain()

    def _remove_domain(self) -> None:
        """Unless the tour has removed it already. Where somebody else changed the rules meanwhile,
        the domain may be one that they want.
        """
        if self._rules is None:
            return
        try:
            self._deleted(DOMAIN_PATH, self._rules.etag)
        except (ProblemError, Unreachable) as refused:
            if not self._is_removed():
                self._left.append(f"{DOMAIN_PATH} ({refused})")

    def _is_removed(self) -> bool:
        try:
            return demo_origin.DOMAIN not in self.platform.get("/v1/domains")["domains"]
        except (ProblemError, Unreachable):
            return False

    def _publish(self, gpt_id: str) -> None:
        published = self.platform.post(f"/v1/gpts/{gpt_id}/publish", {"sharing": "workspace"})
        self.report("GPT published", f"version {published['version']}")

    def _invoke(self, gpt_id: str) -> None:
        arguments = {"city": "Zürich", "units": "celsius"}
        weather = self.platform.invoke(gpt_id, "getWeather", arguments)
        self._expect(weather, "getWeather", 200)
        pet = self.platform.invoke(gpt_id, "addPet", {"name": "Mia", "species": "cat"})
        self._expect(pet, "addPet", 201)
        record = self.platform.invocation(pet["id"])
        self.report("On record", f"{record['id']}  {record['outcome']}  {record['host']}")

    def _expect(self, call: dict[str, Any], operation: str, status: int) -> None:
        if call["outcome"] != "succeeded" or call["status"] != status:
            raise TourFailed(f"{operation} ended so: {json.dumps(call)}")
        self.report("Operation invoked", f"{operation}  {call['duration_ms']} ms")
        self.report("Result", json.dumps(call["body"], ensure_ascii=False))

    def _refuse(self, gpt_id: str) -> None:
        try:
            self.platform.delete(DOMAIN_PATH, if_match=self._rules.etag if self._rules else None)
        except ProblemError as refused:
            if refused.status == CHANGED:
                raise TourFailed(SOMEBODY_ELSE) from None
            raise
        self._rules = None
        self.report("Domain removed", demo_origin.DOMAIN)
        self.pause(IN_FORCE_SECONDS)
        try:
            self.platform.invoke(gpt_id, "getWeather", {"city": "Zürich"})
        except ProblemError as refused:
            if refused.code not in DOMAIN_REFUSED:
                raise
            self.report("Call refused", str(refused))
        else:
            raise TourFailed("A call ran although its domain is not allowed.")
