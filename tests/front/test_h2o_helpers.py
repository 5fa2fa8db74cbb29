"""Helpers of H2O's client that scripts use beside frames and models."""

import io
from pathlib import Path
from typing import Any

import h2o
import numpy as np
import pandas as pd
import pytest
from h2o.assembly import H2OAssembly
from h2o.backend import progress
from h2o.display import (
    H2ODisplay,
    H2ODisplayWrapper,
    H2OItemsDisplay,
    H2OStringDisplay,
    H2OTableDisplay,
    capture_output,
    display,
    format_user_tips,
    to_html,
    to_str,
    user_tips_enabled,
)
from h2o.estimators import H2ODeepLearningEstimator
from h2o.exceptions import H2OJobCancelled, H2OTypeError, H2OValueError
from h2o.information_retrieval import tf_idf
from h2o.job import H2OJob
from h2o.transforms.preprocessing import H2OBinaryOp, H2OCol, H2OColOp, H2OColSelect
from h2o.two_dim_table import H2OTwoDimTable
from h2o.utils.config import H2OConfigReader, get_config_value
from h2o.utils.typechecks import (
    NOT,
    BoundInt,
    BoundNumeric,
    Dict,
    Enum,
    I,
    Tuple,
    U,
    assert_is_type,
    assert_matches,
    assert_satisfies,
    h2oframe,
    is_type,
    numpy_ndarray,
    pandas_dataframe,
    scipy_sparse,
)


@pytest.fixture(scope="module")
def rows() -> Any:
    n = np.arange(40)
    values = {"a": (n / 7).tolist(), "c": ["p", "q"] * 20, "y": np.where(n > 15, "yes", "no").tolist()}
    return h2o.H2OFrame(values, column_types={"c": "enum", "y": "enum"})


@pytest.fixture(scope="module")
def model(rows: Any) -> Any:
    found = H2ODeepLearningEstimator(hidden=[3], epochs=2, seed=1)
    found.train(x=["a", "c"], y="y", training_frame=rows)
    return found


# --- the steps of an assembly


def test_an_assembly_applies_its_steps(rows: Any) -> None:
    steps = [
        ("columns", H2OColSelect(["a", "c"])),
        ("cosine", H2OColOp(op=h2o.H2OFrame.cos, col="a")),
        ("count", H2OColOp(op=h2o.H2OFrame.countmatches, col="c", inplace=False, pattern="p")),
        ("twice", H2OBinaryOp(h2o.H2OFrame.__add__, "a", inplace=False, new_col_name="b", right=H2OCol("a"))),
        ("less", H2OBinaryOp(h2o.H2OFrame.__sub__, "b", left=1)),
    ]
    assembly = H2OAssembly(steps)
    found = assembly.fit(rows).as_data_frame()
    cosine = np.cos(rows.as_data_frame()["a"])
    assert list(found) == assembly.names == ["a", "c", "c0", "b"]
    assert np.allclose(found["a"], cosine) and np.allclose(found["b"], 1 - 2 * cosine)
    assert found["c0"].tolist() == [1, 0] * 20
    assert rows.names == ["a", "c", "y"]


@pytest.mark.parametrize(
    ("method", "expected"),
    [("plus", 6), ("minus", 2), ("multiply", 8), ("divide", 2), ("less_than", 0), ("greater_than_equal", 1)],
)
def test_an_assembly_has_the_operators(method: str, expected: float) -> None:
    found = getattr(H2OAssembly, method)(h2o.H2OFrame([[4, 4]]), h2o.H2OFrame([[2, 2]]))
    assert (found.as_data_frame().to_numpy() == expected).all()


def test_steps_are_checked() -> None:
    with pytest.raises(H2OTypeError, match="H2OTransformer"):
        H2OAssembly([("name", "no step")])  # type: ignore[list-item]
    with pytest.raises(H2OValueError, match="one of the two"):
        H2OBinaryOp(h2o.H2OFrame.__add__, "a")
    with pytest.warns(UserWarning, match="new_col_name"):
        H2OColOp(h2o.H2OFrame.cos, "a", new_col_name="b")


