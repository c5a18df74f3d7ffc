#!/usr/bin/env python3
"""Begin a service: the skeleton that every service has, and the places that must know of it.

What is missing afterwards, the architecture tests say by name.
"""

import sys
from pathlib import Path
from string import Template

ROOT = Path(__file__).resolve().parents[1]
SERVICES = ROOT / "services"

FILES = {
    "pyproject.toml": """\
[project]
name = "openactions-$name"
version = "0.1.0"
description = "$description"
requires-python = ">=3.11"
dependencies = ["openactions-contracts", "openactions-kit"]

[build-system]
requires = ["uv_build>=0.13,<0.14"]
build-backend = "uv_build"

[tool.uv.build-backend]
module-name = "${name}_service"
module-root = ""
""",
    "README.md": """\
# $name

$description.

| | |
|---|---|
| **owns** | |
| **answers** | nothing |
| **publishes** | nothing |
| **listens to** | `workspace.removed`, and what voids principals, as every service |

## Settings (`${upper}_…`)

Host, port, log format, stream replicas and limits: `shared/kit/README.md`.

## Runbook
""",
    "${name}_service/__init__.py": '"""$description."""\n',
    "${name}_service/py.typed": "",
    "${name}_service/__main__.py": """\
from kit.service import main
from ${name}_service.main import build
from ${name}_service.settings import ${title}Settings

if __name__ == "__main__":
    main(${title}Settings, build)
""",
    "${name}_service/settings.py": '''\
from pydantic_settings import SettingsConfigDict

from kit.settings import ServiceSettings


class ${title}Settings(ServiceSettings):
    """Read once, in `main`. A missing or malformed variable stops the process."""

    model_config = SettingsConfigDict(env_prefix="${upper}_")

    mongodb_database: str = "$name"
''',
    "${name}_service/app.py": '''\
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ${title}App:
    """Everything that $name can do."""
''',
    "${name}_service/ports.py": '"""What $name needs of the world."""\n',
    "${name}_service/main.py": '''\
from fastapi import FastAPI

import ${name}_service
from ${name}_service.app import ${title}App
from ${name}_service.entrypoints import http
from ${name}_service.settings import ${title}Settings
from kit.service import Chassis, Components, assemble


def build(settings: ${title}Settings) -> FastAPI:
    """Assemble the service; nothing connects until the server starts it."""
    chassis = Chassis("$name", settings)
    components = Components(app=${title}App(), routes=[http.router])
    return assemble(chassis, components, description=${name}_service.__doc__)
''',
    "${name}_service/domain/__init__.py": "",
    "${name}_service/usecases/__init__.py": "",
    "${name}_service/adapters/__init__.py": "",
    "${name}_service/entrypoints/__init__.py": "",
    "${name}_service/entrypoints/http.py": """\
from fastapi import APIRouter

router = APIRouter(prefix="/v1/$name", tags=["$name"])
""",
    "tests/unit/.gitkeep": "",
    "tests/integration/.gitkeep": "",
}

PLACES = """\
Now name it in the rest of the repository:
  pyproject.toml               tool.uv.sources, mypy_path, every contract of tool.importlinter
  docker-compose.yml           the service, its passwords for the broker's nodes and for mongo-setup
  infra/nats/permissions.py    BUS_USERS
  infra/mongo/setup.js         SERVICES
  infra/edge/                  upstreams.conf, and its paths in nginx.conf
  infra/local/                 pyproject.toml, and services.py
  README.md, services/README.md
then `./openactions lock`, `./openactions contracts` and `./openactions check`.
"""


def begin(services: Path, name: str, description: str) -> None:
    """Write the skeleton below `services`; refuses a name that is taken or is no identifier."""
    folder = services / name
    if folder.exists() or not (name.isidentifier() and name.islower()):
        sys.exit(f"new-service: {name!r} is taken, or is no lower-case identifier.")
    words = {
        "name": name,
        "title": "".join(word.capitalize() for word in name.split("_")),
        "upper": name.upper(),
        "description": description.rstrip("."),
    }
    for path, text in FILES.items():
        target = folder / Template(path).substitute(words)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(Template(text).substitute(words))
    dockerfile = (SERVICES / "catalog" / "Dockerfile").read_text()
    ours = dockerfile.replace("catalog", name).replace("CATALOG", name.upper())
    (folder / "Dockerfile").write_text(ours)


if __name__ == "__main__":
    begin(SERVICES, *sys.argv[1:])
    sys.stdout.write(PLACES)
