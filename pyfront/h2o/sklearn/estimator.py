"""What the estimators share: parameters, rows and a model of H2O are brought together here, by composition."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from heavywater.errors import warn
from heavywater.exchange import to_numpy
from sklearn.base import BaseEstimator
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted

from ..backend.connection import session
from ..display.rendering import print2
from ..estimators.deeplearning import H2ODeepLearningEstimator
from ..estimators.estimator_base import is_same
from ..exceptions import H2OTypeError, H2OValueError, UnstableModel
from .containers import Features, features_of, fresh
from .holding import Held
from .sharing import begin_session, threads_for

if TYPE_CHECKING:
    from sklearn.utils import Tags


# One pass over the rows that come, without looking at whether that was enough: who calls again decides.
_ONE_PASS = {"overwrite_with_best_model": False, "stopping_rounds": 0}
# Rows up to which they are asked about as plain values: that answers in a tenth of the time of a frame, and to the last bit the same.
_FEW = 64
_OF_ROWS = ("predict", "anomaly")
_NO_STOP = {"classification_stop": -1.0, "regression_stop": -1.0}


class DeepLearning(BaseEstimator):
    """Base class of the estimators; their signatures are modules of their own."""

    _of_table: tuple[str, ...]
    #: what the estimator of H2O is always given
    _always: dict[str, Any] = {}  # noqa: RUF012 (a constant)

    _held: Held | None
    _names: list[str]  # of the features in the session
    warm_start: bool = False
    early_stopping: bool = False
    validation_fraction: Any = 0.1
    random_state: Any
    seed: int
    reproducible: bool
    n_jobs: Any
    callbacks: Any
    verbose: int
    ignore_const_cols: bool
    epochs: Any

    @property
    def model_(self) -> H2ODeepLearningEstimator:
        """The model, which has everything that H2O's models have: metrics, history, importances, files.

        It goes away with this estimator, and with what else holds it.

        Examples
        --------
        >>> from h2o.sklearn import H2ODeepLearningRegressor
        >>> net = H2ODeepLearningRegressor(hidden=[3], epochs=1, random_state=1).fit([[0.0], [1.0]] * 5, [0.0, 1.0] * 5)
        >>> net.model_.type
        'regressor'
        """
        check_is_fitted(self)
        return self._model()

    def _model(self) -> H2ODeepLearningEstimator:
        assert self._held is not None
        return self._held.model  # type: ignore[no-any-return]

    def __sklearn_is_fitted__(self) -> bool:
        return getattr(self, "_held", None) is not None

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.input_tags.allow_nan = True
        tags.input_tags.categorical = True
        return tags

    # ---- fitting

    def _goes_on(self) -> bool:
        return bool(self.warm_start) and self.__sklearn_is_fitted__()

    def _learn(
        self,
        features: Features,
        response: tuple[str, Any] | None,
        weights: Any,
        *,
        again: bool,
        one_pass: bool = False,
    ) -> Self:
        """Train on rows that are checked.

        Parameters
        ----------
        features : Features
        response : tuple of name and cells, or None
        weights : array (rows,) or None
        again : bool
            Whether training goes on with the network that there is.
        one_pass : bool
            Whether the rows are passed over once, as `partial_fit` does.
        """
        parameters = self._parameters(again, one_pass)
        more = [] if response is None else [response]
        weights = self._weights_to_go_on(weights, features.rows, again, one_pass, response is not None)
        if weights is not None:
            more.append((fresh("sample_weight", [*features.names, *dict(more)]), weights))
        frame = features.frame(dict(more))
        names, others = frame.names[: len(features.names)], frame.names[len(features.names) :]
        roles: dict[str, Any] = {"y": others[0] if response else None}
        if weights is not None:
            roles["weights_column"] = others[-1]
        offset = parameters.get("offset_column")
        if offset in features.names:  # names that H2O does not take are others there
            offset = parameters["offset_column"] = names[features.names.index(offset)]
        seed = self._seed(again)
        if seed is not None:
            parameters["seed"] = seed
        model = self._estimator()(**parameters)
        model._threads = threads_for(self.n_jobs)
        x = [name for name in names if name != offset]
        model.start(x=x, training_frame=frame, callbacks=self.callbacks, **roles)
        self._wait(model)
        self._names = names
        self._held = Held(model)
        return self

    def _estimator(self) -> type[H2ODeepLearningEstimator]:
        return H2ODeepLearningEstimator

    def _parameters(self, again: bool, one_pass: bool) -> dict[str, Any]:
        """What the estimator of H2O is given."""
        given = self._chosen() | self._always
        if one_pass:
            given["epochs"] = 1.0
        elif self.early_stopping:
            given = self._set_aside() | given
        if again:
            given["ignore_const_cols"] = self._model().actual_params["ignore_const_cols"]
        elif one_pass or self.warm_start:
            given["ignore_const_cols"] = False  # the rows to come may differ in more columns than these
        if one_pass:
            given |= _ONE_PASS | {name: value for name, value in _NO_STOP.items() if name in self._of_table}
        if self.random_state is not None:
            given["reproducible"] = True
        if again:
            model = self._model()
            history = model._output["scoring_history"]
            trained = max(row[history.col_header.index("epochs")] or 0 for row in history.cell_values)
            given["epochs"] = (1.0 if one_pass else self.epochs) + trained
            given["checkpoint"] = model.key
        pretrained = given.get("pretrained_autoencoder")
        if pretrained is not None and hasattr(pretrained, "__sklearn_is_fitted__"):
            given["pretrained_autoencoder"] = pretrained.model_
        return given

    def _chosen(self) -> dict[str, Any]:
        """The parameters of H2O's estimator that were set to something else than their defaults, here or there.

        What was not is left to the preset, if there is one.
        """
        of_h2o = self._estimator().parameter_defaults()
        here = inspect.signature(type(self).__init__).parameters
        given = {name: getattr(self, name) for name in self._of_table}
        return {
            name: value
            for name, value in given.items()
            if value is not None and not (is_same(value, here[name].default) and is_same(value, of_h2o[name]))
        }

    def _weights_to_go_on(
        self, weights: Any, rows: int, again: bool, one_pass: bool, supervised: bool
    ) -> Any:
        """Weights where a network has to have some: what it begins with it goes on with."""
        if again:
            weighted = self._model().actual_params["weights_column"] is not None
            if weights is not None and not weighted:
                raise H2OValueError(
                    "sample_weight, class_weight: training goes on with a network that began without weights, and cannot "
                    "take them. Begin with partial_fit, with warm_start=True, or with weights"
                )
        else:
            weighted = (
                supervised and (one_pass or self.warm_start) and not getattr(self, "balance_classes", False)
            )
        return np.ones(rows) if weights is None and weighted else weights

    def _seed(self, again: bool) -> int | None:
        """The seed of a fit; None where H2O draws one, or goes on with that of the network."""
        if self.random_state is None:
            return self.seed if self.seed != -1 else None
        if self.seed != -1:
            raise H2OValueError(
                f"random_state={self.random_state!r} and seed={self.seed!r} are two names for one thing: give one of them"
            )
        return None if again else int(check_random_state(self.random_state).randint(2**31 - 1))

    def _set_aside(self) -> dict[str, Any]:
        """What early_stopping asks for, where nothing else is said."""
        share = self.validation_fraction
        if isinstance(share, bool) or not isinstance(share, int | float):
            raise H2OTypeError(f"validation_fraction={share!r} must be a number between 0 and 1")
        if not 0 < share < 1:
            raise H2OValueError(f"validation_fraction={share!r} must be between 0 and 1, neither included")
        return {"validation_fraction": float(share)}

    def _wait(self, model: H2ODeepLearningEstimator) -> None:
        key, model._shown = model._job.destination, bool(self.verbose)
        try:
            model.join()
        except UnstableModel as error:  # of a fit that failed nothing stays
            session().objects.remove(key)
            raise UnstableModel(str(error).partition(" The weights before")[0]) from None
        if model._description.get("stopped_because") == "interrupted":
            warn("fit: training was interrupted, the network is that of the rows until then", RuntimeWarning)
        if self.verbose and self.verbose > 1:
            print2(model._output["scoring_history"].to_text(rows=1000))

    def _no_early_stopping(self) -> None:
        if self.early_stopping:
            raise H2OValueError(
                "partial_fit does not support early_stopping=True: it passes over the rows once"
            )

    def _begun(self, X: Any, *, reset: bool) -> Features:
        begin_session()
        features = features_of(self, X, reset=reset, least=2 if reset else 1)
        if reset:
            self._held = (
                None  # what is known of the columns is new: should this fit fail, there is no model of them
            )
        return features

    # ---- asking

    def _asked(self, question: str, X: Any, *arguments: Any, columns: list[int] | None = None) -> Any:
        """What the model answers to a question about rows, as an array (rows, columns)."""
        check_is_fitted(self)
        begin_session()
        features = features_of(self, X, reset=False, least=0).called(self._names)
        key, here = str(self._model().key), session()
        if 0 < features.rows <= _FEW and question in _OF_ROWS:
            rows = features.plain_rows()
            if rows is not None:
                answers = [list(answer.values()) for answer in here.models.score_rows(key, rows)]
                found = np.array([row if columns is None else [row[i] for i in columns] for row in answers])
                return found.astype(np.float64)
        frame = features.frame()
        answer = getattr(here.models, question)(key, frame.frame_id, *arguments)
        try:
            return to_numpy(here.frames.fetch(answer, columns), np.float64)
        finally:
            here.let_go([answer])
