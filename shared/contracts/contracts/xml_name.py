"""Names in XML documents: one rule for whoever compiles an operation and for whoever sends it."""

import re
from typing import Final, NamedTuple

_START: Final = (
    "A-Z_a-z\xc0-\xd6\xd8-\xf6\xf8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAME: Final = re.compile(f"[{_START}][{_START}0-9.\\-\xb7\u0300-\u036f\u203f\u2040]*")
XML: Final = "xml"
"""A prefix that is always declared (Namespaces in XML 1.0, 3)."""
XMLNS: Final = "xmlns"
"""The prefix of attributes that declare others."""


class QualifiedName(NamedTuple):
    """`prefix` is empty where the name has none."""

    prefix: str
    local: str

    @property
    def written(self) -> str:
        return f"{self.prefix}:{self.local}" if self.prefix else self.local

    @property
    def is_valid(self) -> bool:
        """Namespaces in XML 1.0, 4: both are names without a colon."""
        return is_xml_name(self.local) and (not self.prefix or is_xml_name(self.prefix))


def is_xml_name(text: str) -> bool:
    """A name without a colon (XML 1.0, 2.3; Namespaces in XML 1.0, 3)."""
    return _NAME.fullmatch(text) is not None


def qualified(name: str, prefix: str) -> QualifiedName:
    """The name that documents write with or without its prefix: `soap:Envelope`."""
    before, colon, after = name.partition(":")
    if colon and prefix in ("", before):
        return QualifiedName(before, after)
    return QualifiedName(prefix, name)
