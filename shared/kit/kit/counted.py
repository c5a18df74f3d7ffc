"""Numbers in sentences: `1 call`, `2 calls`, `1,000 calls`."""


class Counted(int):
    """`{used:call}` in a template; any other format is a number's own."""

    def __format__(self, noun: str) -> str:
        if not noun[:1].isalpha() or len(noun) == 1:
            return super().__format__(noun)
        return f"{int(self):,} {noun}{'' if self == 1 else 's'}"
