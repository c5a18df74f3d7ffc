"""Structured logs: one event a line, with declared keys, and nothing that looks like a secret."""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from itertools import islice
from typing import Any, Literal

import structlog

from kit import access_log, trace
from kit.live_secrets import LIVE_SECRETS

MAX_FIELD_CHARACTERS = 1_000
MAX_SECRET_CHARACTERS = 16 * 1024
"""What is read beyond the end of a field: half a secret would not be recognized."""
MAX_TRACEBACK_CHARACTERS = 20_000
"""Of a longer one the middle is cut: the last lines name the error."""
CUT = "\n…\n"
REDACTED = "[redacted]"
MAX_READ_CHARACTERS = 4_000_000
TRACEBACK = "Traceback (most recent call last)"
MAX_ITEMS = 50
_SECRET_KEYS = re.compile(
    r"authorization|cookie|secret|password|passwd|api.?key|token(?!_id)|credential$|private",
    re.IGNORECASE,
)
_SECRET_TEXT = re.compile(
    r"(?i)(bearer|basic)\s+[a-z0-9._~+/=-]{6,}"
    r"|\b(?:sk|oat)[-_][a-z0-9_-]{8,}"
    r"|\beyJ[a-z0-9_-]{8,}\.[a-z0-9_.-]+"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----.*"
    r"|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"
    r"|(?<=code=)[^&\s]+|(?<=access_token=)[^&\s]+",
    re.DOTALL,
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x80-\x9f\u2028\u2029]")


def redact(text: str) -> str:
    """The text without secrets in use and what looks like one, without control characters, and
    bounded.
    """
    read = _without_secrets(text[: MAX_FIELD_CHARACTERS + MAX_SECRET_CHARACTERS])
    cut = read if len(read) <= MAX_FIELD_CHARACTERS else read[:MAX_FIELD_CHARACTERS] + "…"
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", cut)


def _without_secrets(text: str) -> str:
    """`[redacted]` in place of each secret and of what looks like one. Both are looked for in the
    text as it is: what the one search replaced would hide half a secret from the other.
    """
    spans = [found.span() for found in _SECRET_TEXT.finditer(text)]
    parts, kept_from = [], 0
    for start, end in sorted([*spans, *LIVE_SECRETS.spans(text)]):
        if start >= kept_from:
            parts += [text[kept_from:start], REDACTED]
        kept_from = max(kept_from, end)
    return "".join((*parts, text[kept_from:]))


def _redact_value(key: str, value: Any) -> Any:
    if _SECRET_KEYS.search(key):
        return REDACTED
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, Mapping):
        items = islice(value.items(), MAX_ITEMS)
        return {redact(str(k)): _redact_value(str(k), v) for k, v in items}
    if isinstance(value, list | tuple):
        return [_redact_value("", item) for item in value[:MAX_ITEMS]]
    return value if isinstance(value, int | float | bool | None) else redact(str(value))


def _redact_event(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    exception = event.pop("exception", None)
    text = event.get("event")
    if isinstance(text, str) and TRACEBACK in text:  # a library formatted it into its message
        event["event"], _, rest = text.partition(TRACEBACK)
        exception = exception or TRACEBACK + rest
    cleaned: MutableMapping[str, Any] = {k: _redact_value(k, v) for k, v in event.items()}
    if exception:
        cleaned["exception"] = _redact_traceback(str(exception))
    return cleaned


def _redact_traceback(text: str) -> str:
    """A traceback is worth its lines, but a secret may span several."""
    clean = _SECRET_TEXT.sub(REDACTED, text[:MAX_READ_CHARACTERS])
    if len(clean) > MAX_TRACEBACK_CHARACTERS:  # only now: half a secret would not look like one
        half = MAX_TRACEBACK_CHARACTERS // 2 - len(CUT)
        beginning = _without_secrets(clean[: half + MAX_SECRET_CHARACTERS])[:half]
        end = _without_secrets(clean[-half - MAX_SECRET_CHARACTERS :])[-half:]
        clean = beginning + CUT + end
    return "\n".join(redact(line) for line in clean.splitlines())


def _add_trace(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    if trace_id := trace.trace_id():
        event["trace_id"] = trace_id
    return event


_PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    _add_trace,
    structlog.processors.format_exc_info,
    _redact_event,
]

# structlog's own default prints the local variables of a traceback, headers and secrets among them.
# Whoever forgets to configure gets redacted lines instead.
structlog.configure(
    processors=[*_PROCESSORS, structlog.processors.JSONRenderer()],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
)


def configure(
    log_format: Literal["json", "console"], access: logging.Handler | None = None
) -> None:
    """Send everything, the libraries' own records included, through one redacting renderer.

    Access lines go to the standard output too, or to `access`.
    """
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stdout.isatty(), pad_event_to=28)
    )
    structlog.configure(
        processors=[*_PROCESSORS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_PROCESSORS,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
    )
    output = logging.StreamHandler(sys.stdout)
    output.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [output]
    root.setLevel(logging.INFO)
    access_log.ACCESS.open(access or logging.StreamHandler(sys.stdout), log_format)
    for noisy in ("uvicorn.access", "pymongo", "nats", "faststream", "httpx"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def logger(name: str) -> structlog.stdlib.BoundLogger:
    bound: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return bound
