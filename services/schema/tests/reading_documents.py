"""For each rule of reading a text that trips it, and a neighbour of it that does not."""

from services.schema.tests.rule_documents import FINE

UNREADABLE = {
    "schema.unparsable": ("{", FINE),
    "schema.json_not_strict": ('{"openapi": "3.1.0",}', FINE),
    "schema.duplicate_key": ('{"a": 1, "a": 1}', '{"a": 1, "b": 1}'),
    "schema.key_not_text": ("1: a", "'1': a"),
    "schema.merge_key": ("a: {<<: {b: 1}}", "a: {'x': {b: 1}}"),
    "schema.number_not_json": ("a: .inf", "a: '.inf'"),
    "schema.value_not_json": ("a: !!set {b}", "a: {b}"),
    "schema.reference_as_comment": ("a:\n  $ref: #/b\nb: 1", 'a:\n  $ref: "#/b"\nb: 1'),
    "schema.text_cut_at_comment": ("title: The #1 shop", "title: The shop # a comment"),
    "schema.text_cut_at_comma": ("a: {title: b, c d}", "a: {title: 'b, c d'}"),
    "schema.key_without_space": ("a:\n  c:{type: string}", "a:\n  c: {type: string}"),
    "schema.members_read_as_text": ("items:\n  type:string", "items:\n  type: string"),
    "schema.dash_without_space": ("tags:\n  -name: x", "tags:\n  - name: x"),
    "schema.look_alike": ("a: \u201cb\u201d", 'a: "b"'),
    "schema.tag_unknown": ("a: !mine b", "a: '!mine b'"),
    "schema.nul_character": ('{"a": "\\u0000"}', '{"a": "\\\\u0000"}'),
    "schema.alias_cycle": ("a: &a {b: *a}", "a: &a {b: 1}\nc: *a"),
}
