"""F30 over all pairs: of sealed values that differ in one thing, none opens in another's place."""

import base64
import os
from itertools import permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.envelope import OF_WORKSPACE
from kit.key_ring import KeyUnknown, Place, Sealed, SecretUnreadable
from kit.sealing import Secret
from kit.testing import MemoryWorkspaceKeys
from shared.kit.tests.workspace_rings import ring_of_workspaces

ROOTS = {"k1": os.urandom(32), "k2": os.urandom(32)}
STORE = MemoryWorkspaceKeys()
RINGS = [
    ring_of_workspaces(roots, STORE, per_workspace=per_workspace)
    for roots in (ROOTS, dict(reversed(ROOTS.items())))
    for per_workspace in (False, True)
]
"""Each root key writes, by itself and by keys of workspaces; all of them read all."""
READER = RINGS[0]
PLACES = [
    Place(*each)
    for each in product(
        ("ws_1", "ws_2"), ("credentials", "connections"), ("act_1", "act_2"), ("a", "b"), (1, 2)
    )
]


async def opens(envelope, place, key_id):
    try:
        await READER.open(Sealed(key_id, envelope), place)
    except (SecretUnreadable, KeyUnknown):
        return False
    return True


async def sealed(ring, place=PLACES[0]):
    return await ring.seal(Secret(b"the key"), place)


async def test_f30_nothing_opens_in_the_place_of_another():
    for ring in RINGS:
        values = [(place, await sealed(ring, place)) for place in PLACES]
        for place, value in values:
            assert await opens(value.envelope, place, value.key_id)
        for (_, value), (elsewhere, _) in permutations(values, 2):
            assert not await opens(value.envelope, elsewhere, value.key_id), elsewhere


async def test_f30_no_part_of_one_value_fits_into_another():
    values = [(await sealed(ring)).envelope.split("|") for ring in RINGS for _ in range(2)]
    for mine, other in permutations(values, 2):
        for parts in product((False, True), repeat=len(mine)):
            mixed = [b if swapped else a for a, b, swapped in zip(mine, other, parts, strict=True)]
            if mixed not in (mine, other):
                assert not await opens("|".join(mixed), PLACES[0], mixed[1]), parts


@pytest.mark.parametrize("version", ["v0", "v1", "v2", "v3", "V2", ""])
async def test_f30_a_downgraded_version_opens_under_no_key_id(version):
    for ring in RINGS:
        own, _, *rest = (await sealed(ring)).envelope.split("|")
        for key_id in (*ROOTS, *(OF_WORKSPACE + root for root in ROOTS), OF_WORKSPACE, ""):
            if (own, ring.writing_key) != (version, key_id):
                assert not await opens("|".join((version, key_id, *rest)), PLACES[0], key_id)


@given(st.sampled_from(RINGS), st.data())
async def test_f30_cut_anywhere_nothing_opens(ring, data):
    value = await sealed(ring)
    length = data.draw(st.integers(min_value=0, max_value=len(value.envelope) - 1))

    assert not await opens(value.envelope[:length], PLACES[0], value.key_id)


@given(st.sampled_from(RINGS), st.integers(min_value=3, max_value=5), st.data())
async def test_f30_with_a_flipped_bit_nothing_opens(ring, part, data):
    value = await sealed(ring)
    parts = value.envelope.split("|")
    raw = bytearray(base64.b64decode(parts[part]))
    bit = data.draw(st.integers(min_value=0, max_value=len(raw) * 8 - 1))
    raw[bit // 8] ^= 1 << bit % 8
    parts[part] = base64.b64encode(raw).decode()

    assert not await opens("|".join(parts), PLACES[0], value.key_id)
