"""What the sections about models are called, and what each of them shows."""

from __future__ import annotations

TITLES = {
    "leaderboard": (
        "Leaderboard",
        "The models and their scores on this frame, the best first. Scores of models that were chosen by them are too good.",
    ),
    "confusion_matrix": (
        "Confusion Matrix",
        "Rows are actual classes, columns predicted ones; what is off the diagonal was mistaken. Of two classes the second "
        "one is predicted from the threshold on that makes the F1 score largest.",
    ),
    "residual_analysis": (
        "Residuals",
        "What is left of the response when the prediction is taken away. A trend, a curve or a funnel shows what the model has "
        "not learned; stripes only say that the response is made of whole numbers.",
    ),
    "reconstruction_error": (
        "Reconstruction Errors",
        "How badly the autoencoder puts each row together again. Rows with large errors are unlike those it was trained on.",
    ),
    "learning_curve": (
        "Learning Curve",
        "The score over the epochs. Where the validation score gets worse while the training score gets better, the model "
        "learns its rows by heart.",
    ),
    "varimp": (
        "Variable Importance",
        "How much weight the first two layers of the network give to each column (Gedeon 1997). It is read off the weights "
        "alone: a column of noise that the network has not unlearned yet looks important, too. Permutation importance and "
        "contributions ask the predictions.",
    ),
    "permutation_importance": (
        "Permutation Importance",
        "How much worse the score on this frame gets when the cells of a column are shuffled, in several runs. Columns without "
        "influence lie around 0. Of columns that tell the same each looks unimportant, since the others stand in for it.",
    ),
    "varimp_heatmap": (
        "Variable Importance of the Models",
        "The same for each model, the largest of a model being 1. Models and columns that are alike stand side by side.",
    ),
    "model_correlation_heatmap": (
        "Agreement of the Models",
        "How alike the predictions of two models are: the correlation of numbers, the share of rows with the same class. Models "
        "that disagree gain most from being averaged.",
    ),
    "shap_summary": (
        "Contributions",
        "How much each column moves each prediction away from the average of the background (SHAP), a point for each row. "
        "The contributions of a row sum to its prediction. They tell what the model does, not what causes the response.",
    ),
    "pdp": (
        "Partial Dependence",
        "The mean prediction if a column had one value in all rows. Where columns depend on each other this asks about rows that "
        "cannot be; the marks at the axis show where there are rows.",
    ),
    "ice": (
        "Individual Conditional Expectation",
        "The prediction for single rows, taken at the deciles of the prediction. Lines that are not parallel show that the effect "
        "of the column depends on other columns, which the mean hides.",
    ),
}  # fmt: skip

#: in the order of the page
EXPLANATIONS = tuple(TITLES)
