"""H2OFrame through the Python front end."""

import gc
from pathlib import Path

import h2o
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from h2o.backend.connection import session
from h2o.exceptions import H2OTypeError, H2OValueError, NotFound
from heavywater.errors import ParseError
from heavywater.session import Ref

from ..sessions import behind

DATA = Path(__file__).parents[1] / "data"
IRIS = DATA / "iris_wheader.csv"


@pytest.fixture(scope="module")
def iris_pandas():
    return pd.read_csv(IRIS)


@pytest.fixture
def iris():
    frame = h2o.import_file(str(IRIS))
    yield frame
    h2o.remove(frame.frame_id)


def same(frame, expected):
    expected = expected.reset_index(drop=True)
    pd.testing.assert_frame_equal(frame.as_data_frame(), expected, check_dtype=False, rtol=1e-12)


def test_facts(iris):
    assert (
        iris.names
        == iris.columns
        == iris.col_names
        == ["sepal_len", "sepal_wid", "petal_len", "petal_wid", "class"]
    )
    assert iris.shape == (150, 5)
    assert iris.dim == [150, 5]
    assert (iris.nrow, iris.nrows, iris.ncol, iris.ncols, len(iris)) == (150, 150, 5, 5, 150)
    assert iris.types["class"] == "enum"
    assert iris.type("sepal_len") == "real"
    assert iris.frame_id == iris.key
    assert iris.frame_id.startswith(
        "iris_wheader"
    )  # a number follows where the session holds that name already
    assert "class" in iris
    assert "Class" not in iris
    assert [column.names[0] for column in iris] == iris.names


def test_selecting_columns(iris, iris_pandas):
    df = iris_pandas
    same(iris["sepal_len"], df[["sepal_len"]])
    same(iris[0], df.iloc[:, [0]])
    same(iris[-1], df.iloc[:, [-1]])
    same(iris[["sepal_len", "class"]], df[["sepal_len", "class"]])
    same(iris[[0, 2]], df.iloc[:, [0, 2]])
    same(iris[1:3], df.iloc[:, 1:3])
    same(iris[:, 1:3], df.iloc[:, 1:3])
    same(iris[:, [True, False, True, False, False]], df.iloc[:, [0, 2]])
    same(iris[:, :], df)


def test_selecting_rows(iris, iris_pandas):
    df = iris_pandas
    same(iris[0:10, :], df[:10])
    same(iris[5, :], df[5:6])
    same(iris[-1, :], df[-1:])
    same(iris[[0, 3, 7], :], df.iloc[[0, 3, 7]])
    same(iris[::2, :], df[::2])
    same(iris[::-1, :], df[::-1])
    same(iris[5:, :], df[5:])
    same(iris[:-5, :], df[:-5])
    assert iris[10:10, :].shape == (0, 5)
    assert iris[2, 1] == 3.2
    assert iris[2, "class"] == "Iris-setosa"
    mask = df["sepal_len"] > 5
    same(iris[iris["sepal_len"] > 5, :], df[mask])
    same(iris[iris["sepal_len"] > 5], df[mask])
    same(iris[iris["sepal_len"] > 5, "class"], df.loc[mask, ["class"]])
    both = (iris["sepal_len"] > 5) & (iris["class"] == "Iris-setosa")
    same(iris[both, [0, 1]], df[mask & (df["class"] == "Iris-setosa")].iloc[:, :2])
    same(iris.head(5), df.head(5))
    same(iris.tail(5), df.tail(5))
    same(iris.head(1000, cols=2), df.iloc[:, :2])


def test_wrong_selections_say_what_exists(iris):
    with pytest.raises(NotFound, match=r"no column 'clas'.*columns are sepal_len"):
        iris["clas"]
    with pytest.raises(H2OValueError, match="row 150: the frame has 150 rows"):
        iris[150, 0]
    with pytest.raises(H2OTypeError, match=r"1\.5"):
        iris[1.5]
    with pytest.raises(H2OValueError, match="3 parts"):
        iris[1, 2, 3]
    with pytest.raises(H2OValueError, match="selecting column has 10 rows"):
        iris[iris[0:10, 0] > 5, :]


