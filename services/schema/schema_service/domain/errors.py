from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from contracts.errors import Conflict, Denied, Invalid, NotFound, Unavailable
from contracts.ids import SchemaId
from contracts.requests import HostRefusal, SchemaUse, SchemaUses
from kit.sizes import MIB
from schema_service.domain.blocking import Blocking

NAMED_VERSIONS = 5
BUSY_RETRY_SECONDS = 5.0
"""Most documents take less."""


class DocumentUnreadable(Invalid):
    """Nothing could be read, so nothing was stored; the finding has line and column."""

    code = "schema.unparsable"

    def __init__(self, findings: Sequence[dict[str, Any]]) -> None:
        first = findings[0]
        super().__init__(
            first["message"],
            hint=first["hint"] or "Correct the text at the line and column of the finding.",
            findings=findings,
        )


class SchemaInUse(Conflict):
    """Each finding names a GPT; one that the member may not view is named nowhere."""

    code = "schema.in_use"
    HINT = (
        "Bind another schema in the drafts that have it. Versions keep theirs until newer ones "
        "took their place, or the GPT is removed."
    )

    def __init__(self, uses: SchemaUses) -> None:
        findings = [_finding(use) for use in uses.gpts]
        sentence = "GPTs use this schema, so it cannot be deleted."
        if uses.others:
            sentence += " Some of them are not named, because you have no access to them."
        if not findings:
            sentence = "A GPT that you have no access to uses this schema; it cannot be deleted."
        super().__init__(sentence, hint=self.HINT, findings=findings)


class OperationBlocked(Conflict):
    """A release offers it, and it may not be called any more; in the words of what blocks it."""

    code = "schema.operation_blocked"

    def __init__(self, name: str, schema_id: SchemaId, blocking: Blocking | None) -> None:
        reason = blocking.message if blocking else "its document has errors"
        first = f"{blocking.hint} " if blocking and blocking.hint else ""
        super().__init__(
            f"The operation {name} is blocked: {reason}",
            hint=f"{first}Whoever builds the GPT finds the place with GET /v1/schemas/{schema_id},"
            " repairs the document, binds it to the action again and publishes the GPT.",
            code=blocking.code if blocking else None,
            findings=[asdict(blocking)] if blocking else (),
        )


class RemovalOvertaken(Conflict):
    code = "schema.removal_overtaken"

    def __init__(self) -> None:
        super().__init__(
            "Somebody else deleted or bound this schema at the same moment.",
            hint="Try again in a moment.",
        )


def _finding(use: SchemaUse) -> dict[str, Any]:
    places = ["its draft"] if use.draft else []
    if use.versions:
        numbers = ", ".join(str(number) for number in use.versions[:NAMED_VERSIONS])
        more = ", …" if len(use.versions) > NAMED_VERSIONS else ""
        places.append(f"kept versions {numbers}{more}")
    return {
        "gpt_id": use.gpt_id,
        "draft": use.draft,
        "versions": list(use.versions),
        "message": f"The GPT `{use.name}` uses it in {' and '.join(places)}.",
    }


class ImportFailed(Invalid):
    """The URL was allowed and asked, and gave no document; asking again changes nothing."""

    code = "schema.import_failed"

    def __init__(self, status: int) -> None:
        super().__init__(
            f"The URL answered with status {status} instead of a document.",
            hint="Check the URL in a browser; it must be readable without signing in.",
        )


class ValuesNotStored(Invalid):
    code = "schema.values_not_stored"

    def __init__(self) -> None:
        super().__init__(
            "`values` are for validating a document, and are not stored with it.",
            hint="Write them into the document: POST /v1/schemas/{id}/repairs does so.",
        )


class ServerRefused(Invalid):
    code = "schema.server_choice_refused"


class PlaceholderHost(Denied):
    code = "schema.placeholder_host"

    def __init__(self, written: str) -> None:
        super().__init__(
            f"{written} is a placeholder that stands for a real host.",
            hint="Write the host of your API in its place.",
        )


