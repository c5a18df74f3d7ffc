"""RFC 6570, section 3.2: the examples that an OpenAPI document can express, 51 of them.

Not among them are prefixes (`{var:3}`), fragments and path segments (`{#…}`, `{/…}`), which OAS
does not have, and empty or undefined values of a path, which would be another path.
"""

import pytest

LIST = ["red", "green", "blue"]
KEYS = {"semi": ";", "dot": ".", "comma": ","}
VALUES = {
    "var": "value",
    "hello": "Hello World!",
    "half": "50%",
    "who": "fred",
    "who2": "fred",
    "dom": ["example", "com"],
    "path": "/foo/bar",
    "list": LIST,
    "keys": KEYS,
    "v": "6",
    "x": "1024",
    "y": "768",
    "empty": "",
}
PATHS = [
    # 3.2.2: simple string expansion
    ("simple", "{var}", "value"),
    ("simple", "{hello}", "Hello%20World%21"),
    ("simple", "{half}", "50%25"),
    ("simple", "{x},{y}", "1024,768"),
    ("simple", "{x},{hello},{y}", "1024,Hello%20World%21,768"),
    ("simple", "{list}", "red,green,blue"),
    ("simple*", "{list}", "red,green,blue"),
    ("simple", "{keys}", "semi,%3B,dot,.,comma,%2C"),
    ("simple*", "{keys}", "semi=%3B,dot=.,comma=%2C"),
    # 3.2.5: label expansion
    ("label", "{who}", ".fred"),
    ("label", "{who}{who2}", ".fred.fred"),
    ("label", "{half}{who}", ".50%25.fred"),
    ("label*", "www{dom}", "www.example.com"),
    ("label", "X{var}", "X.value"),
    ("label", "X{empty}", "X."),
    ("label", "X{list}", "X.red,green,blue"),
    ("label*", "X{list}", "X.red.green.blue"),
    ("label", "X{keys}", "X.semi,%3B,dot,.,comma,%2C"),
    ("label*", "X{keys}", "X.semi=%3B.dot=..comma=%2C"),
    # 3.2.7: path-style parameter expansion
    ("matrix", "{who}", ";who=fred"),
    ("matrix", "{half}", ";half=50%25"),
    ("matrix", "{empty}", ";empty"),
    ("matrix", "{v}{empty}{who}", ";v=6;empty;who=fred"),
    ("matrix", "{x}{y}", ";x=1024;y=768"),
    ("matrix", "{x}{y}{empty}", ";x=1024;y=768;empty"),
    ("matrix", "{list}", ";list=red,green,blue"),
    ("matrix*", "{list}", ";list=red;list=green;list=blue"),
    ("matrix", "{keys}", ";keys=semi,%3B,dot,.,comma,%2C"),
    ("matrix*", "{keys}", ";semi=%3B;dot=.;comma=%2C"),
]
QUERIES = [
    # 3.2.8: form-style query expansion; 3.2.9 is the same behind what is fixed
    ("form", "who", "who=fred"),
    ("form", "half", "half=50%25"),
    ("form", "x y empty", "x=1024&y=768&empty="),
    ("form", "x y undef", "x=1024&y=768"),
    ("form", "list", "list=red,green,blue"),
    ("form*", "list", "list=red&list=green&list=blue"),
    ("form", "keys", "keys=semi,%3B,dot,.,comma,%2C"),
    ("form*", "keys", "semi=%3B&dot=.&comma=%2C"),
]
QUERY_ALONE = [("form", "x y", "x=1024&y=768")]
CONTINUED_ALONE = [("form", "x", "x=1024")]
RESERVED = [
    # 3.2.3: reserved expansion, of a value in a query
    ("var", "value"),
    ("hello", "Hello%20World!"),
    ("half", "50%25"),
    ("path", "/foo/bar"),
]


def parameters(calls, style, names, location):
    plain = {"style": style.rstrip("*"), "explode": style.endswith("*")}
    return [calls.parameter(name, location, **plain) for name in names]


def given(names):
    return {name: VALUES[name] for name in names if name in VALUES}


@pytest.mark.parametrize(("style", "template", "expected"), PATHS)
def test_an_example_of_a_path(calls, style, template, expected):
    names = [part.partition("}")[0] for part in template.split("{")[1:]]
    declared = parameters(calls, style, names, "path")

    assert calls.sent_path(f"/a/{template}", *declared, **given(names)) == f"/a/{expected}"


@pytest.mark.parametrize(("style", "names", "expected"), [*QUERIES, *QUERY_ALONE])
def test_an_example_of_a_query(calls, style, names, expected):
    declared = parameters(calls, style, names.split(), "query")

    assert calls.sent_path("/a", *declared, **given(names.split())) == f"/a?{expected}"


@pytest.mark.parametrize(("style", "names", "expected"), [*QUERIES, *CONTINUED_ALONE])
def test_an_example_of_a_query_that_goes_on(calls, style, names, expected):
    declared = parameters(calls, style, names.split(), "query")
    target = calls.sent_path("/a?fixed=yes", *declared, **given(names.split()))

    assert target == f"/a?fixed=yes&{expected}"


@pytest.mark.parametrize(("name", "expected"), RESERVED)
def test_an_example_of_reserved_characters(calls, name, expected):
    declared = calls.parameter(name, allow_reserved=True)

    assert calls.sent_path("/a", declared, **given([name])) == f"/a?{name}={expected}"


def test_rfc_6570_is_51_of_51():
    """Whoever takes a row out of the tables says so here."""
    queries = len([*QUERIES, *QUERY_ALONE, *QUERIES, *CONTINUED_ALONE])

    assert len(PATHS) + queries + len(RESERVED) == 51
