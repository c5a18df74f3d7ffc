"""`just bench` runs `invoke`; `just bench NAME …` another program of this folder."""

import runpy
import sys

PROGRAMS = (
    "invoke",
    "against",
    "rule_change",
    "recovery",
    "recovery_cluster",
    "caches",
    "operation_memory",
    "start",
    "egress_guard",
    "schema_documents",
    "schema_requests",
    "sharing",
    "long_answers",
    "rate_limits",
    "hog",
    "console_pages",
)

if __name__ == "__main__":
    named = sys.argv[1] if len(sys.argv) > 1 and not sys.argv[1].startswith("-") else None
    if named is not None and named not in PROGRAMS:
        sys.exit(f"There is no {named!r}; there are {', '.join(PROGRAMS)}.")
    if named is not None:
        del sys.argv[1]
    runpy.run_module(f"tests.bench.{named or 'invoke'}", run_name="__main__", alter_sys=True)
