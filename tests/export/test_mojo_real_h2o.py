"""The real H2O, and its scorer, read what we write and predict the same."""

from __future__ import annotations

import csv
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from heavywater.deeplearning.model.model import DeepLearningModel
from heavywater.export.mojo_reader import read_mojo
from heavywater.export.mojo_writer import write_mojo
from heavywater.frame.columns.makers import enum, numeric
from heavywater.frame.frame import Frame
from heavywater.session import LocalSession

from ..cases import scoring
from ..house.tree import ROOT
from ..sessions import finished
from .export_cases import (
    ALL,
    MIXED_AUTOENCODERS,
    Case,
    assert_same_predictions,
    predicted,
    read_predictions,
    scoring_frame,
    trained,
    training_frame,
    with_column,
    write_csv,
)
from .piecewise_cases import DRAWN, UNLIMITED_IN_MOJO, Drawn, made
from .programs import real_h2o, run

OF_H2O = scoring.Case("s02_multinomial_tanh").path
# Autoencoders with factors: h2o.import_mojo cannot read those of H2O either, but its scorer on the command line can.
EVERY: list[Case | Drawn] = [*ALL, *DRAWN]
CASES = [case for case in EVERY if case not in MIXED_AUTOENCODERS and case not in UNLIMITED_IN_MOJO]


def rows_for_h2o(case: Case | Drawn) -> Frame:
    """The rows as H2O takes them: without offset, levels that training did not know missing."""
    rows = scoring_frame()
    if "offset" in case.name:
        return with_column(rows, "exposure", numeric(np.zeros(rows.nrow)))
    if "EnumLimited" in case.name:
        many = rows.column("many")
        return with_column(rows, "many", enum(np.where(many.values >= 14, -1, many.values), many.levels))
    return rows


@cache
def session_models() -> dict[str, DeepLearningModel]:
    """Models with parameters and metrics that only a session can give: folds, validation, frames as starting weights."""
    session = LocalSession(nthreads=1)
    rows = session.store.put_frame(training_frame(), "rows")
    given = {"hidden": [6], "epochs": 1, "seed": 1}

    def train(name: str, **more: Any) -> DeepLearningModel:
        started = session.training.train("deeplearning", given | {"model_id": name} | more, x=["colour", "x"], y="two",
                            training_frame_key=rows, validation_frame_key=rows)  # fmt: skip
        return session.store.get(finished(session, started), DeepLearningModel)

    folds = train("folds", nfolds=3, ignored_columns=["size"], keep_cross_validation_predictions=True)
    start = {"initial_weights": [session.store.put_frame(folds.weights_frame(0)), None],
             "initial_biases": [session.store.put_frame(folds.biases_frame(0)), None]}  # fmt: skip
    return {"folds": folds, "started": train("started", **start, fold_column="weight", class_sampling_factors=[1, 2],
                                             balance_classes=True)}  # fmt: skip


def write_codes(rows: Frame, path: Path) -> None:
    """The rows with factors as codes."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([f"C{k}" for k in range(rows.ncol)])
        cells = np.column_stack([column.numbers() for column in rows.columns])
        writer.writerows([["" if np.isnan(x) else repr(x) for x in row] for row in cells.tolist()])


@pytest.fixture(scope="module")
def h2o_folder(tmp_path_factory):
    """Folder with the models and what H2O makes of them; one server for all."""
    python = real_h2o()
    folder, rows = tmp_path_factory.mktemp("mojo"), with_flowers(scoring_frame())
    for case in CASES:
        write_mojo(made(case), folder / f"{case.name}.zip")
    others = {"copy": read_mojo(OF_H2O, "copy"), **session_models()}
    for name, model in others.items():
        write_mojo(model, folder / f"{name}.zip")
    write_codes(rows, folder / "rows.csv")
    job = {
        "models": [*(case.name for case in CASES), *others],
        "columns": rows.names,
        "levels": {
            name: c.levels for name, c in zip(rows.names, rows.columns, strict=True) if c.kind == "enum"
        },
    }
    (folder / "job.json").write_text(json.dumps(job))
    run([python, "-W", "ignore", "-m", "tests.export.worker_real_h2o", folder], ROOT)
    return folder


@pytest.mark.parametrize("case", CASES, ids=str)
@pytest.mark.filterwarnings("ignore:Column")
def test_predictions(case, h2o_folder):
    expected = predicted(made(case), rows_for_h2o(case))
    assert_same_predictions(read_predictions(h2o_folder / f"{case.name}.csv"), expected)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_h2o_tells_of_a_model(case, h2o_folder):
    """Metrics and tables come from the description in the file."""
    told = json.loads((h2o_folder / "answers.json").read_text())[case.name]
    ours = made(case).description()
    assert told["category"] == ours["model_category"]
    metrics = told["training_metrics"]
    assert metrics["MSE"] > 0
    for name in metrics.keys() & ours["training_metrics"].keys():
        np.testing.assert_allclose(
            float(metrics[name]), ours["training_metrics"][name], rtol=1e-12, err_msg=name
        )
    for name, rows in told["tables"].items():
        table = ours.get(name)
        assert (rows is None) == (table is None), name
        if table is not None:  # H2O gives whole numbers as text here, its own, too
            assert [row[0] for row in rows] == [str(row[0]) for row in table["rows"]], name


def with_flowers(rows: Frame) -> Frame:
    """The rows with the columns of a model that H2O has trained beside the others."""
    rng = np.random.default_rng(3)
    names = [name for name in read_mojo(OF_H2O, "model").spec.kinds if name not in rows.names]
    assert len(names) == 4
    return Frame(
        [*rows.names, *names], [*rows.columns, *(numeric(rng.uniform(0, 8, rows.nrow)) for _ in names)]
    )


def test_models_of_h2o_can_be_written_again(h2o_folder):
    found = read_predictions(h2o_folder / "copy.csv")
    expected = predicted(read_mojo(OF_H2O, "model"), with_flowers(scoring_frame()))
    assert_same_predictions(found, expected, 1e-12)


@pytest.mark.parametrize("name", ["folds", "started"])
@pytest.mark.filterwarnings("ignore:Column")
def test_models_of_a_session(name, h2o_folder):
    model = session_models()[name]
    assert_same_predictions(read_predictions(h2o_folder / f"{name}.csv"), predicted(model, scoring_frame()))
    told = json.loads((h2o_folder / "answers.json").read_text())[name]
    for which in ("validation_metrics", "cross_validation_metrics"):
        ours = model.description()[which]
        assert told[which] == pytest.approx({name: ours[name] for name in told[which]}, rel=1e-12)
        assert told[which]["AUC"] > 0.5
    assert len(told["tables"]["cross_validation_metrics_summary"]) > 10


@pytest.mark.parametrize("case", MIXED_AUTOENCODERS[:1], ids=str)
@pytest.mark.filterwarnings("ignore:Column")
def test_autoencoders_with_factors_in_the_scorer(case, tmp_path):
    python = real_h2o()
    write_mojo(trained(case), tmp_path / "model.zip")
    write_csv(scoring_frame(), tmp_path / "rows.csv")
    jar = (
        run([python, "-c", "import h2o.backend as b; print(b.__path__[0])"], tmp_path).strip()
        + "/bin/h2o.jar"
    )
    run(["java", "-cp", jar, "hex.genmodel.tools.PredictCsv", "--mojo", "model.zip", "--input", "rows.csv",
         "--output", "found.csv", "--decimal"], tmp_path)  # fmt: skip
    found = read_predictions(tmp_path / "found.csv")
    assert_same_predictions((None, found[1]), predicted(trained(case), scoring_frame()))
