"""No circle among the modules of the core, and no import that hides in a function without a reason."""

from __future__ import annotations

# Packages that take long to load, that may be missing, or that not every system has: always imported where they are used.
HEAVY = {
    "fcntl", "fsspec", "matplotlib", "pandas", "polars", "pyarrow", "python_calamine", "resource", "rpy2", "safetensors",
    "scipy", "threadpoolctl",
}  # fmt: skip
MARK = "# start-up:"
