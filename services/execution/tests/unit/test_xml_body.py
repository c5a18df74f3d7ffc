"""Objects as XML (OAS 3.1, 4.8.26), and what no XML document can hold."""

from xml.etree.ElementTree import fromstring

import pytest

from contracts.operation import Body, XmlName
from execution_service.domain.errors import BodyRefused
from execution_service.domain.wire.xml import XmlWriter

DECLARATION = "<?xml version='1.0' encoding='utf-8'?>\n"


def written(calls, schema, value, root="pet", **name):
    body = Body(media_type="application/xml", xml=XmlName(name=root, **name))
    arguments = {"properties": {"body": schema}}
    sent = calls.request(calls.compiled(method="POST", body=body, schema=arguments), body=value)
    assert dict(sent.headers)["content-type"] == "application/xml"
    return sent.body.decode().removeprefix(DECLARATION)


def member(xml=None, **schema):
    return {"type": "object", "properties": {"a": {**schema, **({"xml": xml} if xml else {})}}}


NAMED = {"type": "string", "xml": {"name": "animal"}}


@pytest.mark.parametrize(
    ("schema", "value", "expected"),
    [
        (member(type="string"), "x", "<pet><a>x</a></pet>"),
        (member({"name": "b"}, type="string"), "x", "<pet><b>x</b></pet>"),
        (member({"attribute": True}, type="integer"), 7, '<pet a="7" />'),
        (member({"nodeType": "attribute"}), 7, '<pet a="7" />'),
        (member({"nodeType": "text"}), "x", "<pet>x</pet>"),
        (member({"nodeType": "none"}), {"b": 1}, "<pet><b>1</b></pet>"),
        (
            member({"prefix": "s", "namespace": "http://x"}),
            "x",
            '<pet><s:a xmlns:s="http://x">x</s:a></pet>',
        ),
        (member({"namespace": "http://x"}), "x", '<pet><a xmlns="http://x">x</a></pet>'),
        (member(items={}), ["x", "y"], "<pet><a>x</a><a>y</a></pet>"),
        (member(items=NAMED), ["x"], "<pet><animal>x</animal></pet>"),
        (member({"name": "other"}, items=NAMED), ["x"], "<pet><animal>x</animal></pet>"),
        (member({"wrapped": True}, items=NAMED), ["x"], "<pet><a><animal>x</animal></a></pet>"),
        (member({"wrapped": True}, items={}), ["x"], "<pet><a><a>x</a></a></pet>"),
        (
            member({"wrapped": True, "name": "aliens"}, items={}),
            ["x"],
            "<pet><aliens><aliens>x</aliens></aliens></pet>",
        ),
        (member({"wrapped": True}, items={}), [], "<pet><a /></pet>"),
        (member(), None, "<pet />"),
        (member(), True, "<pet><a>true</a></pet>"),
        (member(type="integer"), 1.0, "<pet><a>1</a></pet>"),
        (member(), "<&>\"'", "<pet><a>&lt;&amp;&gt;\"'</a></pet>"),
    ],
)
def test_a_member_is_written_as_its_xml_says(calls, schema, value, expected):
    assert written(calls, schema, {"a": value}) == expected


def test_a_root_has_its_namespace(calls):
    text = written(calls, {}, {"a": 1}, prefix="p", namespace="http://x")
    assert text == '<p:pet xmlns:p="http://x"><a>1</a></p:pet>'


def test_a_list_is_within_the_root(calls):
    schema = {"type": "array", "items": {"type": "integer", "xml": {"name": "id"}}}
    assert written(calls, schema, [1, 2], root="ids") == "<ids><id>1</id><id>2</id></ids>"


def test_a_schema_within_itself_is_followed(calls):
    body = Body(media_type="text/xml", members={"n": "n"}, xml=XmlName(name="node"))
    node = {"properties": {"n": {"$ref": "#/$defs/N"}, "k": {"xml": {"attribute": True}}}}
    schema = {"properties": {"n": {"$ref": "#/$defs/N"}}, "$defs": {"N": node}}
    call = calls.compiled(method="POST", body=body, schema=schema)
    sent = calls.request(call, n={"k": 1, "n": {"k": 2}})
    assert sent.body.decode().endswith('<node><n k="1"><n k="2" /></n></node>')


@pytest.mark.parametrize("name", ["a b", "a><b", "1a", "a:b", "", "-a", "xml:x"])
def test_h67_a_hostile_name_never_becomes_an_element(calls, name):
    with pytest.raises(BodyRefused, match="name"):
        written(calls, {}, {name: "x"})


