"""H57: content codings, undone within the cap."""

import gzip
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egress import EncodingRefused, ResponseMalformed, ResponseTooLarge
from egress.wire.body import PIECE, codings_of, decoder

MIB = 1024 * 1024


def raw_deflate(data):
    squeeze = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return squeeze.compress(data) + squeeze.flush()


SQUEEZE = {"gzip": gzip.compress, "x-gzip": gzip.compress, "deflate": zlib.compress}


def unpack(wire, codings, cap=MIB, step=None):
    decode = decoder(codings, cap)
    step = step or max(len(wire), 1)
    out = b""
    for start in range(0, len(wire), step):
        out += b"".join(decode.feed(wire[start : start + step]))
    decode.finish()
    return out


@given(
    data=st.binary(max_size=3000), coding=st.sampled_from(list(SQUEEZE)), step=st.integers(1, 99)
)
def test_what_was_packed_comes_out_however_it_is_cut(data, coding, step):
    assert unpack(SQUEEZE[coding](data), [coding], step=step) == data


def test_raw_deflate_as_old_servers_send_it_is_understood():
    data = b"{}" * PIECE

    assert unpack(raw_deflate(data), ["deflate"]) == data


def test_several_gzip_members_are_one_body():
    assert unpack(gzip.compress(b"a") + gzip.compress(b"b"), ["gzip"]) == b"ab"


@pytest.mark.parametrize(
    ("headers", "codings"),
    [
        ([], []),
        (["identity"], []),
        (["GZIP"], ["gzip"]),
        ([" gzip , "], ["gzip"]),
        (["gzip, gzip"], ["gzip", "gzip"]),
        (["gzip", "gzip"], ["gzip", "gzip"]),
    ],
)
def test_all_content_encoding_headers_count(headers, codings):
    assert codings_of(headers) == codings


@pytest.mark.parametrize(
    "codings", [["gzip", "gzip"], ["gzip", "deflate"], ["br"], ["zstd"], ["compress"], ["☃"]]
)
def test_a_coding_that_was_not_asked_for_is_refused(codings):
    with pytest.raises(EncodingRefused) as refused:
        decoder(codings, MIB)

    assert refused.value.sent


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_bomb_is_stopped_at_the_cap_with_memory_to_match(coding):
    bomb = SQUEEZE[coding](bytes(64 * MIB))
    tracemalloc.start()
    try:
        with pytest.raises(ResponseTooLarge):
            unpack(bomb, [coding], cap=4 * MIB)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 16 * MIB


def test_a_flood_of_empty_gzip_members_is_refused():
    with pytest.raises(ResponseMalformed):
        unpack(gzip.compress(b"") * 100, ["gzip"])


@pytest.mark.parametrize(
    "wire",
    [
        gzip.compress(b"hello", mtime=0)[:-4],
        b"plain text",
        gzip.compress(b"hello", mtime=0) + b"garbage",
        b"\x1f\x8b" + bytes(20),
    ],
)
def test_what_cannot_be_unpacked_is_malformed(wire):
    with pytest.raises(ResponseMalformed):
        unpack(wire, ["gzip"])


@pytest.mark.parametrize(("size", "fits"), [(MIB, True), (MIB + 1, False)])
@pytest.mark.parametrize("codings", [[], ["gzip"], ["deflate"]])
def test_the_cap_holds_to_the_byte(codings, size, fits):
    wire = SQUEEZE[codings[0]](bytes(size)) if codings else bytes(size)

    if fits:
        assert len(unpack(wire, codings)) == size
    else:
        with pytest.raises(ResponseTooLarge):
            unpack(wire, codings)


def test_an_empty_body_needs_no_coding():
    assert unpack(b"", ["gzip"]) == b""
