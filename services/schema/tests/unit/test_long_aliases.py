"""What aliases of YAML may repeat, measured in a process of its own (D8)."""

import subprocess
import sys

import pytest

from kit.sizes import MIB
from schema_service.domain.reading.read_document import read_document

MEASURED = """
import resource, sys
from schema_service.domain.examination import examine
from schema_service.domain.reading.read_document import read_document
text = sys.stdin.read()
before = resource.getrusage(resource.RUSAGE_SELF)
examine(read_document(text))
after = resource.getrusage(resource.RUSAGE_SELF)
print(after.ru_maxrss - before.ru_maxrss, after.ru_utime - before.ru_utime)
"""
LONG = "x" * 100_000
ALIASES = {
    "quoted": f'a: &a "{LONG}"\nb:\n' + "- *a\n" * 10_000,
    "plain": f"a: &a {LONG}\nb:\n" + "- *a\n" * 10_000,
    "block": f"a: &a |\n  {LONG}\nb:\n" + "- *a\n" * 10_000,
    "nested": f'a: &a "{LONG}"\nb: {"[" * 150}{"*a, " * 10_000}{"]" * 150}\n',
    "anchors in anchors": f"a: &a [&s {LONG}{', *s' * 100}]\nb: [{'*a, ' * 99}]\n",
    "in brackets below": f"a: [&s\n {LONG}{', *s' * 10_000}]\n",
    "one name, again": f"a: &s {LONG}\nb: &s {LONG}\nc: [{'*s, ' * 10_000}]\n",
    "short ones": f'a: &a "{LONG[:1_500]}"\nb:\n' + "- *a\n" * 10_000,
}


@pytest.mark.parametrize("text", ALIASES.values(), ids=ALIASES)
def test_d8_the_alias_of_one_long_text_costs_neither_memory_nor_time(text):
    done = subprocess.run(
        [sys.executable, "-c", MEASURED],
        input=text,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    grown, seconds = map(float, done.stdout.split())
    assert grown * 1024 < 256 * MIB
    assert seconds < 2


def test_d8_a_few_aliases_of_a_long_text_are_read():
    reading = read_document(f'a: &a "{LONG}"\nb: [*a, *a]\n')
    assert reading.document["b"] == [LONG, LONG]
