"""One call is no calls."""

import pytest

from kit.counted import counted
from kit.shares import FairShares, Resource, ShareExceeded


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 calls"), (1, "1 call"), (2, "2 calls"), (1_000, "1,000 calls")]
)
def test_n11_a_noun_stands_in_the_number_of_its_number(number, said):
    assert counted(number, "call") == said


def test_n11_a_share_of_one_is_refused_as_one():
    what = Resource("calls", "This workspace has {used} under way.", noun="call", hint="Wait.")
    shares = FairShares("test", what, 2)
    shares.take("ws_1")

    with pytest.raises(ShareExceeded) as refused:
        shares.take("ws_1")

    assert refused.value.sentence == "This workspace has 1 call under way."
