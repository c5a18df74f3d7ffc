"""What asks a caller for a file: its bytes, and its type where the document leaves that open."""

from contracts import file_value
from contracts.tool_forms.text import sentences
from contracts.wire import is_media_type
from schema_service.domain.compiling.inputs.encodings import names_in
from schema_service.domain.compiling.inputs.kinds import Kinds
from schema_service.domain.compiling.json_schema.compiled import Compiled, Schema


def file_argument(
    compiled: Compiled, kinds: Kinds, *, named: bool, media_type: str | None
) -> Compiled:
    """What asks for a file's bytes; `named` also for its name and type. `media_type` has the types
    that the document permits, with commas between them (OAS 3.1, 4.8.15.1, `contentType`).
    """
    alphabet = kinds.encoding_of(compiled.schema)
    types = _types(media_type)
    text = file_value.text_schema(alphabet)
    if len(types) == 1 and "*" not in types[0]:
        text["contentMediaType"] = types[0]
    null = [{"type": "null"}] if "null" in kinds.shapes.types(compiled.schema) else []
    if not (named or null):
        return described(Compiled(text), compiled, file_value.SENTENCE)
    forms = file_value.object_schemas(alphabet, types)
    if not file_value.needs_type(types):
        schema: Schema = {"anyOf": [text, *forms, *null]}
        return described(Compiled(schema), compiled, file_value.SENTENCE_WITH_NAME)
    schema = {"anyOf": [*forms, *null]}
    by_name = len(forms) > 1
    sentence = file_value.SENTENCE_WITH_TYPE_OR_NAME if by_name else file_value.SENTENCE_WITH_TYPE
    return described(Compiled(schema), compiled, sentence)


def files_argument(compiled: Compiled, kinds: Kinds, media_type: str | None) -> Compiled:
    """A list of files, of as many as the document allows."""
    schema = kinds.shapes.schemas.followed(compiled.schema)
    one = file_argument(Compiled(), kinds, named=True, media_type=media_type).schema
    limits = {"minItems", "maxItems"}
    kept = {k: v for k, v in schema.items() if k in limits} if isinstance(schema, dict) else {}
    return described(Compiled({"type": "array", "items": one, **kept}), compiled, "")


def described(made: Compiled, declared: Compiled, sentence: str) -> Compiled:
    """With the declared description, and a sentence behind it; with what was found there."""
    outside = declared.schema if isinstance(declared.schema, dict) else {}
    schema = made.schema if isinstance(made.schema, dict) else {}
    description = sentences(outside.get("description", ""), sentence)
    if description:
        schema = {**schema, "description": description}
    return Compiled(schema, made.uses, declared.broken, declared.warned)


def _types(media_type: str | None) -> list[str]:
    """Those that calls are compared with: what is no media type is none of them."""
    names = names_in(media_type or "")
    return [*dict.fromkeys(each for each in names if is_media_type(each))]
