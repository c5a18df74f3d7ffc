"""H58 and the head side of H53, H55: what an answer's head may look like."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egress.wire.head import Fault, HeadScreen

GOOD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nX-Empty:\r\nTab: a\tb\r\n\r\n"
INTERIM = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"


def screen(**limits):
    return HeadScreen(**{"max_head_bytes": 65_536, "max_head_lines": 100,
                         "max_body_wire_bytes": 1000} | limits)  # fmt: skip


@pytest.mark.parametrize(
    ("wire", "fault"),
    [
        (b"SSH-2.0-OpenSSH_9.2\r\n", Fault.NOT_HTTP),
        (b"-ERR unknown command\r\n", Fault.NOT_HTTP),
        (b"<html>hello</html>", Fault.NOT_HTTP),
        (b"HTTP/0.9 200 OK\r\n\r\n", Fault.NOT_HTTP),
        (b"HTTP/2.0 200 OK\r\n\r\n", Fault.NOT_HTTP),
        (b"HTTP/1.2 200 OK\r\n\r\n", Fault.NOT_HTTP),
        (b"\r\nHTTP/1.1 200 OK\r\n\r\n", Fault.NOT_HTTP),
        (b"ICY 200 OK\r\n\r\n", Fault.NOT_HTTP),
        (b"HTTP/1.1 200 OK\nA: b\n\n", Fault.MALFORMED),
        (b"HTTP/1.1 200 OK\r\nA: b\nInjected: c\r\n\r\n", Fault.MALFORMED),
        (b"HTTP/1.1 200 OK\r\nA: b\rInjected: c\r\n\r\n", Fault.MALFORMED),
        (b"HTTP/1.1 200 OK\r\nA: b\r\n folded\r\n\r\n", Fault.MALFORMED),
        (b"HTTP/1.1 200 OK\r\nA: b\r\n\tfolded\r\n\r\n", Fault.MALFORMED),
        (b"HTTP/1.1 200 OK\r\nA: b\x00c\r\n\r\n", Fault.MALFORMED),
        (b"HTTP/1.1 200 OK\r\nA: \x1b[2J\r\n\r\n", Fault.MALFORMED),
        (b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 101 + b"\r\n", Fault.HEAD_TOO_LARGE),
        (b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 102, Fault.HEAD_TOO_LARGE),
        (b"HTTP/1.1 200 OK\r\nA: " + b"b" * 65_536, Fault.HEAD_TOO_LARGE),
        (INTERIM * 6 + GOOD, Fault.INTERIM_FLOOD),
        (GOOD + b"x" * 1001, Fault.BODY_TOO_LARGE),
    ],
)
def test_a_fault_is_named(wire, fault):
    assert screen().feed(wire) == fault


@pytest.mark.parametrize(
    "wire",
    [
        GOOD,
        GOOD.replace(b"1.1", b"1.0"),
        INTERIM * 5 + GOOD,
        GOOD + b"x" * 1000,
        b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 100 + b"\r\n",
        GOOD + b"\x00\n\r any bytes",
    ],
)
def test_a_sound_answer_passes(wire):
    watched = screen()

    assert watched.feed(wire) is None
    assert watched.complete


def test_nothing_has_started_before_the_first_byte():
    watched = screen()

    assert not watched.started
    watched.feed(b"H")
    assert watched.started
    assert not watched.complete


def test_h55_a_head_in_endless_small_pieces_is_given_up():
    watched = screen()
    watched.feed(b"HTTP/1.1 200 OK\r\n")

    assert Fault.HEAD_TOO_LARGE in {watched.feed(b"A") for _ in range(300)}


@given(
    st.lists(st.integers(1, 40), max_size=20),
    st.sampled_from([GOOD + b"body", INTERIM + GOOD, GOOD[:-30] + b"\n folded\r\n\r\n",
                     b"HTTP/1.1 200 OK\r\nA: b\rc\r\n\r\n", b"SSH-2.0-x\r\n\r\n"]),
)  # fmt: skip
def test_where_the_pieces_are_cut_makes_no_difference(cuts, wire):
    whole, parts = screen(), screen()
    expected = whole.feed(wire)
    found = None
    rest = wire
    for cut in [*cuts, len(wire)]:
        piece, rest = rest[:cut], rest[cut:]
        found = found or (parts.feed(piece) if piece else None)

    assert found == expected
    if expected is None:
        assert parts.complete == whole.complete