@pytest.mark.parametrize("text", ["\0", "a\x1bb", "\ufffe"])
def test_h67_what_xml_cannot_hold_is_refused(calls, text):
    with pytest.raises(BodyRefused, match="control"):
        written(calls, {}, {"a": text})


def test_h67_text_stays_text(calls):
    text = '<!DOCTYPE x [<!ENTITY e "y">]>&e;]]><b/>'
    [a] = fromstring(written(calls, {}, {"a": text}))
    assert (a.text, len(a)) == (text, 0)


SOAP = {"prefix": "soap", "namespace": "http://soap"}


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        ({**SOAP, "name": "soap:a"}, '<pet><soap:a xmlns:soap="http://soap">x</soap:a></pet>'),
        (
            {"name": "soap:a", "namespace": "http://soap"},
            '<pet><soap:a xmlns:soap="http://soap">x</soap:a></pet>',
        ),
        ({"name": "xml:lang", "attribute": True}, '<pet xml:lang="x" />'),
        (
            {"name": "soap:a", "namespace": "http://soap", "attribute": True},
            '<pet xmlns:soap="http://soap" soap:a="x" />',
        ),
    ],
)
def test_a_colon_in_a_name_stands_behind_its_prefix(calls, xml, expected):
    assert written(calls, member(xml), {"a": "x"}) == expected


def test_a_prefix_that_the_root_declares_is_used_within(calls):
    schema = member({"name": "soap:a"}, properties={"b": {"xml": {"name": "soap:b"}}})
    root = {"root": "soap:Envelope", "prefix": "soap", "namespace": "http://soap"}
    text = written(calls, schema, {"a": {"b": 1}}, **root)

    inner = "<soap:a><soap:b>1</soap:b></soap:a>"
    assert text == f'<soap:Envelope xmlns:soap="http://soap">{inner}</soap:Envelope>'


def test_the_root_declares_further_namespaces(calls):
    text = written(calls, member({"name": "o:a"}), {"a": 1}, namespaces={"o": "http://o"})

    assert text == '<pet xmlns:o="http://o"><o:a>1</o:a></pet>'


def test_an_attribute_declares_a_prefix_for_what_is_within(calls):
    properties = {
        "xmlns:o": {"xml": {"attribute": True}},
        "o:a": {"type": "string"},
    }
    schema = {"type": "object", "properties": properties}
    text = written(calls, schema, {"xmlns:o": "http://o", "o:a": "x"})

    assert text == '<pet xmlns:o="http://o"><o:a>x</o:a></pet>'
    with pytest.raises(BodyRefused, match="'o' of a name in the body stands for no XML namespace"):
        written(calls, schema, {"o:a": "x"})


def test_a_schema_of_many_parts_is_looked_at_once_for_all_members(calls):
    class Counted(dict):
        times = 0

        def get(self, *given):
            Counted.times += 1
            return super().get(*given)

    inner = [Counted(properties={f"p{n}": {}}) for n in range(65)]
    parts = [Counted(anyOf=inner) for _ in range(65)]
    writer = XmlWriter(XmlName(name="pet"), Counted(anyOf=parts), {})
    text = writer.write({f"p{number}": number for number in range(65)})

    assert text.count(b"<p64>64</p64>") == 1
    assert Counted.times < 2_000


def test_a_schema_that_is_an_alternative_of_itself_is_looked_at_once(calls):
    itself = {"anyOf": [{"type": "integer"}] + [{"allOf": [{"$ref": "#/$defs/A"}]}] * 100}
    schema = {"properties": {"v": {"items": {"$ref": "#/$defs/A"}}}}
    writer = XmlWriter(XmlName(name="pet"), schema, {"A": itself})
    assert writer.write({"v": [1] * 100}).count(b"<v>1</v>") == 100


def test_members_whose_schemas_have_too_many_parts_together_are_refused():
    many = {"anyOf": [{"title": str(number)} for number in range(4_000)]}
    members = {f"p{number}": {"allOf": [{"$ref": "#/$defs/A"}]} for number in range(100)}
    writer = XmlWriter(XmlName(name="pet"), {"properties": members}, {"A": many})
    assert b"<p9>1</p9>" in writer.write({"p1": 1, "p9": 1})
    with pytest.raises(BodyRefused, match="too many alternatives"):
        writer.write(dict.fromkeys(members, 1))


def test_a_value_that_is_too_deep_is_refused():
    value = {}
    for _ in range(5_000):
        value = {"a": value}
    with pytest.raises(BodyRefused, match="nested too deeply"):
        XmlWriter(XmlName(name="pet"), {}, {}).write(value)
