"""What is served was built from these sources. Nothing here needs Node."""

import json
import re
from random import randbytes

import pytest

CONSOLE = "services/console"


@pytest.fixture
def built(program):
    return program("infra/console_build.py")


@pytest.fixture
def lock(root):
    return json.loads((root / CONSOLE / "web/package-lock.json").read_text())


@pytest.fixture
def static(root):
    return root / CONSOLE / "console_service/static"


def test_what_is_committed_was_built_from_these_sources_and_this_api(built, static):
    assert (static / built.DIGEST).read_text().strip() == built.digest(), (
        "run ./openactions console build"
    )


def test_the_digest_changes_with_each_source_and_with_the_api(built, tmp_path):
    web, document = tmp_path / "web", tmp_path / "openapi.json"
    (web / "src").mkdir(parents=True)
    (web / "node_modules").mkdir()
    document.write_text("{}")
    digests = [built.digest(web, document)]
    for path in (web / "src/a.ts", web / "package-lock.json", document):
        path.write_text("changed")
        digests.append(built.digest(web, document))
    (web / "src/a.ts").rename(web / "src/b.ts")
    digests.append(built.digest(web, document))

    assert len({*digests}) == len(digests)
    (web / "node_modules/x.js").write_text("installed")
    assert built.digest(web, document) == digests[-1]


def test_the_lock_leads_to_no_registry_and_names_every_content(lock):
    packages = {path: entry for path, entry in lock["packages"].items() if path}

    assert packages
    assert [path for path, entry in packages.items() if "resolved" in entry] == []
    assert [path for path, entry in packages.items() if "integrity" not in entry] == []


def test_each_package_that_reaches_a_browser_may_be_passed_on(built, lock, static):
    assert built.not_allowed(lock) == []
    listed = (static / built.LICENCES).read_text()
    for path, entry in built.shipped(lock):
        name = path.rpartition("node_modules/")[2]
        assert f"\n{name} {entry['version']} ({entry['license']})\n" in listed


def test_a_licence_that_nobody_allowed_is_found_and_those_of_tools_are_not_looked_at(built):
    lock = {
        "packages": {
            "": {"license": "AGPL-3.0"},
            "node_modules/good": {"license": "MIT"},
            "node_modules/bad": {"license": "AGPL-3.0"},
            "node_modules/good/node_modules/none": {},
            "node_modules/tool": {"license": "MPL-2.0", "dev": True},
            "node_modules/vite": {"license": "Other", "dev": True},
        }
    }

    assert built.not_allowed(lock) == ["bad: AGPL-3.0", "none: no licence", "vite: Other"]


def test_the_page_loads_its_own_files_and_runs_no_text(static):
    page = (static / "index.html").read_text()
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page)

    assert {path for path in loaded if path.startswith("/assets/")} <= {
        f"/assets/{path.name}" for path in (static / "assets").iterdir()
    }
    assert {path for path in loaded if not path.startswith("/assets/")} == {
        "/v1/session/sign-in",
        "/docs",
    }
    assert not re.search(r"<script(?![^>]* src=)|\son\w+=|javascript:|\sstyle=", page)
    assert 'nonce="NONCE-OF-THIS-PAGE"' in page


def test_scripts_of_the_start_page_and_of_the_editor_are_within_their_limits(built, static):
    sizes = built.sizes(static)

    assert min(sizes.values()) > 1_000  # they were found
    assert built.too_large(static) == []


def test_a_script_above_its_limit_is_named_with_both_figures(built, tmp_path):
    (tmp_path / "assets").mkdir()
    limit = built.MAX_BYTES[built.EDITOR]
    (tmp_path / "index.html").write_text('<script src="/assets/index-a.js"></script>')
    (tmp_path / "assets/index-a.js").write_text("small")
    (tmp_path / "assets/code-editor-b.js").write_bytes(randbytes(limit))

    [named] = built.too_large(tmp_path)
    assert named.startswith(built.EDITOR)
    assert f"{limit:,}" in named


def test_what_is_painted_before_any_script_says_the_products_name_alone(static):
    page = (static / "index.html").read_text()
    painted = page.partition('<div id="root">')[2].partition("<noscript>")[0]

    words = re.sub(r"<!--.*?-->|<[^>]+>", " ", painted, flags=re.DOTALL).split()
    assert words == ["OpenActions"]
    assert "aria-hidden" in painted


def test_no_file_makes_code_of_text_or_knows_the_machine_it_was_built_on(static):
    for path in (static / "assets").iterdir():
        text = path.read_text()
        assert not re.search(r"\beval\(|new Function\(|sourceMappingURL", text), path.name
        assert not re.search(r"/(?:home|root|work|tmp)/\w", text), path.name


def test_ci_compares_every_byte_and_git_shows_none(root):
    assert "./openactions console check" in (root / ".ci/run").read_text()
    attributes = (root / ".gitattributes").read_text()
    assert f"{CONSOLE}/console_service/static/** linguist-generated -diff" in attributes


def test_a_file_that_is_missing_or_other_than_built_is_found(built, tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    one.write_text("built")
    assert built.differ(one, other)
    other.write_text("edited")
    assert built.differ(one, other)
    other.write_text("built")
    assert not built.differ(one, other)
