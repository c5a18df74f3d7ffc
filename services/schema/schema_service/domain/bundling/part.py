from dataclasses import dataclass

from schema_service.domain.bundling.addresses import address_of, same_origin
from schema_service.domain.bundling.mentions import mentions
from schema_service.domain.bundling.schema_ids import own_references
from schema_service.domain.reading.read_document import read_document

MAX_PARTS = 50
MAX_LEVELS = 20
"""How many references may lie between a part and the document that it is bundled into."""


@dataclass(frozen=True, slots=True)
class Part:
    """A document that belongs to a bundle.

    `url` is what references to it say, `base_url` where it was in the end: its own relative
    references are resolved against that (RFC 3986, 5.1.3).
    """

    url: str
    base_url: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Outside:
    """The documents that one refers to, each once, in the order of the text.

    `unreadable` says why nothing is known of them, and is empty where it is.
    """

    urls: tuple[str, ...]
    unreadable: str = ""


def outside(part: Part, root_url: str) -> Outside:
    """Only what has the origin of the root; one more than may be fetched shows that it is one."""
    reading = read_document(part.raw)
    if reading.document is None:
        return Outside((), reading.findings[0].message)
    found: dict[str, None] = {}
    own_ids = own_references(reading.document, part.base_url)
    for mention in mentions(reading.document):
        if mention.path in own_ids:
            continue
        address = address_of(mention.text, part.base_url)
        own = address is None or address.url in (part.base_url, part.url, root_url)
        if address is not None and not own and same_origin(address.url, root_url):
            found[address.url] = None
        if len(found) > MAX_PARTS:
            break
    return Outside(tuple(found))
