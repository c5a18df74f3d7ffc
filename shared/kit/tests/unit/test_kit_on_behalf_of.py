"""For whom the bearer of a token acts, and what voids that."""

import pytest

from contracts.errors import PlatformError
from contracts.facts import MemberChanged, TokenRevoked
from contracts.principal import CannotActFor, OnlyTokensAct, Role, Via
from contracts.requests import AuthenticatedCaller
from kit.caller import Verifier, digest_of, lasting_key, on_behalf_key
from kit.on_behalf_of import OnBehalfInvalid, on_behalf_of
from kit.public_address import PublicAddress
from kit.testing import bearer, session_of_name, token_of
from shared.kit.tests.kit_fakes import Watch

ADDRESS = PublicAddress("http://127.0.0.1:8080")
DIGEST = digest_of(token_of("ours"))


class Identity:
    """The token `ours` acts for `mem_1`, whose address is the first that anybody asks for."""

    def __init__(self):
        self.asked = []
        self.owner_of_address = "mem_1"

    async def __call__(self, asked):
        self.asked.append(asked)
        if asked.on_behalf_of == "mem_unknown":
            raise CannotActFor
        acts = asked.on_behalf_of is not None
        by_address = acts and "@" in asked.on_behalf_of
        whom = self.owner_of_address if by_address else asked.on_behalf_of
        return AuthenticatedCaller(
            workspace_id="ws_1",
            member_id=whom if acts else "mem_backend",
            token_id="tok_backend",
            role=Role.USER,
            scopes=frozenset({"invocations:create"}),
            via=Via.ON_BEHALF_OF if acts else Via.TOKEN,
            acting_member_id="mem_backend" if acts else None,
        )


def request(*whom, **headers):
    named = {**bearer("ours"), **headers}
    raw = [(name.encode(), value.encode()) for name, value in named.items()]
    return {
        "type": "http",
        "method": "GET",
        "headers": [*raw, *((b"openactions-user", each.encode()) for each in whom)],
    }


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("mem_01J5", "mem_01J5"),
        (" Ada@Example.com ", "ada@example.com"),
        ("o'neill+x@example.com", "o'neill+x@example.com"),
    ],
)
def test_the_header_names_an_id_or_an_address(written, read):
    assert on_behalf_of(request(written)) == read
    assert on_behalf_of(request()) is None


@pytest.mark.parametrize(
    "written",
    [
        *([""], ["ada"], ["mem_"], ["mem_1", "mem_1"], ["mem_1, mem_2"], ["a@b@c"], ["@"]),
        *(["mem_*"], ["mem_.>"], ["mem_1 x"], ["mem_1\r\nx: y"], ["mem_1.mem_2"]),
        *(["mem_1:x"], ["a:b@c"], ["ses_1"], ["ädä@x.de"], [f"{'a' * 260}@x.de"], ["mem_1\x00"]),
    ],
)
async def test_h100_what_names_nobody_is_refused_and_not_ignored(written):
    identity = Identity()

    with pytest.raises(OnBehalfInvalid):
        await Verifier(Watch(), identity).of(request(*written))
    assert identity.asked == []


async def test_the_token_and_the_member_are_known_apart():
    identity = Identity()
    verifier = Verifier(Watch(), identity)

    callers = [
        await verifier.of(request(*whom))
        for whom in ((), ("mem_1",), ("mem_2",), (), ("mem_1",), ("mem_2",))
    ]

    assert [each.member_id for each in callers[:3]] == ["mem_backend", "mem_1", "mem_2"]
    assert callers[:3] == callers[3:]
    assert [each.acted_by for each in callers[:3]] == [None, "tok_backend", "tok_backend"]
    assert len(identity.asked) == 3


def changed(member_id):
    return MemberChanged(workspace_id="ws_1", member_id=member_id, role=None, revision=2)


@pytest.mark.parametrize(
    "fact",
    [
        TokenRevoked(workspace_id="ws_1", token_id="tok_backend", token_digest=DIGEST),
        changed("mem_1"),
        changed("mem_backend"),
    ],
    ids=["token revoked", "member changed", "the token's member changed"],
)
async def test_whatever_ends_it_ends_it_at_once(fact):
    watch, identity = Watch(), Identity()
    verifier = Verifier(watch, identity)
    held = await verifier.hold_of(request("mem_1"))

    watch.receives(fact)
    await verifier.of(request("mem_1"))

    assert held.outdated
    assert len(identity.asked) == 2


async def test_a_refusal_is_not_remembered():
    identity = Identity()
    verifier = Verifier(Watch(), identity)

    for _ in range(2):
        with pytest.raises(PlatformError) as refused:
            await verifier.of(request("mem_unknown"))
        assert refused.value.code == "identity.cannot_act_for"
    assert len(identity.asked) == 2
    assert (await verifier.of(request())).member_id == "mem_backend"


async def test_what_goes_on_later_is_the_members_also_once_another_one_has_the_address():
    watch, identity = Watch(), Identity()
    verifier = Verifier(watch, identity)
    held = await verifier.hold_of(request("ada@example.com"))
    key = lasting_key(held)
    identity.owner_of_address = "mem_2"
    watch.receives(changed("mem_1"))

    assert key == on_behalf_key(DIGEST, "mem_1")
    assert (await verifier.hold_digest(key)).value.member_id == "mem_1"
    assert (await verifier.of(request("ada@example.com"))).member_id == "mem_2"
    assert lasting_key(await verifier.hold_of(request())) == DIGEST


async def test_nobody_acts_for_others_by_a_cookie():
    identity = Identity()
    verifier = Verifier(Watch(), identity, address=ADDRESS)
    named = request("mem_1", cookie=f"openactions={session_of_name('ours')}")
    scope = {**named, "headers": [each for each in named["headers"] if each[0] != b"authorization"]}

    with pytest.raises(OnlyTokensAct):
        await verifier.of(scope)
    assert identity.asked == []
