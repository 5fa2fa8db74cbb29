"""`H2OGridSearch`: trains a model for each combination of hyper-parameters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from heavywater.errors import warn
from heavywater.session import JobHandle

from ..backend.connection import session
from ..backend.progress import displays
from ..callbacks.callback import Callback
from ..callbacks.run import Run
from ..callbacks.watching import checked, watched
from ..display.rendering import H2ODisplay, print2
from ..display.tables import one_line, within_page
from ..elsewhere.stand_ins import AbsentMembers
from ..estimators.estimator_base import H2OEstimator
from ..estimators.generic import H2OGenericEstimator
from ..estimators.loading import get_model
from ..exceptions import H2OTypeError, H2OValueError, NotSaved
from ..model.display_items import to_html
from ..two_dim_table import H2OTwoDimTable
from .explanations import GridExplanations
from .metrics import GridMetrics
from .outcomes import GridOutcomes

if TYPE_CHECKING:
    import pandas


class H2OGridSearch(H2ODisplay, GridMetrics, GridExplanations, GridOutcomes, AbsentMembers):
    """Search for good hyper-parameters.

    Parameters
    ----------
    model : H2OEstimator or class
        The estimator with the parameters that all models share, or its class.
    hyper_params : dict
        The values to try of each parameter.
    grid_id : str, optional
        Name of the grid. The models of a grid that exists are kept, and only new combinations are trained.
    search_criteria : dict, optional
        ``strategy`` ("Cartesian", the default, "RandomDiscrete" or "Sequential"), ``max_models``, ``max_runtime_secs``,
        ``seed``, ``stopping_rounds``, ``stopping_metric``, ``stopping_tolerance``.
    export_checkpoints_dir : str, optional
        Folder where each model is saved, and the grid under its name, for `h2o.load_grid`.
    recovery_dir : str, optional
        Folder where the grid is saved as it grows; a search that was ended goes on there: finished models are not
        trained again.
    parallelism : int
        Models to train at the same time; 0: as many as there are threads.

    Notes
    -----
    Booklet, "Grid Search for Model Comparison". Questions to a grid, such as `logloss` or `auc`, are answered by a dict
    with the answer of each model.

    Examples
    --------
    >>> iris = h2o.import_file("iris.csv")
    >>> grid = H2OGridSearch(h2o.H2ODeepLearningEstimator(epochs=1, seed=1), {"hidden": [[2], [4]]}, grid_id="sizes")
    >>> _ = grid.train(y="class", training_frame=iris)
    >>> len(grid.get_grid(sort_by="logloss").model_ids)
    2
    """

    def __init__(
        self,
        model: Any,
        hyper_params: Mapping[str, Any],
        grid_id: str | None = None,
        search_criteria: Mapping[str, Any] | None = None,
        export_checkpoints_dir: str | None = None,
        recovery_dir: str | None = None,
        parallelism: int = 1,
    ) -> None:
        estimator = model() if isinstance(model, type) else model
        if not isinstance(estimator, H2OEstimator):
            raise H2OTypeError(f"model={model!r} must be an estimator, such as H2ODeepLearningEstimator")
        self.model: Any = estimator
        self.hyper_params = dict(hyper_params)
        self.search_criteria = None if search_criteria is None else dict(search_criteria)
        self.export_checkpoints_dir = export_checkpoints_dir
        self.recovery_dir = recovery_dir
        self.parallelism = parallelism
        self._grid_id = grid_id
        self._job: Any = None
        self._lent: list[Any] = []  # frames made of data that was given: resume() needs them, too
        self._run: Run | None = None
        self._callbacks: list[Callback] = []
        self._found: dict[str, Any] | None = None
        self._models: list[H2OEstimator | H2OGenericEstimator] = []
        self._sorting: tuple[str | None, bool | None] = (None, None)

    def __getstate__(self) -> dict[str, Any]:
        """What pickle, copy and joblib keep: a trained grid carries its models."""
        if self._job is not None:
            raise H2OValueError(
                "the search of this grid still runs: call join() before it is copied or saved"
            )
        state = {
            name: value for name, value in self.__dict__.items() if name not in ("_found", "_models", "_lent")
        }
        if self._found is not None:
            state["_contents"] = session().grids.contents(str(self._grid_id))
            state["_order"] = self._sorting
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        contents, order = state.pop("_contents", None), state.pop("_order", (None, None))
        self.__dict__.update(state, _found=None, _models=[], _lent=[])
        if contents is not None:
            self._load(session().grids.restore(contents), *order)

    # --- training

    def train(
        self,
        x: Any = None,
        y: str | int | None = None,
        training_frame: Any = None,
        offset_column: str | int | None = None,
        fold_column: str | int | None = None,
        weights_column: str | int | None = None,
        validation_frame: Any = None,
        callbacks: Iterable[Callback] | Callback | None = None,
        **params: Any,
    ) -> H2OGridSearch:
        """Train all models and wait for the end.

        Parameters
        ----------
        x, y, training_frame, offset_column, fold_column, weights_column, validation_frame
            As for the estimator.
        callbacks : list of Callback, optional
            What is called during the search and during the training of each model, whose `Run.parent` is the search; see
            `h2o.Callback`.
        **params
            More parameters of all models.

        Returns
        -------
        H2OGridSearch
            This object.

        Raises
        ------
        H2OValueError
            No combination gave a model; the message is that of the first failure.

        Notes
        -----
        Ctrl-C ends the search after the current iteration; the models trained so far are kept.

        Examples
        --------
        >>> search = h2o.H2OGridSearch(h2o.H2ODeepLearningEstimator(epochs=1, seed=1), {"hidden": [[2], [3]]})
        >>> len(search.train(y="class", training_frame=iris).models)
        2
        """
        self.start(
            x,
            y,
            training_frame,
            offset_column,
            fold_column,
            weights_column,
            validation_frame,
            callbacks,
            **params,
        )
        self.join()
        return self

    def start(
        self,
        x: Any = None,
        y: str | int | None = None,
        training_frame: Any = None,
        offset_column: str | int | None = None,
        fold_column: str | int | None = None,
        weights_column: str | int | None = None,
        validation_frame: Any = None,
        callbacks: Iterable[Callback] | Callback | None = None,
        **params: Any,
    ) -> None:
        """Begin the search and return at once, see `train`; `join` waits for the end, and calls the callbacks.

        Parameters
        ----------
        x, y, training_frame, offset_column, fold_column, weights_column, validation_frame, callbacks : object
            As of `train`.
        **params : object
            As of `train`.

        Examples
        --------
        >>> search = h2o.H2OGridSearch(h2o.H2ODeepLearningEstimator(epochs=1, seed=1), {"hidden": [[2], [3]]})
        >>> search.start(y="class", training_frame=iris)
        >>> search.join()
        >>> len(search)
        2
        """
        listeners = checked(callbacks)
        if self.export_checkpoints_dir is not None:
            params["export_checkpoints_dir"] = self.export_checkpoints_dir
        parameters, data = self.model._request(
            x, y, training_frame, offset_column, fold_column, weights_column, validation_frame,
            preset="preset" in self.hyper_params, **params,
        )  # fmt: skip
        parameters.pop("model_id", None)
        here = session()
        started = here.grids.train(
            self.model.algo, parameters, self.hyper_params, grid_id=self._grid_id,
            search_criteria=self.search_criteria, parallelism=self.parallelism, recovery_dir=self.recovery_dir, **data,
        )  # fmt: skip
        self._job = JobHandle(here, started)
        self._lent, self.model._lent = self.model._lent, []
        self._run, self._callbacks = Run(self._job, "grid", parameters, data), listeners

    def resume(
        self,
        recovery_dir: str | None = None,
        detach: bool = False,
        callbacks: Iterable[Callback] | Callback | None = None,
    ) -> None:
        """Go on with the search that this grid was last used for.

        Parameters
        ----------
        recovery_dir : str, optional
            Folder where the grid is saved as it grows; by default that of this object.
        detach : bool
            Return at once; `join` waits for the end.
        callbacks : list of Callback, optional
            As for `train`.

        Examples
        --------
        >>> again = h2o.get_grid(grid.grid_id)
        >>> again.resume()
        >>> len(again)
        2
        """
        if self._grid_id is None:
            raise H2OValueError("resume: this grid has not been trained yet")
        here, self._callbacks = session(), checked(callbacks)
        self._job = JobHandle(here, here.grids.resume(self._grid_id, recovery_dir or self.recovery_dir))
        self._run = Run(self._job, "grid")
        if not detach:
            self.join()

    def join(self) -> None:
        """Wait for the end of the search that `start` began, and take over its models.

        Examples
        --------
        >>> search = h2o.H2OGridSearch(h2o.H2ODeepLearningEstimator(epochs=1, seed=1), {"hidden": [[2]]})
        >>> search.start(y="class", training_frame=iris)
        >>> search.join()
        """
        if self._job is None:
            raise H2OValueError("join: no search was started")
        job, self._job = self._job, None
        run, self._run = self._run, None
        listeners, self._callbacks = self._callbacks, []
        with watched(job, listeners, displays(), run, get_model) as watch:
            try:
                self._load(watch.wait())
            except NotSaved as error:  # the models are not lost
                self._load(error.key)
                raise
        failures = self._state["failure_details"]
        if not self._models and failures:
            raise H2OValueError(
                f"no combination of hyper-parameters gave a model. The first failed with: {failures[0]}"
            )
        for values, message in zip(self._state["failed_params"], failures, strict=True):
            text = ", ".join(f"{name}={value!r}" for name, value in values.items())
            warn(f"there is no model for {text}: {message}", RuntimeWarning)

    def cancel(self) -> None:
        """End the search that `start` began; models trained so far are kept.

        Examples
        --------
        >>> search = h2o.H2OGridSearch(h2o.H2ODeepLearningEstimator(epochs=1, seed=1), {"hidden": [[2], [3]]})
        >>> search.start(y="class", training_frame=iris)
        >>> from contextlib import suppress
        >>> with suppress(h2o.exceptions.H2OJobCancelled):
        ...     search.cancel()
        """
        if self._job is None:
            raise H2OValueError("cancel: no search is going on")
        self._job.cancel()
        self.join()

    # --- what was found

    def _load(self, grid_id: str, sort_by: str | None = None, decreasing: bool | None = None) -> None:
        self._sorting = sort_by, decreasing
        self._found = session().grids.describe(grid_id, sort_by, decreasing)
        self._grid_id = grid_id
        self._models = [get_model(key) for key in self._found["model_ids"]]

    @classmethod
    def _of(cls, grid_id: str, sort_by: str | None = None, decreasing: bool | None = None) -> H2OGridSearch:
        """The grid of the session with this name."""
        found = cls.__new__(cls)
        state = session().grids.describe(grid_id)
        found.model, found.hyper_params = None, {}
        if state["model_ids"]:
            found.model = get_model(state["model_ids"][0])
        for values in state["hyper_values"]:
            for name, value in values.items():
                each = found.hyper_params.setdefault(name, [])
                if value not in each:
                    each.append(value)
        if found.model is not None:
            # For train() the best model is the estimator, without what is searched over.
            defaults = found.model.parameter_defaults()
            found.model._parms.update({name: defaults[name] for name in state["hyper_names"]})
        found.search_criteria = found.export_checkpoints_dir = found.recovery_dir = None
        found.parallelism, found._job, found._run, found._callbacks, found._lent = 1, None, None, [], []
        found._load(grid_id, sort_by, decreasing)
        return found

    @property
    def _state(self) -> dict[str, Any]:
        if self._found is None:
            raise H2OValueError("this grid is not trained yet: call train() first")
        return self._found

    @property
    def grid_id(self) -> str | None:
        """Name of the grid; it can be chosen before training only.

        Examples
        --------
        >>> h2o.get_grid(grid.grid_id).grid_id == grid.grid_id
        True
        """
        return self._grid_id

    @grid_id.setter
    def grid_id(self, name: str) -> None:
        if self._found is not None and name != self._grid_id:
            raise NotImplementedError("grid_id: a trained grid cannot be renamed. Set it before train()")
        self._grid_id = name

    @property
    def key(self) -> str | None:
        """Name of the grid.

        Examples
        --------
        >>> grid.key == grid.grid_id
        True
        """
        return self._grid_id

    @property
    def models(self) -> list[H2OEstimator | H2OGenericEstimator]:
        """The models, best first.

        Examples
        --------
        >>> [each.type for each in grid.models]
        ['classifier', 'classifier']
        """
        return list(self._models)

    @property
    def model_ids(self) -> list[str]:
        """Names of the models, best first.

        Examples
        --------
        >>> grid.model_ids == [each.model_id for each in grid.models]
        True
        """
        return list(self._state["model_ids"])

    @property
    def hyper_names(self) -> list[str]:
        """Names of the hyper-parameters.

        Examples
        --------
        >>> grid.hyper_names
        ['hidden']
        """
        return list(self._state["hyper_names"])

    def get_grid(self, sort_by: str | None = None, decreasing: bool | None = None) -> H2OGridSearch:
        """The grid with its models sorted by a metric.

        Parameters
        ----------
        sort_by : str, optional
            "logloss", "mse", "rmse", "mae", "rmsle", "r2", "auc", "aucpr", "residual_deviance", "mean_per_class_error",
            "err", "accuracy", "f1", ...; of the cross-validation where there was one, else of the validation data.
        decreasing : bool, optional
            By default the best model comes first.

        Returns
        -------
        H2OGridSearch

        Examples
        --------
        >>> best = grid.get_grid(sort_by="logloss").models[0]
        """
        return self._of(str(self._grid_id), sort_by, decreasing)

    def sort_by(self, metric: str, increasing: bool = True) -> H2OTwoDimTable:
        """A table of the models by a metric; the grid keeps its order (see `get_grid`).

        Parameters
        ----------
        metric : str
            As in `get_grid`.
        increasing : bool
            Smallest value first.

        Returns
        -------
        H2OTwoDimTable
            A row for each model: its name, its hyper-parameters, the metric.

        Examples
        --------
        >>> len(grid.sort_by("logloss").cell_values)
        2
        """
        ranked = session().grids.describe(str(self._grid_id), metric, not increasing)
        return H2OTwoDimTable.make(ranked["summary_table"])

    def get_summary(self) -> H2OTwoDimTable:
        """The state of the layers of all models, one below the other, as a table.

        Returns
        -------
        H2OTwoDimTable
            A row for each layer of each model.

        Examples
        --------
        >>> table = grid.get_summary()
        """
        columns: list[str] = []
        rows: list[list[Any]] = []
        for model in self._models:
            table = model.summary()
            columns = ["Model Id", *table.col_header]
            rows += [[model.model_id, *row] for row in table.cell_values]
        return H2OTwoDimTable("Grid Summary", None, columns, cell_values=rows)

    def show_summary(self) -> None:
        """Print the state of the layers of all models.

        Examples
        --------
        >>> grid.show_summary()
        Grid Summary ...
        """
        self.get_summary().show(rows=1000)

    def detach(self) -> None:
        """Let go of the grid, which stays in the session; this object then is as it was before training.

        Examples
        --------
        >>> again = h2o.get_grid(grid.grid_id)
        >>> again.detach()
        """
        self._grid_id, self._found, self._models = None, None, []

    def sorted_metric_table(self) -> pandas.DataFrame:
        """The models with hyper-parameters and metric as a pandas DataFrame.

        Returns
        -------
        pandas.DataFrame
            A row for each model, the best first.

        Examples
        --------
        >>> len(grid.sorted_metric_table())
        2
        """
        return self._table().as_data_frame()

    def _table(self) -> H2OTwoDimTable:
        return H2OTwoDimTable.make(self._state["summary_table"])

    def summary(self, header: bool = True) -> None:
        """Print hyper-parameters and metric of all models.

        Parameters
        ----------
        header : bool
            Print the title, too.

        Examples
        --------
        >>> grid.summary()
        Grid ...: 2 models, 0 failed
        ...
        """
        if header:
            print2(f"Grid {self._grid_id}: {len(self._models)} models, {len(self.failed_params)} failed")
        print2(self._table().to_text(rows=1000))

    def __repr__(self) -> str:
        if self._found is None:
            return f"H2OGridSearch over {', '.join(self.hyper_params)}, not trained"
        lines = [self._table().to_text()]
        for values, message in zip(self.failed_params, self.failure_details, strict=True):
            lines.append(within_page(one_line(f"No model for {values}: {message}"), "  "))
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        if self._found is None:
            return to_html([repr(self)])
        failed = [
            [str(values), message]
            for values, message in zip(self.failed_params, self.failure_details, strict=True)
        ]
        title = "Combinations without a model"
        return to_html(
            [
                self._table(),
                *([H2OTwoDimTable(title, None, ["values", "why"], cell_values=failed)] if failed else []),
            ]
        )

    def __len__(self) -> int:
        return len(self._models)

    def __getitem__(self, position: int) -> H2OEstimator | H2OGenericEstimator:
        return self._models[position]

    def __iter__(self) -> Iterator[H2OEstimator | H2OGenericEstimator]:
        return iter(self._models)
