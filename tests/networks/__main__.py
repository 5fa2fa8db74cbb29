"""A table of what training on a network of each kind is like: ``python -m tests.networks [SECONDS]``."""

from __future__ import annotations

import itertools
import sys
import warnings

from .lab import Lab
from .trained import ROWS, begin, outcome, session_with_nodes

DELAYS = 0, 1, 20  # milliseconds one way
LOSSES = 0, 0.001, 0.01
RATES = 1000, 100  # Mbit/s
TARGET = 0.05


def main(seconds: float) -> int:
    print(f"2 nodes on hosts of their own, {seconds:g} s each; target_ratio_comm_to_comp={TARGET}\n")
    print(
        "| delay | loss | rate | rows/s | rows per round | ring / computation | packets lost | error | lost nodes |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    lab, wrong = Lab(3), 0
    with session_with_nodes(lab, {2: "10.77.0.1", 3: "10.77.0.1"}) as session:
        for rate, delay, loss in itertools.product(RATES, DELAYS, LOSSES):
            lab.set(delay, loss, rate)
            before = lab.count()[1]
            found = outcome(session, begin(session, seconds))
            lost = lab.count()[1] - before
            longest = found.rows_per_round >= ROWS  # an epoch: the share may be larger
            held = longest or found.ratio <= 2 * TARGET
            wrong += not (held and found.ratio >= TARGET / 2) or bool(found.warnings)
            print(
                f"| {delay} ms | {100 * loss:g} % | {rate} Mbit/s | {found.rows_per_second:,.0f} | {found.rows_per_round:,.0f} | "
                f"{found.ratio:.3f} | {lost} | {100 * found.error:.1f} % | {len(found.warnings)} |",
                flush=True,
            )
    lab.close()
    print(
        f"\n{wrong} of them are beyond half and double of the target though no round is an epoch, or have lost nodes."
    )
    return int(wrong > 0)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 40))
