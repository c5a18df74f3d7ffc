"""Equal arguments have one spelling, different ones never the same."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from execution_service.domain.arguments.canonical import arguments_hash, canonical_arguments

FINITE = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=("Cs",)))
)
NAMES = st.text(st.characters(exclude_categories=("Cs",)), max_size=5)
VALUES = st.recursive(FINITE, lambda v: st.lists(v) | st.dictionaries(NAMES, v), max_leaves=8)


def test_order_and_white_space_do_not_matter():
    first = json.loads('{"b": [1, 2], "a": {"z": null, "y": "é"}}')
    second = json.loads('{"a":{"y":"\\u00e9","z":null},"b":[1,2]}')
    assert canonical_arguments(first) == canonical_arguments(second)
    assert canonical_arguments(first) == '{"a":{"y":"é","z":null},"b":[1,2]}'.encode()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": 1}, {"a": "1"}),
        ({"a": 1}, {"a": True}),
        ({"a": None}, {}),
        ({"a": [1, 2]}, {"a": [2, 1]}),
        ({"a": 9007199254740993}, {"a": 9007199254740992}),
        ({"a": 1}, {"a": 1.0}),
        ({"a": ""}, {"a": None}),
    ],
)
def test_arguments_that_make_different_requests_differ(one, other):
    assert canonical_arguments(one) != canonical_arguments(other)


def test_the_hash_is_sha_256_in_hexadecimal():
    assert arguments_hash(canonical_arguments({})) == (
        "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    )


@given(st.dictionaries(NAMES, VALUES))
def test_the_canonical_form_reads_back_and_is_stable(arguments):
    canonical = canonical_arguments(arguments)
    read = json.loads(canonical)
    assert read == arguments
    assert canonical_arguments(read) == canonical
    reordered = dict(reversed(list(arguments.items())))
    assert canonical_arguments(reordered) == canonical


@pytest.mark.parametrize("value", ["\ud800", 2**64, {1: 2}, b"x"])
def test_what_json_cannot_carry_has_no_canonical_form(value):
    with pytest.raises(TypeError):
        canonical_arguments({"a": value})
