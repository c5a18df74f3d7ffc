"""The repair that puts one server of a list before the others: nothing but its place changes."""

import json

import pytest

from schema_service.adapters.process_examiner import repair_document
from schema_service.domain.finding import Edit, Repair
from schema_service.domain.needed_values import NeededValues
from schema_service.domain.repairing.placing import NOTHING_FITS, ServerList
from schema_service.domain.repairing.repair import repair
from schema_service.domain.repairing.terms import Terms
from services.schema.tests.server_documents import called, read, text_of

TITLE = "Put the server that takes the given values first"
CLOSED = {"url": "https://a.acme.io/{p}", "variables": {"p": {"enum": ["v1"], "default": "v1"}}}
OPEN = {"url": "https://b.acme.io/{p}", "variables": {"p": {"default": "v1"}}}
OTHERS = [{"url": f"https://s{number}.acme.io"} for number in range(12)]
PATHS = """paths:
  /a:
    get: {operationId: a, summary: s, responses: {'200': {description: ok}}}
"""
V9 = NeededValues(None, {"p": "v9"})
HEAD = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\n"


def repaired(text, values):
    found = read(text).findings.items()
    repairs = [each["repair"] for each in found if each["repair"]]
    return repair_document(text, repairs, Terms(None, values))


@pytest.mark.parametrize("place", ["document", "path"])
def test_y9_1_a_list_of_more_than_ten_servers_keeps_all_of_them(place):
    servers = [CLOSED, OPEN, *OTHERS]
    document = json.loads(text_of(servers))
    holder = document if place == "document" else document["paths"]["/a"]
    document["servers"], holder["servers"] = [{"url": "https://z.acme.io"}], servers

    done = repaired(json.dumps(document, indent=1), V9)

    after = json.loads(done.text)
    listed = (after if place == "document" else after["paths"]["/a"])["servers"]
    moved = {"url": OPEN["url"], "variables": {"p": {"default": "v9"}}}
    assert listed == [moved, CLOSED, *OTHERS]
    assert done.applied == (TITLE,)
    assert called(read(done.text)) == ["https://b.acme.io/v9"]


def test_y9_1_a_public_server_behind_the_tenth_keeps_a_base_url_from_being_written():
    servers = [*({"url": f"http://localhost:{n}"} for n in range(1, 12)), *OTHERS[:1]]
    values = NeededValues("https://h.acme.io")

    done = repaired(text_of(servers), values)

    assert json.loads(done.text)["servers"] == servers
    assert called(read(text_of(servers), values=values)) == [OTHERS[0]["url"]]


def test_y9_1_what_moves_is_what_was_meant_where_an_item_before_it_goes():
    text = text_of([CLOSED, OPEN, *OTHERS])
    remove = Repair("remove", (Edit("remove", "/servers/0"),))
    move = Repair("move", (Edit("first", "/servers/1", ()),))

    done = repair(text, [move, remove])

    assert json.loads(done.text)["servers"] == [OPEN, *OTHERS]
    assert done.skipped == ("move",)


