"""Contributions of columns: they sum to what is predicted, whatever the model, the frame and the options."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from heavywater.deeplearning.explaining.contribution_options import ContributionOptions
from heavywater.deeplearning.explaining.contributions import _Explaining, contributions
from heavywater.deeplearning.explaining.explained import explained
from heavywater.deeplearning.model.fold_ensemble import FoldEnsemble
from heavywater.deeplearning.model.model import DeepLearningModel
from heavywater.deeplearning.model.sample import Sample
from heavywater.errors import InvalidArgument
from heavywater.frame.columns.makers import enum, numeric
from heavywater.frame.frame import Frame
from heavywater.session import LocalSession

from ...cases.scoring import NAMES, Case, values
from ...export import model_cases
from ...sessions import finished

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::UserWarning")

OPTIONS: list[dict[str, Any]] = [
    {},
    {"output_format": "compact"},
    {"output_format": "compact", "output_space": True},
    {"output_per_reference": True, "output_space": True},
    {"output_format": "compact", "output_per_reference": True},
]


def asked(model: DeepLearningModel, frame: Frame, background: Frame, **options: Any) -> Frame:
    return contributions(model, frame, background, ContributionOptions.of(options))[0]


def of_each_output(found: Frame, outputs: int) -> np.ndarray:
    """(rows, outputs, contributions and bias)."""
    names = [name for name in found.names if not name.endswith("RowIdx")]
    return values(found.select(list(map(found.index, names)))).reshape(found.nrow, outputs, -1)


def predicted(model: DeepLearningModel, frame: Frame, *, output_space: bool = False) -> np.ndarray:
    adapted, _ = model.spec.adapt(frame)
    sample = Sample(model.spec.rows(adapted, model.dtype), None, model.spec.offset(frame), None)
    return explained(model, output_space=output_space).values(sample)


@pytest.mark.parametrize("name", NAMES)
def test_they_sum_to_what_is_predicted(name):
    case = Case(name)
    model, whole = case.model(), case.input()
    frame, background = whole.take(np.arange(12)), whole.take(np.arange(whole.nrow - 7, whole.nrow))
    for options in OPTIONS:
        found = asked(model, frame, background, **options)
        expected = predicted(model, frame, output_space=options.get("output_space", False))
        if options.get("output_per_reference"):
            assert found.names[-2:] == ["RowIdx", "BackgroundRowIdx"]
            assert values(found)[:, -2:].tolist() == [[i, j] for i in range(12) for j in range(7)]
            expected = np.repeat(expected, 7, axis=0)
        sums = of_each_output(found, expected.shape[1]).sum(axis=2)
        np.testing.assert_allclose(sums, expected, rtol=1e-9, atol=1e-9)


@pytest.fixture(scope="module")
def session() -> LocalSession:
    return model_cases.new_session()


def rows_of(_: str) -> tuple[Frame, Frame]:
    """Rows to explain, with missing and unseen values, and a background."""
    whole = model_cases.data()
    frame = whole.take(np.arange(0, 20))
    columns = dict(zip(frame.names, frame.columns, strict=True))
    columns["d"] = enum(np.arange(20) % 5 - 1, ["x", "new", "z", "y"])
    return Frame(list(columns), list(columns.values())), whole.take(np.arange(40, 60))


@pytest.mark.parametrize("name", model_cases.CASES)
def test_the_difference_between_two_rows_is_that_of_their_predictions(session, name):
    """Before rounding is shared out: by sums in float64, which are those of the model to the last digits."""
    model = model_cases.train(session, name)
    model.dtype = np.float64
    frame, background = rows_of(name)
    for output_format in ("original", "compact"):
        options = ContributionOptions.of({"output_format": output_format})
        explaining = _Explaining(model, frame, background, options)
        rest = explaining._rest(explaining._of_pairs(np.float64))
        np.testing.assert_allclose(rest, 0, atol=1e-9)
    assert asked(model, frame, background, output_format="compact").names[-1].endswith("BiasTerm")


@pytest.mark.parametrize(
    "name", ["two classes", "regression", "Maxout with max_w2", "autoencoder", "no hidden layer"]
)
def test_compact_is_the_sum_over_the_units_of_a_column(session, name):
    model = model_cases.train(session, name)
    frame, background = rows_of(name)
    units, columns = (asked(model, frame, background, output_format=each) for each in ("original", "compact"))
    for column in columns.names:
        parts = [n for n in units.names if n == column or n.startswith(f"{column}.")]
        total = sum(units.column(n).numbers() for n in parts)
        np.testing.assert_allclose(columns.column(column).numbers(), total, atol=1e-5)


@pytest.mark.parametrize("scheme", ["Binary", "Eigen", "LabelEncoder", "SortByResponse", "EnumLimited"])
def test_recoded_factors_are_columns_of_the_frame(session, scheme):
    model = model_cases.train(session, scheme)
    found = asked(model, *rows_of(scheme), output_format="compact")
    assert sorted(found.names) == sorted(["a", "b", "c", "d", "BiasTerm"])


def test_hashed_columns_have_their_own_contributions_though_they_share_units(session):
    model = model_cases.train(session, "hashed")
    found = asked(model, *rows_of("hashed"), output_format="compact", output_per_reference=True)
    frame, background = rows_of("hashed")
    same = frame.column("c").numbers()[:, None] == background.column("c").numbers()[None]
    assert same.any() and (found.column("c").numbers()[same.ravel()] == 0).all()


def test_three_classes_have_a_block_each(session):
    model = model_cases.train(session, "Maxout with max_w2")
    found = asked(model, *rows_of(""), output_format="compact")
    names = ["c", "d", "a", "b", "BiasTerm"]
    assert found.names == [f"{level}:{name}" for level in ("low", "mid", "high") for name in names]
    # probabilities sum to 1, so what one class gains others lose
    sums = of_each_output(found, 3).sum(axis=1)
    np.testing.assert_allclose(sums[:, :-1], 0, atol=1e-6)
    np.testing.assert_allclose(sums[:, -1], 1)


@pytest.mark.parametrize("method", ["deep_shap", "integrated_gradients", "exact"])
def test_of_several_quantiles_that_which_is_predicted_is_explained(session, method):
    parameters = {"distribution": "quantile", "quantile_alpha": [0.1, 0.4, 0.9], "epochs": 1}
    model = model_cases.train(session, "regression", **parameters)
    frame, background = rows_of("")
    found = asked(model, frame, background, output_format="compact", method=method)
    expected = model.predict(frame)[0].column("predict").numbers()
    np.testing.assert_allclose(values(found).sum(axis=1), expected, atol=1e-5)


def folds_apart(session: LocalSession) -> FoldEnsemble:
    """An ensemble whose models keep other levels of a factor."""
    i = np.arange(120)
    fold, x = i % 2, np.random.default_rng(0).normal(size=(2, 120))
    codes = np.where(fold == 1, i // 2 % 8, 6 + i // 2 % 8)
    columns = {
        "k": enum(codes, [f"l{code}" for code in range(14)]),
        "k.top_10_levels.l13": numeric(x[0]),  # the name of a unit of k
        "off": numeric(x[1] / 10),
        "y": numeric(x[0] + codes),
        "fold": numeric(fold),
    }
    session.store.put_frame(Frame(list(columns), list(columns.values())), "apart")
    parameters = {
        "hidden": [3], "epochs": 2, "seed": 1, "fold_column": "fold", "offset_column": "off", "model_id": "apart_folds",
        "categorical_encoding": "EnumLimited",
    }  # fmt: skip
    finished(
        session,
        session.training.train("deeplearning", parameters, x=None, y="y", training_frame_key="apart"),
    )
    return session.store.get(session.models.fold_ensemble("apart_folds"), FoldEnsemble)


@pytest.mark.parametrize("options", [*OPTIONS, {"method": "exact", "output_format": "compact"}])
def test_models_of_folds_need_not_have_the_same_units(session, options):
    model, frame = folds_apart(session), session.store.frame("apart")
    rows, background = frame.take(np.arange(10)), frame.take(np.arange(30, 41))
    found = asked(model, rows, background, **options)
    expected = model.predict(rows)[0].column("predict").numbers()
    if options.get("output_per_reference"):
        expected = np.repeat(expected, 11)
    np.testing.assert_allclose(of_each_output(found, 1).sum(axis=2)[:, 0], expected, rtol=1e-6)
    assert found.names.index("BiasTerm") == found.names.index("off") + 1
    if options.get("output_format") == "compact":
        return
    assert {f"k.top_10_levels.l{level}" for level in range(14)} < set(found.names)
    if not options:  # the number is not taken for the unit that has its name
        parts = [asked(member, rows, background).columns[-3].numbers() for member in model.members]
        number = found.columns[model.base.encoder.category_units]
        np.testing.assert_allclose(number.numbers(), np.mean(parts, axis=0), atol=1e-9)


# ---- what they are compared with


def test_means_over_the_background_are_those_of_its_rows(session):
    model = model_cases.train(session, "regression with weights and offset")
    frame, background = rows_of("")
    weights = background.column("weight").numbers()
    each = asked(model, frame, background, output_per_reference=True)
    kept = each.column("BackgroundRowIdx").numbers().reshape(20, -1)[0].astype(int)
    assert kept.tolist() == np.flatnonzero(weights >= 0).tolist()
    parts = values(each)[:, :-2].reshape(20, len(kept), -1)
    found = values(asked(model, frame, background))
    np.testing.assert_allclose(found, np.average(parts, axis=1, weights=weights[kept]), atol=1e-5)
    assert "offset" in each.names


def test_rows_that_cannot_be_predicted_are_missing_and_no_background(session):
    model = model_cases.train(session, "regression with weights and offset")
    frame, background = rows_of("")
    offset = frame.index("offset")
    holes = [
        Frame(each.names, [numeric(np.where(np.arange(20) == 3, np.nan, c.numbers())) if k == offset else c
         for k, c in enumerate(each.columns)])
        for each in (frame, background)
    ]  # fmt: skip
    found = values(asked(model, holes[0], background))
    assert np.isnan(found[3, :-1]).all() and not np.isnan(np.delete(found, 3, axis=0)).any()
    whole = background.take(np.delete(np.arange(20), 3))
    np.testing.assert_allclose(
        values(asked(model, frame, holes[1])), values(asked(model, frame, whole)), rtol=1e-5, atol=1e-6
    )


def test_no_rows_have_no_contributions(session):
    model = model_cases.train(session, "two classes")
    frame, background = rows_of("")
    assert asked(model, frame.take(np.arange(0)), background).nrow == 0
    assert asked(model, frame.take(np.arange(1)), frame.take(np.arange(1))).nrow == 1
    with pytest.raises(InvalidArgument, match="background_frame has no rows"):
        asked(model, frame, background.take(np.arange(0)))


def test_levels_with_hostile_names_are_told_from_each_other():
    frame = Frame(
        ["BiasTerm", "k", "k.a", "y"],
        [
            numeric(np.arange(12.0)),
            enum(np.arange(12) % 2, ["a", "a:b"]),
            numeric(np.arange(12) % 5),
            enum(np.arange(12) % 3, ["u", "u:k", "v"]),
        ],
    )
    session = LocalSession(nthreads=1)
    session.store.put_frame(frame, "hostile")
    parameters = {"hidden": [2], "epochs": 1, "seed": 1}
    started = session.training.train("deeplearning", parameters, x=None, y="y", training_frame_key="hostile")
    model = session.store.get(finished(session, started), DeepLearningModel)
    found = asked(model, frame, frame)
    assert len(set(found.names)) == found.ncol == 3 * 6
    np.testing.assert_allclose(of_each_output(found, 3).sum(axis=2), predicted(model, frame), atol=1e-6)


# ---- the largest and the smallest


def test_the_largest_and_the_smallest_are_named(session):
    model = model_cases.train(session, "regression")
    frame, background = rows_of("")
    plain = asked(model, frame, background, output_format="compact")
    cells, names = values(plain)[:, :-1], plain.names[:-1]
    found = asked(model, frame, background, output_format="compact", top_n=2, bottom_n=1)
    assert found.names == [
        "top_feature_1", "top_value_1", "top_feature_2", "top_value_2", "bottom_feature_1", "bottom_value_1", "BiasTerm",
    ]  # fmt: skip
    order = np.sort(cells, axis=1)
    np.testing.assert_array_equal(found.column("top_value_1").numbers(), order[:, -1])
    np.testing.assert_array_equal(found.column("top_value_2").numbers(), order[:, -2])
    np.testing.assert_array_equal(found.column("bottom_value_1").numbers(), order[:, 0])
    levels = found.column("top_feature_1").levels
    chosen = [levels[code] for code in found.column("top_feature_1").values]
    assert chosen == [names[k] for k in cells.argmax(axis=1)]
    by_size = asked(model, frame, background, output_format="compact", top_n=1, compare_abs=True)
    np.testing.assert_array_equal(np.abs(by_size.column("top_value_1").numbers()), np.abs(cells).max(axis=1))
    everything = asked(model, frame, background, output_format="compact", top_n=-1)
    np.testing.assert_array_equal(values(everything)[:, 1:-1:2], order[:, ::-1])
    upwards = asked(model, frame, background, output_format="compact", bottom_n=-1)
    np.testing.assert_array_equal(values(upwards)[:, 1:-1:2], order)


# ---- Shapley values over all subsets


def small_net(columns: int, kind: str, seed: int, hidden: list[int]) -> tuple[DeepLearningModel, Frame]:
    """A trained net of a few columns, all but the first one numbers."""
    random = np.random.default_rng(seed)
    names = [f"x{k}" for k in range(columns)]
    x = random.normal(size=(60, columns))
    codes = random.integers(0, 3, 60)
    cells = [enum(codes, ["a", "b", "c"]), *(numeric(x[:, k]) for k in range(1, columns))]
    y = codes + x @ random.normal(size=columns) + (x[:, -1] * x[:, -2] if columns > 1 else 0)
    frame = Frame([*names, "y"], [*cells, numeric(y)])
    session = LocalSession(nthreads=1)
    session.store.put_frame(frame, "small")
    parameters = {"hidden": hidden, "activation": kind, "epochs": 10, "seed": seed, "reproducible": True}
    started = session.training.train("deeplearning", parameters, x=None, y="y", training_frame_key="small")
    model = session.store.get(finished(session, started), DeepLearningModel)
    model.dtype = np.float64
    return model, frame


def both_ways(model: DeepLearningModel, frame: Frame, **options: Any) -> list[np.ndarray]:
    rows, background = frame.take(np.arange(10)), frame.take(np.arange(30, 40))
    given = {"output_format": "compact", **options}
    return [values(asked(model, rows, background, **given, method=m)) for m in ("deep_shap", "exact")]


@pytest.mark.parametrize(
    ("columns", "kind", "hidden"),
    [(4, "Tanh", []), (1, "Tanh", [5, 4]), (1, "Maxout", [5]), (1, "Rectifier", [4])],
)
def test_of_linear_nets_and_of_one_column_they_are_shapley_values(columns, kind, hidden):
    deep, exact = both_ways(*small_net(columns, kind, 3, hidden))
    np.testing.assert_allclose(deep, exact, atol=1e-10)


def test_of_one_layer_of_maxout_with_two_columns_they_are_shapley_values_where_each_has_a_channel():
    model, frame = small_net(2, "Maxout", 1, [3])
    model.network.weights[0][0, :, -1] = (
        0  # the number goes to the second channel, the factor to the first one
    )
    model.network.weights[0][1, :, :-1] = 0
    deep, exact = both_ways(model, frame)
    np.testing.assert_allclose(deep, exact, atol=1e-10)


@pytest.mark.parametrize(
    ("kind", "bound"), [("Tanh", 0.25), ("Rectifier", 0.25), ("ExpRectifier", 0.25), ("Maxout", 0.8)]
)
def test_they_are_near_shapley_values(kind, bound):
    """Of nets with interactions they are not Shapley values; the bounds are those of the documentation."""
    for seed in (1, 2):
        deep, exact = both_ways(*small_net(4, kind, seed, [6, 5]))
        off = np.abs(deep - exact)[:, :4].sum(axis=1) / np.abs(exact[:, :4]).sum(axis=1)
        assert off.mean() < bound


@pytest.mark.parametrize("kind", ["Tanh", "Rectifier", "ExpRectifier"])
def test_a_column_contributes_at_most_what_the_steepest_net_would_make_of_it(kind):
    model, frame = small_net(4, kind, 2, [6, 5])
    layers = [np.abs(matrix) for matrix, _ in model.network.input_major(np.float64)]
    x = frame.column("x1").numbers()
    change = np.abs(x[:10, None] - x[None, 30:40]).ravel() * model.spec.encoder.scaling["x1"].mul
    steepest = layers[0][model.spec.encoder.category_units] @ layers[1] @ layers[2]
    assert model.spec.response is not None
    for found in both_ways(model, frame, output_per_reference=True):
        assert (np.abs(found[:, 1]) <= change * steepest / model.spec.response.mul + 1e-12).all()


@pytest.mark.parametrize("name", ["two classes", "balanced classes", "poisson", "regression with weights and offset", "autoencoder",
                                  "no hidden layer", "Maxout with max_w2",
                                  "piecewise-linear", "piecewise-linear Maxout of digits"])  # fmt: skip
def test_integrals_of_gradients_are_the_differences_of_predictions(session, name):
    """But for the integral, before its rest is shared out; derivatives are those of the predictions."""
    model = model_cases.train(session, name)
    model.dtype = np.float64
    frame, background = rows_of(name)
    for per_reference in (False, True):
        options = {
            "method": "integrated_gradients",
            "output_space": True,
            "output_per_reference": per_reference,
        }
        explaining = _Explaining(model, frame, background, ContributionOptions.of(options))
        found = explaining._of_pairs(np.float64, points=64)
        assert np.abs(explaining._rest(found)).mean() < 0.01 * np.abs(found).sum(axis=-1).mean()
    expected = predicted(model, frame, output_space=True)
    sums = of_each_output(asked(model, frame, background, **options), expected.shape[1]).sum(axis=2)
    np.testing.assert_allclose(sums, np.repeat(expected, len(sums) // 20, axis=0), atol=1e-9)


@pytest.mark.parametrize(
    ("columns", "kind", "hidden"), [(4, "Tanh", []), (1, "Tanh", [5, 4]), (1, "Maxout", [5])]
)
def test_of_linear_nets_and_of_one_column_gradients_give_shapley_values(columns, kind, hidden):
    model, frame = small_net(columns, kind, 3, hidden)
    rows, background = frame.take(np.arange(10)), frame.take(np.arange(30, 40))
    ways = ("integrated_gradients", "exact")
    found, exact = (
        values(asked(model, rows, background, output_format="compact", method=way)) for way in ways
    )
    np.testing.assert_allclose(found, exact, atol=1e-8)


def test_exact_values_refuse_what_would_take_for_ever(session):
    model = model_cases.train(session, "two classes")
    frame, background = rows_of("")
    with pytest.raises(InvalidArgument, match="output_format='compact'"):
        asked(model, frame, background, method="exact")
    wide = Case("s06_gaussian_nostd_rectdropout")
    with pytest.raises(InvalidArgument, match="13, 12 are the most"):
        asked(wide.model(), wide.input(), wide.input(), method="exact", output_format="compact")


@pytest.mark.parametrize("options", [
    {"method": "lime"}, {"output_format": "wide"}, {"top_n": 1.5}, {"bottom_n": True}, {"background": 3},
])  # fmt: skip
def test_wrong_options_are_refused(options):
    (name,) = options
    with pytest.raises(InvalidArgument, match=name):
        ContributionOptions.of(options)
