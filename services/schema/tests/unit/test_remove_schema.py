"""A schema that nothing uses is deleted, and nobody binds it meanwhile (T9, T11)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from contracts.facts import SchemaStored, SchemaVerified
from contracts.ids import new_id
from contracts.principal import Principal, Role, Via
from contracts.requests import ReadSchema as AskedSchema
from contracts.requests import SchemaUse, SchemaUses
from kit.errors import BusUnavailable
from kit.testing import FrozenClock
from schema_service.domain.errors import RemovalOvertaken, SchemaInUse, SchemaNotFound
from schema_service.domain.stored_schema import REMOVAL_ENDS_AFTER, Removal
from schema_service.usecases.brief_schema import BriefSchema
from schema_service.usecases.read_schema import ReadSchema
from schema_service.usecases.remove_schema import RemoveSchema
from schema_service.usecases.store_schema import NewDocument, StoreSchema
from schema_service.usecases.verify_schema import VerifySchema
from services.schema.tests.fakes import (
    MemorySchemas,
    SameProcessExaminer,
    ScriptedUsers,
    all_allowed,
)

BUILDER = Principal("ws_1", "mem_1", Role.BUILDER, Via.TOKEN, frozenset(), None, "tok_1")
TEXT = b"""\
openapi: 3.1.0
info: {title: T, version: "1"}
servers: [{url: "https://api.example.com"}]
security: [{key: []}]
components: {securitySchemes: {key: {type: http, scheme: bearer}}}
paths:
  /a:
    get: {operationId: a, responses: {"200": {description: x}}}
    put: {operationId: b, security: [], responses: {"200": {description: x}}}
