"""`Prefer: wait` (RFC 7240)."""

import pytest

from kit.prefer import wait_preferred, wait_seconds


@pytest.mark.parametrize(
    ("prefer", "seconds"),
    [
        ("wait=10", 10),
        ("respond-async, wait=5", 5),
        ("WAIT = 3 ; foo=bar, handling=lenient", 3),
        ('wait="7"', 7),
        ("respond-async,wait=0", 0),
        ("", None),
        ("respond-async", None),
        ("await=4", None),
        ("wait=soon", None),
        ("wait=-1", None),
        ("wait=1.5", None),
        ("wait=9999999999", None),
    ],
)
def test_a_wait_is_read_and_what_is_none_is_no_preference(prefer, seconds):
    assert wait_seconds(prefer) == seconds


def test_several_headers_read_as_one():
    assert wait_preferred(["respond-async", "wait=2"]) == 2
    assert wait_preferred(None) is None
