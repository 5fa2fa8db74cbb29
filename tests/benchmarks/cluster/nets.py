"""The networks, and the errors that they are to reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..averaging import NETS

# Of the booklet's figure: 64 epochs, 4 cores per node; no error is given
BOOKLET = {1: 1.0, 16: 10.0, 32: 18.0, 63: 36.0}
# Shares of the time of training that meetings may take: the default of target_ratio_comm_to_comp, and one for the sake of errors
RATIOS = (0.05, 0.5)
MEMBERS = (1, 2, 4, 8, 16, 32, 63)


@dataclass(frozen=True)
class Net:
    """One of them.

    Attributes
    ----------
    name, title : str
    errors : tuple of float
        Per cent of test errors to reach; the last one is where training ends.
    rows : int
        To train when speed is measured: some seconds.
    total : int
        Rows of all members after which training is given up.
    most : int
        Members that one process can hold.
    """

    name: str
    title: str
    errors: tuple[float, ...]
    rows: int
    total: int
    most: int = 63

    @property
    def parameters(self) -> dict[str, Any]:
        """Of the estimator; all in the sparse form, the quickest for these digits."""
        return {**NETS[self.name], "sparse": True}


BY_NAME = {
    each.name: each
    for each in (
        # 3 % is beyond so small a net with dropout, however long it trains: that is said, and training ends before
        Net("trial", "trial run (32,32,32), dropout", (3.0, 9.0), 1_200_000, 3_000_000),
        Net("default", "default (200,200)", (4.0, 3.0), 120_000, 1_200_000),
        Net("record", "record net (1024,1024,2048), dropout, max_w2", (4.0, 2.0), 2_000, 600_000, 8),
    )
}
