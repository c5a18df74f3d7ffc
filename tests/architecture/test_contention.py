"""Decision 36: a lost race begins anew, and is never answered as a failed precondition."""

import ast

REVISIONS = {"at_revision", "expected_revision"}
REPEATING = ("repeats_on_contention", "change_in_force")
ONLY_READS = {"open_gpt"}


def of_services(modules, part):
    return [
        module
        for module in modules
        if module.service and not module.is_test and part in module.path.parts
    ]


def raised_by(module):
    """The names of what is raised, as `raise Name` or `raise Name(…)`."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Raise) and node.exc is not None:
            error = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            yield ast.unparse(error)


def takes_revision(module):
    for node in ast.walk(module.tree):
        if isinstance(node, ast.AsyncFunctionDef) and node.name == "__call__":
            yield from REVISIONS & {argument.arg for argument in node.args.args}


def test_no_adapter_says_that_a_precondition_failed(modules):
    adapters = of_services(modules, "adapters")

    assert adapters
    assert [str(each.path) for each in adapters if "ChangedMeanwhile" in raised_by(each)] == []


def test_every_use_case_that_takes_a_revision_repeats_a_lost_race(modules):
    changing = [
        module
        for module in of_services(modules, "usecases")
        if [*takes_revision(module)] and module.path.stem not in ONLY_READS
    ]

    assert len(changing) > len(ONLY_READS)
    assert [
        str(module.path)
        for module in changing
        if not any(name in module.text for name in REPEATING)
    ] == []


def test_both_ways_to_raise_are_seen(sample):
    text = "def f():\n    raise ChangedMeanwhile\n\ndef g():\n    raise Taken('x') from None\n"

    assert [*raised_by(sample(text))] == ["ChangedMeanwhile", "Taken"]
