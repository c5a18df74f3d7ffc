"""Each fault that the first walls are built against has a test by its name.

The names are those of the reliability review (H, F), the code review (B), the trials (A, R) and
reports from the field (S).
"""

import ast
import re
from types import SimpleNamespace

FAULTS = {
    *("h80", "h81", "h82", "h83", "h84", "h85", "h86", "h87", "h88", "h89", "h90", "h91", "h92"),
    *("h93", "h94", "h95", "h96", "s1", "s2", "s3", "s4", "s7", "s9", "f28", "f29", "f30", "f31"),
    *("h97", "h98", "h99", "h100", "h101", "h102", "h103", "h106", "h107"),
    *("f14", "f15", "f16", "f17", "f18", "f19", "f24", "f25", "f27", "f39", "f40", "f41", "f42"),
    "f46",
    *("a1", "a2", "a5", "a6", "a7", "a9", "a11", "a13"),
    *("b3", "b4", "b5", "b6", "b7", "b8", "b12", "b14", "b15", "b16", "b17", "b18", "b19"),
    *("b20", "b21", "b22", "b23"),
    *("r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8"),
}
"""Without F26, a change stream whose resume token is invalid: nothing here uses change streams."""
NAMED = re.compile(r"test((?:_[habfrs]\d+)+)_")


def named(modules):
    """The faults that tests name first: `test_b5_a9_…` names two."""
    for module in modules:
        if module.is_test:
            for node in ast.walk(module.tree):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (
                    found := NAMED.match(node.name)
                ):
                    yield from (_plain(each) for each in found[1].split("_")[1:])


def _plain(name):
    """`s01` is `s1`."""
    return name[0] + name[1:].lstrip("0")


def test_each_has_a_test_by_its_name(modules):
    assert sorted(FAULTS - set(named(modules))) == []


def test_two_names_are_read_and_words_are_not_taken_for_names():
    text = "async def test_b5_a9_rules(): ...\ndef test_a_b12_in_the_middle(): ...\ndef b4_x(): ..."

    assert [*named([SimpleNamespace(is_test=True, tree=ast.parse(text))])] == ["b5", "a9"]
