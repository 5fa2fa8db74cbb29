"""The methods of models that show what a model answers in dependence on its columns."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, overload

from heavywater.files import file_name

from ..exceptions import H2OValueError
from ..frame.accepting import rows_for
from ..frame.h2oframe import H2OFrame
from ..plot.canvas import Path
from ..plot.drawing import Drawing
from ..plot.labels import label
from ..plot.result import PlotResult
from ..two_dim_table import H2OTwoDimTable

_MOST_GROUPS = 10


if TYPE_CHECKING:
    from ..plot.dependence import Options


class ModelDependence:
    """Mixin of the methods of a model that show dependence. What draws needs matplotlib (the extra ``plot``).

    Common parameters:

    frame : H2OFrame or data frame
        Rows that are predicted; it may be whatever `h2o.H2OFrame` makes a frame of.
    column : str or int
        A predictor, by name or position in the frame.
    target : str, optional
        Of more than two classes, the one whose probability is shown.
    max_levels : int
        Of a factor with more levels, the most frequent ones are shown.
    figsize : tuple of float
        Width and height in inches.
    colormap : str, optional
        Name of one of matplotlib's colour maps.
    save_plot_path : str or path, optional
        File to save the figure to; its ending chooses the format.
    nbins : int
        How many values of a column of numbers are tried, from its smallest to its largest.
    show_rug : bool
        Mark at the axis where rows are.

    What draws returns an object whose method ``figure()`` gives the matplotlib figure.
    """

    def partial_plot(
        self: Any,
        frame: Any,
        cols: Sequence[str | int] | None = None,
        destination_key: str | None = None,
        nbins: int = 20,
        weight_column: str | int | None = None,
        plot: bool = True,
        plot_stddev: bool = True,
        figsize: tuple[float, float] = (7, 10),
        server: bool = False,
        include_na: bool = False,
        user_splits: Mapping[Any, Sequence[Any]] | None = None,
        col_pairs_2dpdp: Sequence[Sequence[str | int]] | None = None,
        save_plot_path: Path = None,
        row_index: int | None = None,
        targets: Sequence[str] | None = None,
    ) -> list[H2OTwoDimTable]:
        """Compute and draw partial dependence: the mean response if a column had one value in all rows.

        Parameters
        ----------
        frame
            See the class.
        cols : list of str or int, optional
            Columns; `cols` or `col_pairs_2dpdp` is needed.
        destination_key : str, optional
            Belongs to a server that keeps such tables; here they are what is returned.
        nbins : int
            How many values of a column of numbers are tried; a factor must not have more levels.
        weight_column : str or int, optional
            Column with the weights of the rows; -1 is none.
        plot : bool
            False: only return the tables.
        plot_stddev : bool
            Draw the standard deviation of the response over the rows, too.
        figsize : tuple of float
            Width and height in inches.
        server : bool
            Draw without a display.
        include_na : bool
            Also what is predicted where the column is missing.
        user_splits : dict, optional
            For some columns, the values that are tried.
        col_pairs_2dpdp : list of pairs, optional
            Pairs of columns, drawn as heat maps.
        save_plot_path
            See the class.
        row_index : int, optional
            Only this row instead of the mean over all.
        targets : list of str, optional
            Of more than two classes, those whose probabilities are told.

        Returns
        -------
        list of H2OTwoDimTable
            One for each column (and target), then one for each pair: values, ``mean_response``, ``stddev_response`` and
            ``std_error_mean_response``.

        Notes
        -----
        Friedman 2001, "Greedy function approximation", section 8.2.

        Examples
        --------
        >>> (table,) = regression.partial_plot(iris, cols=["petal_len"], nbins=3, plot=False)
        >>> len(table.cell_values)
        3
        """
        from ..plot.partial import (  # start-up: only for who draws
            dependence_tables,
            draw_tables,
            names_in,
            splits_in,
        )

        data = rows_for(self._trained, "frame", frame)
        if destination_key is not None:
            raise H2OValueError(
                f"destination_key={destination_key!r}: the tables are returned and not kept under a name; leave it out"
            )
        columns = names_in(data, "cols", cols)
        pairs = [names_in(data, "col_pairs_2dpdp", list(pair)) for pair in col_pairs_2dpdp or ()]
        if not columns and not pairs:
            raise H2OValueError("partial_plot: give cols, col_pairs_2dpdp or both")
        options = {
            "bins": nbins,
            "missing": include_na,
            "values": splits_in(data, user_splits),
            "targets": list(targets or ()),
            "row": row_index,
            "weights": None if weight_column in (None, -1) else data.names[data._position(weight_column)],
        }
        tables = dependence_tables(self, data, columns, pairs, options)
        if not plot:
            return tables
        return draw_tables(
            self, data, tables, plot_stddev=plot_stddev, figsize=figsize, server=server, save_plot_path=save_plot_path
        )  # fmt: skip

    @overload
    def pd_plot(
        self: Any,
        frame: Any,
        column: str | int,
        row_index: int | None = None,
        target: str | None = None,
        max_levels: int = 30,
        figsize: tuple[float, float] = (16, 9),
        colormap: str | None = "Dark2",
        save_plot_path: Path = None,
        binary_response_scale: str = "response",
        grouping_column: None = None,
        output_graphing_data: Literal[False] = False,
        nbins: int = 100,
        show_rug: bool = True,
    ) -> PlotResult: ...

    @overload
    def pd_plot(
        self: Any,
        frame: Any,
        column: str | int,
        row_index: int | None = None,
        target: str | None = None,
        max_levels: int = 30,
        figsize: tuple[float, float] = (16, 9),
        colormap: str | None = "Dark2",
        save_plot_path: Path = None,
        binary_response_scale: str = "response",
        grouping_column: str | int | None = None,
        output_graphing_data: bool = False,
        nbins: int = 100,
        show_rug: bool = True,
    ) -> PlotResult | H2OTwoDimTable | list[PlotResult | H2OTwoDimTable]: ...

    def pd_plot(
        self: Any,
        frame: Any,
        column: str | int,
        row_index: int | None = None,
        target: str | None = None,
        max_levels: int = 30,
        figsize: tuple[float, float] = (16, 9),
        colormap: str | None = "Dark2",
        save_plot_path: Path = None,
        binary_response_scale: str = "response",
        grouping_column: str | int | None = None,
        output_graphing_data: bool = False,
        nbins: int = 100,
        show_rug: bool = True,
    ) -> PlotResult | H2OTwoDimTable | list[PlotResult | H2OTwoDimTable]:
        """Draw partial dependence on a column: the mean response if it had one value in all rows, with its spread.

        Parameters
        ----------
        frame, column, max_levels, figsize, colormap, save_plot_path, nbins, show_rug
            See the class.
        row_index : int, optional
            Draw the response of this row instead of the mean.
        target : str, optional
            See the class; without it up to 8 classes are drawn, each with a line.
        binary_response_scale : str
            Of two classes, "response" (the probability) or "logodds".
        grouping_column : str or int, optional
            A factor of up to 10 levels: one drawing for the rows of each, in a list; files get the name of the level.
        output_graphing_data : bool
            Return the table behind the drawing, which has the method ``figure()``.

        Returns
        -------
        PlotResult or H2OTwoDimTable or list[PlotResult or H2OTwoDimTable]
            Of several classes or groups a list.

        Examples
        --------
        >>> iris = h2o.import_file("iris.csv")
        >>> model = h2o.H2ODeepLearningEstimator(hidden=[4], epochs=1, seed=1).train(y="class", training_frame=iris)
        >>> model.pd_plot(iris, "petal_len", figsize=(6, 4)).figure().axes[0].get_xlabel()
        'petal_len'
        """
        from ..plot.dependence import Options, draw_dependence  # start-up: only for who draws

        options = Options(
            row_index=row_index, target=target, max_levels=max_levels, figsize=figsize, colormap=colormap,
            binary_response_scale=binary_response_scale, nbins=nbins, show_rug=show_rug,
        )  # fmt: skip

        def draw(rows: H2OFrame, options: Options, group: str | None) -> Drawing:
            return draw_dependence(self, rows, column, options)

        data = rows_for(self._trained, "frame", frame)
        return _drawn(draw, data, options, grouping_column, save_plot_path, output_graphing_data)

    @overload
    def ice_plot(
        self: Any,
        frame: Any,
        column: str | int,
        target: str | None = None,
        max_levels: int = 30,
        figsize: tuple[float, float] = (16, 9),
        colormap: str | None = "plasma",
        save_plot_path: Path = None,
        show_pdp: bool = True,
        binary_response_scale: str = "response",
        centered: bool = False,
        grouping_column: None = None,
        output_graphing_data: Literal[False] = False,
        nbins: int = 100,
        show_rug: bool = True,
    ) -> PlotResult: ...

    @overload
    def ice_plot(
        self: Any,
        frame: Any,
        column: str | int,
        target: str | None = None,
        max_levels: int = 30,
        figsize: tuple[float, float] = (16, 9),
        colormap: str | None = "plasma",
        save_plot_path: Path = None,
        show_pdp: bool = True,
        binary_response_scale: str = "response",
        centered: bool = False,
        grouping_column: str | int | None = None,
        output_graphing_data: bool = False,
        nbins: int = 100,
        show_rug: bool = True,
    ) -> PlotResult | H2OTwoDimTable | list[PlotResult | H2OTwoDimTable]: ...

    def ice_plot(
        self: Any,
        frame: Any,
        column: str | int,
        target: str | None = None,
        max_levels: int = 30,
        figsize: tuple[float, float] = (16, 9),
        colormap: str | None = "plasma",
        save_plot_path: Path = None,
        show_pdp: bool = True,
        binary_response_scale: str = "response",
        centered: bool = False,
        grouping_column: str | int | None = None,
        output_graphing_data: bool = False,
        nbins: int = 100,
        show_rug: bool = True,
    ) -> PlotResult | H2OTwoDimTable | list[PlotResult | H2OTwoDimTable]:
        """Draw the response over a column for single rows: those at the deciles of the prediction.

        Parameters
        ----------
        frame, column, target, max_levels, figsize, colormap, save_plot_path, nbins, show_rug
            See the class.
        show_pdp : bool
            Also the mean over all rows.
        binary_response_scale, grouping_column, output_graphing_data
            As in `pd_plot`.
        centered : bool
            Draw by how much the response differs from that at the first value.

        Returns
        -------
        PlotResult or H2OTwoDimTable or list[PlotResult or H2OTwoDimTable]
            Of groups a list.

        Examples
        --------
        >>> drawn = regression.ice_plot(iris, "petal_len", nbins=5, save_plot_path="ice.png")
        """
        from ..plot.dependence import Options  # start-up: only for who draws
        from ..plot.expectations import draw_expectations  # start-up: only for who draws

        options = Options(
            target=target, max_levels=max_levels, figsize=figsize, colormap=colormap,
            binary_response_scale=binary_response_scale, nbins=nbins, show_rug=show_rug,
        )  # fmt: skip

        def draw(rows: H2OFrame, options: Options, group: str | None) -> Drawing:
            return draw_expectations(
                self, rows, column, options, show_pdp=show_pdp, centered=centered, group=group
            )

        data = rows_for(self._trained, "frame", frame)
        return _drawn(draw, data, options, grouping_column, save_plot_path, output_graphing_data)


def _groups(frame: H2OFrame, grouping_column: str | int) -> list[tuple[str, H2OFrame, str]]:
    """Level, rows and heading of each group that has rows."""
    name = frame.names[frame._position(grouping_column)]
    if frame.type(name) != "enum":
        raise H2OValueError(f"grouping_column={name!r} is no factor; convert it with asfactor()")
    levels = frame[name].levels()[0]
    if len(levels) > _MOST_GROUPS:
        raise H2OValueError(
            f"grouping_column={name!r} has {len(levels)} levels, {_MOST_GROUPS} are the most: a drawing is made for each"
        )
    split = [(level, frame[frame[name] == level, :]) for level in levels]
    return [(level, rows, f"{name} = {level}") for level, rows in split if rows.nrow]


def _drawn(
    draw: Callable[[H2OFrame, Options, str | None], Drawing], frame: H2OFrame, options: Options, grouping_column: str | int | None,
    save_plot_path: Path, tables: bool,
) -> PlotResult | H2OTwoDimTable | list[PlotResult | H2OTwoDimTable]:  # fmt: skip
    """A drawing of the rows, or one of each group of them; the tables behind them instead where these are asked for."""
    if grouping_column is None:
        drawn = draw(frame, options, None)
        return drawn.result(save_plot_path, drawn.table if tables else None)
    results: list[PlotResult | H2OTwoDimTable] = []
    for level, rows, heading in _groups(frame, grouping_column):
        drawn = draw(rows, replace(options, heading=label(heading, 60)), level)
        results.append(drawn.result(_path_of(save_plot_path, level), drawn.table if tables else None))
    return results


def _path_of(path: Path, level: str) -> Path:
    if path is None or hasattr(path, "write"):
        return path
    root, ending = os.path.splitext(os.fspath(path))
    return f"{root}_{file_name(level)}{ending}"
