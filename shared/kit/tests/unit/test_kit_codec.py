"""Documents of other releases: fewer members, more of them, older and newer versions."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from kit.codec import Codec, DocumentUnreadable


@dataclass(frozen=True)
class Part:
    name: str
    weight: int = 1


@dataclass(frozen=True)
class Thing:
    title: str
    parts: tuple[Part, ...] = ()
    at: datetime | None = None


def title_of_name(state):
    return {**{k: v for k, v in state.items() if k != "name"}, "title": state["name"]}


def shouted(state):
    return {**state, "title": state["title"].upper()}


def test_b8_a_member_that_a_newer_release_added_is_ignored():
    state = {"title": "a", "colour": "red", "parts": [{"name": "b", "colour": "red"}]}

    assert Codec(Thing).read(state) == Thing("a", (Part("b"),))


def test_b8_a_member_that_an_older_release_did_not_know_has_its_default():
    assert Codec(Thing).read({"title": "a", "parts": [{"name": "b"}]}) == Thing("a", (Part("b"),))


def test_a_member_without_a_default_must_be_there():
    with pytest.raises(DocumentUnreadable, match=r"Thing of version 1.*title: missing"):
        Codec(Thing).read({"name": "a"})


def test_what_cannot_be_read_is_named_and_never_quoted():
    with pytest.raises(DocumentUnreadable) as refused:
        Codec(Thing).read({"title": {"secret": "hunter2"}})

    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("version", "state", "title"),
    [(1, {"name": "a"}, "A"), (2, {"title": "a"}, "A"), (3, {"title": "a"}, "a")],
)
def test_upcasters_lead_from_every_version_to_the_newest(version, state, title):
    codec = Codec(Thing, upcasters=(title_of_name, shouted))
    before = dict(state)

    assert codec.version == 3
    assert codec.read(state, version).title == title
    assert state == before


def test_a_newer_version_is_read_wherever_only_members_were_added():
    assert Codec(Thing).read({"title": "a", "colour": "red"}, 9) == Thing("a")
    with pytest.raises(DocumentUnreadable, match="version 9"):
        Codec(Thing).read({"heading": "a"}, 9)


@pytest.mark.parametrize("as_json", [False, True])
def test_what_is_written_is_read_back(as_json):
    thing = Thing("a", (Part("b", 2),), datetime(2026, 1, 2, tzinfo=UTC))
    codec = Codec(Thing, as_json=as_json)

    assert codec.read(codec.write(thing)) == thing
    assert isinstance(codec.write(thing)["at"], str if as_json else datetime)


def test_a_change_sets_what_it_knows_and_takes_away_what_has_no_place_any_more():
    codec = Codec(Thing, upcasters=(title_of_name,), without_none=True, dropped=("name",))

    set_, unset = codec.replacing(Thing("a"))

    assert set_ == {"state.title": "a", "state.parts": (), "v": 2}
    assert unset == {"state.name": "", "state.at": ""}


def test_only_dataclasses_have_codecs():
    with pytest.raises(TypeError):
        Codec(dict)
