"""The page at `/docs`, of the combined OpenAPI document: no script, nothing from other hosts."""

import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

Json = Mapping[str, Any]
SCHEMAS = "#/components/schemas/"
PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css">
</head>
<body>
{body}
</body>
</html>
"""


def docs(document: Json) -> str:
    info = document["info"]
    groups = _by_tag(document)
    contents = "".join(
        f'<li><a href="#tag-{escape(tag)}">{escape(tag)}</a></li>' for tag in (*groups, "models")
    )
    parts = [
        f"<header><h1>{escape(info['title'])} <small>{escape(info['version'])}</small></h1>",
        _prose(info["description"]),
        '<p><a href="/openapi.json">openapi.json</a> · Programs send ',
        "<code>Authorization: Bearer oat_…</code> with each request; a browser that is signed in ",
        "sends its session's cookie. Companies' directories use <code>/scim/v2</code> (SCIM 2.0), ",
        "which describes itself there: <code>/scim/v2/Schemas</code>.</p></header>",
        f"<nav><ul>{contents}</ul></nav>",
        "<main>",
        *(_group(tag, operations) for tag, operations in groups.items()),
        '<section><h2 id="tag-models">models</h2>',
        *(_model(name, model) for name, model in document["components"]["schemas"].items()),
        "</section></main>",
    ]
    return PAGE.format(title="OpenActions API", body="\n".join(parts))


def _by_tag(document: Json) -> dict[str, list[tuple[str, str, Json]]]:
    groups: dict[str, list[tuple[str, str, Json]]] = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            [tag] = operation["tags"]
            groups.setdefault(tag, []).append((method.upper(), path, operation))
    return dict(sorted(groups.items()))


def _group(tag: str, operations: list[tuple[str, str, Json]]) -> str:
    shown = "\n".join(_operation(*each) for each in operations)
    return f'<section><h2 id="tag-{escape(tag)}">{escape(tag)}</h2>\n{shown}\n</section>'


def _operation(method: str, path: str, operation: Json) -> str:
    parts = [
        f'<details id="{escape(operation["operationId"])}"><summary>',
        f"<b>{method}</b> <code>{escape(path)}</code> {escape(operation['summary'])}</summary>",
        _prose(operation.get("description", "")),
    ]
    if parameters := operation.get("parameters"):
        rows = [
            (p["name"], p["in"], _type(p["schema"]), _need(p), p.get("description", ""))
            for p in parameters
        ]
        parts.append(_table("Parameters", rows))
    if body := operation.get("requestBody"):
        rows = [(kind, _type(one.get("schema", {}))) for kind, one in body["content"].items()]
        parts.append(_table("Body", rows))
    rows = [
        (status, _types(response), response["description"])
        for status, response in sorted(operation["responses"].items())
    ]
    parts += [_table("Answers", rows), "</details>"]
    return "\n".join(parts)


def _types(response: Json) -> str:
    return _Html(", ".join(_cell(_type(schema)) for schema in _schemas(response)))


def _schemas(response: Json) -> Iterator[Json]:
    for media_type in response.get("content", {}).values():
        yield media_type.get("schema", {})


def _model(name: str, model: Json) -> str:
    required = model.get("required", ())
    rows = [
        (member, _type(schema), "required" if member in required else "", _about(schema))
        for member, schema in model.get("properties", {}).items()
    ]
    shown = _table("Members", rows) if rows else f"<p>{_cell(_type(model))}</p>"
    head = f'<details id="model-{escape(name)}"><summary><code>{escape(name)}</code></summary>'
    return f"{head}\n{_prose(model.get('description', ''))}\n{shown}\n</details>"


def _need(parameter: Json) -> str:
    return "required" if parameter.get("required") else ""


def _about(schema: Json) -> str:
    bounds = [
        f"{said} {schema[key]}"
        for key, said in (
            *(("minLength", "at least"), ("maxLength", "at most"), ("maxItems", "at most")),
            *(("minimum", "from"), ("maximum", "to"), ("default", "default")),
        )
        if schema.get(key) is not None and not isinstance(schema[key], (dict, list))
    ]
    return " · ".join(filter(None, [schema.get("description", ""), ", ".join(bounds)]))


class _Html(str):
    """Markup of our own, which is not escaped again."""

    __slots__ = ()


def _type(schema: Json) -> str:
    """A schema in a word: a type, the values, or a link to the model."""
    if reference := schema.get("$ref"):
        name = escape(reference.removeprefix(SCHEMAS))
        return _Html(f'<a href="#model-{name}">{name}</a>')
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return _Html(" or ".join(_cell(_type(each)) for each in schema[several]))
    if "const" in schema:
        return str(schema["const"])
    if "enum" in schema:
        return ", ".join(map(str, schema["enum"]))
    if schema.get("type") == "array":
        return _Html(f"list of {_cell(_type(schema.get('items', {})))}")
    kind = schema.get("type", "anything")
    return " or ".join(kind) if isinstance(kind, list) else str(kind)


def _table(title: str, rows: list[tuple[str, ...]]) -> str:
    lines = "\n".join(
        "<tr>" + "".join(f"<td>{_cell(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f"<h3>{title}</h3>\n<table>\n{lines}\n</table>"


def _cell(text: str) -> str:
    return text if isinstance(text, _Html) else _inline(text)


def _prose(text: str) -> str:
    return "\n".join(f"<p>{_inline(each)}</p>" for each in text.split("\n\n") if each.strip())


def _inline(text: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))
