"""Well-known small files, cell by cell against pandas."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from heavywater.frame.exchange.outgoing import to_pandas
from heavywater.frame.importing.importer import import_sources
from heavywater.frame.importing.options import Options
from heavywater.frame.importing.sources import expand

DATA = Path(__file__).parents[2] / "data"


@pytest.mark.parametrize(
    ("file", "header", "types"),
    [
        ("iris.csv", None, "rrrre"),
        ("iris_missing.csv", "infer", "rrrre"),
        ("prostate_missing.csv", "infer", "iiiiiirri"),
        ("cars.csv", "infer", "eririiri"),
        ("australia.csv", "infer", "rirrirri"),
        ("AirlinesTest.csv.gz", "infer", "eeeeiieeeiei"),
    ],
)
def test_as_pandas_reads_it(file, header, types):
    frame = import_sources(expand(DATA / file), Options(), threads=2)
    assert "".join(kind[0] for kind in frame.types.values()) == types
    # An NA in a text column is a level of that name, as in H2O; pandas is told so.
    ending = "\r" if file == "australia.csv" else None
    expected = pd.read_csv(
        DATA / file, header=header, lineterminator=ending, keep_default_na=False, na_values={}, dtype=str
    )
    ours = to_pandas(frame)
    assert ours.shape == expected.shape
    for i, kind in enumerate(types):
        texts = expected.iloc[:, i]
        if kind == "e":
            assert ours.iloc[:, i].fillna("").tolist() == texts.tolist()
        else:
            wanted = pd.to_numeric(texts, errors="coerce").to_numpy(float)
            assert np.array_equal(ours.iloc[:, i].to_numpy(float), wanted, equal_nan=True)
