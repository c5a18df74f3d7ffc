"""Numbers in sentences: `1 call`, `2 calls`, `1,000 calls`."""


def counted(number: int, noun: str) -> str:
    """`noun` is the singular of one whose plural has an s more."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
