"""Types of the compiled ring."""

from ..arrays import Array

BLOCK: int

class Ring:
    rank: int
    ranks: int
    left: int
    right: int
    broken: bool

    def __init__(self, rank: int, ranks: int, left: int, right: int) -> None: ...
    def cancel(self) -> None: ...
    def exchange(
        self,
        values: Array,
        base: Array | None,
        result: Array,
        *,
        rule: str = "average",
        before: Array | None = None,
        gains: Array | None = None,
        trust: float = 0,
        weight: float = 1,
        round: int = 0,
        generation: int = 0,
        timeout: float = 60,
    ) -> None: ...
