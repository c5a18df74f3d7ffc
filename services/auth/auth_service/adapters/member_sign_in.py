"""What signing in to actions is made of, beside what auth has for other purposes, too."""

import secrets
from functools import partial
from typing import Any, NamedTuple

from auth_service.ports import Clock, EndedOnce, LinkLog, Names, SignInSeal, TokenEndpoint
from auth_service.usecases.begin_attempt import BeginAttempt
from auth_service.usecases.find_issuer import FindIssuer
from auth_service.usecases.find_member_record import FindMemberRecord
from auth_service.usecases.find_sign_in import FindSignIn
from auth_service.usecases.finish_attempt import FinishAttempt
from auth_service.usecases.link_connection import LinkConnection
from auth_service.usecases.offer_sign_in import OfferSignIn
from auth_service.usecases.open_client import OpenClient
from auth_service.usecases.read_own_key import ReadOwnKey
from auth_service.usecases.read_ticket import ReadTicket
from auth_service.usecases.set_own_key import SetOwnKey
from auth_service.usecases.start_connection import StartConnection
from contracts.ids import new_id

RANDOM_BYTES = 32


class Outside(NamedTuple):
    names: Names
    seal: SignInSeal
    ended: EndedOnce
    log: LinkLog
    endpoint: TokenEndpoint
    plain_origins: frozenset[str]
    """Canonical ones, that may be http: the operator allows them."""
    origin: str
    """Of the installation's pages; empty where it is not known."""


class Inside(NamedTuple):
    find_record: FindMemberRecord
    open_client: OpenClient
    link: LinkConnection
    clock: Clock


def member_sign_in(outside: Outside, inside: Inside) -> dict[str, Any]:
    """Fields of `AuthApp`."""
    seal, ended, endpoint, origin = outside.seal, outside.ended, outside.endpoint, outside.origin
    find, clock = FindSignIn(inside.find_record), inside.clock
    issuer = FindIssuer(endpoint, outside.plain_origins)
    draw = partial(secrets.token_urlsafe, RANDOM_BYTES)
    return {
        "find_member_record": inside.find_record,
        "read_own_key": ReadOwnKey(inside.find_record),
        "set_own_key": SetOwnKey(inside.find_record, inside.link),
        "find_sign_in": find,
        "find_issuer": issuer,
        "start_connection": StartConnection(find, seal, partial(new_id, "tik"), clock, origin),
        "read_ticket": ReadTicket(seal, clock),
        "offer_sign_in": OfferSignIn(find, outside.names),
        "begin_attempt": BeginAttempt(find, issuer, seal, ended, draw, clock, origin),
        "finish_attempt": FinishAttempt(
            find,
            inside.open_client,
            inside.link,
            endpoint,
            seal,
            ended,
            outside.log,
            clock,
            origin,
        ),
    }
