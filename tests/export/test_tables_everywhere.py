"""Models of tables predict the same as MOJO in the genuine h2o-genmodel, as Java class, in onnxruntime and compiled by gcc."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from heavywater.deeplearning.model.model import DeepLearningModel
from heavywater.export.mojo_writer import write_mojo
from heavywater.export.pojo_writer import write_pojo
from heavywater.frame.frame import Frame

from .c_running import Compiled
from .export_cases import predicted, read_predictions, texts, write_csv
from .onnx_running import Running
from .programs import real_h2o, run
from .table_sets import TABLES, TableOf, table_model

HERE = Path(__file__).parent
DIFFERENCE = 1e-5  # of numbers relative to each of them; of probabilities to 1
pytestmark = pytest.mark.filterwarnings("ignore:Column")


def name_of(table: TableOf) -> str:
    return f"table_{TABLES.index(table)}"


def write_rows(rows: Frame, path: Path) -> None:
    """Rows as `genuine/Genuine.java` reads them."""
    cells = [rows.names, *zip(*map(texts, rows.columns), strict=True)]
    path.write_text(
        "".join("".join(f"{cell}\x1f" for cell in row) + "\x1e" for row in cells), encoding="utf-8"
    )


@pytest.fixture(scope="module")
def java(tmp_path_factory):
    """Folder with what the genuine scorer and our Java classes predict, of all tables in one run each."""
    python, folder = real_h2o(), tmp_path_factory.mktemp("java")
    backend = run([python, "-c", "import h2o.backend as b; print(b.__path__[0])"], folder).strip()
    path = f"{folder}:{backend}/bin/h2o.jar"
    for table in TABLES:
        model, rows = table_model(table)
        model.key = name_of(table)
        write_mojo(model, folder / f"{model.key}.zip")
        write_pojo(model, folder)
        write_rows(rows, folder / f"{model.key}.rows")
    names, sources = list(map(name_of, TABLES)), [*folder.glob("*.java"), *HERE.glob("genuine/*.java")]
    run(["javac", "-cp", path, "-d", folder, *sources], folder)
    run(["java", "-Dsys.ai.h2o.ext.core.toggle.none=1", "-cp", path, "Genuine", *names], folder)
    return folder


def genuine(model: DeepLearningModel, _: Frame, folder: Path) -> np.ndarray:
    lines = (folder / f"{model.key}.scores").read_text(encoding="utf-8").splitlines()
    return np.array([line.split("\t")[1 if "\t" in line else 0 :] for line in lines], float)


def java_class(model: DeepLearningModel, rows: Frame, folder: Path) -> np.ndarray:
    write_csv(rows, folder / "rows.csv")
    with (folder / "rows.csv").open("rb") as given:
        out = run(["java", "-cp", folder, model.key], folder, stdin=given)
    (folder / "found.csv").write_text(out, encoding="utf-8")
    return read_predictions(folder / "found.csv")[1]


def graph(model: DeepLearningModel, rows: Frame, _: Path) -> np.ndarray:
    return Running(model).predicted(rows)[1]


def compiled(model: DeepLearningModel, rows: Frame, folder: Path) -> np.ndarray:
    return Compiled(model, folder, model.key).predicted(rows)[1]


WAYS: list[Callable[[DeepLearningModel, Frame, Path], np.ndarray]] = [genuine, java_class, graph, compiled]


def differences(found: np.ndarray, expected: np.ndarray) -> np.ndarray:
    scale = 1.0 if expected.shape[1] > 1 else np.abs(expected)
    return np.abs(found - expected) / scale


@pytest.mark.long
@pytest.mark.parametrize("table", TABLES, ids=str)
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_predictions(way, table, java):
    model, rows = table_model(table)
    assert differences(way(model, rows, java), predicted(model, rows)[1]).max() < DIFFERENCE


@pytest.mark.parametrize(
    "table", [table for table in TABLES if "iris" in table.file or "cars" in table.file], ids=str
)
@pytest.mark.parametrize("way", [graph, compiled], ids=lambda way: way.__name__)
def test_small_tables(way, table, tmp_path):
    """In 64 bits nothing is left but the order of sums."""
    model, rows = table_model(table)
    exact = replace(model, key="model", dtype=np.float64)
    found = way(exact, rows, tmp_path)
    assert differences(found, predicted(exact, rows)[1]).max() < 1e-12
    assert differences(found, predicted(model, rows)[1]).max() < DIFFERENCE
