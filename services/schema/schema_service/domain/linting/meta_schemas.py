"""The specification's own JSON Schemas, as openapi-spec-validator ships them."""

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import jsonschema_rs
import orjson

from schema_service.domain.compiling.dialect import Dialect

INSTANCE = "It"
"""What stands for the instance in messages, which would otherwise repeat megabytes of it."""


@lru_cache(maxsize=len(Dialect))
def validator_for(dialect: Dialect) -> jsonschema_rs.Validator:
    """The package is found but not imported: that alone would take 60 MB and half a second."""
    package = find_spec("openapi_spec_validator")
    [folder] = (package and package.submodule_search_locations) or [""]
    path = Path(folder) / "resources" / "schemas" / f"v{dialect}" / "schema.json"
    schema = orjson.loads(path.read_bytes())
    return jsonschema_rs.validator_for(schema, mask=INSTANCE)