def test_drop_and_pop(iris, iris_pandas):
    same(iris.drop("class"), iris_pandas.drop(columns="class"))
    same(iris.drop([0, 1]), iris_pandas.iloc[:, 2:])
    same(iris.drop(-1), iris_pandas.iloc[:, :-1])
    same(iris.drop([0, 1], axis=0), iris_pandas[2:])
    frame = h2o.deep_copy(iris, "popped")
    taken = frame.pop("class")
    assert taken.names == ["class"]
    assert frame.ncol == 4
    assert h2o.get_frame("popped").ncol == 5
    h2o.remove("popped")
    with pytest.raises(NotFound):
        iris.drop("nothing")


def test_assigning_columns_rebinds_the_object(iris):
    before = iris.frame_id
    iris["one"] = 1
    iris["twice"] = iris[0] * 2
    iris["word"] = "text"
    iris["list"] = list(range(150))
    assert iris.names[-4:] == ["one", "twice", "word", "list"]
    assert iris.frame_id != before
    assert h2o.get_frame(before).ncol == 5
    iris[0] = iris[1]
    assert (
        iris["sepal_len"].as_data_frame().iloc[:, 0].tolist()
        == iris["sepal_wid"].as_data_frame().iloc[:, 0].tolist()
    )
    iris["one"] = iris["one"].asfactor()
    assert iris.types["one"] == "enum"
    assert iris["one"].levels() == [["1"]]
    h2o.remove(before)


def test_assigning_cells(iris, iris_pandas):
    df = iris_pandas.copy()
    iris[0, 1] = 7
    iris[2:5, [0, 1]] = 0
    df.iloc[0, 1] = 7
    df.iloc[2:5, [0, 1]] = 0
    iris[iris[0] > 5, 1] = None
    df.loc[df.iloc[:, 0] > 5, "sepal_wid"] = np.nan
    iris[iris[0] > 6, "class"] = "new level"
    df.loc[df.iloc[:, 0] > 6, "class"] = "new level"
    iris[[5, 6], "petal_len"] = iris[[7, 8], "sepal_len"]
    df.loc[[5, 6], "petal_len"] = df.loc[[7, 8], "sepal_len"].tolist()
    same(iris, df)
    assert "new level" in iris["class"].categories()
    with pytest.raises(H2OTypeError, match="'sepal_len' is of type real and cannot hold the text 'x'"):
        iris[0, 0] = "x"
    with pytest.raises(H2OValueError, match="3 rows given for 2 rows"):
        iris[[0, 1], 0] = iris[[0, 1, 2], 0]


def test_names(iris):
    iris.set_names(list("abcde"))
    assert iris.names == list("abcde")
    iris.columns = ["p", "q", "r", "s", "t"]
    iris.rename({"t": "y", 0: "first"})
    iris.set_name(1, "second")
    assert iris.names == ["first", "second", "r", "s", "y"]
    with pytest.raises(H2OValueError, match="list of 5 names"):
        iris.set_names(["a"])
    with pytest.raises(H2OValueError, match="'r' appears more than once"):
        iris.set_name(0, "r")
    iris.frame_id = "renamed"
    assert h2o.get_frame("renamed").names == iris.names
    h2o.remove("renamed")


