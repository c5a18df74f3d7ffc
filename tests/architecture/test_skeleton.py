"""All services have the same files, the same page, the same places."""

import re

import pytest

FILES = (
    *("README.md", "pyproject.toml", "Dockerfile", "tests/unit", "tests/integration"),
    *("{package}/__init__.py", "{package}/__main__.py", "{package}/py.typed"),
    *("{package}/main.py", "{package}/settings.py", "{package}/app.py"),
    *("{package}/domain", "{package}/usecases", "{package}/adapters"),
    "{package}/entrypoints/http.py",
)
EITHER = ("{package}/ports.py", "{package}/ports/__init__.py")
"""One module, or one for each concern."""
PAGE = ("Owns", "Answers", "Publishes", "Listens", "Settings", "Runbook")
MAX_README_LINES = 80


def missing_files(folder):
    package = f"{folder.name}_service"
    missing = [name for name in FILES if not (folder / name.format(package=package)).exists()]
    if sum((folder / name.format(package=package)).exists() for name in EITHER) != 1:
        missing.append(EITHER[0])
    return [f"{folder.name}/{name.format(package=package)}" for name in missing]


def missing_parts(page):
    """The parts of a service's README that it lacks; each starts a line, or is printed bold."""
    return [part for part in PAGE if not re.search(rf"(?im)(^[#|\- ]*|\*\*){part}\b", page)]


@pytest.fixture
def folders(root, services):
    return [root / "services" / service for service in services]


def test_every_service_has_the_whole_skeleton(folders):
    assert [name for folder in folders for name in missing_files(folder)] == []


def test_every_service_says_on_one_page_what_an_operator_asks(folders):
    for folder in folders:
        page = (folder / "README.md").read_text()
        assert missing_parts(page) == [], folder.name
        assert page.count("\n") <= MAX_README_LINES, folder.name


def test_every_service_is_known_to_the_workspace_and_its_rules(services, settings):
    contracts = {one["id"]: one for one in settings["tool"]["importlinter"]["contracts"]}
    packages = {f"{service}_service" for service in services}

    assert {f"openactions-{service}" for service in services} <= set(
        settings["tool"]["uv"]["sources"]
    )
    assert packages <= set(settings["tool"]["importlinter"]["root_packages"])
    assert packages <= set(contracts["services"]["layers"][1].split(" | "))
    assert packages == set(contracts["skeleton"]["containers"])
    assert {f"{package}.domain" for package in packages} == set(
        contracts["pure-domain"]["source_modules"]
    )
    assert packages <= set(contracts["driver"]["source_modules"])
    assert packages <= set(contracts["way-out"]["source_modules"])


def test_a_service_without_its_files_is_found(tmp_path):
    (tmp_path / "sample").mkdir()

    assert len(missing_files(tmp_path / "sample")) == len(FILES) + 1


def test_a_page_without_a_runbook_is_found():
    page = "## Owns\n- **Answers**: x\n| publishes | y |\n\nListens to nothing.\n## Settings\n"

    assert missing_parts(page) == ["Runbook"]


def test_ports_are_one_module_or_one_package(tmp_path):
    package = tmp_path / "sample" / "sample_service"
    (package / "ports").mkdir(parents=True)
    (package / "ports" / "__init__.py").touch()
    assert len(missing_files(tmp_path / "sample")) == len(FILES)

    (package / "ports.py").touch()
    assert len(missing_files(tmp_path / "sample")) == len(FILES) + 1
