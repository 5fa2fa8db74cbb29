"""The methods of models that say why they predict what they predict, in numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, overload

from ..backend.connection import session
from ..exceptions import H2OTypeError
from ..frame.accepting import rows_for
from ..frame.answering import Answered, Output, answer, check_output
from ..frame.h2oframe import H2OFrame
from ..plot.canvas import Path
from ..two_dim_table import H2OTwoDimTable

if TYPE_CHECKING:
    import pandas


class ModelQuestions:
    """Mixin of the questions to a model whose answers are frames."""

    @overload
    def predict_contributions(
        self: Any,
        test_data: H2OFrame | str,
        output_format: Literal["Original", "Compact"] | None = "Original",
        top_n: int | None = None,
        bottom_n: int | None = None,
        compare_abs: bool = False,
        background_frame: Any = None,
        output_space: bool = False,
        output_per_reference: bool = False,
        *,
        method: Literal["deep_shap", "integrated_gradients", "exact"] = "deep_shap",
        output: Literal["same"] = "same",
    ) -> H2OFrame: ...

    @overload
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
        method: Literal["deep_shap", "integrated_gradients", "exact"] = "deep_shap",
        output: Output = "same",
    ) -> Answered: ...

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
        method: Literal["deep_shap", "integrated_gradients", "exact"] = "deep_shap",
        output: Output = "same",
    ) -> Answered:
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
            "deep_shap", the Rescale rule of DeepLIFT (Lundberg, Lee 2017), which is quick; "integrated_gradients", the mean
            gradient on the way from a background row (Sundararajan, Taly, Yan 2017), which takes about 20 times as long; or
            "exact", Shapley values over all subsets of columns, for at most 12 columns and output_format="Compact".
        output : str
            As for `predict`.

        Returns
        -------
        H2OFrame, or the kind of `test_data`
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
        check_output(output)
        model, rows = self._model_key(), rows_for(self._trained, "test_data", test_data)
        background = None
        if background_frame is not None:
            background = rows_for(self._trained, "background_frame", background_frame)
        background_key = None if background is None else background.frame_id
        found = session().models.contributions(model, rows.frame_id, background_key, options)
        return answer(H2OFrame._wrap(found, own=True), test_data, output)

    def permutation_importance(
        self: Any,
        frame: Any,
        metric: Any = "AUTO",
        n_samples: int = 10_000,
        n_repeats: int = 1,
        features: Sequence[str] | None = None,
        seed: int = -1,
        use_pandas: bool = False,
    ) -> H2OTwoDimTable | pandas.DataFrame:
        """By how much a metric gets worse when the cells of a column are shuffled, column by column.

        Unlike `varimp`, which looks at weights alone, this asks the model: a column without influence has an importance around
        0. Of columns that tell the same the model may need only one, so that none of them seems to matter: see the errors, and
        leave out columns together.

        Parameters
        ----------
        frame : H2OFrame or data frame
            With the response and the columns of the model; rows that were not trained tell what helps to predict.
        metric : str, callable or class
            A number among the metrics of the model, such as "AUC", "logloss", "RMSE", "mae" or "mean_per_class_error"; "AUTO"
            takes AUC, logloss or RMSE. Or a metric of your own, as in `predict`, of which changes are taken without their sign.
        n_samples : int
            Rows, drawn at random, that are scored in each run; -1 takes all.
        n_repeats : int
            How often each column is shuffled.
        features : list of str, optional
            Columns that are shuffled; by default all that the model was trained with.
        seed : int
            Of the random numbers; -1 draws one.
        use_pandas : bool
            Give a pandas data frame, with the names of the columns as index.

        Returns
        -------
        H2OTwoDimTable or pandas.DataFrame
            The most important first. Of one run: ``Variable``, ``Relative Importance`` (the change, below 0 where shuffling
            helps), ``Scaled Importance`` (of the largest), ``Percentage``. Of several: ``Variable``, ``Run 1``, ``Run 2`` ...,
            their ``Mean`` and its ``Standard Error``.

        Examples
        --------
        >>> iris = h2o.import_file("iris.csv")
        >>> model = h2o.H2ODeepLearningEstimator(hidden=[4], epochs=1, seed=1)
        >>> _ = model.train(y="class", training_frame=iris)
        >>> model.permutation_importance(iris, n_repeats=2, seed=1).col_header
        ['Variable', 'Run 1', 'Run 2', 'Mean', 'Standard Error']
        """
        if isinstance(features, str):
            raise H2OTypeError(f"features={features!r} must be a list of names")
        for name, value in (("n_samples", n_samples), ("n_repeats", n_repeats), ("seed", seed)):
            if isinstance(value, bool) or not isinstance(value, int):
                raise H2OTypeError(f"{name}={value!r} must be a whole number")
        model, rows = self._model_key(), rows_for(self._trained, "frame", frame)
        of_its_own = not isinstance(metric, str) or metric.startswith("python:")
        if of_its_own:
            session().training.check_metric(metric, model)
        options = {
            "metric": "AUTO" if of_its_own else metric,
            "n_samples": n_samples,
            "n_repeats": n_repeats,
            "features": list(features or ()),
            "seed": seed,
        }
        found = session().models.permutation_importance(
            model, rows.frame_id, options, metric if of_its_own else None
        )
        table = H2OFrame._wrap(found, own=True).as_data_frame()
        if use_pandas:
            return table.set_index("Variable")
        types = ["string", *["double"] * (table.shape[1] - 1)]
        cells = table.astype(object).to_numpy().tolist()
        return H2OTwoDimTable("Variable Importances", None, list(table.columns), types, cell_values=cells)

    def permutation_importance_plot(
        self: Any,
        frame: Any,
        metric: Any = "AUTO",
        n_samples: int = 10_000,
        n_repeats: int = 1,
        features: Sequence[str] | None = None,
        seed: int = -1,
        num_of_features: int = 10,
        server: bool = False,
        save_plot_path: Path = None,
    ) -> H2OTwoDimTable:
        """Draw permutation importances: bars, or of several runs boxes. It needs matplotlib (the extra ``plot``).

        Parameters
        ----------
        frame, metric, n_samples, n_repeats, features, seed
            As in `permutation_importance`.
        num_of_features : int
            How many columns are drawn.
        server : bool
            Draw without a display: nothing is shown, and pyplot does not know of the figure.
        save_plot_path : str or path, optional
            File to save the figure to; its ending chooses the format.

        Returns
        -------
        H2OTwoDimTable
            The importances; its method ``figure()`` gives the matplotlib figure.

        Examples
        --------
        >>> table = model.permutation_importance_plot(iris, seed=1, server=True)
        """
        from ..plot.permutations import permutation_plot  # start-up: only for who draws

        table = self.permutation_importance(frame, metric, n_samples, n_repeats, features, seed)
        title = f"Permutation Importance: {self._trained['algo_full_name']}"
        return permutation_plot(table, title, num_of_features, server=server, save_plot_path=save_plot_path)
