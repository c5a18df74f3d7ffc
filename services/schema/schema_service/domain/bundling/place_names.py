"""What the parts of a bundle are called: by their path, whichever else there are."""

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

from schema_service.domain.compiling.names import Names

MAX_NAME = 80
_UNSAFE = re.compile(r"[^A-Za-z0-9_.-]+")
_ENDING = re.compile(r"\.(?:json|ya?ml)$")


def place_names(urls: Sequence[str], root_url: str) -> dict[str, str]:
    """A name for each URL; one that several would have gets a hash of the URL."""
    wanted = {url: _wanted(url, root_url) for url in urls}
    counts = Counter(wanted.values())
    names = Names()
    return {
        url: names.take(name if counts[name] == 1 else f"{name}_{_digest(url)}")
        for url, name in wanted.items()
    }


def _wanted(url: str, root_url: str) -> str:
    """`schemas_pet` for `…/v1/schemas/pet.yaml`, seen from `…/v1/openapi.yaml`."""
    parts, folder = urlsplit(url), urlsplit(root_url).path.rpartition("/")[0]
    path = _ENDING.sub("", parts.path.removeprefix(f"{folder}/"))
    whole = f"{path}?{parts.query}" if parts.query else path
    return _UNSAFE.sub("_", unquote(whole)).strip("_.")[:MAX_NAME] or "document"


def _digest(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()[:8]
