# The workspace's recipes. `./openactions <recipe>` runs one with everything it needs installed.

set positional-arguments

bin := justfile_directory() / ".venv/bin"
export PATH := bin + ":" + env("PATH")

# Every file and folder that holds Python of ours.
python := "openactions conftest.py shared services infra tests"

compile := "uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url"
ours := `sed -n 's/^\(openactions-[a-z]*\) = .*/--no-emit-package \1/p' pyproject.toml | tr '\n' ' '`

[private]
default:
    @just --list --unsorted

# Bring both locks up to date with the members' pyproject.toml; `just lock --upgrade` moves pins.
lock *flags:
    {{ compile }} {{ ours }} {{ flags }} shared/*/pyproject.toml services/*/pyproject.toml infra/*/pyproject.toml --output-file requirements.lock
    {{ compile }} {{ flags }} --group dev --constraint requirements.lock --output-file requirements-dev.lock
