"""Objects as XML (OAS 3.1, 4.8.26), and what no XML document can hold."""

from xml.etree.ElementTree import fromstring

import pytest

from contracts.operation import Body, XmlName
from execution_service.domain.errors import BodyRefused

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
