import pytest
from pydantic import BaseModel, ValidationError

from contracts.errors import Conflict, Denied, Invalid, NotFound, Unavailable
from kit.redelivery import Redelivery

TWICE = Redelivery((1.0, 5.0))


class Shape(BaseModel):
    size: int


def unreadable():
    try:
        Shape.model_validate({})
    except ValidationError as error:
        return error


def test_what_nobody_expected_is_tried_again_with_growing_delay_and_then_buried():
    assert [TWICE.after(RuntimeError(), n) for n in (1, 2, 3)] == [1.0, 5.0, None]


@pytest.mark.parametrize(
    "error", [Invalid("x"), Denied("x"), NotFound("x"), Conflict("x"), unreadable()], ids=repr
)
def test_a_refusal_stays_a_refusal(error):
    assert TWICE.after(error, 1) is None


def test_an_outage_is_waited_out_however_long_it_takes():
    delays = [Redelivery().after(Unavailable("x"), n) for n in (1, 2, 3, 4, 5, 6, 100)]

    assert delays == [1.0, 5.0, 30.0, 30.0, 30.0, 30.0, 30.0]
