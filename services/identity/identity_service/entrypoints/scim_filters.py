"""What a filter (RFC 7644, 3.4.2.2) asks for, in values to compare with.

Nothing of a filter reaches the database but plain texts to be equal to: what is asked for is looked
up by one of them, and each that is found is compared with the whole filter here.
"""

from collections.abc import Iterator
from typing import Any

from scim2_models import ScimFilter
from scim2_models.path import (
    CompareOperator,
    Comparison,
    FilterNode,
    LogicalExpr,
    LogicalOperator,
    ValuePath,
)

from identity_service.entrypoints.scim_errors import bad_filter

MAX_FILTER = 500
"""Characters. Deeper than 32 expressions none is read (`scim2_models`)."""
MAX_COMPARISONS = 10


def equalities(text: str, model: type[Any], wanted: dict[str, str]) -> dict[str, str]:
    """The texts by which the filter may be looked up, by attribute. `wanted` are the names that
    may be, by how they are compared: lower case, with a dot.

    Refused with a sentence: what is no filter, what compares otherwise than with `eq`, joined by
    `and`, and what has none of `wanted`.
    """
    if len(text) > MAX_FILTER:
        raise bad_filter(f"The filter has more than {MAX_FILTER} characters. Send a shorter one.")
    comparisons = [*_comparisons(ScimFilter[model](text).ast)]  # type: ignore[valid-type]
    if len(comparisons) > MAX_COMPARISONS:
        raise bad_filter(f"The filter compares more than {MAX_COMPARISONS} times. Ask for less.")
    found = {
        wanted[name]: value
        for name, value in comparisons
        if name in wanted and isinstance(value, str)
    }
    if not found:
        names = ", ".join(sorted({*wanted.values()}))
        raise bad_filter(f'Filters compare one of these with a text: {names}. Such as: id eq "…".')
    return found


def _comparisons(node: FilterNode) -> Iterator[tuple[str, Any]]:
    """Names in lower case, without the schema before them."""
    match node:
        case LogicalExpr(op=LogicalOperator.and_, terms=terms):
            for term in terms:
                yield from _comparisons(term)
        case Comparison(op=CompareOperator.eq):
            path = node.attr_path
            yield ".".join(filter(None, (path.attr, path.sub_attr))).lower(), node.value
        case ValuePath():
            for name, value in _comparisons(node.val_filter):
                yield f"{node.attr_path.attr.lower()}.{name}", value
        case _:
            raise bad_filter(
                "Filters compare with `eq` only, joined by `and`. Ask for more with several "
                'requests, such as userName eq "ada@example.com".'
            )
