"""T3: a port is taken from the moment at which somebody has it, also while they start."""

import pytest

from openactions_local.listening import PortTaken, listen

pytestmark = pytest.mark.integration


def test_a_port_that_another_start_took_is_taken():
    with listen(0) as first, pytest.raises(PortTaken, match="is taken"):
        listen(first.getsockname()[1])


def test_without_a_wanted_port_another_is_found():
    with listen(None) as first, listen(None) as second:
        assert first.getsockname() != second.getsockname()
