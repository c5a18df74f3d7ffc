from dataclasses import dataclass

from schema_service.domain.errors import ExampleUnknown
from schema_service.domain.examples import EXAMPLES, Example


@dataclass(frozen=True, slots=True)
class ReadExamples:
    """The built-in documents to begin with."""

    def __call__(self) -> tuple[Example, ...]:
        return EXAMPLES

    def named(self, key: str) -> Example:
        for example in EXAMPLES:
            if example.key == key:
                return example
        raise ExampleUnknown([example.key for example in EXAMPLES])
