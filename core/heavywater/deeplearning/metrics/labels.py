"""What metrics are called where people read them: in notebooks, terminals and the web interface alike."""

from __future__ import annotations

# By their names among the metrics of a model, and in the table of thresholds.
LABELS = {
    "logloss": "Logloss",
    "AUC": "AUC",
    "pr_auc": "AUC of precision/recall",
    "Gini": "Gini",
    "mean_residual_deviance": "Mean residual deviance",
    "RMSE": "RMSE",
    "MSE": "MSE",
    "mae": "MAE",
    "rmsle": "RMSLE",
    "r2": "R²",
    "classification_error": "Classification error",
    "mean_per_class_error": "Mean error of the classes",
    "lift": "Lift of the first group",
    "kolmogorov_smirnov": "Kolmogorov-Smirnov",
    "custom_metric_value": "Custom metric",
    "nobs": "Rows",
    "f1": "F1",
    "f2": "F2",
    "f0point5": "F0.5",
    "accuracy": "Accuracy",
    "precision": "Precision",
    "recall": "Recall",
    "specificity": "Specificity",
    "absolute_mcc": "Absolute MCC",
    "min_per_class_accuracy": "Least accuracy of a class",
    "mean_per_class_accuracy": "Mean accuracy of the classes",
}
# By their names in the scoring history.
HISTORY = {
    "logloss": "logloss",
    "deviance": "mean_residual_deviance",
    "auc": "AUC",
    "pr_auc": "pr_auc",
    "classification_error": "classification_error",
    "rmse": "RMSE",
    "mse": "MSE",
    "mae": "mae",
    "r2": "r2",
    "lift": "lift",
    "custom": "custom_metric_value",
}


def label_of(metric: str) -> str:
    """What a metric is called, by its name among the metrics of a model or in the scoring history.

    Examples
    --------
    >>> label_of("pr_auc"), label_of("deviance"), label_of("one of my own")
    ('AUC of precision/recall', 'Mean residual deviance', 'one of my own')
    """
    return LABELS.get(metric) or LABELS.get(HISTORY.get(metric, ""), metric)
