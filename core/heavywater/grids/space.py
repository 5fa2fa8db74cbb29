"""What a grid search tries: the criteria of the search, and the walk through the combinations."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from ..deeplearning.parameters.table import lookup
from ..deeplearning.training.stopping import METRICS
from ..errors import InvalidArgument, InvalidType
from ..frame.primitives.sampling import check_seed

STRATEGIES = ("Cartesian", "RandomDiscrete", "Sequential")


@dataclass(frozen=True)
class Criteria:
    """When a search ends and in which order it goes (booklet, "Random Grid Search").

    Attributes
    ----------
    strategy : str
        ``Cartesian``: every combination, the first hyper-parameter changes fastest. ``RandomDiscrete``: combinations
        in random order, none twice. ``Sequential``: the n-th model takes the n-th value of every hyper-parameter.
    max_models : int
        Models to train at most; 0: no limit.
    max_runtime_secs : float
        Seconds for the whole search; 0: no limit.
    seed : int
        Of the random order; -1 takes a new one each time. The models, too, get seeds made from it, unless the
        parameters set one.
    stopping_rounds, stopping_metric, stopping_tolerance
        The search ends when the metric of the best models does not improve any more; 0 rounds: never.
    """

    strategy: str = "Cartesian"
    max_models: int = 0
    max_runtime_secs: float = 0.0
    seed: int = -1
    stopping_rounds: int = 0
    stopping_metric: str = "AUTO"
    stopping_tolerance: float = 1e-3

    @classmethod
    def of(cls, given: Mapping[str, Any] | None) -> Criteria:
        """Checked criteria.

        Raises
        ------
        InvalidType, InvalidArgument
            An unknown name, or a value that is not allowed.
        """
        given = dict(given or {})
        names = [field.name for field in fields(cls)]
        for name in given:
            if name not in names:
                raise InvalidType(f"search_criteria: {name!r} is none of {', '.join(names)}")
        if "strategy" not in given and given:
            raise InvalidArgument(f"search_criteria: strategy is missing, one of {', '.join(STRATEGIES)}")
        checked = {name: _checked(name, value) for name, value in given.items() if value is not None}
        return cls(**checked)


def _checked(name: str, value: Any) -> Any:
    if name == "strategy":
        return _choice(name, value, STRATEGIES)
    if name == "stopping_metric":
        return _choice(name, value, ("AUTO", *METRICS))
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidType(f"search_criteria: {name}={value!r} must be a number")
    whole = name in ("max_models", "seed", "stopping_rounds")
    if not math.isfinite(value) or (whole and value != int(value)) or (value < 0 and name != "seed"):
        kind = "a whole number" if whole else "a number"
        raise InvalidArgument(
            f"search_criteria: {name}={value!r} must be {kind}{'' if name == 'seed' else ' of at least 0'}"
        )
    if name == "seed":
        check_seed(int(value))
    return int(value) if whole else float(value)


def _choice(name: str, value: Any, allowed: tuple[str, ...]) -> str:
    for each in allowed:
        if isinstance(value, str) and each.lower() == value.lower():
            return each
    raise InvalidArgument(f"search_criteria: {name}={value!r} must be one of {', '.join(allowed)}")


@dataclass(frozen=True)
class Space:
    """The values of every hyper-parameter.

    Attributes
    ----------
    values : dict of str to list
    """

    values: dict[str, list[Any]]

    @classmethod
    def of(cls, given: Mapping[str, Any], fixed: Mapping[str, Any]) -> Space:
        """Checked names; whether a value is allowed turns out when its model is trained.

        Parameters
        ----------
        given : mapping of name to list of values
        fixed : mapping
            Parameters that all models share.

        Raises
        ------
        InvalidType, InvalidArgument
            Not a list of values, an unknown name, one that cannot be searched, or that is fixed as well.
        """
        if not isinstance(given, Mapping):
            raise InvalidType(
                f"hyper_params={given!r} must be a dict with a list of values for each parameter"
            )
        if not given:
            raise InvalidArgument("hyper_params is empty: name at least one parameter and its values")
        for name, values in given.items():
            # H2O's table says that custom_metric_func is not for grids, but its grids take it.
            if not lookup(name).gridable and name != "custom_metric_func":
                raise InvalidArgument(
                    f"hyper_params: {name} cannot be searched over, give it to the estimator"
                )
            if name in fixed:
                raise InvalidArgument(
                    f"hyper_params: {name} is set for all models as well ({fixed[name]!r}); set it in one of the two places"
                )
            if not isinstance(values, list | tuple | str | int | float) or values in ([], ()):
                raise InvalidType(f"hyper_params: {name}={values!r} must be a list of at least one value")
        return cls({name: list(v) if isinstance(v, list | tuple) else [v] for name, v in given.items()})

    def walk(self, criteria: Criteria) -> Iterator[dict[str, Any]]:
        """The combinations in the order of the strategy; `InvalidArgument` where that does not fit the values."""
        if criteria.strategy == "Sequential":
            return self._sequence()
        if criteria.strategy == "Cartesian":
            return (self.combination(number) for number in range(self.size))
        return self._random(random.Random(None if criteria.seed == -1 else criteria.seed))

    @property
    def size(self) -> int:
        """Number of all combinations."""
        return math.prod(len(values) for values in self.values.values())

    def steps(self, strategy: str) -> int:
        """Number of combinations a strategy can try."""
        return max(len(values) for values in self.values.values()) if strategy == "Sequential" else self.size

    def combination(self, number: int) -> dict[str, Any]:
        """One combination; the first hyper-parameter is the fastest digit of the number."""
        found = {}
        for name, values in self.values.items():
            number, digit = divmod(number, len(values))
            found[name] = values[digit]
        return found

    def _sequence(self) -> Iterator[dict[str, Any]]:
        lengths = {name: len(values) for name, values in self.values.items() if len(values) > 1}
        if len(set(lengths.values())) > 1:
            raise InvalidArgument(
                f"hyper_params: the strategy Sequential needs lists of one length (or of one value), they have {lengths}"
            )
        return (
            {name: values[number % len(values)] for name, values in self.values.items()}
            for number in range(self.steps("Sequential"))
        )

    def _random(self, generator: random.Random) -> Iterator[dict[str, Any]]:
        """No list of all combinations: there can be more than memory holds."""
        seen: set[int] = set()
        while len(seen) < self.size:
            number = generator.randrange(self.size)
            if number not in seen:
                seen.add(number)
                yield self.combination(number)
