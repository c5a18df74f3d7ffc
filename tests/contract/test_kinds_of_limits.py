"""Which kind of refusal each limit is.

*Invalid* (422): the request asks for more of something than may exist, and waiting does not help.
*Limited* (429): the caller's workspace uses its share at the moment; Retry-After says when to come
back. *Unavailable* (503): the process has no capacity left, whoever asks.
"""

from contracts.errors import Kind, PlatformError
from tests.contract.survey import services

KINDS = {
    "catalog.too_many_actions": Kind.INVALID,
    "catalog.too_many_operations": Kind.INVALID,
    "identity.too_many_groups": Kind.INVALID,
    "identity.too_many_invitations": Kind.INVALID,
    "identity.too_many_members": Kind.INVALID,
    "identity.too_many_tokens": Kind.INVALID,
    "policy.too_many_domains": Kind.INVALID,
    "schema.too_many_references": Kind.INVALID,
    "execution.too_many_stored_calls": Kind.LIMITED,
    "execution.concurrent_calls": Kind.LIMITED,
    "platform.rate_limited": Kind.LIMITED,
    "platform.share_exceeded": Kind.LIMITED,
    "egress.share_exceeded": Kind.LIMITED,
    "platform.too_many_lookups": Kind.UNAVAILABLE,
    "execution.overloaded": Kind.UNAVAILABLE,
    "schema.examiners_busy": Kind.UNAVAILABLE,
}


def errors(of=PlatformError):
    for error in of.__subclasses__():
        yield error
        yield from errors(error)


def test_each_limit_is_of_the_kind_that_says_whether_waiting_helps():
    services()  # imports all of them
    ours = [error for error in errors() if "test" not in error.__module__]
    found = {error.code: error.kind for error in ours}

    assert {code: found[code] for code in KINDS} == KINDS
    limits = {code for code in found if "too_many" in code or found[code] is Kind.LIMITED}
    assert {code for code in limits if code != PlatformError.code} <= KINDS.keys()
