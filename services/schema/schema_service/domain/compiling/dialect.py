"""Which version of the specification a document follows."""

import json
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any

from schema_service.domain.compiling import rules
from schema_service.domain.compiling.version_marks import openapi_3_members
from schema_service.domain.finding import Edit, Finding

MAX_SHOWN = 60
"""Characters of a version that is none."""


class Dialect(StrEnum):
    SWAGGER_2 = "2.0"
    OPENAPI_30 = "3.0"
    OPENAPI_31 = "3.1"
    OPENAPI_32 = "3.2"

    @property
    def refs_stand_alone(self) -> bool:
        """Whether members beside a `$ref` are ignored (OAS 3.0.4, 4.7.23)."""
        return self in (Dialect.SWAGGER_2, Dialect.OPENAPI_30)


def dialect_of(document: dict[str, Any]) -> tuple[Dialect, list[Finding]]:
    """The version declared, or else the likeliest with a finding."""
    key = "swagger" if "swagger" in document and "openapi" not in document else "openapi"
    declared = document.get(key)
    if declared is None:
        behind = _behind_other_text(document)
        if behind is not None:
            return behind
        guess = Dialect.OPENAPI_31
        finding = rules.VERSION_MISSING.at(["openapi"], version=guess)
        edit = Edit("add", finding.pointer, f"{guess}.0")
        return guess, [finding.repaired_by(f"Add openapi: {guess}.0", edit)]
    known = _known(key, str(declared))
    members = openapi_3_members(document) if known is Dialect.SWAGGER_2 else ()
    if members:
        return _written_as_openapi(document, declared, members)
    if known is Dialect.SWAGGER_2:
        return known, [rules.SWAGGER_CONVERTED.at(["swagger"])]
    if known:
        return known, []
    own = _key_of(str(declared))
    if own is not None:
        finding = rules.VERSION_AT_OTHER_KEY.at([key], key=key, found=_shown(declared), own=own)
        edit = Edit("rename", finding.pointer, own)
        version = _known(own, str(declared)) or Dialect.OPENAPI_31
        return version, [finding.repaired_by(f"Call it {own}", edit)]
    return _of_unknown(key, declared)


def _of_unknown(key: str, declared: Any) -> tuple[Dialect, list[Finding]]:
    """`v3.0.1` is 3.0.1, and `3`, or `2` of Swagger, what it is read as."""
    guess = Dialect.SWAGGER_2 if key == "swagger" else Dialect.OPENAPI_31
    bare = str(declared).strip().lstrip("vV").strip()
    meant = _known(key, bare)
    finding = rules.VERSION_UNKNOWN.at([key], found=_shown(declared), version=meant or guess)
    if meant is not None:
        whole = f"{bare}.0" if bare == meant and key == "openapi" else bare
    elif key == "openapi" and bare in ("3", "3.x"):
        whole = f"{guess}.0"
    elif key == "swagger" and bare in ("2", "2.x"):
        whole = str(guess)
    else:
        return guess, [finding]
    edit = Edit("replace", finding.pointer, whole)
    finding = replace(finding, hint=f"Write {key}: {whole}.")
    return meant or guess, [finding.repaired_by(f"Write {key}: {whole}", edit)]


def _written_as_openapi(
    document: dict[str, Any], declared: Any, members: Sequence[str]
) -> tuple[Dialect, list[Finding]]:
    """The lowest version that has its members (OAS 3.1, 4.8.1: `webhooks` came with 3.1)."""
    is_newer = "webhooks" in document or "jsonSchemaDialect" in document
    version, full = (Dialect.OPENAPI_31, "3.1.0") if is_newer else (Dialect.OPENAPI_30, "3.0.3")
    finding = rules.WRITTEN_AS_OPENAPI.at(
        ["swagger"],
        found=_shown(declared),
        members=" and ".join(members),
        version=version,
        full=full,
    )
    edits = (Edit("add", "/openapi", full), Edit("remove", "/swagger"))
    return version, [finding.repaired_by(f"Write openapi: {full}", *edits)]


def _behind_other_text(document: dict[str, Any]) -> tuple[Dialect, list[Finding]] | None:
    """A page's words above a document may be in its first name: `yamlCopy codeopenapi`. A name
    that begins with x- is the author's own (OAS 3.1, 4.9).
    """
    key = next(iter(document), "")
    if key.startswith("x-"):
        return None
    own = next((each for each in ("swagger", "openapi") if key.endswith(each)), None)
    declared = str(document.get(key))
    known = None if own is None else _known(own, declared)
    if own is None or known is None:
        return None
    finding = rules.VERSION_AT_OTHER_KEY.at([key], key=key, found=_shown(declared), own=own)
    return known, [finding.repaired_by(f"Call it {own}", Edit("rename", finding.pointer, own))]


def _shown(declared: Any) -> str:
    """As the document has it, and no longer than a sentence bears."""
    text = declared if isinstance(declared, str) else json.dumps(declared, ensure_ascii=False)
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"


def _key_of(declared: str) -> str | None:
    """The name that a version stands below."""
    keys = [key for key in ("swagger", "openapi") if _known(key, declared)]
    return keys[0] if keys else None


def _known(key: str, declared: str) -> Dialect | None:
    """`3.1.0` and `3.1` alike: YAML makes a number of the latter."""
    short = ".".join(declared.split(".")[:2])
    for dialect in Dialect:
        if short == dialect and (key == "swagger") == (dialect is Dialect.SWAGGER_2):
            return dialect
    return None
