"""What the form asks for as a program, in Python and in R, that runs as it stands."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from ....deeplearning.parameters.table import table
from .asked_form import AskedForm

TOKEN = "HEAVYWATER_TOKEN"
_INDENT = "    "
_WIDTH = 100
_LARGEST_OF_R = 2**53


class Language:
    """How a language writes values."""

    empty, true, false, infinity = "None", "True", "False", 'float("inf")'
    frame = "h2o.get_frame"
    ascii = False  # whether other characters are written by their numbers

    def value(self, value: Any, kind: str = "") -> str:
        """A value of a type of parameters."""
        if value is None:
            return self.empty
        if isinstance(value, bool):
            return self.true if value else self.false
        if isinstance(value, str):
            return (
                f"{self.frame}({self.quoted(value)})" if kind.startswith("Key<Frame>") else self.quoted(value)
            )
        if isinstance(value, list | tuple):
            return self.list([self.value(each, kind.removesuffix("[]")) for each in value], value)
        if isinstance(value, float) and math.isinf(value):
            return self.infinity if value > 0 else f"-{self.infinity}"
        return repr(value)

    def list(self, items: list[str], values: Sequence[Any]) -> str:
        """A list of values that are written already."""
        return f"[{', '.join(items)}]"

    def choice(self, value: Any, kind: str) -> str:
        """A value among several that a grid tries."""
        return self.value(value, kind)

    def quoted(self, text: str) -> str:
        """A text: what could not be seen, or would move what stands beside it, by its number."""
        return f'"{"".join(map(self._character, text))}"'

    def _character(self, character: str) -> str:
        if character in '"\\':
            return f"\\{character}"
        if character in "\n\r\t":
            return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}[character]
        if character.isprintable() and (character.isascii() or not self.ascii):
            return character
        code = ord(character)
        return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


class Python(Language):
    """How Python writes values and calls."""

    def named(self, pairs: Mapping[str, str]) -> str:
        """A dictionary."""
        return f"{{{', '.join(f'{self.quoted(name)}: {text}' for name, text in pairs.items())}}}"

    def call(self, function: str, pairs: Mapping[str, str], first: str = "") -> str:
        """A call, its first argument without a name."""
        return _call(
            function, [first] * bool(first) + [f"{name}={text}" for name, text in pairs.items()], ","
        )


class R(Language):
    """How R writes values and calls; it reads a program in the encoding of its locale, which may be ASCII."""

    empty, true, false, infinity = "NULL", "TRUE", "FALSE", "Inf"
    frame = "h2o.getFrame"
    ascii = True

    def list(self, items: list[str], values: Sequence[Any]) -> str:
        """A vector; of one element, of none or with holes a list, which stays one."""
        plain = len(items) > 1 and all(isinstance(each, int | float) for each in values)
        texts = (
            items and all(isinstance(each, str) for each in values) and not items[0].startswith(self.frame)
        )
        return f"{'c' if plain or texts else 'list'}({', '.join(items)})"

    def choice(self, value: Any, kind: str) -> str:
        """A value among several: `h2o.grid` makes vectors of single numbers where it needs some."""
        single = isinstance(value, list) and len(value) == 1 and isinstance(value[0], int | float)
        return self.value(value[0] if single else value, kind)

    def named(self, pairs: Mapping[str, str]) -> str:
        """A list with names."""
        return f"list({', '.join(f'{name} = {text}' for name, text in pairs.items())})"

    def call(self, function: str, pairs: Mapping[str, str], first: str = "") -> str:
        """A call, its first argument without a name."""
        return _call(
            function, [first] * bool(first) + [f"{name} = {text}" for name, text in pairs.items()], ""
        )


def _call(function: str, arguments: list[str], last: str) -> str:
    """A call, on one line where that is short."""
    short = f"{function}({', '.join(arguments)})"
    if len(short) <= _WIDTH:
        return short
    return f"{function}(\n{_INDENT}" + f",\n{_INDENT}".join(arguments) + f"{last}\n)"


def python_code(asked: AskedForm, address: str, token: bool) -> str:
    """A program in Python.

    Parameters
    ----------
    asked : AskedForm
    address : str
        Of the node, as who runs the program reaches it.
    token : bool
        Whether the node wants to be shown one.
    """
    language, request = Python(), asked.model
    lines = ["import h2o", "from h2o.estimators import H2ODeepLearningEstimator"]
    lines += ["from h2o.grid import H2OGridSearch"] * bool(asked.hyper)
    lines += ["", *_remarks(address, token, "h2o.connect(url=..., {}=...)")]
    lines += [language.call("h2o.connect", {"url": language.quoted(address)}), *_frames(language, asked, "=")]
    estimator = language.call("H2ODeepLearningEstimator", _parameters(language, request.parameters))
    if asked.hyper:
        lines += [
            f"model = {estimator}",
            f"grid = {language.call('H2OGridSearch', _search(language, asked), 'model')}",
        ]
    else:
        lines += [f"model = {estimator}"]
    name = "grid" if asked.hyper else "model"
    data = {"x": language.value(request.x)} if request.x is not None else {}
    data |= _data(language, asked)
    lines += [language.call(f"{name}.train", data), f"print({name})"]
    return "\n".join(lines) + "\n"


def r_code(asked: AskedForm, address: str, token: bool) -> str:
    """A program in R; see `python_code`."""
    language, request = R(), asked.model
    parameters = dict(request.parameters)
    ignored = parameters.pop("ignored_columns", None)
    lines = ["library(h2o)", "", *_remarks(address, token, "h2o.connect(url = ..., {} = ...)")]
    lines += [
        language.call("h2o.connect", {"url": language.quoted(address)}),
        *_frames(language, asked, "<-"),
    ]
    if abs(parameters.get("seed", 0)) > _LARGEST_OF_R:
        lines.append(
            f"# R cannot hold seed={parameters['seed']} to its last digit: the model will be another one"
        )
    pairs: dict[str, str] = {}
    if request.x is not None:
        pairs["x"] = language.value(request.x)
    elif ignored:
        pairs["x"] = f"setdiff(names(train), {language.value(ignored)})"
    pairs |= {**_data(language, asked), **_parameters(language, parameters)}
    if asked.hyper:
        pairs |= _search(language, asked)
        lines += [
            f"grid <- {language.call('h2o.grid', pairs, language.quoted('deeplearning'))}",
            "print(grid)",
        ]
    else:
        lines += [f"model <- {language.call('h2o.deeplearning', pairs)}", "print(model)"]
    return "\n".join(lines) + "\n"


def _remarks(address: str, token: bool, call: str) -> list[str]:
    """What a program may need beside its lines, as comments."""
    found = []
    if token:
        found.append(
            f"# the token is taken from the environment variable {TOKEN}; or {call.format('token_file')}"
        )
    if address.startswith("https:"):
        found.append(
            f"# where the certificate of the node is not known to this machine: {call.format('cacert')}"
        )
    return found


def _frames(language: Language, asked: AskedForm, becomes: str) -> list[str]:
    frames = {"train": asked.model.training_frame, "valid": asked.model.validation_frame}
    return [
        f"{name} {becomes} {language.value(key, 'Key<Frame>')}"
        for name, key in frames.items()
        if key is not None
    ]


def _data(language: Language, asked: AskedForm) -> dict[str, str]:
    found = {} if asked.model.response is None else {"y": language.quoted(asked.model.response)}
    found |= {} if asked.model.training_frame is None else {"training_frame": "train"}
    return found | ({} if asked.model.validation_frame is None else {"validation_frame": "valid"})


def _parameters(language: Language, given: Mapping[str, Any]) -> dict[str, str]:
    return {name: language.value(value, table()[name].type) for name, value in given.items()}


def _search(language: Python | R, asked: AskedForm) -> dict[str, str]:
    values = {}
    for name, found in asked.hyper.items():
        kind = table()[name].type
        items = [language.choice(each, kind) for each in found]
        values[name] = language.list(items, found)
    pairs = {"hyper_params": language.named(values)}
    if asked.grid_id is not None:
        pairs["grid_id"] = language.quoted(asked.grid_id)
    if asked.criteria:
        pairs["search_criteria"] = language.named(
            {name: language.value(value) for name, value in asked.criteria.items()}
        )
    if asked.parallelism != 1:
        pairs["parallelism"] = repr(asked.parallelism)
    return pairs
