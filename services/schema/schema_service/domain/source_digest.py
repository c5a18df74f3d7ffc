"""What identifies an operation's source, whatever compiled it."""

import hashlib
from collections.abc import Mapping
from typing import Any

import orjson

from schema_service.domain.examined import OperationSummary


def source_digest(
    document: str, operation: OperationSummary, choices: Mapping[str, Any] | None = None
) -> str:
    """SHA-256 (hex) of the canonical JSON (sorted keys, no spaces, UTF-8) of a document's digest,
    of what tells the operation from others in it, and of the builder's choices: its `server`.

    That is its JSON pointer and its name: paths that share a path item share the pointer, and a
    recompilation keeps the name. Where an old record has no pointer, the name alone.
    """
    identity = {"name": operation.name, "pointer": operation.pointer}
    source = {"document": document, "operation": identity, "choices": dict(choices or {})}
    return hashlib.sha256(orjson.dumps(source, option=orjson.OPT_SORT_KEYS)).hexdigest()
