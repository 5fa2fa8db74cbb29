"""Trained models: what they tell, predictions, importances, explanations."""

from __future__ import annotations

from typing import Any

from ..library import H2OFrame, h2o
from .world import PREDICTORS, World, printed, refusal, table, train


def printed_model(world: World) -> Any:
    text = printed(lambda: print(world.binomial))
    parts = (
        "Model Details",
        "Status of Neuron Layers",
        "ModelMetricsBinomial",
        "Confusion Matrix",
        "Maximum Metrics",
        "Scoring History",
        "Variable Importances",
    )
    return [part in text for part in parts]


def shown_models_of_other_kinds(world: World) -> Any:
    models = (world.multinomial, world.regression, world.autoencoder)
    return ["ModelMetrics" in printed(model.show) for model in models]


def layers(world: World) -> Any:
    return table(world.binomial.summary())


def history(world: World) -> Any:
    models = (world.binomial, world.multinomial, world.regression, world.autoencoder)
    return [list(model.scoring_history().columns) for model in models]


def predictions(world: World) -> Any:
    found = [model.predict(world.iris) for model in (world.multinomial, world.regression)]
    two = world.binomial.predict(world.prostate)
    return [[each.names, each.types, each.nrow] for each in (*found, two)]


def predictions_of_other_frames(world: World) -> Any:
    lacking = world.prostate[["AGE", "RACE", "PSA"]]
    strange = H2OFrame(
        {"AGE": [60, 70], "RACE": ["1", "nowhere"], "PSA": [1.5, None]},
        column_types=["numeric", "enum", "numeric"],
    )
    return [world.binomial.predict(lacking).shape, world.binomial.predict(strange).shape]


def performance(world: World) -> Any:
    found = world.binomial.model_performance(world.prostate)
    return [
        type(found).__name__,
        found.confusion_matrix().to_list().__len__(),
        isinstance(found.auc(), float),
        found.nobs() if hasattr(found, "nobs") else found._metric_json["nobs"],
    ]


def deep_features(world: World) -> Any:
    found = world.multinomial.deepfeatures(world.iris, 0)
    return [found.names, found.nrow, world.autoencoder.deepfeatures(world.iris, 0).shape]


def importances(world: World) -> Any:
    rows = world.binomial.varimp()
    return [
        len(rows) >= len(PREDICTORS),
        len(rows[0]),
        rows[0][2:3],
        list(world.binomial.varimp(use_pandas=True).columns),
    ]


def picture_of_importances(world: World) -> Any:
    return (
        world.binomial.varimp_plot(server=True, save_plot_path=str(world.folder / "varimp.png")) is not None
    )


def picture_of_the_history(world: World) -> Any:
    world.binomial.learning_curve_plot(save_plot_path=str(world.folder / "curve.png"))
    return (world.folder / "curve.png").exists()


def partial_dependence(world: World) -> Any:
    found = world.binomial.partial_plot(world.prostate, cols=["AGE", "RACE"], plot=False, nbins=5)
    return [[table(each), len(each.cell_values)] for each in found]


def partial_dependence_of_classes(world: World) -> Any:
    found = world.multinomial.partial_plot(
        world.iris, cols=["sepal_len"], plot=False, nbins=4, targets=["Iris-setosa", "Iris-virginica"]
    )
    return [len(found), len(found[0].cell_values)]


def partial_dependence_of_pairs(world: World) -> Any:
    found = world.binomial.partial_plot(world.prostate, col_pairs_2dpdp=[["AGE", "PSA"]], plot=False, nbins=3)
    return [table(found[0]), len(found[0].cell_values)]


def picture_of_a_dependence(world: World) -> Any:
    return world.binomial.pd_plot(world.prostate, "AGE") is not None


def importance_by_permutation(world: World) -> Any:
    found = world.binomial.permutation_importance(
        world.prostate, metric="AUC", n_samples=-1, seed=1, use_pandas=False
    )
    return [table(found), sorted(row[0] for row in found.cell_values)]


def importance_by_permutation_in_turns(world: World) -> Any:
    found = world.binomial.permutation_importance(
        world.prostate, n_repeats=3, features=["PSA", "AGE"], seed=1, use_pandas=True
    )
    return [
        list(found.columns),
        sorted(found["Variable"]) if "Variable" in found else sorted(found.index),
        list(found.shape),
    ]


def a_leaderboard(world: World) -> Any:
    found = h2o.make_leaderboard(
        [world.binomial, train(world.prostate, "CAPSULE", x=PREDICTORS)], world.prostate
    )
    return [found.names, found.nrow]


def fairness(world: World) -> Any:
    found = world.binomial.fairness_metrics(
        world.prostate, protected_columns=["RACE"], reference=["1"], favorable_class="1"
    )
    return [found["overview"].nrow, {name: frame.names for name, frame in found.items()}]


def predicted_and_actual(world: World) -> Any:
    predicted = world.regression.predict(world.iris)
    found = world.regression.predicted_vs_actual_by_variable(world.iris, predicted, "class", use_pandas=True)
    return [list(found.columns), list(found.shape)]


def models_by_name(world: World) -> Any:
    world.binomial.model_id  # noqa: B018  # made when first asked for
    again = h2o.get_model("binomial")
    return [
        again.model_id,
        again.algo,
        "binomial" in h2o.models(),
        refusal(lambda: h2o.get_model("no_such_model")),
    ]


def details_in_the_client(world: World) -> Any:
    model = world.multinomial
    return [
        model.algo,
        model.full_parameters["hidden"]["actual_value"],
        model.have_mojo,
        model.key,
        model.type,
    ]


def normalization(world: World) -> Any:
    model = world.regression
    return [
        type(found).__name__
        for found in (model.normmul(), model.normsub(), model.respmul(), model.respsub(), model.catoffsets())
    ]


def contributions_are_refused(world: World) -> Any:
    return refusal(lambda: world.binomial.predict_contributions(world.prostate))[:1]


def removed_models(world: World) -> Any:
    model = train(world.iris, "class", model_id="to_remove")
    h2o.remove(model)
    return refusal(lambda: h2o.get_model("to_remove"))


def time_and_state(world: World) -> Any:
    model = world.binomial
    return [
        model.end_time >= model.start_time,
        isinstance(model.run_time, int),
        model.default_threshold() > 0,
    ]
