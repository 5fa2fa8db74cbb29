"""The interface of callbacks."""

from __future__ import annotations

from .run import Run, Scores


class Callback:
    """What is called while a model is trained; a class of your own overrides what it needs.

    The methods are called in the thread that waits for the training, one after the other, wherever the model is trained: in this
    process or at a node. For each run `on_start` comes first and `on_end` last, always, in between all scorings, each once and in
    order.

    Notes
    -----
    An exception ends the training as `Run.stop` does, so that the model trained so far is kept, and is raised by ``train`` when
    all callbacks have had their `on_end`. Of the one that has raised it nothing else is called any more.

    A search for hyper-parameters (`H2OGridSearch.train`) and `train_segments` are runs themselves, and each of their models is one
    whose `Run.parent` is that of the whole. Models that are trained at the same time take turns here; what a callback keeps for
    a run it had better keep under it (a `Run` can be a key of a dict).

    Examples
    --------
    >>> class Enough(h2o.Callback):
    ...     def on_scoring(self, run, scores):
    ...         if scores.training["rmse"] < 0.5:
    ...             run.stop("the error is small enough")
    >>> model = h2o.H2ODeepLearningEstimator(hidden=[8], epochs=500, seed=1, stopping_rounds=0, score_each_iteration=True)
    >>> model = model.train(y="class", training_frame=h2o.import_file("iris.csv"), callbacks=[Enough()])
    >>> model.rmse() < 0.5
    True
    """

    def on_start(self, run: Run) -> None:
        """Training has begun.

        Parameters
        ----------
        run : Run
            The run.

        Examples
        --------
        >>> class Told(h2o.Callback):
        ...     def on_start(self, run):
        ...         print(run.kind)
        >>> net = h2o.H2ODeepLearningEstimator(hidden=[3], epochs=1, seed=1)
        >>> _ = net.train(y="class", training_frame=iris, callbacks=Told())
        model
        """

    def on_iteration(self, run: Run) -> None:
        """Training has gone on: `Run.fraction`, `Run.epochs`, `Run.samples` and the like are new.

        At most about ten times a second, which is how often the job is asked; not after each iteration of the training.

        Parameters
        ----------
        run : Run
            The run.

        Examples
        --------
        >>> class Told(h2o.Callback):
        ...     def on_iteration(self, run):
        ...         assert 0 <= run.fraction <= 1
        >>> net = h2o.H2ODeepLearningEstimator(hidden=[3], epochs=1, seed=1)
        >>> _ = net.train(y="class", training_frame=iris, callbacks=Told())
        """

    def on_scoring(self, run: Run, scores: Scores) -> None:
        """The model was scored: once for each line of its scoring history, in their order.

        What is known of `run` may be newer than `scores`, which tells its own epochs and samples.

        Parameters
        ----------
        run : Run
            The run.
        scores : Scores
            One line of the history.

        Examples
        --------
        >>> class Enough(h2o.Callback):
        ...     def on_scoring(self, run, scores):
        ...         if scores.value < 0.5:
        ...             run.stop("good enough")
        >>> net = h2o.H2ODeepLearningEstimator(hidden=[5], epochs=50, seed=1)
        >>> _ = net.train(y="class", training_frame=iris, callbacks=Enough())
        """

    def on_end(self, run: Run) -> None:
        """Training has ended, also by an error, by Ctrl-C or by a callback: `Run.status`, `Run.reason`, `Run.error`, `Run.model`.

        Parameters
        ----------
        run : Run
            The run.

        Examples
        --------
        >>> class Told(h2o.Callback):
        ...     def on_end(self, run):
        ...         print(run.status)
        >>> net = h2o.H2ODeepLearningEstimator(hidden=[3], epochs=1, seed=1)
        >>> _ = net.train(y="class", training_frame=iris, callbacks=Told())
        DONE
        """

    def on_poll(self, run: Run) -> None:
        """The job was asked, whether there is anything new or not: for displays with a clock, about ten times a second.

        Parameters
        ----------
        run : Run
            The run.

        Examples
        --------
        >>> class Told(h2o.Callback):
        ...     def on_poll(self, run):
        ...         assert run.seconds >= 0
        >>> net = h2o.H2ODeepLearningEstimator(hidden=[3], epochs=1, seed=1)
        >>> _ = net.train(y="class", training_frame=iris, callbacks=Told())
        """