BLOCK = """# all servers
servers:
  # Europe
  - url: https://a.acme.io/{p}   # EU
    variables:
      p: &closed {enum: [v1], default: v1}
      # end of Europe

  # America: ask ops
  - url: "https://b.acme.io/{p}"   # US
    description: |
      # A heading

      Text
    variables:
      p: {default: v1}
      r: &r
        default: x
    # end of America

  # Asia
  - url: https://c.acme.io
"""
MOVED_BLOCK = """# all servers
servers:
  # America: ask ops
  - url: "https://b.acme.io/{p}"   # US
    description: |
      # A heading

      Text
    variables:
      p: {default: v9}
      r: &r
        default: x
    # end of America

  # Europe
  - url: https://a.acme.io/{p}   # EU
    variables:
      p: &closed {enum: [v1], default: v1}
      # end of Europe

  # Asia
  - url: https://c.acme.io
"""
FLOW = """servers: [
  {url: 'https://a.acme.io/{p}', variables: {p: {enum: [v1], default: v1}}}, # EU
  {url: 'https://b.acme.io/{p}', variables: {p: {default: v1}}}, # US
  {url: 'https://c.acme.io'}
]
"""
MOVED_FLOW = """servers: [
  {url: 'https://b.acme.io/{p}', variables: {p: {default: v9}}}, # US
  {url: 'https://a.acme.io/{p}', variables: {p: {enum: [v1], default: v1}}}, # EU
  {url: 'https://c.acme.io'}
]
"""
LAST_COMMENT = """servers: [
  {url: 'https://a.acme.io/{p}', variables: {p: {enum: [v1], default: v1}}}, # EU
  {url: 'https://b.acme.io/{p}', variables: {p: {default: v1}}} # US
]
"""
MOVED_LAST_COMMENT = """servers: [
  {url: 'https://b.acme.io/{p}', variables: {p: {default: v9}}}, # US
  {url: 'https://a.acme.io/{p}', variables: {p: {enum: [v1], default: v1}}} # EU
]
"""
LAST = """servers: [{url: 'https://a.acme.io/{p}', variables: {p: {enum: [v1]}}}, # EU
  {url: 'https://b.acme.io/{p}', variables: {p: {default: v1}}} ]
"""
MOVED_LAST = """servers: [{url: 'https://b.acme.io/{p}', variables: {p: {default: v9}}}, # EU
  {url: 'https://a.acme.io/{p}', variables: {p: {enum: [v1]}}} ]
"""
BARE = """servers:
- url: https://a.acme.io/{p}
  variables: {p: {enum: [v1]}}
- &own
  url: https://b.acme.io/{p}
# end
"""
MOVED_BARE = """servers:
- &own
  variables:
    p:
      default: v9
  url: https://b.acme.io/{p}
- url: https://a.acme.io/{p}
  variables: {p: {enum: [v1]}}
# end
"""
ALIAS = """servers:
  - url: https://a.acme.io/{p}
    variables: {p: {enum: [v1]}, r: &r {default: x}}
  # America
  - {url: 'https://b.acme.io/{p}', variables: {p: {default: v1}, r: *r}} # US
"""
MOVED_ALIAS = (
    """servers:
  # America
  - {"url": "https://b.acme.io/{p}", "variables": {"p": {"default": "v9"}, """
    """"r": {"default": "x"}}} # US
  - url: https://a.acme.io/{p}
    variables: {p: {enum: [v1]}, r: &r {default: x}}
"""
)
STYLES = [
    (BLOCK, MOVED_BLOCK),
    (FLOW, MOVED_FLOW),
    (LAST_COMMENT, MOVED_LAST_COMMENT),
    (LAST, MOVED_LAST),
    (BARE, MOVED_BARE),
    (ALIAS, MOVED_ALIAS),
]


@pytest.mark.parametrize(("servers", "moved"), STYLES)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("is_last", [True, False])
def test_y9_10_comments_style_and_anchors_stay(servers, moved, line_end, is_last):
    pieces = (HEAD, PATHS) if is_last else (HEAD,)
    behind = "" if is_last else PATHS
    text = "".join([*pieces, servers, behind]).replace("\n", line_end)

    done = repaired(text, V9)

    expected = "".join([*pieces, moved, behind]).replace("\n", line_end)
    assert done.text.replace(line_end, "\n") == expected.replace(line_end, "\n")
    assert done.applied == (TITLE,)
    assert called(read(done.text)) == ["https://b.acme.io/v9"]


def test_y9_10_json_keeps_its_white_space():
    listed = json.dumps([CLOSED, OPEN], indent=3).replace('"v1"', '"v1" ')
    text = text_of([]).replace('"servers": []', f'"servers": {listed}')
    done = repaired(text, V9)
    moved = json.dumps([OPEN, CLOSED], indent=3).replace('"v1"', '"v1" ')
    moved = moved.replace('"v1" ', '"v9" ', 1)
    assert done.text == text.replace(listed, moved)


def test_y9_13_a_server_that_is_not_public_is_never_put_first():
    closed, opened = ({**each, "url": f"http{each['url'][5:]}"} for each in (CLOSED, OPEN))
    placing = ServerList([closed, opened], ("servers",)).placing(V9)
    assert placing.edits == ()
    assert placing.reason == NOTHING_FITS
