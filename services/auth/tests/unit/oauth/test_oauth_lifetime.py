"""When a token is renewed."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auth_service.domain.oauth.lifetime import expires_at, refresh_at
from services.auth.tests.oauth_clients import NOW

LIVES = st.floats(-1e12, 1e12) | st.floats(0, 4_000)
JITTERS = st.floats(-1, 1) | st.floats(-1e6, 1e6)


def margin(life, jitter=0.0):
    """In seconds."""
    expires = expires_at(NOW, life)
    return (expires - refresh_at(NOW, expires, jitter)).total_seconds()


@given(life=LIVES, jitter=JITTERS)
def test_a_token_is_never_renewed_after_it_expires_nor_before_half_of_its_life(life, jitter):
    expires = expires_at(NOW, life)
    half = NOW + (expires - NOW) / 2

    assert half - timedelta(microseconds=1) <= refresh_at(NOW, expires, jitter) <= expires


@pytest.mark.parametrize(
    ("life", "seconds"),
    [(3600, 360), (600, 60), (300, 60), (120, 60), (100, 50), (10, 5), (86_400, 8_640)],
)
def test_the_margin_is_60_seconds_or_a_tenth_and_at_most_half(life, seconds):
    assert margin(life) == seconds


def test_jitter_moves_it_by_a_tenth_at_most():
    assert (margin(3600, -1), margin(3600, 1)) == (324, 396)
    assert (margin(3600, -9), margin(3600, 9)) == (324, 396)


@pytest.mark.parametrize("life", [0, -1, -1e9])
def test_s04_a_token_without_a_life_is_due_at_once(life):
    assert expires_at(NOW, life) == NOW
    assert refresh_at(NOW, NOW, 0) == NOW


def test_what_expires_before_it_was_obtained_is_due_at_once():
    assert refresh_at(NOW, NOW - timedelta(days=1), 1) == NOW


def test_a_token_whose_life_nobody_says_never_expires():
    assert expires_at(NOW, None) is None
