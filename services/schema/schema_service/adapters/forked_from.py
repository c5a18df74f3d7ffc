"""What worker processes are forked from: everything imported, and its first work done.

Only the server of processes imports this module.
"""

import gc
import resource

from kit.sizes import MIB

_START_BYTES = 512 * MIB

# First: the YAML reader's allocator reserves 1 GiB while it is imported, if it may, which would
# count against the memory that each process is allowed. Refused, it reserves what it needs.
resource.setrlimit(
    resource.RLIMIT_DATA, (_START_BYTES, resource.getrlimit(resource.RLIMIT_DATA)[1])
)

from schema_service.adapters import process_bundler, process_verifier  # noqa: E402, F401
from schema_service.adapters.process_examiner import examine_document  # noqa: E402
from schema_service.domain.examples import EXAMPLES  # noqa: E402
from schema_service.domain.verification import deep  # noqa: E402, F401

_SMALLEST = "info: {{title: '', version: ''}}\npaths: {{/a: {{get: {{}}}}}}\n{}\n"
_VERSIONS = ("swagger: '2.0'", "openapi: 3.0.0", "openapi: 3.1.0", "openapi: 3.2.0")

for _text in (*map(_SMALLEST.format, _VERSIONS), *(example.text for example in EXAMPLES)):
    examine_document(_text.encode(), None, compiled=True)
gc.freeze()  # collections that touch what was forked would copy it
