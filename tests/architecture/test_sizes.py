"""Nothing grows beyond what a reader takes in: modules of 400 lines, functions of 50."""

import ast

MAX_MODULE_LINES = 400
MAX_FUNCTION_LINES = 50


def oversized(module):
    """What is too long in a module, with its length."""
    lines = module.text.count("\n")
    if lines > MAX_MODULE_LINES:
        yield f"{module.path}: {lines} lines"
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = node.end_lineno - node.lineno + 1
            if lines > MAX_FUNCTION_LINES:
                yield f"{module.path}:{node.lineno} {node.name}: {lines} lines"


def test_no_module_and_no_function_is_too_long(modules):
    assert [fault for module in modules for fault in oversized(module)] == []


def test_a_function_of_fifty_one_lines_is_found(sample):
    body = "    pass\n"

    assert list(oversized(sample("def fits():\n" + body * 49))) == []
    assert len(list(oversized(sample("async def grown():\n" + body * 50)))) == 1


def test_a_module_of_four_hundred_and_one_lines_is_found(sample):
    assert list(oversized(sample("x = 1\n" * 400))) == []
    assert len(list(oversized(sample("x = 1\n" * 401)))) == 1