"""
VET = SchemaUse(gpt_id="gpt_1", name="Vet", draft=True, versions=(9, 8, 7, 6, 5, 4))
USED = SchemaUses(gpts=(VET,), others=False)
NOW = datetime(2026, 11, 22, tzinfo=UTC)


class Rig:
    def __init__(self):
        self.schemas, self.users, self.clock = MemorySchemas(), ScriptedUsers(), FrozenClock()
        self.remove = RemoveSchema(self.schemas, self.users, self.clock)
        self.brief = BriefSchema(self.schemas, ReadSchema(self.schemas, all_allowed()), self.clock)
        self.store = StoreSchema(
            SameProcessExaminer(),
            self.schemas,
            all_allowed(),
            lambda: new_id("sch"),
            lambda: NOW,
        )

    async def stored(self):
        return await self.store("ws_1", NewDocument(TEXT, "application/yaml"))

    async def bound(self, schema_id):
        """As catalog asks when it binds."""
        return await self.brief(AskedSchema(workspace_id="ws_1", schema_id=schema_id))


@pytest.fixture
def rig():
    return Rig()


async def test_t9_a_schema_that_nothing_uses_is_deleted_for_good(rig):
    schema = await rig.stored()

    await rig.remove(BUILDER, schema.id)

    assert await rig.schemas.find("ws_1", schema.id) is None
    assert await rig.schemas.page("ws_1", 10, None) == []
    with pytest.raises(SchemaNotFound):
        await rig.bound(schema.id)
    await rig.remove(BUILDER, schema.id)  # again succeeds


async def test_t11_the_same_text_can_be_stored_anew(rig):
    schema = await rig.stored()
    await rig.remove(BUILDER, schema.id)

    assert (await rig.stored()).id != schema.id


async def test_t9_what_never_was_and_what_is_foreign_are_not_found(rig):
    schema = await rig.stored()

    for who, id_ in ((BUILDER, "sch_0"), (replace(BUILDER, workspace_id="ws_2"), schema.id)):
        with pytest.raises(SchemaNotFound):
            await rig.remove(who, id_)
    assert await rig.schemas.find("ws_1", schema.id) == schema


async def test_t9_a_schema_in_use_is_refused_with_who_uses_it_and_stays_as_it_is(rig):
    schema = await rig.stored()
    rig.users.answer = USED

    with pytest.raises(SchemaInUse) as refused:
        await rig.remove(BUILDER, schema.id)

    [finding] = refused.value.findings
    assert (finding["gpt_id"], finding["draft"]) == ("gpt_1", True)
    said = "The GPT `Vet` uses it in its draft and kept versions 9, 8, 7, 6, 5, …."
    assert finding["message"] == said
    assert rig.users.asked == 1  # it was not even marked
    assert await rig.schemas.find("ws_1", schema.id) == schema


async def test_t9_a_use_that_may_not_be_named_is_refused_without_a_name(rig):
    schema = await rig.stored()
    rig.users.answer = SchemaUses(gpts=(), others=True)

    with pytest.raises(SchemaInUse) as refused:
        await rig.remove(BUILDER, schema.id)

    assert list(refused.value.findings) == []


async def test_t11_nobody_binds_a_schema_once_its_uses_are_asked_for_the_second_time(rig):
    schema = await rig.stored()
    bindings = []

    async def bind(asked):
        try:
            bindings.append((asked, (await rig.bound(schema.id)).schema_id))
        except SchemaNotFound:
            bindings.append((asked, None))

    rig.users.meanwhile = bind
    await rig.remove(BUILDER, schema.id)

    assert bindings == [(1, schema.id), (2, None)]


async def test_t11_a_binding_that_was_faster_is_seen_and_the_schema_stays(rig):
    schema = await rig.stored()

    async def bind(asked):
        if asked == 1:
            await rig.bound(schema.id)  # catalog stores the binding before the second question
        else:
            rig.users.answer = USED

    rig.users.meanwhile = bind
    with pytest.raises(SchemaInUse):
        await rig.remove(BUILDER, schema.id)

    assert (await rig.bound(schema.id)).schema_id == schema.id


async def test_t11_a_catalog_that_does_not_answer_leaves_the_schema_as_it_was(rig):
    schema = await rig.stored()

    async def away(asked):
        if asked > 1:
            raise BusUnavailable

    rig.users.meanwhile = away
    with pytest.raises(BusUnavailable):
        await rig.remove(BUILDER, schema.id)

    assert await rig.schemas.find("ws_1", schema.id) == schema


async def test_t11_an_attempt_that_broke_off_is_ended_by_the_first_who_binds_later(rig):
    schema = await rig.stored()
    await rig.schemas.mark_removal("ws_1", schema.id, Removal("rmv_dead", rig.clock()))

    with pytest.raises(SchemaNotFound):
        await rig.bound(schema.id)
    rig.clock.advance(REMOVAL_ENDS_AFTER + timedelta(seconds=1))

    assert (await rig.bound(schema.id)).schema_id == schema.id
    assert not await rig.schemas.remove("ws_1", schema.id, "rmv_dead")


async def test_t11_whoever_was_overtaken_by_a_binding_after_a_minute_removes_nothing(rig):
    schema = await rig.stored()

    async def pause(asked):
        if asked == 2:
            rig.clock.advance(REMOVAL_ENDS_AFTER + timedelta(seconds=1))
            await rig.bound(schema.id)

    rig.users.meanwhile = pause
    with pytest.raises(RemovalOvertaken):
        await rig.remove(BUILDER, schema.id)

    assert await rig.schemas.find("ws_1", schema.id) == schema


async def test_t13_a_brief_says_which_operations_want_a_credential(rig):
    schema = await rig.stored()

    brief = await rig.bound(schema.id)

    wanted = {each.name: (each.wants_credential, each.anonymous) for each in brief.operations}
    assert wanted == {"a": (True, False), "b": (False, True)}


async def test_t9_a_use_that_may_not_be_named_is_said_beside_those_that_may(rig):
    schema = await rig.stored()
    rig.users.answer = SchemaUses(gpts=(VET,), others=True)

    with pytest.raises(SchemaInUse) as refused:
        await rig.remove(BUILDER, schema.id)

    assert "Some of them are not named" in refused.value.sentence
    assert len(refused.value.findings) == 1


async def test_t11_a_mark_that_takes_the_place_of_one_that_is_over_is_not_ended_with_it(rig):
    schema = await rig.stored()
    await rig.schemas.mark_removal("ws_1", schema.id, Removal("rmv_dead", rig.clock()))
    rig.clock.advance(REMOVAL_ENDS_AFTER + timedelta(seconds=1))

    class MarkedAnew(MemorySchemas):
        async def end_removal(self, workspace_id, schema_id, token):
            await self.mark_removal(workspace_id, schema_id, Removal("rmv_new", rig.clock()))
            await super().end_removal(workspace_id, schema_id, token)

    schemas = MarkedAnew(_schemas=rig.schemas._schemas)
    brief = BriefSchema(schemas, ReadSchema(schemas, all_allowed()), rig.clock)

    with pytest.raises(SchemaNotFound):
        await brief(AskedSchema(workspace_id="ws_1", schema_id=schema.id))
    assert (await schemas.find("ws_1", schema.id)).removal.token == "rmv_new"


async def test_t11_a_schema_that_is_gone_once_its_mark_is_ended_is_not_found(rig):
    schema = await rig.stored()
    await rig.schemas.mark_removal("ws_1", schema.id, Removal("rmv_dead", rig.clock()))
    rig.clock.advance(REMOVAL_ENDS_AFTER + timedelta(seconds=1))

    class RemovedFirst(MemorySchemas):
        async def end_removal(self, workspace_id, schema_id, token):
            await self.remove(workspace_id, schema_id, token)

    schemas = RemovedFirst(
        _schemas=rig.schemas._schemas, _texts=rig.schemas._texts, _packs=rig.schemas._packs
    )
    brief = BriefSchema(schemas, ReadSchema(schemas, all_allowed()), rig.clock)

    with pytest.raises(SchemaNotFound):
        await brief(AskedSchema(workspace_id="ws_1", schema_id=schema.id))


async def test_t9_a_verification_of_what_is_removed_between_its_two_readings_is_over(rig):
    schema = await rig.stored()

    class RemovedBeforeItsText(MemorySchemas):
        async def text(self, workspace_id, schema_id):
            del self._schemas[schema_id]
            return await super().text(workspace_id, schema_id)

    schemas = RemovedBeforeItsText(rig.schemas.facts, rig.schemas._schemas, rig.schemas._texts)
    fact = SchemaStored(workspace_id="ws_1", schema_id=schema.id, valid=True, operations=2)

    await VerifySchema(schemas, verifier=None)(fact)  # not asked

    assert schemas.facts.of(SchemaVerified) == []
