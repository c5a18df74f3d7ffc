"""Text that is safe to print, and numbers with their nouns."""


def counted(number: int, one: str, many: str | None = None) -> str:
    """`1 error`, `2 errors`; `many` where the plural is no `s`."""
    return f"{number} {one if number == 1 else many or f'{one}s'}"


def printable(text: str) -> str:
    """Nothing that moves a cursor, changes a colour or turns the direction of writing."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)
