"""The operator's own servers are the only connects beside egress; they are listed in one place."""

import ast

import pytest

from kit.blob_settings import BlobsSettings
from kit.key_services.settings import KeysSettings
from kit.settings import ServiceSettings, variable

ADAPTER = "shared/kit/kit/obstore_blobs.py"


@pytest.fixture(scope="module")
def endpoints(settings):
    return settings["tool"]["openactions"]["operator-endpoints"]


@pytest.fixture(scope="module")
def contracts(settings):
    return {one["id"]: one for one in settings["tool"]["importlinter"]["contracts"]}


def imported(module):
    """Packages that a module imports, wherever in it."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0]


def stores_made(module):
    """What each store for blobs is built from."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "ObstoreBlobs":
            yield ast.unparse(node)


def test_the_endpoints_are_these_four(endpoints):
    assert set(endpoints) == {"blob-store", "broker", "database", "key-service"}


def test_each_library_is_confined_by_its_contract(endpoints, contracts):
    for name, endpoint in endpoints.items():
        if endpoint["libraries"]:
            forbidden = contracts[endpoint["contract"]]["forbidden_modules"]
            assert set(forbidden) == set(endpoint["libraries"]), name


def test_each_is_named_by_the_operators_settings(endpoints):
    known = {variable(BlobsSettings, member) for member in BlobsSettings.model_fields}
    known |= {variable(KeysSettings, member) for member in KeysSettings.model_fields}
    known |= {member.upper() for member in ServiceSettings.model_fields}

    assert {name for one in endpoints.values() for name in one["settings"]} <= known


def test_one_module_imports_the_library_that_connects_from_rust(modules):
    """No audit hook sees what it dials: nobody else may give it an address."""
    importers = {str(module.path) for module in modules if "obstore" in imported(module)}

    assert importers == {ADAPTER}


def test_a_store_is_built_from_the_operators_settings_alone(modules):
    made = {call for module in modules if not module.is_test for call in stores_made(module)}

    assert made == {"ObstoreBlobs(settings.blobs)"}


def test_the_way_to_operators_servers_is_given_to_key_rings_and_secret_stores_alone(modules):
    """So no caller names an address to it; `operator_secrets` takes those of `KEYS_…`."""
    given = {
        (module.path.parts[1], ast.unparse(node.func))
        for module in modules
        if not module.is_test and module.path.parts[0] == "services"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and "OperatorEgress" in ast.unparse(node)
        if any(isinstance(each, ast.Name) and each.id == "OperatorEgress" for each in node.args)
        or getattr(node.func, "id", "") == "OperatorEgress"
    }

    key_rings = {(name, "service_keys") for name in ("auth", "execution", "identity")}
    assert given == {*key_rings, ("auth", "operator_secrets")}


def test_another_importer_and_another_address_are_found(sample):
    module = sample("def f(url):\n    import obstore.store\n    ObstoreBlobs(Other(url=url))\n")

    assert "obstore" in imported(module)
    assert list(stores_made(module)) == ["ObstoreBlobs(Other(url=url))"]
