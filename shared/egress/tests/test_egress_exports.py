"""The package's surface: every name is there, and nothing heavy comes with a light one."""

import subprocess
import sys

import pytest

import egress


@pytest.mark.parametrize("name", egress.__all__)
def test_every_exported_name_loads(name):
    assert getattr(egress, name) is not None


def test_a_name_that_is_not_exported_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = egress.no_such_name


def test_comparing_domains_loads_no_http_engine():
    code = "import sys, egress.domain_name; print('aiohttp' in sys.modules)"

    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == "False"
