"""What holds for every document: generated ones, mutations of real ones, and noise."""

import copy
import json

import jsonschema_rs
import yaml_rs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.json_schema import names_in
from contracts.tool_forms.definition import Flavour, tool_for
from schema_service.domain.compiling.json_schema.patterns import PATTERN_OPTIONS
from schema_service.domain.compiling.operations import digest_of
from schema_service.domain.examination import Verdict, examine
from schema_service.domain.examples import EXAMPLES
from schema_service.domain.finding import Severity
from schema_service.domain.formatting import formatted
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.repairing.repair import repair

SOME = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)

texts = st.text(max_size=8)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | texts
WORDS = """
openapi swagger info title version servers url variables
enum default paths / /a /a/{b} {b} get
post parameters name in query path header cookie
body required schema type object array string integer
properties items $ref #/components/schemas/A #/x allOf oneOf nullable
example components schemas A requestBody content application/json multipart/form-data
responses 200 operationId description security securitySchemes x-openai-isConsequential 3.0.0
3.1.0 2.0 https://a.example http://b <<
"""
words = st.sampled_from(WORDS.split())
noise = st.recursive(
    scalars | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words | texts, inner, max_size=5),
    max_leaves=30,
)

names = st.sampled_from(["id", "Id", "x y", "filter[a]", "é", "$top", "a" * 80, "body", "limit"])
references = st.sampled_from(["A", "B", "Missing"]).map(
    lambda name: {"$ref": f"#/components/schemas/{name}"}
)
leaves = st.fixed_dictionaries(
    {"type": st.sampled_from(["string", "integer", "boolean", "number"])},
    optional={"nullable": st.booleans(), "enum": st.lists(texts, min_size=1), "title": texts},
)
schemas = st.recursive(
    leaves | references | st.booleans(),
    lambda inner: st.one_of(
        st.fixed_dictionaries(
            {"type": st.just("object"), "properties": st.dictionaries(names, inner, max_size=4)},
            optional={"required": st.lists(names, max_size=3), "additionalProperties": inner},
        ),
        st.fixed_dictionaries({"type": st.just("array"), "items": inner}),
        st.fixed_dictionaries({"allOf": st.lists(inner, min_size=1, max_size=2)}),
        st.fixed_dictionaries({"oneOf": st.lists(inner, min_size=1, max_size=2)}),
    ),
    max_leaves=8,
)
parameters = st.fixed_dictionaries(
    {"name": names, "in": st.sampled_from(["query", "path", "header", "cookie"])},
    optional={
        "schema": schemas,
        "required": st.booleans(),
        "style": st.sampled_from(["form", "simple", "deepObject", "no"]),
        "explode": st.booleans(),
    },
)
media = st.sampled_from(
    ["application/json", "application/x-www-form-urlencoded", "text/plain", "application/xml"]
)
bodies = st.fixed_dictionaries(
    {"content": st.dictionaries(media, st.fixed_dictionaries({"schema": schemas}), max_size=2)},
    optional={"required": st.booleans()},
)
operations = st.fixed_dictionaries(
    {},
    optional={
        "operationId": names,
        "summary": texts,
        "parameters": st.lists(parameters, max_size=4),
        "requestBody": bodies,
        "security": st.lists(st.dictionaries(names, st.just([]), max_size=2), max_size=2),
    },
)
methods = st.sampled_from(["get", "post", "put", "delete", "patch", "head", "trace"])
documents = st.builds(
    lambda version, paths, components: {
        "openapi": version,
        "info": {"title": "t", "version": "1"},
        "servers": [{"url": "https://a.example"}],
        "paths": paths,
        "components": {"schemas": components},
    },
    st.sampled_from(["3.0.3", "3.1.0", "3.2.0"]),
    st.dictionaries(
        st.sampled_from(["/a", "/a/{id}", "/b?c={id}", "/{x y}/{id}", "d"]),
        st.dictionaries(methods, operations, max_size=3),
        max_size=3,
    ),
    st.fixed_dictionaries({"A": schemas, "B": schemas}),
)


def check(examination):
    """What may be relied on, whatever the document was."""
    ids = [detected.operation_id for detected in examination.operations]
    assert len(set(ids)) == len(ids)
    assert len({detected.name for detected in examination.operations}) == len(ids)
    errors = [f for f in examination.findings if f.severity is Severity.ERROR]
    assert examination.valid == (not errors)
    for detected in examination.operations:
        assert (detected.operation is None) == (detected.verdict is Verdict.BLOCKED)
        assert detected.operation is not None or errors
        if detected.operation is not None:
            check_operation(detected.operation)