def test_operators(iris, iris_pandas):
    v, x = iris[0], iris_pandas["sepal_len"].to_numpy()
    w, y = iris[1], iris_pandas["sepal_wid"].to_numpy()
    cases = [
        (v + 1, x + 1),
        (1 + v, 1 + x),
        (v + w, x + y),
        (v - 1, x - 1),
        (1 - v, 1 - x),
        (v * 2, x * 2),
        (v / 2, x / 2),
        (2 / v, 2 / x),
        (v // 2, x // 2),
        (v % 2, x % 2),
        (v**2, x**2),
        (2**v, 2**x),
        (-v, -x),
        (abs(-v), x),
        (v == 5.1, x == 5.1),
        (v != 5.1, x != 5.1),
        (v < 5, x < 5),
        (v <= 5, x <= 5),
        (v > 5, x > 5),
        (v >= 5, x >= 5),
        ((v > 5) & (w > 3), (x > 5) & (y > 3)),
        ((v > 5) | (w > 3), (x > 5) | (y > 3)),
        (~(v > 5), x <= 5),
        (v.logical_negation(), x == 0),
        ((v > 5).ifelse(1, 0), x > 5),
        ((v > 5).ifelse(v, w), np.where(x > 5, x, y)),
        (v.log(), np.log(x)),
        (v.ceil(), np.ceil(x)),
        (v.round(1), np.round(x, 1)),
        (v.signif(1), np.round(x)),
        (v.lgamma().exp(), v.gamma().as_data_frame().to_numpy().ravel()),
        (v.cumsum(), np.cumsum(x)),
        (v.isin([5.1, 4.9]), np.isin(x, [5.1, 4.9])),
    ]
    for frame, wanted in cases:
        assert np.allclose(frame.as_data_frame().to_numpy().ravel(), wanted.astype(float), rtol=1e-12)
    text = (v > 5).ifelse("yes", "no")
    assert text.types == {"sepal_len": "enum"}
    assert text.categories() == ["no", "yes"]
    assert (iris["class"] == "Iris-setosa").sum() == 50
    assert (iris["class"] != "no such level").sum() == 150
    with pytest.raises(H2OTypeError, match=r"column 'class' is of type enum; convert it with asnumeric"):
        iris["class"] + 1
    assert (iris + 1).nacnt() == [0, 0, 0, 0, 150]  # beside numbers levels are missing


def test_reducers(iris, iris_pandas):
    n, df = iris[0:4], iris_pandas.iloc[:, :4]
    assert n.sum() == pytest.approx(df.to_numpy().sum())
    assert n.mean() == pytest.approx(df.mean().tolist())
    assert n.sd() == pytest.approx(df.std().tolist())
    assert n.median() == pytest.approx(df.median().tolist())
    assert n.min() == df.to_numpy().min()
    assert n.max() == df.to_numpy().max()
    assert n[0].var() == pytest.approx(df.iloc[:, 0].var())
    assert np.allclose(n.var().as_data_frame(), df.cov())
    assert np.allclose(n.cor().as_data_frame(), df.corr())
    assert np.allclose(n.cor(method="Spearman").as_data_frame(), df.corr("spearman"))
    assert n[0].cor(n[1]) == pytest.approx(df.iloc[:, 0].corr(df.iloc[:, 1]))
    assert np.allclose(n.mean(axis=1).as_data_frame().iloc[:, 0], df.mean(axis=1))
    assert np.allclose(n.sum(axis=1, return_frame=True).as_data_frame().iloc[:, 0], df.sum(axis=1))
    quantiles = n.quantile([0.1, 0.5])
    assert quantiles.names == ["Probs", *(f"{name}Quantiles" for name in n.names)]
    assert np.allclose(quantiles[1:5].as_data_frame(), df.quantile([0.1, 0.5]))
    assert n.idxmax().getrow() == df.to_numpy().argmax(axis=0).tolist()
    scaled = n.scale().as_data_frame()
    assert np.allclose(scaled.mean(), 0)
    assert np.allclose(scaled.std(), 1)
    assert (n > 0).all()
    assert not (n > 100).any()


def test_missing_values():
    frame = h2o.H2OFrame({"a": [1, None, 3, 4], "b": [0.5, 1.5, None, 2.5], "c": ["x", None, "y", "x"]})
    assert frame.types == {"a": "int", "b": "real", "c": "enum"}
    assert frame.nacnt() == [1, 1, 1]
    assert frame.isna().sum() == 3
    assert frame.na_omit().nrow == 2
    assert np.isnan(frame["a"].sum(skipna=False))
    assert frame["a"].sum() == 8
    assert frame["a"].mean() == [pytest.approx(8 / 3)]
    assert np.isnan(frame["a"].mean(skipna=False)[0])
    assert (frame["a"] > 2).as_data_frame().iloc[:, 0].tolist() == [0, 0, 1, 1]
    assert (frame["a"] != 3).as_data_frame().iloc[:, 0].tolist() == [1, 1, 0, 1]
    assert (frame["c"] == None).as_data_frame().iloc[:, 0].tolist() == [0, 1, 0, 0]  # type: ignore[attr-defined]  # noqa: E711
    assert frame[frame["a"] > 2, :].nrow == 2
    assert ((frame["a"] > 100) & (frame["b"] > 1)).sum() == 0
    assert frame.impute("a", "mean")[0] == pytest.approx(8 / 3)
    assert frame.impute("b", "median")[1] == 1.5
    assert frame.impute("c", "mode")[2] == 0
    assert frame.nacnt() == [0, 0, 0]
    assert frame[1, "c"] == "x"


def test_factors(iris):
    digits = h2o.H2OFrame([7, 10, 9, None, 7])
    factor = digits.asfactor()
    assert factor.levels() == [["7", "9", "10"]]
    assert factor.nlevels() == [3]
    assert factor.asnumeric().as_data_frame().iloc[:3, 0].tolist() == [7, 10, 9]
    assert (factor == "10").sum() == (factor == 10).sum() == 1
    assert factor.ascharacter().types == {"C1": "string"}
    assert factor.isfactor() == [True]
    assert digits.isnumeric() == [True]
    species = iris["class"]
    assert species.asnumeric().max() == 2
    assert species.relevel("Iris-virginica").categories()[0] == "Iris-virginica"
    assert species.set_levels(["a", "b", "c"]).unique().as_data_frame().iloc[:, 0].tolist() == ["a", "b", "c"]
    assert iris.columns_by_type("categorical") == [4]
    assert iris.anyfactor()
    with pytest.raises(H2OValueError, match="level 'x' does not exist"):
        species.relevel("x")


def test_tables_and_cut(iris):
    counts = iris["class"].table()
    assert counts.names == ["class", "Count"]
    assert counts["Count"].as_data_frame().iloc[:, 0].tolist() == [50, 50, 50]
    iris["long"] = iris["sepal_len"] > 5.8
    pairs = iris[["class", "long"]].table()
    assert pairs["Counts"].sum() == 150
    assert pairs.shape == (5, 3)  # no setosa is that long
    wide = iris[["class", "long"]].table(dense=False)
    assert wide.names == ["class", "0", "1"]
    classes = iris["sepal_len"].cut([4, 5, 6, 8])
    assert classes.categories() == ["(4.0,5.0]", "(5.0,6.0]", "(6.0,8.0]"]
    wanted = pd.cut(pd.read_csv(IRIS)["sepal_len"], [4, 5, 6, 8]).cat.codes
    assert classes.asnumeric().as_data_frame().iloc[:, 0].tolist() == wanted.tolist()


def test_binding(iris):
    both = iris[0].cbind(iris[0:2])
    assert both.names == ["sepal_len", "sepal_len0", "sepal_wid"]
    assert iris[0:2, :].rbind([iris[3:5, :], iris[7:9, :]]).nrow == 6
    assert iris[0].concat([iris[1]]).ncol == 2
    with pytest.raises(H2OValueError, match="different numbers of rows"):
        iris.cbind(iris[0:2, :])
    for wrong in ("x", {"a": 1}, [iris, "x"]):
        with pytest.raises(
            H2OTypeError, match=r"cbind: what is no frame must be a number, got|cannot stand in"
        ):
            iris.cbind(wrong)
    with pytest.raises(H2OValueError, match="names must agree"):
        iris[[0]].rbind(iris[[1]])


def test_split_is_a_function_of_the_seed(iris):
    pieces = iris.split_frame([0.5, 0.25], seed=2)
    assert sum(piece.nrow for piece in pieces) == 150
    again = iris.split_frame([0.5, 0.25], destination_frames=["s1", "s2", "s3"], seed=2)
    for one, other in zip(pieces, again, strict=True):
        same(one, other.as_data_frame())
    assert {"s1", "s2", "s3"} <= set(behind().store.keys())
    other = iris.split_frame([0.5], seed=3)[0]
    assert (
        other.as_data_frame().to_numpy().tolist()
        != iris.split_frame([0.5], seed=4)[0].as_data_frame().to_numpy().tolist()
    )
    h2o.remove(["s1", "s2", "s3"])
    for ratios in ([0.5, 0.5], [], [1.2], [-0.1]):
        with pytest.raises(H2OValueError, match="ratios"):
            iris.split_frame(ratios)


def test_temporaries_go_away_and_named_frames_stay(iris):
    gc.collect()
    before = set(behind().store.keys())
    kept = iris[iris["sepal_len"] > 5, :]
    named = h2o.assign(iris[0:3, :], "named_in_this_test")
    gc.collect()
    assert set(behind().store.keys()) - before == {kept.frame_id, "named_in_this_test"}
    del kept, named
    gc.collect()
    assert set(behind().store.keys()) - before == {"named_in_this_test"}
    h2o.remove("named_in_this_test")


def test_unchanged_columns_are_shared(iris):
    before = behind().store.frame(iris.frame_id).columns[1]
    iris["new"] = 1
    iris[0, 0] = 9
    assert behind().store.frame(iris.frame_id).columns[1] is before


@pytest.mark.parametrize(
    ("data", "types"),
    [
        ([1, 2, 3], {"C1": "int"}),
        ([[1, "a"], [2, "b"], [3, "a"]], {"C1": "int", "C2": "enum"}),
        ({"x": [1.5, 2], "y": ["p", "p"]}, {"x": "real", "y": "enum"}),
        (np.arange(6).reshape(3, 2), {"C1": "int", "C2": "int"}),
        (np.array([0.5, np.nan]), {"C1": "real"}),
        (pd.DataFrame({"a": [1, 2], "d": pd.to_datetime(["2020-01-01", None])}), {"a": "int", "d": "time"}),
        (pd.DataFrame({"c": pd.Categorical(["b", "a", "b"])}), {"c": "enum"}),
        (pd.DataFrame({"i": pd.array([1, None], "Int64")}), {"i": "int"}),
    ],
)
def test_from_python_objects(data, types):
    assert h2o.H2OFrame(data).types == types


def test_from_arrow_and_sparse():
    from scipy import sparse

    table = pa.table(
        {
            "a": pa.array([1, None, 3], pa.int32()),
            "b": ["x", "y", "x"],
            "c": pa.array(["u", "v", None]).dictionary_encode(),
        }
    )
    frame = h2o.H2OFrame(table)
    assert frame.types == {"a": "int", "b": "enum", "c": "enum"}
    assert frame.nacnt() == [1, 0, 1]
    matrix = sparse.csr_matrix([[0, 1], [2, 0]])
    assert h2o.H2OFrame(matrix).as_data_frame().to_numpy().tolist() == [[0, 1], [2, 0]]


def test_options_of_python_frames():
    frame = h2o.H2OFrame(
        [["n", "t"], [1, "x"], [2, "?"]], header=1, column_types={"t": "enum"}, na_strings=["?"]
    )
    assert frame.names == ["n", "t"]
    assert frame["t"].nacnt() == [1]
    named = h2o.H2OFrame([1, 2], destination_frame="kept", column_names=["v"])
    del named
    gc.collect()
    assert h2o.get_frame("kept").names == ["v"]
    h2o.remove("kept")
    with pytest.raises(H2OTypeError, match="set cannot become a frame"):
        h2o.H2OFrame({1, 2})
    assert h2o.H2OFrame([[1, 2], [3]]).nacnt() == [0, 1]
    with pytest.raises(H2OValueError, match="blanks"):
        h2o.H2OFrame([1], destination_frame="a b")


DAYS = ["2020-01-01", None, "2021-02-03"]


@pytest.mark.parametrize(
    "make",
    [
        lambda days: {"d": days, "n": ["01", "2", "x"]},
        lambda days: pd.DataFrame({"d": days, "n": ["01", "2", "x"]}),
        lambda days: pa.table({"d": days, "n": ["01", "2", "x"]}),
        lambda days: [list(row) for row in zip(days, ["01", "2", "x"], strict=True)],
    ],
    ids=["dict", "pandas", "arrow", "rows"],
)
def test_named_types_come_before_guesses(make):
    """A date that is wanted as a text or level keeps its text, a number its leading zero."""
    wanted = {
        "string": DAYS,
        "enum": DAYS,
        "time": [1577836800000, None, 1612310400000],
        "numeric": [None] * 3,
    }
    for kind, cells in wanted.items():
        frame = h2o.H2OFrame(make(DAYS), column_types=[kind, "factor"])
        assert frame.type(0) in (kind, "int")
        found = behind().store.frame(frame.frame_id).columns[0]
        numbers = [None if n != n else n for n in found.numbers().tolist()]
        assert (found.texts().tolist() if kind in ("string", "enum") else numbers) == cells
        assert frame[1].levels() == [["01", "2", "x"]]
    assert list(h2o.H2OFrame(make(DAYS)).types.values()) == ["time", "enum"]
    with pytest.raises(
        H2OValueError, match=r"in column '(n|C2)' '01' is no date or time, like all texts there"
    ):
        h2o.H2OFrame(make(DAYS), column_types=["time", "time"])


def test_missing_texts_come_before_guesses():
    cells = {"t": ["gone", "1", "2"], "d": ["2020-01-01", "9999-01-01", "gone"], "n": [1, -99, 3]}
    frame = h2o.H2OFrame(cells, na_strings={"t": "gone", "d": ["gone", "9999-01-01"], "n": ["-99"]})
    assert frame.types == {"t": "int", "d": "time", "n": "int"}
    assert frame.nacnt() == [1, 2, 1]
    assert h2o.H2OFrame(cells, na_strings=[["gone"], [], []]).nacnt() == [1, 0, 0]
    with pytest.raises(H2OValueError, match="na_strings: 2 lists for 3 columns"):
        h2o.H2OFrame(cells, na_strings=[["gone"], []])
    levels = h2o.H2OFrame(pd.DataFrame({"c": pd.Categorical(["a", "?", "b"])}), na_strings=["?"])
    assert levels.levels() == [["a", "b"]] and levels.nacnt() == [1]


def test_forced_types_of_python_frames():
    given = {"a": [1, 2], "b": [1.4, 2.6], "c": ["x", "y"]}
    types = {"a": "real", "b": "int", "c": "unknown"}
    assert h2o.H2OFrame(given, column_types=types).types == {"a": "int", "b": "real", "c": "int"}
    forced = h2o.H2OFrame(given, column_types=types, force_col_types=True)
    assert forced.types == {"a": "real", "b": "int", "c": "int"}
    assert forced["b"].as_data_frame()["b"].tolist() == [1, 3]
    assert forced.nacnt() == [0, 0, 2]


def test_out_to_python(iris, iris_pandas):
    pd.testing.assert_frame_equal(iris.as_data_frame(), iris_pandas)
    rows = iris.as_data_frame(use_pandas=False)
    assert rows[0] == iris.names
    assert rows[1] == ["5.1", "3.5", "1.4", "0.2", "Iris-setosa"]
    assert len(iris.as_data_frame(use_pandas=False, header=False)) == 150
    assert iris.get_frame_data().splitlines()[1] == '5.1,3.5,1.4,0.2,"Iris-setosa"'
    assert np.asarray(iris[0:4]).shape == (150, 4)


def test_looking(iris, capsys):
    iris[0, "class"] = None
    assert "[150 rows x 5 columns]" in repr(iris)
    assert "<table" in iris._repr_html_()
    iris.describe(chunk_summary=True)
    iris.show()
    shown = capsys.readouterr().out
    assert "Iris-setosa" in shown
    assert "bytes" in shown
    facts = iris.summary(return_data=True)
    assert facts["class"]["missing_count"] == 1
    assert facts["class"]["domain"] == ["Iris-setosa", "Iris-versicolor", "Iris-virginica"]
    assert facts["sepal_len"]["mins"] == [4.3, 4.4, 4.4, 4.4, 4.5]
    assert facts == iris.get_summary()
    assert facts["sepal_len"]["mean"] == pytest.approx(5.843333)


def test_html_is_escaped():
    frame = h2o.H2OFrame({"<b>": ["<script>alert(1)</script>", "x"]})
    assert "<script>" not in frame._repr_html_()
    assert "&lt;script&gt;" in frame._repr_html_()


def test_keys(iris):
    keys = h2o.ls()
    assert isinstance(keys, pd.DataFrame)
    assert keys.columns.tolist() == ["key"]
    assert iris.frame_id in keys["key"].tolist()
    assert keys["key"].is_monotonic_increasing
    copy = h2o.deep_copy(iris, "copy")
    copy["x"] = 1
    assert iris.ncol == 5
    h2o.remove(["copy"])
    with pytest.raises(NotFound, match="no frame 'copy'"):
        h2o.get_frame("copy")
    with pytest.raises(H2OTypeError, match="no frame, model or key"):
        h2o.remove(7)
    with pytest.raises(NotFound, match=r"similar names: as\.factor"):
        session().frames.evaluate(("as.facto", Ref(iris.frame_id)))


def test_parse_setup_and_raw():
    setup = h2o.parse_setup(str(IRIS))
    assert setup["column_names"][0] == "sepal_len"
    setup["column_types"][4] = "string"
    frame = h2o.parse_raw(setup, id="raw")
    assert frame.types["class"] == "string"
    assert h2o.import_file(str(IRIS), parse=False) == [str(IRIS)]
    assert h2o.upload_file(str(IRIS), destination_frame="raw").types["class"] == "enum"
    h2o.remove("raw")
    with pytest.raises(ParseError, match="no folder class="):
        h2o.import_file(str(IRIS), partition_by="class")


def test_numbers_stay_right_aligned_beside_missing_cells():
    frame = h2o.H2OFrame({"n": [1, None, 300], "t": ["x", None, "yy"]})
    assert str(frame).splitlines()[2:5] == ["  1  x", "", "300  yy"]
    assert frame._repr_html_().count('text-align:right">') >= 3
