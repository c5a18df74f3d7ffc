"""Subjects are spelt in shared/contracts and nowhere else; each has one owner."""

import ast
import re

from contracts import facts, requests
from contracts.fact import FACTS
from contracts.request import REQUESTS

SUBJECT = re.compile(r"^(fact|request)\.[a-z_]+(\.|$)")


def spelt_subjects(module):
    """Literals that are a subject, or begin one."""
    for node in ast.walk(module.tree):
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and SUBJECT.match(text) and "\n" not in text:
            yield f"{module.path}:{node.lineno} {text}"


def published_by_others(module):
    """Facts made in a service that is not their publisher."""
    for made in _made(module.tree):
        fact = getattr(facts, made, None)
        if fact is not None and getattr(fact, "publisher", module.service) != module.service:
            yield f"{module.path}: {made} is published by {fact.publisher}"


def _made(tree):
    """Names of classes that are called, as `Thing(…)`, `Thing.because(…)` or `facts.Thing(…)`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Attribute) and called.attr == "because":
                called = called.value
            if isinstance(called, ast.Attribute):
                yield called.attr
            elif isinstance(called, ast.Name):
                yield called.id


def answered(module):
    """Names of requests that a module answers: `@answers(router, Decide)`."""
    for node in ast.walk(module.tree):
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(called, ast.Name) and called.id == "answers":
            yield ast.unparse(node.args[1]).rpartition(".")[2]


def code_of_services(modules):
    return [module for module in modules if module.service and not module.is_test]


def test_no_subject_is_spelt_outside_the_contracts(modules):
    code = [module for module in modules if not module.is_test]
    elsewhere = [module for module in code if "contracts" not in module.path.parts]

    assert [place for module in elsewhere for place in spelt_subjects(module)] == []


def test_a_fact_is_published_by_its_publisher_only(modules):
    code = code_of_services(modules)

    assert [fault for module in code for fault in published_by_others(module)] == []


def test_every_publisher_and_every_owner_is_a_service(services):
    assert {fact.publisher for fact in FACTS.values()} <= set(services)
    assert {request.owner for request in REQUESTS.values()} <= set(services)


def test_every_fact_and_request_can_be_imported_from_its_package():
    assert {fact.__name__ for fact in FACTS.values()} <= set(facts.__all__)
    assert {request.__name__ for request in REQUESTS.values()} <= set(requests.__all__)


def test_every_request_is_answered_once_by_its_owner(modules):
    answers = [
        (module.service, name) for module in code_of_services(modules) for name in answered(module)
    ]

    assert sorted(answers) == sorted((known.owner, known.__name__) for known in REQUESTS.values())


def test_a_spelt_subject_is_found(sample):
    assert len(list(spelt_subjects(sample('subject = "fact.gpt.changed.v1"\n')))) == 1
    assert len(list(spelt_subjects(sample('subject = f"request.policy.{verb}"\n')))) == 1
    assert list(spelt_subjects(sample('sentence = "in fact. and so on"\n'))) == []


def test_a_fact_published_by_another_service_is_found(sample):
    stolen = "await outbox.publish(DomainsChanged.because(cause, revision=1))\n"

    assert (
        len(list(published_by_others(sample(stolen, "services/catalog/catalog_service/x.py")))) == 1
    )
    assert list(published_by_others(sample(stolen, "services/policy/policy_service/x.py"))) == []


def test_an_answer_is_found(sample):
    text = "@answers(router, Decide)\nasync def decide(asked): ...\n"

    assert list(answered(sample(text))) == ["Decide"]
