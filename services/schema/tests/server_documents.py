"""Documents with servers, what is found in them, and where their operations are called."""

import json

from contracts.requests import ServerChoice
from egress import EgressSettings
from schema_service.adapters.egress_origins import EgressOrigins
from schema_service.adapters.process_examiner import repair_document
from schema_service.domain.chosen_server import chosen_server
from schema_service.domain.examination import examine
from schema_service.domain.examined import examine_text
from schema_service.domain.finding import Edit, Repair
from schema_service.domain.needed_values import NeededValues
from schema_service.domain.operator_rules import with_operator_rules
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.repairing.repair import repair
from schema_service.domain.repairing.terms import Terms

GIVEN = NeededValues("https://api.acme.io/v1", {"tenant": "acme"})
IMPORTED = "https://docs.acme.io/api/openapi.yaml"


def text_of(servers=None, **members):
    operation = {"operationId": "a", "summary": "s", "responses": {"200": {"description": "d"}}}
    document = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}}
    if servers is not None:
        document["servers"] = servers
    return json.dumps({**document, "paths": {"/a": {"get": operation}}, **members}, indent=1)


def read(text, source_url=None, values=None, **settings):
    rules = EgressOrigins(EgressSettings(**settings))
    known = {} if values is None else {"values": values, "origins": rules}
    found = examine_text(text.encode(), source_url=source_url, compiled=True, **known)
    return with_operator_rules(found, rules)


def at(url, **settings):
    return read(text_of([{"url": url}]), **settings)


def verdicts(found):
    return [each["verdict"] for each in found.operations.items()]


def errors(found):
    return [each for each in found.findings.items() if each["severity"] == "error"]


def called(found):
    """Base URLs of its callable operations; what the operator's rules block is called nowhere."""
    forms = {name: form for pack in found.compiled for name, form in _unpacked(pack)}
    ready = [each["name"] for each in found.operations.items() if each["verdict"] != "blocked"]
    return [json.loads(forms[name])["server"] for name in ready]


def _unpacked(pack):
    return pack.unpacked(frozenset(pack.names)).items()


def repaired(text, values, source_url=None):
    repairs = [
        Repair.of(each["repair"]["title"], map(Edit.of, each["repair"]["edits"]))
        for each in read(text, source_url).findings.items()
        if each["repair"]
    ]
    return repair(text, repairs, values)


def by_repair(text, base_url):
    found = read(text).findings.items()
    terms = Terms(None, NeededValues(base_url))
    return repair_document(text, [each["repair"] for each in found if each["repair"]], terms).text


def by_binding(text, base_url):
    [detected] = examine(read_document(text)).operations
    form = (detected.operation or detected.unplaced).model_dump()
    choice = ServerChoice(base_url=base_url)
    return chosen_server(form, choice, blocked=True, source_url=None)
