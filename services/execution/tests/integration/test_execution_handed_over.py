"""Operations that are longer than a message come beside it, through the store for blobs."""

import shutil

import pytest

from kit.handover import Handover
from kit.obstore_blobs import ObstoreBlobs
from services.execution.tests.execution_platform import operation

pytestmark = pytest.mark.integration


@pytest.fixture
def handing_over(platform, blobs, api):
    """Schema hands over what is longer than 300 bytes; `getLong` is longer than a message."""
    platform.schema = Handover(ObstoreBlobs(blobs))
    platform.operations["getLong"] = operation(
        "getLong", "GET", api.origin, description="x" * 100_000
    )
    return platform


async def test_a_call_of_a_long_operation_is_made_and_leaves_nothing_in_the_store(
    handing_over, blobs
):
    called = await handing_over.invoke("getLong")

    assert called.status_code == 200, called.text
    assert list(blobs.folder.rglob("*.han_*")) == []


async def test_where_the_store_is_away_the_call_is_refused_with_the_next_step(handing_over, blobs):
    shutil.rmtree(blobs.folder)
    blobs.folder.write_text("no folder")

    refused = await handing_over.invoke("getLong")

    assert refused.status_code == 503
    assert refused.json()["code"] == "platform.blob_store_unavailable"
    assert "BLOBS_" in refused.json()["hint"]
    assert refused.headers["retry-after"]


async def test_where_the_store_is_away_operations_that_a_message_holds_go_on(platform, blobs):
    shutil.rmtree(blobs.folder)
    blobs.folder.write_text("no folder")

    assert (await platform.invoke("getPet")).status_code == 200


async def test_once_the_store_is_back_the_call_is_made(handing_over, blobs):
    shutil.rmtree(blobs.folder)
    blobs.folder.write_text("no folder")
    assert (await handing_over.invoke("getLong")).status_code == 503
    blobs.folder.unlink()
    blobs.folder.mkdir()

    assert (await handing_over.invoke("getLong")).status_code == 200


class TestWithLittleMemory:
    @pytest.fixture
    def settings(self):
        return {"max_bytes_in_flight": 1024 * 1024}

    async def test_b7_what_is_handed_over_counts_while_it_is_read(self, handing_over, api):
        """Twice its size is more than there is."""
        handing_over.operations["getLong"] = operation(
            "getLong", "GET", api.origin, description="x" * 600_000
        )

        refused = await handing_over.invoke("getLong")

        assert (refused.status_code, refused.json()["code"]) == (429, "platform.share_exceeded")
        assert (await handing_over.invoke("getPet")).status_code == 200
