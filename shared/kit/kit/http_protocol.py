"""What is no HTTP is refused as everything else is: with a problem document (RFC 9457).

uvicorn answers a control character in a header, or a line that it cannot parse, in plain text and
before any application is asked.
"""

from contextvars import copy_context

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from kit import access_log, trace
from kit.errors import BadRequest
from kit.front import SECURITY_HEADERS, problem_response

SENTENCE = "The request is not well-formed HTTP: a line or a header of it cannot be read."
HINT = "Header values are printable characters; a path has no spaces."


class ProblemProtocol(HttpToolsProtocol):
    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's words
        self.transport.write(copy_context().run(_refusal))
        self.transport.close()


def _refusal() -> bytes:
    """In a context of its own: the trace is this request's alone."""
    trace.begin(None)
    status, headers, body = problem_response(BadRequest(SENTENCE, hint=HINT))
    access_log.ACCESS.add({"trace_id": trace.trace_id(), "route": None, "status": status})
    headers += [
        *SECURITY_HEADERS,
        (b"x-request-id", trace.trace_id().encode()),
        (b"connection", b"close"),
    ]
    lines = b"".join(b"%b: %b\r\n" % each for each in headers)
    return STATUS_LINE[status] + lines + b"\r\n" + body
