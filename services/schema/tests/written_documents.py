"""Documents as builders write them, what is found there, and the text that all repairs make."""

from schema_service.domain.examination import examine
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.repairing.rounds import repair_all

OPENING = """openapi: 3.1.0
info:
  title: T
  version: "1"
servers:
  - url: https://api.foo.dev
paths:
"""


def examined(text):
    return examine(read_document(text))


def repaired(text):
    return repair_all(text, [each.repair for each in examined(text).findings if each.repair]).text
