"""Whether every prefix of an XML document stands for a namespace (Namespaces in XML 1.0, 5)."""

from xml.etree.ElementTree import Element

from contracts.xml_name import XML, XMLNS


def undeclared(root: Element) -> str | None:
    """A prefix that nothing around its element or attribute declares; None where all are."""
    waiting = [(root, frozenset[str]())]
    while waiting:
        element, around = waiting.pop()
        named = [name.partition(":") for name in element.attrib]
        declared = around | {local for prefix, _, local in named if prefix == XMLNS and local}
        used = {prefix for prefix, colon, _ in named if colon} - {XML, XMLNS}
        prefix, colon, _ = str(element.tag).partition(":")
        for each in sorted(used | ({prefix} if colon else set())):
            if each not in declared:
                return each
        waiting += [(child, declared) for child in element]
    return None