# --- words, jobs, the configuration


def test_tf_idf_takes_names_and_positions() -> None:
    texts = h2o.H2OFrame({"id": [1, 2], "text": ["a b", "b b"]}, column_types={"text": "string"})
    found = tf_idf(texts, "id", "text").as_data_frame()
    assert found.equals(tf_idf(texts, 0, 1).as_data_frame())
    assert found["TF"].tolist() == [1, 1, 2] and found["Word"].tolist() == ["a", "b", "b"]
    for wrong in ("none", 2, True, None):
        with pytest.raises(H2OValueError, match="text_col"):
            tf_idf(texts, "id", wrong)


def test_a_job_can_be_watched_and_cancelled(rows: Any) -> None:
    estimator = H2ODeepLearningEstimator(hidden=[2], epochs=1)
    estimator.start(x=["a"], y="y", training_frame=rows)
    seen: list[float] = []
    job = H2OJob(estimator).poll(lambda job, done: seen.append(done))
    assert job.status == "DONE" and job.progress == 1 and seen[-1] == 1
    estimator.join()
    assert job.dest_key == estimator.model_id
    endless = H2ODeepLearningEstimator(hidden=[2], epochs=1e9, classification_stop=-1, stopping_rounds=0)
    endless.start(x=["a"], y="y", training_frame=rows, model_id="cancelled_job")
    job = H2OJob(endless, "Training")
    job.cancel()
    with pytest.raises(H2OJobCancelled, match="Training"):
        job.poll(lambda job, done: None)


def test_the_switch_of_progress_bars_is_that_of_the_session() -> None:
    before = H2OJob.__PROGRESS_BAR__
    try:
        H2OJob.__PROGRESS_BAR__ = False
        assert progress.progress_enabled() is False
        h2o.show_progress()
        assert H2OJob.__PROGRESS_BAR__ is True
    finally:
        H2OJob.__PROGRESS_BAR__ = before


def test_the_configuration_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    monkeypatch.setenv("HOME", str(below))
    assert H2OConfigReader.get_config() == {} and get_config_value("init.url", "none") == "none"
    text = "# a comment\ngeneral.telemetry = no\n[init]\nurl = http://x:1/a=b\nr:proxy = p\npy:proxy=q\n"
    (tmp_path / ".h2oconfig").write_text(text)
    expected = {"general.telemetry": "no", "init.url": "http://x:1/a=b", "init.proxy": "q"}
    assert H2OConfigReader.get_config() == expected
    (below / ".h2oconfig").write_text("unknown = 1\nnothing\ninit.url=u\n")
    with pytest.warns(UserWarning, match="line [12]"):
        assert H2OConfigReader.get_config() == {"init.url": "u"}


# --- checks of types


@pytest.mark.parametrize(
    ("value", "kind", "fits"),
    [
        (3, U(int, str), True),
        (3.5, U(int, str), False),
        (4, I(int, lambda x: x % 2 == 0), True),
        (3, I(int, lambda x: x % 2 == 0), False),
        (3, NOT(str, None), True),
        (None, NOT(str, None), False),
        ((1, 2, 3), Tuple(int), True),
        ((1, "a"), Tuple(int), False),
        ({"a": 1}, Dict(a=int, b=str), True),
        ({"c": 1}, Dict(a=int), False),
        (5, BoundInt(1, 5), True),
        (0, BoundInt(1, 5), False),
        (2.5, BoundInt(1, 5), False),
        (2.5, BoundNumeric(1), True),
        (True, BoundInt(0, 1), False),
        ("Mean-Square", Enum("mean_square"), True),
        ("median", Enum("mean_square"), False),
        (np.zeros(2), numpy_ndarray, True),
        ([0], numpy_ndarray, False),
        (pd.DataFrame(), pandas_dataframe, True),
        (pd.Series([1]), pandas_dataframe, False),
        ([1, 2], [U(int, None)], True),
    ],
)
def test_types(value: Any, kind: Any, fits: bool) -> None:
    assert is_type(value, kind) is fits
    if not fits:
        with pytest.raises(H2OTypeError, match="must be of type"):
            assert_is_type(value, kind)


