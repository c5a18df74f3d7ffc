import pytest
from catalog_fakes import ScriptedHosts, ScriptedMembers, ScriptedSchemas
from catalog_platform import PETS, Platform

from catalog_service.main import build
from catalog_service.settings import CatalogSettings
from contracts.requests import (
    ActionsChecked,
    Authenticate,
    CheckActions,
    CheckHosts,
    CheckMembers,
    HostsChecked,
    ReadSchema,
    ReadSettings,
    Role,
    WorkspaceSettings,
)
from kit import mongo
from kit.testing import known_callers, neighbours, running


@pytest.fixture
async def platform(nats_url, mongodb_url, database_name):
    settings = CatalogSettings(
        mongodb_url=mongodb_url,
        mongodb_database=database_name,
        nats_url=nats_url,
        stream_replicas=1,
    )
    hosts = ScriptedHosts({"api.example.com"})
    schemas = ScriptedSchemas({("ws_ours", "sch_1"): PETS})

    async def check_hosts(asked):
        return HostsChecked(refusals=await hosts.refused(asked.workspace_id, asked.hosts))

    async def read_settings(_):
        return WorkspaceSettings(
            revision=0,
            custom_actions_enabled=True,
            unique_hosts=hosts.unique,
            first_call_asks=True,
        )

    async def read_schema(asked):
        return await schemas.read(asked.workspace_id, asked.schema_id, asked.names)

    async def check_members(asked):
        members = ScriptedMembers({"mem_owner", "mem_user"})
        return await members.check(asked.workspace_id, asked.member_ids)

    async def check_actions(_):
        return ActionsChecked(problems=())

    async with neighbours(nats_url) as others:
        callers = known_callers(
            ("owner", "ws_ours", Role.OWNER),
            ("user", "ws_ours", Role.USER),
            ("stranger", "ws_theirs", Role.OWNER),
        )
        await others.answer(Authenticate, callers)
        await others.answer(CheckHosts, check_hosts)
        await others.answer(ReadSettings, read_settings)
        await others.answer(ReadSchema, read_schema)
        await others.answer(CheckMembers, check_members)
        await others.answer(CheckActions, check_actions)
        async with running(build(settings)) as client:
            documents = mongo.connect(mongodb_url)
            yield Platform(client, others.bus, hosts, schemas, documents[database_name])
            documents.close()
