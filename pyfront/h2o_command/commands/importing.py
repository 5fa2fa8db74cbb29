"""``h2o import``."""

from __future__ import annotations

from typing import Any

from ..data import STANDARD, check_free, frame_of, written
from ..options import DATA, FORCE, GENERAL, READING, SESSION, Command, option
from ..output import Answer
from ..sessions import opened


def _run(options: Any) -> Answer | None:
    check_free("--output", options.output, options)
    h2o = opened(options)
    frame = frame_of(h2o, options.data, options)
    if options.output is not None and written(h2o, frame, options.output, options) == STANDARD:
        return None
    return {"rows": frame.nrow, "columns": frame.ncol, "types": dict(frame.types)}


IMPORT = Command(
    "import",
    "read a data file, name its columns and types, write it as CSV or Parquet",
    _run,
    (
        DATA,
        option("--output", "write the data there: CSV (packed if it ends with .gz, .bz2 or .zst), or a "
               "folder of Parquet files (*.parquet); - is standard "
               "output, as CSV", metavar="FILE"),
        FORCE, *READING, *SESSION, *GENERAL,
    ),
    examples=(
        ("What is in it?", "h2o import iris.csv"),
        ("Semicolons, a footer, other letters; as Parquet", "h2o import a.txt --separator ';' --skip-footer 1 "
         "--encoding latin-1 --output a.parquet"),
        ("From a pipe", "zcat big.csv.gz | h2o import - --json"),
    ),
)  # fmt: skip
