from schema_service.domain.finding import Rule, Severity

PART_MISSING = Rule(
    "schema.bundle_part_missing",
    Severity.WARNING,
    "{url} could not be bundled: {reason}",
    "What refers to it cannot be called; correct it there, then fetch the document again.",
)
