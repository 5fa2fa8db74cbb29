"""Which hyper-parameters the models of a grid have, and which gave none."""

from __future__ import annotations

from typing import Any

from ..display.rendering import print2
from ..exceptions import H2OValueError


class GridOutcomes:
    """Mixin of the questions about hyper-parameters."""

    hyper_names: Any  # properties of the grid
    model_ids: Any

    @property
    def _state(self) -> dict[str, Any]:
        raise NotImplementedError

    @property
    def failed_params(self) -> list[dict[str, Any]]:
        """Hyper-parameters that gave no model.

        Examples
        --------
        >>> grid.failed_params
        []
        """
        return list(self._state["failed_params"])

    @property
    def failure_details(self) -> list[str]:
        """Why they gave none, in the order of `failed_params`.

        Examples
        --------
        >>> grid.failure_details
        []
        """
        return list(self._state["failure_details"])

    @property
    def failure_stack_traces(self) -> list[str]:
        """Where in the code that happened, in the order of `failed_params`.

        Examples
        --------
        >>> grid.failure_stack_traces
        []
        """
        return list(self._state["failure_stack_traces"])

    @property
    def failed_raw_params(self) -> list[list[str]]:
        """`failed_params` as texts, in the order of `hyper_names`.

        Examples
        --------
        >>> grid.failed_raw_params
        []
        """
        return [[str(each.get(name, "")) for name in self.hyper_names] for each in self.failed_params]

    def get_hyperparams(self, id: str | int, display: bool = True) -> list[Any]:
        """The values of the hyper-parameters of a model.

        Parameters
        ----------
        id : str or int
            Name or position of the model.
        display : bool
            Print their names.

        Returns
        -------
        list of object
            In the order of `hyper_names`.

        Examples
        --------
        >>> values = grid.get_hyperparams(0, display=False)
        """
        values = list(self.get_hyperparams_dict(id, display).values())
        return [each[0] if isinstance(each, list) and len(each) == 1 else each for each in values]

    def get_hyperparams_dict(self, id: str | int, display: bool = True) -> dict[str, Any]:
        """The hyper-parameters of a model by name, see `get_hyperparams`.

        Parameters
        ----------
        id, display : object
            As of `get_hyperparams`.

        Returns
        -------
        dict
            Names and values.

        Examples
        --------
        >>> sorted(grid.get_hyperparams_dict(0, display=False))
        ['hidden']
        """
        ids = self.model_ids
        if isinstance(id, str) and id not in ids:
            raise H2OValueError(f"id={id!r}: this grid has no such model. It has {', '.join(ids) or 'none'}")
        if not isinstance(id, str) and not -len(ids) <= int(id) < len(ids):
            raise H2OValueError(f"id={id!r}: this grid has {len(ids)} models, counted from 0")
        position = ids.index(id) if isinstance(id, str) else int(id)
        values: dict[str, Any] = self._state["hyper_values"][position]
        if display:
            print2(f"Hyperparameters: {list(values)}")
        return dict(values)