def test_types_of_other_packages() -> None:
    import scipy.sparse

    assert is_type(scipy.sparse.csr_matrix((2, 2)), scipy_sparse)
    assert is_type(scipy.sparse.coo_array((2, 2)), scipy_sparse)
    assert is_type(h2o.H2OFrame([1]), h2oframe) and not is_type("frame", h2oframe)


def test_assertions() -> None:
    for words in ({"message": "own text"}, {"nomatch": "own text"}):
        with pytest.raises(H2OTypeError, match="own text"):
            assert_is_type("a", int, skip_frames=2, **words)
    assert assert_matches("abc", "a(.)")[1] == "b"
    with pytest.raises(H2OValueError, match="'x'"):
        assert_matches("abc", "x")
    assert_satisfies(3, True)
    with pytest.raises(H2OValueError, match="no"):
        assert_satisfies(3, False, "no")


# --- display


def test_tables_take_all_of_h2os_arguments() -> None:
    table = H2OTwoDimTable("T", "about", ["a", "b"], ["int", "double"], ["%d", "%.2f"], ["r1"], [[1, 2.3456]])
    assert table.row_header == ["r1"] and "2.35" in table.to_text() and table["b"] == [2.3456]
    columns = H2OTwoDimTable(col_header=["a", "b"], raw_cell_values=[[1, 2], [3, 4]], row_header=2)
    assert columns.cell_values == [[1, 3], [2, 4]]
    assert table[0:1].row_header == ["r1"]
    with pytest.raises(H2OValueError, match="same number of cells"):
        H2OTwoDimTable(col_header=["a"], cell_values=[[1], [1, 2]])


class Own(H2ODisplay):
    def _str_(self, verbosity: str | None = None) -> str:
        return f"<own {verbosity}>"


def test_a_class_of_ones_own_is_shown() -> None:
    assert str(Own()) == "<own None>" and Own().to_str("full") == "<own full>"
    assert Own().to_html() == "<pre>&lt;own None&gt;</pre>"
    with capture_output() as (out, _):
        Own().show()
        display("text")
    assert out.getvalue() == "<own None>\ntext\n"
    with pytest.raises(H2OValueError, match="fmt='pdf'"):
        Own().to_str(fmt="pdf")


def test_displays_of_texts_tables_and_items(rows: Any, model: Any) -> None:
    assert to_str(H2OStringDisplay("plain")) == "plain"
    assert H2ODisplayWrapper(lambda verbosity, fmt: f"{fmt}!").to_html() == "html!"
    table = H2OTableDisplay([[1, "<x>"]], caption="C", columns_labels=["a", "b"])
    assert table.shape == (1, 2) and not table.truncated and "&lt;x&gt;" in table.to_html()
    assert H2OTableDisplay(pd.DataFrame({"k": range(50)}), rows=10).truncated
    both = H2OItemsDisplay(["head", table])
    assert to_str(both).startswith("head\n\nC") and "<pre>head</pre>" in to_html(both)
    for shown in (rows, model, model.model_performance(), model.summary(), model.confusion_matrix()):
        assert shown.to_str() == str(shown) == repr(shown) and "<table" in shown.to_html()
    assert len(model.to_str("short")) < len(model.to_str("full"))


def test_tips_can_be_switched_off() -> None:
    assert "do this" in format_user_tips("do this")
    with user_tips_enabled(False):
        assert format_user_tips("do this") == ""


# --- the session


def test_status_as_a_table() -> None:
    table = h2o.cluster().get_status()
    assert dict(zip(table.col_header, table.cell_values[0], strict=True))["H2O_cluster_status"] == "healthy"
    assert h2o.cluster().get_status_details()["node"] == ["Node 1"]
    assert h2o.cluster().node(0)["healthy"] is True
    with pytest.raises(H2OValueError, match="node_id=1"):
        h2o.cluster().node(1)


