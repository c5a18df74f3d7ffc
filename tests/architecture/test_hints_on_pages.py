"""A page tells people what they can do: no hint for programs is shown on one."""

import ast
import re
from importlib import import_module

import pytest

from kit.html.texts import HINTS

FOR_PROGRAMS = re.compile(r"/v1/|OpenAPI|\b(?:GET|POST|PUT|PATCH|DELETE) |[A-Z]{3,}_")
"""What a hint has that is about routes, or about settings."""
SHARED = ("contracts", "kit")


def refusals(module):
    """The code of each class of errors in it, and all of its texts."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ClassDef) and (code := code_of(node)):
            values = (each.value for each in ast.walk(node) if isinstance(each, ast.Constant))
            yield code, " ".join(value for value in values if isinstance(value, str))


def code_of(node):
    for each in node.body:
        if isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == "code":
            return getattr(each.value, "value", None)
    return None


def codes_of(modules, wanted):
    return {code: text for module in modules if wanted(module) for code, text in refusals(module)}


@pytest.fixture
def shared(modules):
    return codes_of(modules, lambda module: module.path.parts[1] in SHARED and not module.is_test)


@pytest.fixture
def with_pages(modules):
    """Services that show pages."""
    shows = [module for module in modules if "kit.html" in module.text and not module.is_test]
    return sorted({module.service for module in shows if module.service})


def of_pages(service):
    return import_module(f"{service}_service.entrypoints.page_hints").HINTS


def test_no_hint_for_programs_of_the_shared_refusals_is_shown_on_a_page(shared):
    assert {code for code, text in shared.items() if FOR_PROGRAMS.search(text)} <= HINTS.keys()


def test_the_kit_knows_no_codes_of_services(shared):
    assert HINTS.keys() <= shared.keys()


def test_no_hint_for_programs_of_a_service_is_shown_on_its_pages(modules, with_pages):
    assert "identity" in with_pages
    for service in with_pages:
        own = codes_of(modules, lambda m, of=service: m.service == of and not m.is_test)
        hints = of_pages(service)
        assert {code for code, text in own.items() if FOR_PROGRAMS.search(text)} <= hints.keys()
        assert hints.keys() <= own.keys()


def test_what_pages_say_instead_is_for_people(with_pages):
    by_code = {code: text for each in with_pages for code, text in of_pages(each).items()} | HINTS
    of_setting = {"identity.no_public_address"}  # until it is set, nobody can be asked here

    for code in by_code.keys() - of_setting:
        assert by_code[code].endswith(".")
        assert not FOR_PROGRAMS.search(by_code[code]), code


def test_a_refusal_with_a_hint_for_programs_is_found(sample):
    module = sample('class A(Invalid):\n    code = "x.a"\n    hint = "Try PUT /v1/a."\n')

    assert [(code, bool(FOR_PROGRAMS.search(text))) for code, text in refusals(module)] == [
        ("x.a", True)
    ]
