"""Nobody reaches the driver past a collection, and each collection says what it keeps."""

import ast
import re

DRIVER = {"bson", "gridfs", "motor", "pymongo"}


def outside_kit(module):
    return not module.is_test and module.path.parts[:2] != ("shared", "kit")


def ways_past_a_collection(module):
    """Imports of the driver, collections by subscript (`database["things"]`), private members."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        elif isinstance(node, ast.Attribute) and node.attr in {"_raw", "raw_collection"}:
            yield f"{module.path}:{node.lineno} .{node.attr}"
            continue
        elif isinstance(node, ast.Subscript) and _word(node.value).lstrip("_") == "database":
            yield f"{module.path}:{node.lineno} database[…]"
            continue
        else:
            continue
        for name in names:
            if name.partition(".")[0] in DRIVER:
                yield f"{module.path}:{node.lineno} {name}"


def _word(node):
    return getattr(node, "id", getattr(node, "attr", ""))


def collections(module):
    """`(name, how it is kept)` of every collection that a module declares."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and _word(node.func) == "Collection":
            arguments = {keyword.arg: keyword.value for keyword in node.keywords}
            name = ast.literal_eval(arguments["name"]) if "name" in arguments else "?"
            yield name, ast.unparse(arguments["kept"]) if "kept" in arguments else None


def listed(page):
    """The collections in the kit's table of what is kept, with their limits."""
    rows = re.findall(r"(?m)^\| `(\w+)\.(\w+)` \| ([^|]+) \|", page)
    return {(service, name): limit.strip() for service, name, limit in rows}


def declared(modules):
    return {
        (module.service, name): kept
        for module in modules
        if outside_kit(module)
        for name, kept in collections(module)
    }


def test_nobody_outside_the_kit_reaches_past_a_collection(modules):
    ours = [module for module in modules if outside_kit(module)]

    assert [way for module in ours for way in ways_past_a_collection(module)] == []


def test_b6_every_collection_declares_how_long_it_is_kept(modules):
    assert [name for name, kept in declared(modules).items() if kept is None] == []


def test_b6_the_kits_page_lists_every_collection_with_its_limit(modules, root):
    page = listed((root / "shared" / "kit" / "README.md").read_text())

    assert page.keys() == declared(modules).keys()
    assert all(page.values())


def test_a_way_past_a_collection_is_found(sample):
    for text in (
        "import pymongo.errors\n",
        "from motor import motor_asyncio\n",
        "things._raw.find({})\n",
        "self._database['things']\n",
        "chassis.database['things']\n",
    ):
        assert len(list(ways_past_a_collection(sample(text)))) == 1, text
    assert list(ways_past_a_collection(sample("things.within(ours)\n"))) == []


def test_a_collection_that_does_not_say_what_it_keeps_is_found(sample):
    text = "Collection(name='a', codec=c)\nCollection(name='b', kept=Forever('one'))\n"

    assert list(collections(sample(text))) == [("a", None), ("b", "Forever('one')")]
