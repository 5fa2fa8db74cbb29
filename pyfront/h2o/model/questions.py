"""The methods of models that say why they predict what they predict, in numbers."""

from __future__ import annotations

from typing import Any, Literal

from ..backend.connection import session
from ..exceptions import H2OTypeError
from ..frame.accepting import frame_of
from ..frame.h2oframe import H2OFrame


class ModelQuestions:
    """Mixin of the questions to a model whose answers are frames."""

    def predict_contributions(
        self: Any,
        test_data: Any,
        output_format: Literal["Original", "Compact"] | None = "Original",
        top_n: int | None = None,
        bottom_n: int | None = None,
        compare_abs: bool = False,
        background_frame: Any = None,
        output_space: bool = False,
        output_per_reference: bool = False,
        *,
        method: Literal["deep_shap", "exact"] = "deep_shap",
    ) -> H2OFrame:
        """How much each column contributes to each prediction, beside rows of a background (SHAP).

        The contributions of a row and the bias, which is the mean prediction of the background, sum to what `predict` gives:
        the number, or the probability of the second of two classes. Of more classes there is a block of columns for each, the
        class and a colon before their names. Of an autoencoder they sum to the reconstruction error. A column that
        `offset_column` names has a contribution, too.

        Parameters
        ----------
        test_data : H2OFrame or data frame
            Rows to explain.
        output_format : str
            "Original": a contribution for each input of the network, that is for each level of a factor; "Compact": for each
            column.
        top_n, bottom_n : int, optional
            Of each row, only so many of the largest and of the smallest contributions, as columns ``top_feature_1``,
            ``top_value_1`` ..., ``bottom_feature_1``, ``bottom_value_1`` ... A negative number asks for all.
        compare_abs : bool
            Look for these by absolute values.
        background_frame : H2OFrame or data frame, optional
            Rows to compare with: some dozens that are typical; they count by the weights column of the model. By default 100
            rows of the training frame, evenly spread.
        output_space : bool
            Of a poisson, gamma or tweedie model, whose network predicts a logarithm: contributions to the prediction itself.
        output_per_reference : bool
            A row for each row and each background row (``RowIdx``, ``BackgroundRowIdx``), instead of the mean over these.
        method : str
            "deep_shap", the Rescale rule of DeepLIFT (Lundberg, Lee 2017), which is quick; or "exact", Shapley values over all
            subsets of columns, for at most 12 columns and output_format="Compact".

        Returns
        -------
        H2OFrame
            A column for each contribution, and ``BiasTerm``.

        Examples
        --------
        >>> iris = h2o.import_file("iris.csv")
        >>> model = h2o.H2ODeepLearningEstimator(hidden=[4], epochs=1, seed=1)
        >>> _ = model.train(x=["sepal_len", "class"], y="petal_len", training_frame=iris)
        >>> model.predict_contributions(iris[:3, :], output_format="Compact", background_frame=iris[::10, :]).names
        ['class', 'sepal_len', 'BiasTerm']
        """
        for name, value in (
            ("compare_abs", compare_abs),
            ("output_space", output_space),
            ("output_per_reference", output_per_reference),
        ):
            if not isinstance(value, bool):
                raise H2OTypeError(f"{name}={value!r} must be True or False")
        if output_format not in (None, "Original", "Compact"):
            raise H2OTypeError(f"output_format={output_format!r} must be 'Original' or 'Compact'")
        options = {
            "method": method,
            "output_format": (output_format or "Original").lower(),
            "top_n": top_n,
            "bottom_n": bottom_n,
            "compare_abs": compare_abs,
            "output_space": output_space,
            "output_per_reference": output_per_reference,
        }
        model, rows = self._model_key(), frame_of("test_data", test_data)
        background = None if background_frame is None else frame_of("background_frame", background_frame)
        background_key = None if background is None else background.frame_id
        return H2OFrame._wrap(
            session().models.contributions(model, rows.frame_id, background_key, options), own=True
        )
