from contracts.fact import Fact
from contracts.ids import SchemaId


class SchemaStored(Fact, name="schema.stored", by="schema"):
    """A document was read and kept; its operations can be bound to actions."""

    schema_id: SchemaId
    valid: bool
    operations: int


class SchemaVerified(Fact, name="schema.verified", by="schema"):
    """The deep verification of a document ended; its findings were merged into the document's."""

    schema_id: SchemaId
    valid: bool
    complete: bool
    """False when the verification hit its time or memory limit."""


class SchemaCompiled(Fact, name="schema.compiled", by="schema", voids=True):
    """A stored document was compiled again, by a higher version of the compiler.

    Names of operations and their source digests are as they were; compiled forms may differ.
    """

    schema_id: SchemaId
    compiler: int
