import pytest
from awful_provider import AwfulProvider
from provider_served import listening


@pytest.fixture
def provider():
    return AwfulProvider()


@pytest.fixture
def at(provider):
    """Its origin, and the settings of egress that let it be called."""
    with listening(provider) as found:
        yield found
