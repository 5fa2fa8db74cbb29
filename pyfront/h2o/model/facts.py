"""When and with which parameters a model was trained."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..exceptions import H2OValueError


class ModelFacts:
    """Mixin of what is known of the training of a model."""

    _description: Mapping[str, Any]

    @property
    def _trained(self) -> dict[str, Any]:
        raise NotImplementedError

    @property
    def _output(self) -> dict[str, Any]:
        raise NotImplementedError

    @property
    def have_mojo(self) -> bool:
        """Whether the model can be exported as MOJO.

        Examples
        --------
        >>> model.have_mojo
        True
        """
        return bool(self._trained["have_mojo"])

    @property
    def have_pojo(self) -> bool:
        """Whether the model can be exported as POJO.

        Examples
        --------
        >>> model.have_pojo
        True
        """
        return bool(self._trained["have_pojo"])

    @property
    def start_time(self) -> int:
        """When training began, in milliseconds since 1970.

        Examples
        --------
        >>> model.start_time <= model.end_time
        True
        """
        return int(self._output["start_time"])

    @property
    def end_time(self) -> int:
        """When training ended, in milliseconds since 1970.

        Examples
        --------
        >>> model.end_time >= model.start_time
        True
        """
        return int(self._output["end_time"])

    @property
    def timestamp(self) -> int:
        """When the model was there, in milliseconds since 1970.

        Examples
        --------
        >>> model.timestamp > 0
        True
        """
        return int(self._trained["timestamp"])

    @property
    def run_time(self) -> int:
        """How long training took, in milliseconds.

        Examples
        --------
        >>> milliseconds = model.run_time
        """
        return int(self._output["run_time"])

    @property
    def params(self) -> dict[str, dict[str, Any]]:
        """Default, actual and input value of every parameter.

        Examples
        --------
        >>> model.params["hidden"]["actual"]
        [5]
        """
        return {name: dict(values) for name, values in self._description.get("parameters", {}).items()}

    @property
    def default_params(self) -> dict[str, Any]:
        """Default of every parameter.

        Examples
        --------
        >>> model.default_params["hidden"]
        [200, 200]
        """
        return {name: values["default"] for name, values in self.params.items()}

    @property
    def actual_params(self) -> dict[str, Any]:
        """The value of every parameter that was really used.

        Examples
        --------
        >>> model.actual_params["hidden"]
        [5]
        """
        return {name: values["actual"] for name, values in self.params.items()}

    @property
    def full_parameters(self) -> dict[str, dict[str, Any]]:
        """Everything known of every parameter.

        Examples
        --------
        >>> sorted(model.full_parameters["hidden"])[0]
        'actual_value'
        """
        return {each["name"]: each for each in self._trained["parameters"]}

    def normmul(self) -> list[float] | None:
        """The factors that standardise the numeric predictors.

        Returns
        -------
        list of float or None
            One for each number among the inputs; None without standardisation.

        Examples
        --------
        >>> len(model.normmul())
        4
        """
        return self._scaling("normmul")

    def normsub(self) -> list[float] | None:
        """What is subtracted from the numeric predictors before they are multiplied.

        Returns
        -------
        list of float or None
            One for each number among the inputs; None without standardisation.

        Examples
        --------
        >>> len(model.normsub())
        4
        """
        return self._scaling("normsub")

    def respmul(self) -> list[float] | None:
        """The factor that standardises a numeric response.

        Returns
        -------
        list of float or None
            One number; None for classes.

        Examples
        --------
        >>> len(regression.respmul())
        1
        """
        return self._scaling("normrespmul")

    def respsub(self) -> list[float] | None:
        """What is subtracted from a numeric response before it is multiplied.

        Returns
        -------
        list of float or None
            One number; None for classes.

        Examples
        --------
        >>> len(regression.respsub())
        1
        """
        return self._scaling("normrespsub")

    def catoffsets(self) -> list[float] | None:
        """Where the units of every categorical predictor begin.

        Returns
        -------
        list of float or None
            Positions among the inputs, and behind the last one.

        Examples
        --------
        >>> regression.catoffsets()
        [0, 4]
        """
        return self._scaling("catoffsets")

    def _scaling(self, name: str) -> list[float] | None:
        if name not in self._output:
            raise H2OValueError(f"{name} does not exist for this model")
        numbers: list[float] | None = self._output[name]
        return numbers