def check_operation(operation):
    arguments = operation.arguments
    jsonschema_rs.Draft202012Validator(arguments, pattern_options=PATTERN_OPTIONS)
    assert set(names_in(arguments)) <= set(arguments.get("$defs", ()))
    taken = {each.argument for each in operation.parameters}
    members = operation.body.members if operation.body else None
    whole = {operation.body.argument} if operation.body and members is None else set()
    assert set(arguments["properties"]) == taken | set(members or ()) | whole
    assert set(operation.constants) <= set(arguments["properties"])
    assert operation.digest == digest_of(operation)
    reloaded = type(operation).model_validate_json(operation.model_dump_json())
    assert digest_of(reloaded) == operation.digest
    for flavour in Flavour:
        tool_for(operation.name, operation, flavour, strict=True)


@SOME
@given(documents)
def test_generated_documents_compile_to_operations_that_hold_together(document):
    check(examine(read_document(json.dumps(document))))


@SOME
@given(documents)
def test_yaml_and_json_of_one_document_get_the_same_answer(document):
    as_json = examine(read_document(json.dumps(document)))
    as_yaml = examine(read_document(yaml_rs.dumps(document)))
    assert [o.operation for o in as_json.operations] == [o.operation for o in as_yaml.operations]
    about_form = "schema.look_alike"  # a writer of YAML leaves texts without quotes of its own
    codes = [f.code for f in as_yaml.findings if f.code != about_form]
    assert [f.code for f in as_json.findings] == codes


@SOME
@given(noise)
def test_any_tree_gets_an_answer(tree):
    check(examine(read_document(json.dumps(tree))))


@SOME
@given(st.text() | st.binary())
def test_any_text_gets_an_answer(text):
    check(examine(read_document(text)))


def places(tree, path=()):
    yield path
    if isinstance(tree, dict | list):
        for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
            yield from places(value, (*path, key))


@st.composite
def mutations(draw):
    """A built-in example in which one value is something else, or gone."""
    document = copy.deepcopy(read_document(draw(st.sampled_from(EXAMPLES)).text).document)
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from([each for each in places(document) if each]))
        here = document
        for step in path[:-1]:
            here = here[step]
        if draw(st.booleans()):
            here[path[-1]] = draw(noise)
        else:
            del here[path[-1]]
    return document


@SOME
@given(mutations())
def test_a_mutated_document_still_gets_an_answer(document):
    check(examine(read_document(json.dumps(document))))


@SOME
@given(st.sampled_from(EXAMPLES), st.data())
def test_a_mutated_text_still_gets_an_answer(example, data):
    at = data.draw(st.integers(0, len(example.text)))
    inserted = data.draw(st.sampled_from(["\t", ":", "- ", '"', "{", "}", "&a ", "*a", "\n", "#"]))
    removed = data.draw(st.integers(0, 5))
    check(examine(read_document(example.text[:at] + inserted + example.text[at + removed :])))


@SOME
@given(documents, st.sampled_from([json.dumps, yaml_rs.dumps]))
def test_repairs_never_make_a_document_worse(document, write):
    text = write(document)
    examination = examine(read_document(text))
    repairs = [finding.repair for finding in examination.findings if finding.repair]
    outcome = repair(text, repairs)
    again = examine(read_document(outcome.text))
    assert len(again.operations) == len(examination.operations)
    assert errors_of(again) <= errors_of(examination)


def errors_of(examination):
    return sum(finding.severity is Severity.ERROR for finding in examination.findings)


@SOME
@given(mutations(), st.sampled_from([json.dumps, yaml_rs.dumps]))
def test_formatting_changes_nothing_but_the_layout(document, write):
    text = write(document)
    assert read_document(formatted(text)).document == read_document(text).document
    assert formatted(formatted(text)) == formatted(text)


@SOME
@given(mutations(), st.sampled_from([json.dumps, yaml_rs.dumps]))
def test_every_member_is_found_in_the_text_in_the_order_of_the_document(document, write):
    reading = read_document(write(document))
    if reading.document is None or b"<<" in reading.raw:  # merged members stand somewhere else
        return
    found = [
        reading.locator.exact("".join(f"/{escaped(step)}" for step in path))
        for path in places(reading.document)
        if path
    ]
    assert all(member is not None for member in found)
    offsets = [member.key_offset for member in found]
    assert offsets == sorted(offsets)


def escaped(step):
    return str(step).replace("~", "~0").replace("/", "~1")
