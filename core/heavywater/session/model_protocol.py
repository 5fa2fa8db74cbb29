"""What can be asked of a session about models: to train, question, keep and compare them; see `protocol`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from .values import Description, Path, Started


class Training(Protocol):
    """What makes models."""

    def train(
        self,
        algo: str,
        parameters: Mapping[str, Any],
        *,
        x: Sequence[str] | None,
        y: str | None,
        training_frame_key: str,
        validation_frame_key: str | None = None,
        threads: int | None = None,
    ) -> Started:
        """Check everything, then start training.

        Parameters
        ----------
        algo : str
            ``"deeplearning"``.
        parameters : mapping
            What the user gave, frames and models by their keys.
        x, y : list of str, str
            Predictors (None: all other columns) and response.
        training_frame_key, validation_frame_key : str
        threads : int, optional
            So many of the session's at most; by default all.

        Returns
        -------
        Started
            The result of the job is the model's key. Cancelled, it keeps the model trained so far.
        """

    def check(
        self,
        algo: str,
        parameters: Mapping[str, Any],
        *,
        x: Sequence[str] | None,
        y: str | None,
        training_frame_key: str,
        validation_frame_key: str | None = None,
    ) -> Description:
        """What `train` would say, without training.

        Parameters
        ----------
        algo, parameters, x, y, training_frame_key, validation_frame_key
            As in `train`.

        Returns
        -------
        mapping
            ``error``: why nothing would be trained, else None, and then ``model_category``, ``response_column``,
            ``parameters`` as the description of the model would have them, and ``warnings``.
        """

    def train_fold(
        self,
        algo: str,
        parameters: Mapping[str, Any],
        *,
        x: Sequence[str] | None,
        y: str | None,
        training_frame_key: str,
        validation_frame_key: str | None = None,
        key: str,
        fold: int,
        at_a_time: int = 1,
    ) -> Started:
        """Train the model of one fold of a cross-validation and nothing else, as a node does for its leader.

        Parameters
        ----------
        algo, parameters, x, y, training_frame_key, validation_frame_key
            As in `train`, for the main model; with a seed, or the folds would be drawn anew.
        key : str
            Of the main model; that of the fold is ``<key>_cv_<fold + 1>``.
        fold : int
            Its number, from 0.
        at_a_time : int
            Folds that are trained at the same time, wherever: they share the limit of time.

        Returns
        -------
        Started
            The result of the job are the epochs the fold has trained.
        """

    def train_members(
        self,
        algo: str,
        parameters: Mapping[str, Any],
        *,
        x: Sequence[str] | None,
        y: str | None,
        training_frame_key: str,
        validation_frame_key: str | None = None,
        key: str,
        members: Sequence[int],
    ) -> Started:
        """Train some members of an ensemble and nothing else, as a node does for its leader.

        Parameters
        ----------
        algo, parameters, x, y, training_frame_key, validation_frame_key
            As in `train`, for the whole ensemble; with a seed, or the members would have others.
        key : str
            Of the whole ensemble; that of the model of these members is ``<key>_member_<number + 1>``, of the first one.
        members : sequence of int
            Their numbers, from 0.

        Returns
        -------
        Started
            The result of the job is how many rows each has trained.
        """

    def train_segments(
        self,
        algo: str,
        parameters: Mapping[str, Any],
        segments: str | Sequence[str],
        *,
        x: Sequence[str] | None,
        y: str | None,
        training_frame_key: str,
        validation_frame_key: str | None = None,
        key: str | None = None,
        parallelism: int = 1,
    ) -> Started:
        """Train a model for each segment of the rows.

        Parameters
        ----------
        algo, parameters
            As in `train`.
        segments : list of str, or str
            Columns of the training frame whose combinations of values are the segments; or the key of a frame that
            lists the segments, one in each row. They are no predictors.
        x, y, training_frame_key, validation_frame_key
            As in `train`. Of a validation frame each model gets the rows of its segment, if there are any.
        key : str, optional
            Name of the result; the models are called ``<key>_0``, ``<key>_1`` ...
        parallelism : int
            Models to train at the same time.

        Returns
        -------
        Started
            The result of the job is the key. A segment whose model cannot be trained has an error, and the others go
            on. Cancelled, it keeps the models trained so far.
        """

    def segment_models(self, key: str) -> str:
        """Key of a frame with a row for each segment: its values, ``model``, ``status``, ``errors``, ``warnings``."""

    def put_metric(self, function: Any, key: str | None = None) -> str:
        """Store a metric of the user's own; a session in another process refuses it, since functions cannot travel.

        Parameters
        ----------
        function : callable or class
            See `heavywater.deeplearning.custom_metric.CustomMetric`.
        key : str, optional
            Name of the metric; by default made from that of the function.

        Returns
        -------
        str
            What the parameter custom_metric_func takes, in H2O's form: ``python:<key>=<name of the function>``.
        """

    def check_metric(self, metric: Any, model_key: str) -> None:
        """Refuse what can be no metric of a model: an unknown name, or any where the model has no response."""


class Models(Protocol):
    """Questions to trained models."""

    def describe(self, key: str) -> Description:
        """Description of a model: the one schema that front ends show."""

    def listed(self) -> list[Description]:
        """What a list of models shows of each, in the order of storing; it costs little even for thousands.

        Returns
        -------
        list of mappings
            ``model_id``, ``model_category``, ``response_column``, ``training_frame``, ``start_time`` and ``end_time`` (milliseconds
            since 1970) and ``run_time`` (milliseconds), each None where it is not known; ``fold_of``, key of the model whose
            cross-validation it belongs to; ``metrics``, the single numbers of ``training``, ``validation`` and ``cross_validation``
            (None where there are no such metrics) by name.
        """

    def inputs(self, model_key: str, most_levels: int | None = None) -> list[Description]:
        """What a model is given, with what training has seen of it, see `heavywater.deeplearning.model.model_inputs.inputs_of`.

        Parameters
        ----------
        model_key : str
        most_levels : int, optional
            Levels of a factor that are listed; by default all.
        """

    def fold_ensemble(self, model_key: str, key: str | None = None) -> str:
        """Key of one model that predicts the mean of what the models of the folds of a cross-validation predict.

        Parameters
        ----------
        model_key : str
            The main model, whose models of folds were kept.
        key : str, optional
            Name of the new model; by default made from that of the main one. A model of this name is replaced.

        Raises
        ------
        InvalidArgument
            The models of the folds are not there.
        """

    def reset_threshold(self, model_key: str, threshold: float) -> float:
        """Set the probability from which rows count as the second of two classes; returns that until now."""

    def predict(self, model_key: str, frame_key: str, interval: float | None = None) -> str:
        """Key of a frame with predictions. Warns, like all questions about a frame, of columns that had to be adapted.

        Parameters
        ----------
        model_key, frame_key : str
        interval : float, optional
            Probability, between 0 and 1, with which an interval (columns ``lower`` and ``upper``), or a set of classes
            (columns ``in_`` and the class, 1 or 0), is to hold the truth.

        Raises
        ------
        InvalidArgument
            The model knows too little of its errors for that.
        """

    def score_rows(
        self, model_key: str, rows: Sequence[Mapping[str, Any]], interval: float | None = None
    ) -> list[dict[str, Any]]:
        """Predictions for rows that come with the question; nothing is stored.

        Parameters
        ----------
        model_key : str
        rows : list of mappings
            Numbers, texts, truth values or None by the names of columns. Others than those of the model are passed over.
        interval : float, optional
            As in `predict`.

        Returns
        -------
        list of dict
            For each row what `predict` gives, or of an autoencoder what `anomaly` gives, by the names of the columns there;
            None is missing.

        Raises
        ------
        InvalidArgument
            A value cannot be one of its column; row, column and value are named. There is no such interval.
        """

    def metrics(
        self, model_key: str, frame_key: str, auc_type: str | None = None, custom_metric: Any = None
    ) -> Description:
        """Metrics of a model on a frame; with another `auc_type` or `custom_metric` than the model's where given."""

    def make_metrics(
        self,
        predicted_key: str,
        actual_key: str,
        *,
        domain: Sequence[str] | None = None,
        distribution: str | None = None,
        weights_key: str | None = None,
        auc_type: str = "NONE",
    ) -> Description:
        """Metrics of predictions without a model, see `heavywater.deeplearning.evaluation`."""

    def partial_dependence(
        self,
        model_key: str,
        frame_key: str,
        columns: Sequence[str],
        pairs: Sequence[Sequence[str]] = (),
        options: Mapping[str, Any] | None = None,
    ) -> list[Description]:
        """The mean prediction if a column had one value in all rows, for each of some values.

        Parameters
        ----------
        model_key, frame_key : str
        columns : list of str
            A table is given for each of them (and each target).
        pairs : list of pairs of str
            Then one for each pair of columns, with all pairs of values.
        options : mapping, optional
            Fields of `heavywater.deeplearning.explaining.partial_dependence.DependenceOptions`.
        """

    def contributions(
        self,
        model_key: str,
        frame_key: str,
        background_key: str | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> str:
        """Key of a frame with what each column contributes to each prediction.

        Parameters
        ----------
        model_key, frame_key : str
        background_key : str, optional
            Rows to compare with; by default 100 rows of the training frame, evenly spread.
        options : mapping, optional
            Fields of `heavywater.deeplearning.explaining.contribution_options.ContributionOptions`; what the frame has is said there,
            too.

        Raises
        ------
        InvalidArgument
            No background is given, and the training frame is not there.
        """

    def permutation_importance(
        self,
        model_key: str,
        frame_key: str,
        options: Mapping[str, Any] | None = None,
        custom_metric: Any = None,
    ) -> str:
        """Key of a frame with how much worse a model gets when a column is shuffled, the most important column first.

        Parameters
        ----------
        model_key, frame_key : str
        options : mapping, optional
            Fields of `heavywater.deeplearning.explaining.permutation.PermutationOptions`; what the frame has is said there, too.
        custom_metric : callable, class or str, optional
            In place of a metric of the model, as in `metrics`.
        """

    def pareto_front(
        self, frame_key: str, x_metric: str, y_metric: str, optimum: str = "AUTO"
    ) -> Description:
        """Rows of a table, such as a leaderboard, that no other row beats in two of its columns.

        Parameters
        ----------
        frame_key : str
        x_metric, y_metric : str
            Columns of numbers.
        optimum : str
            Where the best values lie: "top left", "top right", "bottom left" or "bottom right"; AUTO knows it of metrics, and
            takes less of all else.

        Returns
        -------
        dict
            ``optimum``, and ``rows``: their numbers from 0, in order.

        Raises
        ------
        InvalidArgument
            There is no such column or no such corner, or a column is not of numbers.
        """

    def weights(self, model_key: str, layer: int) -> str:
        """Key of a frame with the weights of a layer, one row per unit."""

    def biases(self, model_key: str, layer: int) -> str:
        """Key of a frame with the biases of a layer."""

    def deep_features(self, model_key: str, frame_key: str, layer: int | str) -> str:
        """Key of a frame with the activations of a hidden layer, given by number from 0 or name."""

    def unit_activity(self, model_key: str, frame_key: str, most_rows: int = 1000) -> Description:
        """How often the units of the hidden layers are active, see `heavywater.deeplearning.explaining.unit_activity`."""

    def anomaly(self, model_key: str, frame_key: str, per_feature: bool = False) -> str:
        """Key of a frame with reconstruction errors of an autoencoder."""


class ModelFiles(Protocol):
    """Models as files on the disk of the session, and as bytes."""

    def save(self, model_key: str, path: Path, force: bool = False, *, predictions: bool = False) -> str:
        """Save a model on disk.

        Parameters
        ----------
        model_key : str
        path : str or path
            The file.
        force : bool
            Replace a file that is there.
        predictions : bool
            Save the holdout predictions of its cross-validation, too, where they were kept.

        Returns
        -------
        str
            The absolute path.

        Raises
        ------
        InvalidArgument
            The file exists, or cannot be written.
        """

    def load(self, path: Path) -> str:
        """Key of a model loaded from disk: the one it had, whatever model had it here; a new one where it names no model.

        Raises
        ------
        ParseError
            No such file, no model, damaged, or written by a newer version.
        """

    def to_bytes(self, model_key: str) -> bytes:
        """A model as the content of a model file, for `from_bytes`; objects that front ends save carry it."""

    def from_bytes(self, content: bytes, custom_metric: Any = None) -> str:
        """Key of the model in the content of a model file.

        A model of the same name and content that is here already is that model. Where something else has the name, the
        model gets a new one.

        Parameters
        ----------
        content : bytes
        custom_metric : callable or class, optional
            The function behind its custom_metric_func, which no file holds.

        Raises
        ------
        ParseError
            The bytes are damaged, no model, or of a newer version.
        """

    def save_details(self, model_key: str, path: Path, force: bool = False) -> str:
        """Write what is told about a model (parameters, metrics, tables) as JSON in H2O's layout; the absolute path."""

    def import_mojo(self, path: Path, key: str | None = None) -> str:
        """Key of a model that H2O has written as MOJO.

        Parameters
        ----------
        path : str or path
            The zip file.
        key : str, optional
            Name of the new model; a model of this name is replaced, anything else is not.

        Raises
        ------
        ParseError
            No such file, no MOJO, damaged, or of a kind that cannot be imported.
        """

    def limits(self, model_key: str) -> Description:
        """What formats of other programs cannot carry of a model.

        Returns
        -------
        mapping
            By ``MOJO``, ``POJO``, ``ONNX`` and ``C`` a mapping: ``told``, the warnings that writing gives, ``refused``, why the
            model cannot be written, or None, and ``size``, bytes of the file, about, or None.
        """

    def save_mojo(self, model_key: str, path: Path, force: bool = False) -> str:
        """Write a model as MOJO, see `heavywater.export.mojo_writer.write_mojo`; returns the absolute path.

        Warns of what H2O's scorers will do otherwise.
        """

    def save_onnx(self, model_key: str, path: Path, force: bool = False) -> str:
        """Write a model as ONNX file, see `heavywater.export.onnx.onnx_writer.write_onnx`; returns the absolute path.

        Warns of what the graph does otherwise.
        """

    def save_c(self, model_key: str, path: Path, force: bool = False, name: str | None = None) -> str:
        """Write a model as C source, or the header to it, by the ending of the path; the absolute path.

        See `heavywater.export.c_source.c_writer.write_c`. Warns of what the program does otherwise.
        """

    def save_pojo(self, model_key: str, folder: Path) -> str:
        """Write a model as Java class, see `heavywater.export.pojo_writer.write_pojo`; returns the absolute path."""

    def pojo(self, model_key: str, name: str | None = None) -> str:
        """Source of a model as Java class: of this name, or that of the model."""


class Grids(Protocol):
    """Grid search."""

    def train(
        self,
        algo: str,
        parameters: Mapping[str, Any],
        hyper_params: Mapping[str, Any],
        *,
        x: Sequence[str] | None,
        y: str | None,
        training_frame_key: str,
        validation_frame_key: str | None = None,
        grid_id: str | None = None,
        search_criteria: Mapping[str, Any] | None = None,
        parallelism: int = 1,
        recovery_dir: Path | None = None,
    ) -> Started:
        """Train a model for each combination of hyper-parameters.

        Parameters
        ----------
        algo : str
            ``"deeplearning"``.
        parameters : mapping
            Parameters of all models, frames and models by their keys.
        hyper_params : mapping of name to list of values
        x, y, training_frame_key, validation_frame_key
            As in `Training.train`.
        grid_id : str, optional
            Name of the grid. Of one that exists the models are kept, and only new combinations are trained.
        search_criteria : mapping, optional
            See `heavywater.grids.space.Criteria`.
        parallelism : int
            Models to train at the same time; 0: as many as there are threads.
        recovery_dir : str or path, optional
            Folder where the grid and each finished model are saved; what is saved there already is not trained again.

        Returns
        -------
        Started
            The result of the job is the key of the grid. Cancelled, it keeps the models trained so far.
        """

    def resume(self, key: str, recovery_dir: Path | None = None) -> Started:
        """Go on with the search a grid was last used for; `recovery_dir` as in `train`."""

    def describe(self, key: str, sort_by: str | None = None, decreasing: bool | None = None) -> Description:
        """A grid with its models sorted, see `heavywater.grids.grid.Grid.described`."""

    def save(self, key: str, directory: Path, *, frames: bool = False, predictions: bool = False) -> str:
        """Save a grid and its models in a folder; returns the path of the grid's file.

        Parameters
        ----------
        key : str
        directory : str or path
        frames : bool
            Also the training and validation frames.
        predictions : bool
            Also the holdout predictions of cross-validated models, where they were kept.
        """

    def load(self, path: Path, *, frames: bool = False) -> str:
        """Load a grid and its models; returns the key of the grid: a new one where the name it had names no grid here.

        Parameters
        ----------
        path : str or path
            The file of the grid; the models lie beside it.
        frames : bool
            Load the frames that were saved with it as well.

        Raises
        ------
        ParseError
            No such file, no grid, damaged; or a model is missing beside it.
        """

    def contents(self, key: str) -> Description:
        """A grid with its models, for `restore`: its file as text, and its models' files as bytes by name."""

    def restore(self, contents: Mapping[str, Any]) -> str:
        """Key of the grid that `contents` gave, in this session or another one.

        What is here already under the same names is not stored again; where something else has a name, a new one is made.

        Raises
        ------
        ParseError
            The contents are damaged.
        """
