"""The permissions are what the contracts and the code need: no less, so it runs; no more."""

import ast

import pytest

from contracts import facts, requests
from openactions_local.services import SETTINGS, has_servers


def called_in(tree):
    """Every call in a module: what is called, and the last word of each argument."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            arguments = [ast.unparse(argument).rpartition(".")[2] for argument in node.args]
            yield ast.unparse(node.func).rpartition(".")[2], arguments


def asked(trees, service):
    """Requests of other services that the code makes: `Decide(…)`."""
    made = {
        name
        for tree in trees
        for name, _ in called_in(tree)
        if name in requests.__all__ and name not in from_elsewhere(tree)
    }
    known = {name: getattr(requests, name) for name in made}
    return {one for one in known.values() if getattr(one, "owner", service) != service}


def from_elsewhere(tree):
    """Names that a module imports from others than the contracts: a step may be called `Decide`."""
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    others = [each for each in imports if not (each.module or "").startswith("contracts")]
    return {alias.name for each in others for alias in each.names}


def listened(trees):
    """Facts with a durable consumer: `@listens(router, ActionRemoved, …)`."""
    calls = [call for tree in trees for call in called_in(tree)]
    return {getattr(facts, arguments[1]) for name, arguments in calls if name == "listens"}


def batched(trees):
    """Names of batch consumers: `BatchConsumer(bus, "records", …)`."""
    calls = [call for tree in trees for call in called_in(tree)]
    return {arguments[1].strip("'") for name, arguments in calls if name == "BatchConsumer"}


@pytest.fixture
def trees(root):
    def of(service):
        package = root / "services" / service / f"{service}_service"
        return [ast.parse(path.read_text()) for path in package.rglob("*.py")]

    return of


def test_the_written_permissions_are_current(permissions):
    assert permissions.OUTPUT.read_text() == permissions.permissions()


def test_every_service_that_knows_the_broker_has_a_user(talks):
    assert set(talks) == set(filter(has_servers, SETTINGS))


def test_a_service_may_ask_what_its_code_asks_and_no_more(talks, trees):
    for service, talk in talks.items():
        by_the_chassis = set() if service == "identity" else {requests.Authenticate}
        assert set(talk.asks) == asked(trees(service), service) | by_the_chassis, service


def test_a_service_may_listen_to_what_its_code_listens_to_and_no_more(talks, trees):
    """The kit listens to the end of workspaces for each of them (`kit.workspace_deletion`)."""
    for service, talk in talks.items():
        by_the_kit = {facts.WorkspaceRemoved}
        assert set(talk.listens) == listened(trees(service)) | by_the_kit, service
        assert {name for _, name in talk.batches} == batched(trees(service)), service


def test_only_its_publisher_may_state_a_fact(permissions, talks):
    for service, talk in talks.items():
        allowed = [name for name in permissions.publishes(service, talk) if name[:5] == "fact."]
        owned = [
            getattr(facts, name)
            for name in facts.__all__
            if hasattr(getattr(facts, name), "subject")
        ]
        assert sorted(allowed) == sorted(one.subject for one in owned if one.publisher == service)


def test_nobody_may_publish_or_hear_by_a_wildcard_that_crosses_services(permissions, talks):
    for service, talk in talks.items():
        subjects = [*permissions.publishes(service, talk), *permissions.subscribes(service, talk)]
        wild = [subject for subject in subjects if subject.endswith(">")]
        inboxes = {f"_INBOX_{asker}.>" for asker in permissions.askers_of(service)}
        foreign = {subject for subject in wild if service not in subject}
        assert foreign <= {*inboxes, "live.fact.>"}
        assert {each for each in subjects if "*" in each} <= {f"wake.{service}.*"}


def test_a_question_in_the_code_is_found():
    tree = ast.parse("answer = await self.bus.ask(requests.Decide(host=host))")

    assert asked([tree], "execution") == {requests.Decide}
    assert asked([tree], "policy") == set()


def test_a_listener_in_the_code_is_found():
    tree = ast.parse("@listens(router, ActionRemoved, service='x')\nasync def f(fact): ...")

    assert listened([tree]) == {facts.ActionRemoved}


def test_a_batch_consumer_in_the_code_is_found():
    assert batched([ast.parse("BatchConsumer(self.bus, 'records', FACTS, take)")]) == {"records"}
