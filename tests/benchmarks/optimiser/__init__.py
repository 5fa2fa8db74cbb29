"""Adam beside PyTorch's: ``python -m tests.benchmarks.optimiser [--only NAME] [--seeds N] [--quick]``, or ``make bench-adam``.

- `tasks`: the data, the nets and their settings, one file of arrays for each data set
- `worker_ours`, `worker_torch`: one training in a process of its own
- `page`: what is written of it

Both get the same numbers and the same recipe: AdamW with betas 0.9 and 0.95, a rate that falls along a cosine, no dropout, as many
epochs. Starting weights and order are each one's own, so errors are means over seeds; `tests/engine/test_adamw.py` has the same
starts and orders, and there the weights agree to rounding. The clock covers the epochs and nothing else.
"""
