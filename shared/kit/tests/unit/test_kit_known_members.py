"""The members that a form has are looked up in a JSON Schema that is made once."""

from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict

from kit.known_members import KnownMembers
from kit.members_of_forms import members_at


class Counted(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = ""

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema, handler):
        made.append(cls)
        return handler(core_schema)


made = []


def routes_of(api):
    return [route for route in api.routes if isinstance(route, APIRoute)]


def test_t12_the_json_schema_of_a_form_is_made_once_however_often_it_is_asked():
    api = FastAPI()

    @api.post("/a")
    async def first(body: Counted):
        return body

    @api.put("/a")
    async def second(body: Counted):
        return body

    made.clear()
    for _ in range(3):
        for route in routes_of(api):
            assert KnownMembers(route).at([]) == {"name"}

    assert made == [Counted]


def test_a_route_without_a_body_has_no_members():
    api = FastAPI()

    @api.get("/a")
    async def read():
        return None

    [route] = routes_of(api)

    assert KnownMembers(route).at([]) == frozenset()


class Outer(BaseModel):
    inner: Counted | None = None


def test_members_of_an_object_within_are_its_own_also_without_a_route():
    assert members_at(Outer, ["inner"]) == {"name"}
    assert members_at(Outer, []) == {"inner"}
