"""Tokens go where their own seal says, for whom it says, whatever the database says beside them."""

from dataclasses import replace

import pytest
from auth_rig import ACT, MEM, ORIGIN, WHO, Rig, tampered
from member_rig import MemberRig

from auth_service.domain.connection import WhyEnded
from auth_service.domain.errors import SecretUnreadable
from auth_service.domain.oauth.profile import TokenExchangeMethod
from auth_service.domain.token_set import TokenSet
from kit.sealing import Secret

EVIL = "https://evil.example.com"


async def test_a_token_of_the_action_itself_serves_no_record_with_more_hosts():
    rig = Rig()
    await rig.enter_client()
    assert await rig.sent(ORIGIN)
    await tampered(rig, origins=(ORIGIN, EVIL))

    with pytest.raises(SecretUnreadable):
        await rig.sent(ORIGIN)


@pytest.mark.parametrize(("action", "member"), [(ACT, MEM), ("act_other", ""), (ACT, "")])
async def test_a_token_of_the_action_itself_is_no_members_and_no_other_actions(action, member):
    rig = Rig()
    await rig.enter_client()
    assert await rig.sent(ORIGIN)
    [(id_, kept)] = rig.tokens.stored.items()
    tokens = TokenSet(member, action, (ORIGIN,), (), Secret("moved"))
    sealed = await rig.keys.seal(tokens.for_storage(), kept.place)
    rig.tokens.stored[id_] = replace(kept, sealed=sealed)

    if (action, member) == (ACT, ""):
        assert await rig.sent(ORIGIN) == "moved"
        return
    with pytest.raises(SecretUnreadable):
        await rig.sent(ORIGIN)


async def test_tokens_are_revoked_at_no_address_that_the_database_names_in_place_of_theirs():
    """Of a public client no secret's own seal says where it goes."""
    rig = MemberRig()
    await rig.enter_oauth(exchange=TokenExchangeMethod.NONE, secret=None)
    await rig.linked()
    way = replace((await rig.record()).client, revocation_url=f"{EVIL}/revoke")
    await tampered(rig, way=way)
    kept = await rig.kept()
    account = replace(kept.account, settings_digest=way.digest)
    rig.connections.stored[kept.id] = replace(kept, account=account)

    await rig.end.end(await rig.kept(), WhyEnded.BY_MEMBER)

    assert not (await rig.kept()).is_linked
    assert rig.revocations.stored == {}


async def test_another_members_tokens_moved_in_the_database_are_not_revoked():
    rig = MemberRig()
    await rig.enter_oauth()
    await rig.linked()
    theirs = await rig.kept()
    rig.connections.stored[theirs.id] = replace(theirs, member_id=WHO.member_id + "_2")

    await rig.end.end(rig.connections.stored[theirs.id], WhyEnded.BY_MEMBER)

    assert rig.revocations.stored == {}
