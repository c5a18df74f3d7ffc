"""What a newer release added within objects is there after an older release's edit."""

from dataclasses import dataclass

import pytest

from kit.codec import Codec
from kit.unknown_members import with_unknown


@dataclass(frozen=True)
class Part:
    name: str
    id: str | None = None


@dataclass(frozen=True)
class Thing:
    part: Part | None = None
    parts: tuple[Part, ...] = ()
    by_name: dict[str, Part] | None = None


CODEC = Codec(Thing, without_none=True)


def edited(stored, new, codec=CODEC):
    set_, _ = codec.replacing(new, stored)
    return {name.removeprefix("state."): member for name, member in set_.items() if name != "v"}


def red(name, **more):
    return {"name": name, "colour": "red", **more}


def blue(name, **more):
    return {"name": name, "colour": "blue", **more}


def test_an_object_keeps_what_is_unknown_when_it_is_edited():
    stored = {"part": red("a", deep={"er": 1})}

    assert edited(stored, Thing(Part("b")))["part"] == red("b", deep={"er": 1})


def test_an_object_that_is_gone_takes_what_is_unknown_with_it():
    assert "part" not in edited({"part": red("a")}, Thing())


def test_an_object_of_another_id_is_another():
    assert edited({"part": red("a", id="1")}, Thing(Part("a", "2")))["part"] == {
        "name": "a",
        "id": "2",
    }


@pytest.mark.parametrize(
    ("stored", "new", "kept"),
    [
        ([red("a"), blue("b")], [Part("a"), Part("c")], [red("a"), blue("c")]),
        ([red("a"), blue("b")], [Part("b"), Part("a")], [blue("b"), red("a")]),
        ([red("a"), blue("b")], [Part("b")], [blue("b")]),
        ([red("a"), blue("b")], [Part("b"), Part("c")], [blue("b"), {"name": "c"}]),
        ([red("a")], [Part("b"), Part("a")], [{"name": "b"}, red("a")]),
        ([red("a")], [Part("b"), Part("c")], [{"name": "b"}, {"name": "c"}]),
        ([red("a"), blue("a")], [Part("a"), Part("a")], [red("a"), blue("a")]),
        (
            [red("a", id="1"), blue("b", id="2")],
            [Part("c", "2"), Part("d", "3")],
            [blue("c", id="2"), {"name": "d", "id": "3"}],
        ),
    ],
    ids=[
        "edited in its place",
        "moved",
        "left over",
        "moved, and another new",
        "put before it",
        "all new",
        "alike, each in its place",
        "moved and edited, by its id",
    ],
)
def test_an_element_of_a_list_keeps_what_is_unknown_wherever_it_is_recognised(stored, new, kept):
    assert edited({"parts": stored}, Thing(parts=tuple(new)))["parts"] == kept


def test_a_member_that_is_not_stored_yet_is_written_with_the_others():
    """Its default is known of the old state, so it is no member that only a newer release knows."""
    assert edited({"part": red("a")}, Thing(Part("b")), Codec(Thing))["part"] == red("b", id=None)


def test_a_list_that_is_read_as_one_of_another_length_is_replaced():
    known, new = [{"name": "b"}], [{"name": "b"}]

    assert with_unknown([red("a"), blue("b")], known, new) == new


def test_lists_within_lists_are_taken_as_they_are():
    stored, known, new = [[red("a")]], [[{"name": "a"}]], [[{"name": "b"}]]

    assert with_unknown(stored, known, new) == new


def test_keys_of_a_map_are_known_and_go_when_they_are_taken_out():
    stored = {"by_name": {"a": red("a"), "b": blue("b")}}

    kept = edited(stored, Thing(by_name={"b": Part("c")}))

    assert kept["by_name"] == {"b": blue("c")}


def test_what_is_replaced_keeps_nothing_unless_it_is_the_same():
    codec = Codec(Thing, without_none=True, replaced=("part",))

    assert edited({"part": red("a")}, Thing(Part("b")), codec)["part"] == {"name": "b"}
    assert edited({"part": red("a")}, Thing(Part("a")), codec)["part"] == red("a")


def test_what_an_upcaster_moved_is_not_taken_for_unknown():
    def renamed(state):
        return {"part": {"name": state["part"]["title"], "colour": state["part"]["colour"]}}

    codec = Codec(Thing, upcasters=(renamed,), without_none=True)

    kept = edited({"part": {"title": "a", "colour": "red"}}, Thing(Part("b")), codec)

    assert kept["part"] == red("b")


def test_only_a_state_with_objects_nests():
    assert not CODEC.nests(Thing())
    assert CODEC.nests(Thing(Part("a")))
    assert CODEC.nests(Thing(parts=(Part("a"),)))