def test_rapids_about_models_and_properties(rows: Any, model: Any) -> None:
    before = model.default_threshold()
    answer = h2o.rapids(f"(model.reset.threshold {model.model_id} 0.25)")
    assert h2o.get_frame(answer["key"]["name"]).flatten() == pytest.approx(before)
    assert h2o.get_model(model.model_id).default_threshold() == 0.25
    model.reset_threshold(before)
    with pytest.warns(UserWarning, match="no property has an effect"):
        assert h2o.rapids('(setproperty "a.b" "c")')["string"] == "Old values of a.b: None"
    with pytest.warns(UserWarning, match="no property has an effect"):
        assert h2o.rapids('(setproperty "a.b" "d")')["string"] == "Old values of a.b: c"


@pytest.mark.parametrize("seed", range(5))
def test_perfect_auc_is_that_of_scikit_learn(seed: int) -> None:
    from sklearn.metrics import roc_auc_score

    random = np.random.default_rng(seed)
    scores, actual = random.integers(0, 9, 60) / 9, random.integers(0, 2, 60)
    frame = h2o.H2OFrame({"p": scores.tolist(), "y": actual.tolist()})
    found = frame._expr("perfectAUC", frame["p"], frame["y"]).flatten()
    assert found == pytest.approx(roc_auc_score(actual, scores))


def test_a_shallow_copy_is_another_frame(rows: Any) -> None:
    other = h2o.h2o.shallow_copy(rows, "shallow")  # type: ignore[attr-defined]
    assert other.frame_id == "shallow" and other.as_data_frame().equals(rows.as_data_frame())
    h2o.remove("shallow")


# --- grids


def test_a_grid_is_sorted_and_summed_up(rows: Any) -> None:
    grid = h2o.H2OGridSearch(H2ODeepLearningEstimator(epochs=1, seed=1), {"hidden": [[2], [3], [4]]})
    grid.train(x=["a", "c"], y="y", training_frame=rows)
    for increasing in (True, False):
        table = grid.sort_by("auc", increasing)
        values = [float(value) for value in table["auc"]]
        assert values == sorted(values, reverse=not increasing)
    summary = grid.get_summary()
    assert set(summary["Model Id"]) == set(grid.model_ids) and len(summary) == 9
    assert grid.to_str() == repr(grid)
    ids = grid.model_ids
    grid.detach()
    assert grid.grid_id is None and set(ids) <= set(h2o.models())


# --- MOJO without Java


def test_predictions_of_a_mojo_for_pandas_and_csv(rows: Any, model: Any, tmp_path: Path) -> None:
    path = model.download_mojo(str(tmp_path / "model.zip"))
    data, before = rows.as_data_frame(), set(h2o.ls()["key"])
    expected = model.predict(rows).as_data_frame()
    found = h2o.mojo_predict_pandas(data, path)
    assert list(found) == list(expected) and np.allclose(found["yes"], expected["yes"], atol=1e-5)
    data.to_csv(tmp_path / "rows.csv", index=False)
    listed = h2o.mojo_predict_csv(str(tmp_path / "rows.csv"), path)
    assert [row["predict"] for row in listed] == found["predict"].tolist()
    assert (tmp_path / "prediction.csv").read_text().startswith('"predict"')
    assert set(h2o.ls()["key"]) <= before
    data["a"] = data["a"].astype(object)
    data.loc[0, "a"] = "no number"
    assert h2o.mojo_predict_pandas(data, path, setInvNumNA=True).shape == found.shape
    with pytest.warns(UserWarning, match="java_options"):
        h2o.mojo_predict_pandas(rows.as_data_frame(), path, java_options="-Xmx1g")
    with pytest.raises(NotImplementedError, match="predict_contributions"):
        h2o.mojo_predict_pandas(rows.as_data_frame(), path, predict_contributions=True)


def test_io_is_untouched_by_captured_output() -> None:
    own = io.StringIO()
    with capture_output(out=own):
        print("inside")
    assert own.getvalue() == "inside\n"