class HostNotListed(Denied):
    """Policy's own code, sentence and hint: an import from one of the operator's allowed origins
    needs its host on the workspace's list, as calls do.
    """

    code = "schema.host_not_listed"

    def __init__(self, refusal: HostRefusal) -> None:
        super().__init__(refusal.sentence, hint=refusal.hint, code=refusal.code)


class ImportUnavailable(Unavailable):
    """The URL's own server cannot answer at the moment: 408, 429 or 5xx."""

    code = "schema.import_unavailable"

    def __init__(self, status: int) -> None:
        super().__init__(
            f"The URL's server answered with status {status}.", hint="Try again in a moment."
        )


class ImportTooLarge(Invalid):
    code = "schema.import_too_large"

    def __init__(self, url: str, max_bytes: int) -> None:
        super().__init__(
            f"What {url} answers is larger than the {max_bytes:,} bytes that may still be read.",
            hint="A document, with everything bundled into it, may have 16 MB.",
        )


class TooManyReferences(Invalid):
    """Documents to bundle, and how far they may lie from the one that they are bundled into."""

    code = "schema.too_many_references"

    def __init__(self, limit: str) -> None:
        super().__init__(
            f"This document refers to more than {limit}.",
            hint="Bundle it where it is written, for example with `redocly bundle`, "
            "and import the result.",
        )


class BundlingTooLong(Unavailable):
    code = "schema.bundling_too_long"

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"The documents that this one refers to did not arrive within {seconds:.0f} seconds.",
            hint="Try again, or bundle it where it is written and import the result.",
        )


class NoSourceUrl(Conflict):
    code = "schema.no_source_url"

    def __init__(self) -> None:
        super().__init__(
            "This document did not come from a URL, so it cannot be fetched again.",
            hint="POST /v1/schemas with the new text and `previous_id`.",
        )


class ExampleUnknown(NotFound):
    code = "schema.example_unknown"

    def __init__(self, known: Sequence[str]) -> None:
        super().__init__(
            "There is no such example.",
            hint=f"There are {', '.join(known)}: GET /v1/schemas/examples.",
        )


class SchemaNotFound(NotFound):
    code = "schema.not_found"

    def __init__(self) -> None:
        super().__init__("There is no such schema to see.", hint="GET /v1/schemas lists them.")


class ExaminationTooLong(Invalid):
    code = "schema.too_costly"

    def __init__(self, seconds: float, memory_bytes: int) -> None:
        """`seconds` are of processor time."""
        limit = f"{seconds:.3g} s of processor time and {memory_bytes // MIB} MB of memory"
        super().__init__(
            f"Reading this document takes more than the {limit} that one of its size may take.",
            hint="Split it, or remove what no operation needs: most often long lists of "
            "alternatives (oneOf, anyOf, enum), or operations that repeat them.",
        )


class ExaminersUnavailable(Unavailable):
    code = "schema.examiners_unavailable"

    def __init__(self) -> None:
        super().__init__(
            "No process could be started to read this document, or what was started was killed.",
            hint="Try again in a moment; if it stays so, the schema service lacks memory.",
        )


class ExaminationKilled(ExaminersUnavailable):
    """Two processes that had begun with this document were killed from outside; whether for its
    sake (for the memory it takes, say) shows where others are read all the same.
    """


class ExaminersBusy(Unavailable):
    code = "schema.examiners_busy"

    def __init__(
        self,
        sentence: str = "Too many documents are being read.",
        *,
        hint: str = "Try again in a moment.",
    ) -> None:
        super().__init__(sentence, hint=hint, retry_after_seconds=BUSY_RETRY_SECONDS)


class ExaminationStalled(ExaminersBusy):
    """Says nothing about the document: its process was given too little of the machine."""

    code = "schema.examination_stalled"

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"This document was not read within {seconds:.3g} s, because the machine is busy with "
            "other work.",
            hint="Try again in a moment. If it stays so, whoever runs the schema service gives it "
            "more processor time.",
        )
