"""Both kinds of built files keep the port's promise; and what is packaged is whole."""

import gzip
import re

import pytest

from console_service.adapters.packaged_files import PackagedFiles
from console_service.domain.asset import MEDIA_TYPES
from console_service.domain.page import NONCE
from services.console.tests.fakes import BuiltInMemory


@pytest.fixture(params=[BuiltInMemory, PackagedFiles])
def built(request):
    return request.param()


def script_of(built):
    [name] = {"index-a1.js"} if isinstance(built, BuiltInMemory) else scripts_named(built)
    return built.find_asset(name)


def scripts_named(built):
    return re.findall(r'<script[^>]* src="/assets/(index-[^"]+)"', built.page())


def test_the_page_has_places_for_its_nonce(built):
    assert f'nonce="{NONCE}"' in built.page()


def test_an_asset_is_there_in_both_forms_with_its_type(built):
    asset = script_of(built)

    assert asset.media_type == "text/javascript; charset=utf-8"
    assert asset.content
    assert gzip.decompress(asset.gzipped) == asset.content


@pytest.mark.parametrize("name", ["", "nowhere.js", "../index.html", "licences.txt", "index.html"])
def test_what_is_no_asset_is_not_found(built, name):
    assert built.find_asset(name) is None


def test_every_packaged_file_that_the_page_names_is_there_and_of_a_known_type():
    packaged = PackagedFiles()

    named = re.findall(r'"/assets/([^"]+)"', packaged.page())
    assert named
    assert [name for name in named if packaged.find_asset(name) is None] == []
    types = {packaged.find_asset(name).media_type for name in named}
    assert types <= {*MEDIA_TYPES.values()}
