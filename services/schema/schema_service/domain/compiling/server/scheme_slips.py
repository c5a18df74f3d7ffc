"""A URL whose scheme is written with a slip: `https//host`, `https:/host`, `htps://host`."""

import re
from collections.abc import Iterator

from egress.errors import EgressError
from egress.server_url import ServerUrl
from schema_service.domain import pointers
from schema_service.domain.compiling import server_rules
from schema_service.domain.compiling.references import Path
from schema_service.domain.compiling.server import wanted
from schema_service.domain.compiling.server.beginnings import misspelt_scheme
from schema_service.domain.compiling.server.hosts import obstacle
from schema_service.domain.finding import Edit, Finding


def scheme_slip(url: str, template: str, path: Path) -> Finding | None:
    """`template` is the URL with its variables. The rest has to be a host that may be called."""
    found = misspelt_scheme(url)
    if found is None:
        return None
    whole = next(_meant(found, url), None)
    finding = server_rules.SERVER_SCHEME_MISSPELT.at(path, url=url, written=found[0])
    if whole is None:
        return wanted.asking_for_url(finding, path)
    at_template = misspelt_scheme(template)
    if at_template is None:
        return wanted.asking_for_url(finding, path)
    edit = Edit("replace", pointers.join(path), f"https://{template[at_template.end() :]}")
    return finding.repaired_by("Write https:// there", edit)


def _meant(found: re.Match[str], url: str) -> Iterator[str]:
    whole = f"https://{url[found.end() :]}"
    try:
        server = ServerUrl.parse(whole)
    except EgressError:
        return
    if obstacle(server) is None:
        yield whole
