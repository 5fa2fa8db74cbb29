"""What each row of tests/data/validation.csv means for us, and where we differ from H2O on purpose."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Try:
    """One call of `validate`: the parameters, and the columns and rows of `example_frames.every_kind`."""

    parameters: dict[str, Any] = field(default_factory=dict)
    y: str | None = "positive"
    x: tuple[str, ...] = ("a", "b")
    rows: int = 12


def tries(*values: Any, name: str, y: str | None = "positive", **others: Any) -> list[Try]:
    return [Try({name: value, **others}, y) for value in values]


SGD: dict[str, Any] = {"adaptive_rate": False}
AUTOENCODER: dict[str, Any] = {"autoencoder": True}
UNUSED_WITH_ADADELTA = (
    "rate",
    "rate_annealing",
    "rate_decay",
    "momentum_start",
    "momentum_stable",
    "momentum_ramp",
)
EVERY_DISTRIBUTION = ("poisson", "gamma", "tweedie", "laplace", "huber", "quantile")
FLAGS = ("quiet_mode", "fast_mode", "single_node_mode", "shuffle_training_data", "replicate_training_data")

#: (parameter, input) of the file -> calls that show it
CASES: dict[tuple[str, str], list[Try]] = {
    ("hidden", "[]"): tries([], name="hidden"),
    ("hidden", "[0]"): tries([0], name="hidden"),
    ("hidden", "[-5]"): tries([-5], name="hidden"),
    ("hidden", "[10, 0]"): tries([10, 0], name="hidden"),
    ("hidden", "'50' (text)"): tries("50", name="hidden"),
    ("hidden", "[5.5]"): tries([5.5], name="hidden"),
    ("hidden", "thirty layers of 5"): tries([5] * 30, name="hidden"),
    ("epochs", "0"): tries(0, name="epochs"),
    ("epochs", "-1"): tries(-1, name="epochs"),
    ("epochs", "0.001"): tries(0.001, name="epochs"),
    ("epochs", "1e10"): tries(1e10, name="epochs"),
    ("epochs", "'ten'"): tries("ten", name="epochs"),
    **{(name, "any value with adaptive_rate=True"): tries(-1, 2, name=name) for name in UNUSED_WITH_ADADELTA},
    ("rate", "0 (adaptive_rate=False)"): tries(0, name="rate", **SGD),
    ("rate", "-1 (adaptive_rate=False)"): tries(-1, name="rate", **SGD),
    ("rate", "2 (adaptive_rate=False)"): tries(2, name="rate", **SGD),
    ("momentum_start", "-0.1 (adaptive_rate=False)"): tries(-0.1, name="momentum_start", **SGD),
    ("momentum_start", "1.5 (adaptive_rate=False)"): tries(1.5, name="momentum_start", **SGD),
    ("momentum_stable", "1.0 or 1.5 (adaptive_rate=False)"): tries(1.0, 1.5, name="momentum_stable", **SGD),
    ("momentum_ramp", "0 or -5 (adaptive_rate=False)"): tries(0, -5, name="momentum_ramp", **SGD),
    ("rate_annealing", "-1 (adaptive_rate=False)"): tries(-1, name="rate_annealing", **SGD),
    ("rate_decay", "0 or -1 (adaptive_rate=False)"): tries(0, -1, name="rate_decay", **SGD),
    ("rho", "0 (epsilon > 0)"): tries(0, name="rho"),
    ("epsilon", "0 (rho > 0)"): tries(0, name="epsilon"),
    ("rho", "-0.1"): tries(-0.1, name="rho"),
    ("rho", "1.5"): tries(1.5, name="rho"),
    ("rho", "1"): tries(1, name="rho"),
    ("epsilon", "-1e-8"): tries(-1e-8, name="epsilon"),
    ("epsilon", "1"): tries(1, name="epsilon"),
    ("input_dropout_ratio", "-0.1"): tries(-0.1, name="input_dropout_ratio"),
    ("input_dropout_ratio", "1"): tries(1, name="input_dropout_ratio"),
    ("input_dropout_ratio", "1.5"): tries(1.5, name="input_dropout_ratio"),
    ("input_dropout_ratio", "0.99"): tries(0.99, name="input_dropout_ratio"),
    ("hidden_dropout_ratios", "[0.3] with an activation without dropout"): tries(
        [0.3], name="hidden_dropout_ratios", hidden=[5]
    ),
    ("hidden_dropout_ratios", "[0.3] for two hidden layers"): tries(
        [0.3], name="hidden_dropout_ratios", hidden=[5, 5], activation="TanhWithDropout"
    ),
    ("hidden_dropout_ratios", "[1.0]"): tries(
        [1.0], name="hidden_dropout_ratios", hidden=[5], activation="TanhWithDropout"
    ),
    ("hidden_dropout_ratios", "[-0.1]"): tries(
        [-0.1], name="hidden_dropout_ratios", hidden=[5], activation="TanhWithDropout"
    ),
    ("hidden_dropout_ratios", "not given, ...WithDropout"): tries("MaxoutWithDropout", name="activation"),
    ("l1", "-1"): tries(-1, name="l1"),
    ("l2", "-1"): tries(-1, name="l2"),
    ("l1", "10"): tries(10, name="l1"),
    ("max_w2", "0.0 or -1.0"): tries(0.0, -1.0, name="max_w2"),
    ("max_w2", "0 or -1 (integer)"): tries(0, -1, name="max_w2"),
    ("max_w2", "1e-6"): tries(1e-6, name="max_w2"),
    ("initial_weight_scale", "0 or -1"): tries(0, -1, name="initial_weight_scale"),
    ("initial_weight_distribution", "'foo'"): tries("foo", name="initial_weight_distribution"),
    ("initial_weights", "matrix of a wrong shape"): tries(["key", "key"], name="initial_weights", hidden=[5]),
    ("initial_weights", "one matrix for two weight layers"): tries(
        ["key"], name="initial_weights", hidden=[5]
    ),
    ("initial_weights", "[None, None] from Python"): tries([None, None], name="initial_weights", hidden=[5]),
    ("score_interval", "0 or -1"): tries(0, -1, name="score_interval"),
    ("score_training_samples", "-1"): tries(-1, name="score_training_samples"),
    ("score_training_samples", "0"): tries(0, name="score_training_samples"),
    ("score_validation_samples", "-1"): tries(-1, name="score_validation_samples"),
    ("score_duty_cycle", "-0.1 or 1.5"): tries(-0.1, 1.5, name="score_duty_cycle"),
    ("score_duty_cycle", "0"): tries(0, name="score_duty_cycle"),
    ("classification_stop", "-1, -2 or 2"): tries(-1, -2, 2, name="classification_stop", y="two"),
    ("regression_stop", "-1 or -2"): tries(-1, -2, name="regression_stop"),
    ("classification_stop", "given for regression"): tries(0.1, name="classification_stop"),
    ("regression_stop", "given for classification"): tries(0.1, name="regression_stop", y="two"),
    ("train_samples_per_iteration", "-3"): tries(-3, name="train_samples_per_iteration"),
    ("train_samples_per_iteration", "-2, -1, 0, 1"): tries(-2, -1, 0, 1, name="train_samples_per_iteration"),
    ("target_ratio_comm_to_comp", "0 or -1"): tries(0, -1, name="target_ratio_comm_to_comp"),
    ("average_activation", "0.5, -2, 2 (supervised)"): tries(0.5, -2, 2, name="average_activation"),
    ("sparsity_beta", "-1 or 0.5 (supervised)"): tries(-1, 0.5, name="sparsity_beta"),
    ("sparsity_beta", "0.1 (autoencoder)"): tries(0.1, name="sparsity_beta", y=None, **AUTOENCODER),
    ("mini_batch_size", "0 or -1"): tries(0, -1, name="mini_batch_size"),
    ("mini_batch_size", "8 or 32"): tries(8, 32, name="mini_batch_size"),
    ("stopping_rounds", "-1"): tries(-1, name="stopping_rounds"),
    ("stopping_tolerance", "-1 or 1.5"): tries(-1, 1.5, name="stopping_tolerance"),
    ("stopping_tolerance", "0"): tries(0, name="stopping_tolerance"),
    ("stopping_metric", "'AUC' for regression"): tries("AUC", name="stopping_metric"),
    ("stopping_metric", "'misclassification' for regression"): tries(
        "misclassification", name="stopping_metric"
    ),
    ("stopping_metric", "'deviance' for classification"): tries("deviance", name="stopping_metric", y="two"),
    ("stopping_metric", "'AUC' for autoencoder"): tries("AUC", name="stopping_metric", y=None, **AUTOENCODER),
    ("stopping_metric", "'custom' without a custom metric"): tries("custom", name="stopping_metric"),
    ("stopping_metric", "'anomaly_score'"): tries("anomaly_score", name="stopping_metric"),
    ("stopping_metric", "any, with stopping_rounds=0"): tries(
        "MSE", name="stopping_metric", stopping_rounds=0
    ),
    ("stopping_metric", "'AUC', 'MSE', 'lift_top_group' for binomial"): tries(
        "AUC", "MSE", "lift_top_group", name="stopping_metric", y="two"
    ),
    ("max_runtime_secs", "-1"): tries(-1, name="max_runtime_secs"),
    ("nfolds", "-1 or 1"): tries(-1, 1, name="nfolds"),
    ("nfolds", "more than rows"): tries(13, name="nfolds"),
    ("nfolds", "together with a fold column"): tries(3, name="nfolds", fold_column="factor"),
    ("nfolds", "3, autoencoder"): tries(3, name="nfolds", y=None, **AUTOENCODER),
    ("fold_assignment", "'Random' without cross-validation"): tries("Random", name="fold_assignment"),
    ("fold_assignment", "'Stratified' for regression"): tries("Stratified", name="fold_assignment", nfolds=3),
    ("keep_cross_validation_predictions", "True without cross-validation"): tries(
        True, name="keep_cross_validation_predictions"
    ),
    ("tweedie_power", "0.9, 1, 2 or 2.1 (whatever the distribution)"): tries(
        0.9, 1, 2, 2.1, name="tweedie_power"
    ),
    ("quantile_alpha", "-0.1 or 1.1, other distribution"): tries(-0.1, 1.1, name="quantile_alpha"),
    ("quantile_alpha", "1.2, quantile distribution"): tries(
        1.2, name="quantile_alpha", distribution="quantile"
    ),
    ("huber_alpha", "-0.1 or 1.1, other distribution"): tries(-0.1, 1.1, name="huber_alpha"),
    ("huber_alpha", "1.5, huber distribution"): tries(1.5, name="huber_alpha", distribution="huber"),
    ("huber_alpha", "0, huber distribution"): tries(0, name="huber_alpha", distribution="huber"),
    ("max_categorical_features", "0 or -1"): tries(0, -1, name="max_categorical_features"),
    ("max_after_balance_size", "0.0 or -1.0"): tries(0.0, -1.0, name="max_after_balance_size", y="two"),
    ("max_after_balance_size", "0 or -1 (integer)"): tries(0, -1, name="max_after_balance_size", y="two"),
    ("max_after_balance_size", "0.5"): tries(0.5, name="max_after_balance_size", y="two"),
    ("elastic_averaging_moving_rate", "-0.1 or 2"): tries(-0.1, 2, name="elastic_averaging_moving_rate"),
    ("elastic_averaging_regularization", "-1"): tries(-1, name="elastic_averaging_regularization"),
    ("elastic_averaging", "True on one node"): tries(True, name="elastic_averaging"),
    ("seed", "-1"): tries(-1, name="seed"),
    ("seed", "0"): tries(0, name="seed"),
    ("reproducible", "True without seed"): tries(True, name="reproducible"),
    ("reproducible", "True with force_load_balance=True"): tries(
        True, name="reproducible", force_load_balance=True
    ),
    ("activation", "'relu'"): tries("relu", name="activation"),
    ("activation", "'Linear'"): tries("Linear", name="activation"),
    ("activation", "'ExpRectifier'"): tries("ExpRectifier", name="activation"),
    ("activation", "'ExpRectifierWithDropout'"): tries("ExpRectifierWithDropout", name="activation"),
    **{
        ("distribution", f"'{name}'"): tries(name, name="distribution")
        for name in ("foo", "ordinal", "quasibinomial", "custom", "modified_huber")
    },
    ("distribution", "'gaussian' with a factor answer"): tries("gaussian", name="distribution", y="two"),
    ("distribution", "'bernoulli' with a numeric answer"): tries("bernoulli", name="distribution"),
    ("distribution", "'multinomial' with a numeric answer"): tries("multinomial", name="distribution"),
    ("distribution", "'multinomial' with a 2-level answer"): tries(
        "multinomial", name="distribution", y="two"
    ),
    ("distribution", "'bernoulli' with a 3-level answer"): tries("bernoulli", name="distribution", y="three"),
    **{
        ("distribution", f"'{name}' with a positive numeric answer"): tries(name, name="distribution")
        for name in EVERY_DISTRIBUTION
    },
    **{
        ("distribution", f"'{name}' with negative answers"): tries(name, name="distribution", y="negative")
        for name in ("poisson", "gamma", "tweedie")
    },
    ("distribution", "'poisson' with fractional answers"): tries(
        "poisson", name="distribution", y="fraction"
    ),
    ("distribution", "'poisson', autoencoder"): tries("poisson", name="distribution", y=None, **AUTOENCODER),
    ("loss", "'Absolute' with a factor answer"): tries("Absolute", name="loss", y="two"),
    ("loss", "'Huber' with a factor answer"): tries("Huber", name="loss", y="two"),
    ("loss", "'Quantile' with a factor answer"): tries("Quantile", name="loss", y="two"),
    ("loss", "'Quadratic' with a factor answer"): tries("Quadratic", name="loss", y="two"),
    ("loss", "'CrossEntropy' with a numeric answer"): tries("CrossEntropy", name="loss"),
    ("loss", "'CrossEntropy', autoencoder"): tries("CrossEntropy", name="loss", y=None, **AUTOENCODER),
    ("loss", "'Absolute', distribution gaussian or AUTO"): [
        Try({"loss": "Absolute", "distribution": "gaussian"}),
        Try({"loss": "Absolute"}),
    ],
    ("loss", "'Huber' with distribution laplace"): tries("Huber", name="loss", distribution="laplace"),
    ("loss", "'Quadratic' with distribution poisson"): tries(
        "Quadratic", name="loss", distribution="poisson"
    ),
    ("loss", "'foo'"): tries("foo", name="loss"),
    ("categorical_encoding", "'one_hot_explicit'"): tries("one_hot_explicit", name="categorical_encoding"),
    ("categorical_encoding", "'enum'"): tries("enum", name="categorical_encoding"),
    ("categorical_encoding", "'foo'"): tries("foo", name="categorical_encoding"),
    ("categorical_encoding", "'binary','eigen','label_encoder','sort_by_response','enum_limited'"): tries(
        "binary", "eigen", "label_encoder", "sort_by_response", "enum_limited", name="categorical_encoding"
    ),
    ("missing_values_handling", "'Skip'"): tries("Skip", name="missing_values_handling"),
    ("missing_values_handling", "'foo'"): tries("foo", name="missing_values_handling"),
    ("balance_classes", "True for regression or autoencoder"): [
        Try({"balance_classes": True}),
        Try({"balance_classes": True, **AUTOENCODER}, None),
    ],
    ("balance_classes", "True with weights"): tries(
        True, name="balance_classes", y="two", weights_column="weight"
    ),
    ("class_sampling_factors", "without balance_classes"): tries(
        [1, 2], name="class_sampling_factors", y="two"
    ),
    ("class_sampling_factors", "wrong number"): tries(
        [1, 2, 3], name="class_sampling_factors", y="two", balance_classes=True
    ),
    ("class_sampling_factors", "[-1, 2]"): tries(
        [-1, 2], name="class_sampling_factors", y="two", balance_classes=True
    ),
    ("response", "a constant column"): [Try(y="constant")],
    ("response", "all values missing"): [Try(y="missing")],
    ("response", "a string column"): [Try(y="text")],
    ("response", "no such column"): [Try(y="nowhere")],
    ("response", "not given (not autoencoder)"): [Try(y=None)],
    ("x", "no such column"): [Try(x=("a", "nowhere"))],
    ("x", "contains the answer"): [Try(x=("a", "positive"))],
    ("x", "with a string column"): [Try(x=("a", "text"))],
    ("x", "only a constant column"): [Try(x=("constant",))],
    ("training_frame", "one row"): [Try(rows=1)],
    ("training_frame", "no rows"): [Try(rows=0)],
    ("weights_column", "negative values"): tries("weight_negative", name="weights_column"),
    ("weights_column", "all zero"): tries("weight_none", name="weights_column"),
    ("weights_column", "missing values"): tries("weight_missing", name="weights_column"),
    ("weights_column", "a factor"): tries("factor", name="weights_column"),
    ("weights_column", "no such column"): tries("nowhere", name="weights_column"),
    ("weights_column", "the answer column"): tries("positive", name="weights_column"),
    ("weights_column", "with an autoencoder"): tries("weight", name="weights_column", y=None, **AUTOENCODER),
    ("weights_column", "with zeros"): tries("weight_zeros", name="weights_column"),
    ("offset_column", "classification"): tries("b", name="offset_column", y="two"),
    ("offset_column", "the answer column"): tries("positive", name="offset_column"),
    ("offset_column", "the weights column"): tries("weight", name="offset_column", weights_column="weight"),
    ("offset_column", "with weights"): tries("b", name="offset_column", weights_column="weight"),
    ("offset_column", "regression"): tries("b", name="offset_column"),
    ("autoencoder", "True with y given"): tries(True, name="autoencoder"),
    ("activation", "'Maxout', autoencoder"): tries("Maxout", name="activation", y=None, **AUTOENCODER),
    ("activation", "'Rectifier', autoencoder with average_activation"): tries(
        "Rectifier", name="activation", y=None, average_activation=0.5, sparsity_beta=0.1, **AUTOENCODER
    ),
    ("variable_importances", "True, autoencoder"): tries(
        True, name="variable_importances", y=None, **AUTOENCODER
    ),
    ("col_major", "True with sparse"): tries(True, name="col_major", sparse=True),
    ("diagnostics", "False"): tries(False, name="diagnostics"),
    (", ".join(FLAGS), "either value"): [Try({name: value}) for name in FLAGS for value in (True, False)],
    ("auc_type", "'MACRO_OVR' for binomial"): tries("MACRO_OVR", name="auc_type", y="two"),
    ("max_hit_ratio_k", "any"): tries(5, name="max_hit_ratio_k"),
    ("interactions", "any"): tries(["a", "b"], name="interactions"),
    ("nosuch", "any"): tries(1, name="nosuch"),
}

#: (parameter, input) -> (our outcome, why); an outcome "elsewhere" is no matter of `validate`
EXCEPTIONS: dict[tuple[str, str], tuple[str, str]] = {
    ("activation", "'ExpRectifier'"): ("accepted", "H2O's server knows it, and our engine has it"),
    ("activation", "'ExpRectifierWithDropout'"): ("accepted", "H2O's server knows it, and our engine has it"),
    ("response", "all values missing"): ("refused", "H2O hangs"),
    ("initial_weights", "[None, None] from Python"): ("accepted", "None leaves a layer random"),
    ("initial_weights", "matrix of a wrong shape"): ("elsewhere", "the frames are read by the trainer"),
    ("x", "column numbers"): ("elsewhere", "the front end turns numbers into names, see tests/front"),
    ("pretrained_autoencoder", "unknown model"): ("elsewhere", "the session knows the models, see tests/front"),
    **{
        ("checkpoint", what): ("elsewhere", "the session knows the models, see tests/front/test_checkpoint.py")
        for what in (
            "unknown model", "epochs not larger than already trained", "with nfolds", "more epochs", "other hidden",
            "other activation", "other rho", "other standardize", "other adaptive_rate", "other distribution",
            "other use_all_factor_levels", "other predictors", "other answer", "other l1", "other input_dropout_ratio",
            "other loss", "other max_w2", "other train_samples_per_iteration", "other missing_values_handling",
            "other seed", "other other training rows",
        )
    },
}  # fmt: skip
