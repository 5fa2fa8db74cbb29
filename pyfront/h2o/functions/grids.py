"""Functions about grids: by name, and on disk."""

from __future__ import annotations

from ..backend.connection import session
from ..exceptions import H2OTypeError
from ..grid.grid_search import H2OGridSearch


def get_grid(grid_id: str) -> H2OGridSearch:
    """A grid of the session by its name.

    Parameters
    ----------
    grid_id : str

    Returns
    -------
    H2OGridSearch

    Raises
    ------
    NotFound
        There is no such grid.

    Examples
    --------
    >>> len(h2o.get_grid(grid.grid_id).models)
    2
    """
    if not isinstance(grid_id, str):
        raise H2OTypeError(f"grid_id={grid_id!r} must be the name of a grid")
    return H2OGridSearch._of(grid_id)


def save_grid(
    grid_directory: str,
    grid_id: str,
    save_params_references: bool = False,
    export_cross_validation_predictions: bool = False,
) -> str:
    """Save a grid with its models.

    Parameters
    ----------
    grid_directory : str
        Folder; made where it does not exist.
    grid_id : str
        Name of the grid, and of its file.
    save_params_references : bool
        Save the frames as well, for a search that is to go on elsewhere.
    export_cross_validation_predictions : bool
        Save the holdout predictions of cross-validated models as well, where they were kept.

    Returns
    -------
    str
        Path of the grid's file, for `load_grid`.

    Examples
    --------
    >>> path = h2o.save_grid("grids", grid.grid_id)
    """
    return session().grids.save(
        grid_id,
        grid_directory,
        frames=save_params_references,
        predictions=export_cross_validation_predictions,
    )


def load_grid(grid_file_path: str, load_params_references: bool = False) -> H2OGridSearch:
    """Load a grid that `save_grid` or a search with recovery_dir has written.

    Parameters
    ----------
    grid_file_path : str
        The file; the models lie beside it.
    load_params_references : bool
        Load the frames that were saved with it as well.

    Returns
    -------
    H2OGridSearch
        With its models, under the names they had.

    Raises
    ------
    ParseError
        No such file, no grid, damaged; or a model is missing beside it.

    Examples
    --------
    >>> path = h2o.save_grid("grids", grid.grid_id)
    >>> len(h2o.load_grid(path).model_ids)
    2
    """
    return H2OGridSearch._of(session().grids.load(grid_file_path, frames=load_params_references))
