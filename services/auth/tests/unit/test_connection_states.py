"""S07: how a connection is linked, lost, revoked and linked again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from auth_service.adapters import connection_states
from auth_service.domain.connection import Account, Connection, ConnectionState, WhyEnded
from auth_service.domain.oauth.scopes import GrantedScopes
from auth_service.domain.renewal import Call, Refresh, Renewal, WhyLost
from kit.key_ring import Place, Sealed
from kit.stored import Stored
from services.auth.tests.oauth_clients import NOW

SEALED, ANEW = Sealed("k1", "envelope"), Sealed("k1", "other envelope")
HOUR = timedelta(hours=1)
LINKED = Connection(
    "con_1",
    "wks_1",
    "act_1",
    "mem_1",
    Renewal(NOW, NOW + HOUR),
    SEALED,
    Account(
        "digest",
        ("https://api.example.com",),
        scopes_asked=("read",),
        scopes=GrantedScopes(("read",)),
    ),
    since=NOW,
)


def leased():
    return LINKED.with_renewal(LINKED.renewal.leased("a", 1, NOW + HOUR))


def test_its_tokens_are_sealed_for_its_own_place():
    assert LINKED.place == Place("wks_1", "connections", "con_1", "tokens")


def test_new_tokens_come_with_a_new_generation():
    renewal = leased().renewal.renewed(1, NOW + HOUR, NOW + 2 * HOUR, renewable=True)
    renewed = leased().with_renewal(renewal, ANEW)

    assert (renewed.sealed, renewed.generation) == (ANEW, 2)
    assert (renewed.state, renewed.expires_at) == (ConnectionState.LINKED, NOW + 2 * HOUR)
    assert leased().sealed == SEALED


def test_a_lost_renewal_loses_the_connection_and_destroys_its_tokens():
    lost = leased().with_renewal(leased().renewal.refused(1))

    assert (lost.state, lost.why, lost.sealed) == (ConnectionState.LOST, WhyLost.REFUSED, None)


@pytest.mark.parametrize(
    ("end", "state"),
    [
        (lambda c: c.sign_in_again(WhyEnded.SETTINGS_CHANGED), ConnectionState.SIGN_IN_AGAIN),
        (lambda c: c.lost(WhyLost.EXPIRED), ConnectionState.LOST),
        (lambda c: c.revoked(WhyEnded.BY_MEMBER), ConnectionState.REVOKED),
    ],
    ids=["sign in again", "lost", "revoked"],
)
def test_s07_however_it_ends_no_token_is_left_and_no_late_holder_brings_one_back(end, state):
    ended = end(leased())
    late = ended.renewal.renewed(1, NOW + HOUR, None, renewable=True)

    assert (ended.state, ended.sealed) == (state, None)
    assert not ended.is_linked
    assert late is None
    assert ended.with_renewal(Renewal(NOW), ANEW) == ended


def test_what_has_ended_stays_as_it_ended_but_for_a_revocation():
    lost = LINKED.lost(WhyLost.REFUSED)

    assert lost.sign_in_again(WhyEnded.SETTINGS_CHANGED) == lost
    assert lost.revoked(WhyEnded.BY_ADMIN).state is ConnectionState.REVOKED


def test_s07_linked_again_it_has_the_new_scopes_and_a_later_generation():
    revoked = leased().revoked(WhyEnded.BY_MEMBER)
    later = NOW + 3 * HOUR
    wider = replace(LINKED.account, scopes=GrantedScopes(("read", "write")))
    anew = revoked.linked_anew(ANEW, Renewal(later, later + HOUR), wider)

    assert (anew.state, anew.why, anew.sealed) == (ConnectionState.LINKED, None, ANEW)
    assert (anew.account, anew.since, anew.generation) == (wider, later, 2)
    assert anew.renewal.renewed(1, later, None, renewable=True) is None
    assert anew.renewal.decide(Call(later + HOUR), later + HOUR) == Refresh(2)


def test_the_last_use_never_goes_back():
    assert LINKED.used(NOW).used(NOW - HOUR).last_used_at == NOW


def test_what_was_used_before_another_sign_in_says_nothing_of_it():
    later = LINKED.since + HOUR
    anew = LINKED.used(LINKED.since).linked_anew(ANEW, Renewal(later), LINKED.account)

    assert (anew.since, anew.last_used_at) == (later, None)


@pytest.mark.parametrize("written", ["state", "lost", "kind"])
def test_a_word_of_a_later_release_leaves_a_connection_readable(written):
    """Else whoever has one could neither list their connections nor sign in anew."""
    state = connection_states.written(LINKED.lost(WhyLost.EXPIRED), NOW)
    word = "of a later release"
    later = {
        "state": replace(state, state=word),
        "lost": replace(state, renewal=replace(state.renewal, lost=word), why=word),
        "kind": replace(state, account=replace(state.account, kind=word)),
    }[written]

    found = connection_states.read(Stored("con_1", "wks_1", 1, later))

    assert (found.is_linked, found.sealed) == (False, None)
