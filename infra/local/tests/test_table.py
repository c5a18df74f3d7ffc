"""What `openactions up` shows on a narrow screen."""

import io

from rich.console import Console

from openactions_local.platform import Running
from openactions_local.supervise import Supervisor
from openactions_local.table import show

TOKEN = f"oat_{'x' * 43}"


def shown(token, width):
    console = Console(file=io.StringIO(), width=width, highlight=False)
    show(Running("http://127.0.0.1:8080", token, {}, 1.0, Supervisor(print), []), console)
    return console.file.getvalue().splitlines()


def test_the_owners_token_stands_alone_on_its_line_however_narrow_the_screen():
    for width in (30, 80):
        assert TOKEN in shown(TOKEN, width)


def test_without_a_new_token_it_is_told_how_to_get_one():
    assert any("--new-owner-token" in line for line in shown(None, 80))
