from schema_service.domain.reading.encoding import Undecodable, to_utf8


def document_text(raw: bytes) -> str:
    """As the readers see it: from UTF-8, -16 or -32, without byte order mark.

    What is no text at all has replacement characters for it.
    """
    utf8 = to_utf8(raw)
    return (raw if isinstance(utf8, Undecodable) else utf8).decode(errors="replace")
