"""Names are the field's terms: publish, subscribe, request, dead-letter, error, in sync, lint."""

import ast
import re

import pytest

INSTEAD = {
    **dict.fromkeys(("bury", "buried", "buries"), "dead-letter"),
    **dict.fromkeys(("hear", "hears", "heard", "hearing"), "subscribe, listen, in sync"),
    **dict.fromkeys(("trouble", "troubles"), "error"),
    **dict.fromkeys(("manners", "judging", "judge"), "lint"),
    **dict.fromkeys(("told", "unsaid"), "what was answered, reported, pending"),
    **dict.fromkeys(("lane", "lanes", "parcel", "parcels"), "queue, message, file"),
    **dict.fromkeys(("presentation", "wishes", "wish"), "credential material, options"),
    **dict.fromkeys(("owed", "owing", "owe"), "pending"),
}
"""Words that this code once had for things that have a name."""
PHRASES = re.compile(r"\b(?:let_through|collector_at_rest|noted_uses|forget_first)\b")
PROSE = re.compile(r"\b(?:bury|buried|buries|unsaid|manners|parcels?)\b", re.IGNORECASE)
WORD = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")
FORMER_SETTING = ("shared/egress/egress/settings.py", "infra/local/openactions_local/allowed.py")
"""Where the former name of `EGRESS_ALLOWED_ORIGINS` is still accepted."""
STORED = {"token_owed"}
"""Members of stored documents, which keep their names."""
METRIC = '"buried"'
"""A value of a label in metrics, which keep their names."""


def names_in(tree):
    """`(line, name)` of what a module defines: classes, functions, arguments, variables."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id


def is_sentence(name):
    """A test's name is one; there a verb may be any."""
    return name.startswith("test_")


def odd_names(module):
    for line, name in [(1, module.path.stem), *names_in(module.tree)]:
        as_it_is = is_sentence(name) or name in STORED
        words = [] if as_it_is else [word.lower() for word in WORD.findall(name)]
        for word in words:
            if word in INSTEAD:
                yield f"{module.path}:{line} {name}: say {INSTEAD[word]}"


def odd_words(path, text):
    """In prose and code alike, of those words that mean nothing else here."""
    for number, line in enumerate(text.splitlines(), 1):
        allowed = METRIC in line or path in FORMER_SETTING
        if not allowed and (found := PHRASES.search(line) or PROSE.search(line)):
            yield f"{path}:{number} {found[0]}"


def test_names_are_the_fields_terms(modules):
    assert [fault for module in modules for fault in odd_names(module)] == []


def test_code_and_documents_use_none_of_the_words_that_were_replaced(root, modules):
    ours = [module for module in modules if module.path.name != "test_plain_words.py"]
    texts = {str(module.path): module.text for module in ours}
    pages = [page for page in root.rglob("*.md") if not {".venv", "node_modules"} & {*page.parts}]
    texts |= {str(page.relative_to(root)): page.read_text() for page in pages}
    del texts["CHANGELOG.md"]  # names what was renamed

    assert [fault for path, text in texts.items() for fault in odd_words(path, text)] == []


@pytest.mark.parametrize("code", ["told = 1", "def bury(): ...", "class LaneOf: ...", "f(a, b)"])
def test_an_odd_name_is_found(sample, code):
    assert bool(list(odd_names(sample(code)))) == (code != "f(a, b)")


def test_an_odd_word_is_found():
    assert list(odd_words("a.md", "It buries them.")) == ["a.md:1 buries"]
    assert list(odd_words("a.md", "A letter of the alphabet.")) == []
