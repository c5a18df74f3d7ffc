"""A body in the media types in which it can be written: XML has no form for some names."""

from dataclasses import dataclass, replace

from schema_service.domain.compiling import body_rules
from schema_service.domain.compiling.inputs.bodies import Payload
from schema_service.domain.compiling.inputs.media_types import is_xml, preferred
from schema_service.domain.compiling.inputs.xml_names import XmlNames, root_xml, xml_names
from schema_service.domain.compiling.references import Broken, Path, References
from schema_service.domain.finding import Finding


@dataclass(frozen=True, slots=True)
class Writable:
    """The body as calls send it; `broken` where they cannot."""

    payload: Payload
    found: tuple[Finding, ...] = ()
    broken: bool = False


def writable(payload: Payload, references: References, known: dict[Path, XmlNames]) -> Writable:
    """Without the XML that cannot be written, in another media type where there is one.

    `known` keeps what was found out of each schema.
    """
    every = [payload, *payload.others]
    names = {each.media_type: _names(each, references, known) for each in every}
    usable = [
        replace(
            each,
            others=(),
            xml=root_xml(each.schema, each.path, references) if is_xml(each.media_type) else {},
            xml_namespaces=names[each.media_type].namespaces,
        )
        for each in every
        if names[each.media_type].bad is None
    ]
    error = names[payload.media_type].as_error()
    if not usable:
        return Writable(payload, (error,) if error else (), broken=True)
    main = usable[0]
    if error is not None:
        wanted = preferred(each.media_type for each in usable)
        main = next(each for each in usable if each.media_type == wanted)
    found = [_left_out(each, names, main) for each in every if each.schema == payload.schema]
    others = tuple(each for each in usable if each is not main)
    return Writable(replace(main, others=others), tuple(each for each in found if each))


def _left_out(payload: Payload, names: dict[str, XmlNames], main: Payload) -> Finding | None:
    bad = names[payload.media_type].bad
    if bad is None:
        return None
    return body_rules.XML_LEFT_OUT.at(
        bad.path, media_type=payload.media_type, name=bad.written, used=main.media_type
    )


def _names(payload: Payload, references: References, known: dict[Path, XmlNames]) -> XmlNames:
    if not is_xml(payload.media_type):
        return XmlNames()
    target = references.follow(payload.schema, payload.path)
    place = payload.path if isinstance(target, Broken) else target.path
    if place not in known:
        known[place] = xml_names(payload.schema, payload.path, references)
    return known[place]
