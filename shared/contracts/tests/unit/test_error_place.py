"""Where an error is, with names as they are written."""

from collections import UserDict

from contracts.error_place import NamesInUse, path_within


class Counted(UserDict):
    gone_through = 0

    def __iter__(self):
        self.gone_through += 1
        return super().__iter__()


def test_no5_an_object_is_gone_through_once_for_all_errors_of_a_document():
    members = Counted({f"{number:05}": 5 for number in range(10_000)})
    names = NamesInUse()
    assert path_within(members, [7], names) == ("00007",)
    assert path_within(members, [9_999], names) == ("09999",)
    assert members.gone_through == 1


def test_each_object_has_names_of_its_own():
    names = NamesInUse()
    first, second = {"07": {"+7": 1}}, {"007": 1}
    assert path_within(first, [7, 7], names) == ("07", "+7")
    assert path_within(second, [7], names) == ("007",)
    assert path_within(second, [8], names) == ("8",)


def test_a_name_that_only_begins_or_ends_as_a_number_is_none():
    members = {"": 1, "+": 1, "7a": 1, "++7": 1, "00": 1, "+07": 1}
    assert path_within(members, [0]) == ("00",)
    assert path_within(members, [7]) == ("+07",)


def test_of_several_names_the_one_that_is_the_number_is_meant():
    assert path_within({"007": 1, "7": [{"01": 1}]}, [7, 0, 1]) == ("7", 0, "01")
