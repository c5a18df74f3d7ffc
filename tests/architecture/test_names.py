"""Names say what a thing is; these words say nothing."""

import ast
import re

import pytest

EMPTY_WORDS = {
    *("base", "common", "data", "handler", "helper", "helpers", "impl", "info"),
    *("manager", "misc", "processor", "util", "utils"),
}
EMPTY_BEGINNINGS = {"abstract", "base", "common", "misc"}
WORD = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")


def is_empty(words):
    """The last word is the noun: `TokenManager` says nothing, `DataFolder` does."""
    return words[-1] in EMPTY_WORDS or words[0] in EMPTY_BEGINNINGS


def empty_names(module):
    """A module or class whose name could stand over anything: `token_utils.py`, `BaseThing`."""
    if is_empty(module.path.stem.split("_")):
        yield str(module.path)
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ClassDef):
            words = [word.lower() for word in WORD.findall(node.name)]
            if is_empty(words):
                yield f"{module.path}:{node.lineno} {node.name}"


def relative_imports(module):
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and node.level > 0:
            yield f"{module.path}:{node.lineno}"


def test_no_module_or_class_has_an_empty_name(modules):
    assert [name for module in modules for name in empty_names(module)] == []


def test_imports_say_where_from(modules):
    assert [place for module in modules for place in relative_imports(module)] == []


def test_test_files_have_names_of_their_own(modules):
    """Pytest and a reader both find a test by the file's name."""
    names = [module.path.name for module in modules if module.path.name.startswith("test_")]

    assert sorted({name for name in names if names.count(name) > 1}) == []


@pytest.mark.parametrize(
    "name", ["TokenManager", "BaseThing", "HTTPHandler", "SchemaInfo", "Utils"]
)
def test_an_empty_word_in_a_class_name_is_found(sample, name):
    assert len(list(empty_names(sample(f"class {name}: ...\n")))) == 1


@pytest.mark.parametrize("name", ["Base64Text", "Database", "DataFolder", "HttpTransport"])
def test_a_telling_class_name_is_left_alone(sample, name):
    assert list(empty_names(sample(f"class {name}: ...\n"))) == []


@pytest.mark.parametrize("stem", ["utils", "token_helpers", "data"])
def test_an_empty_word_in_a_module_name_is_found(sample, stem):
    path = f"services/sample/sample_service/domain/{stem}.py"

    assert list(empty_names(sample("", path))) == [path]


def test_a_relative_import_is_found(sample):
    assert len(list(relative_imports(sample("from .thing import Thing\n")))) == 1
    assert list(relative_imports(sample("from sample_service.thing import Thing\n"))) == []
