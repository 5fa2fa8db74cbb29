"""What the stub says of the compiled modules is what they have."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from heavywater import engine as package

from .nets import ENGINES

STUB = ast.parse((Path(package.__file__).parent / "_net.pyi").read_text(encoding="utf-8"))
CLASS = next(node for node in STUB.body if isinstance(node, ast.ClassDef))
METHODS = {node.name: node for node in CLASS.body if isinstance(node, ast.FunctionDef)}
ATTRIBUTES = [node.target.id for node in CLASS.body if isinstance(node, ast.AnnAssign)]
both = pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)


def parameters_of(node: ast.FunctionDef) -> list[tuple[str, bool, bool, Any]]:
    """Name, whether by keyword only, whether it has a default, and the default where the stub spells it out."""
    named = node.args.args
    defaults = [None] * (len(named) - len(node.args.defaults)) + node.args.defaults
    pairs = [(a, d, False) for a, d in zip(named, defaults, strict=True)]
    pairs += [(a, d, True) for a, d in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)]
    return [
        (a.arg, by_name, d is not None, None if d is None else ast.literal_eval(d)) for a, d, by_name in pairs
    ]


@both
def test_names(engine: Any) -> None:
    public = {name for name in vars(engine.Network) if not name.startswith("_")}
    assert public == {*METHODS, *ATTRIBUTES} - {"__init__"}
    for node in STUB.body:
        names = [node.name] if isinstance(node, ast.ClassDef | ast.FunctionDef) else []
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.annotation) != "TypeAlias":
            names.append(ast.unparse(node.target))
        assert all(hasattr(engine, name) for name in names)


@both
@pytest.mark.parametrize("name", sorted({*METHODS} - {"__init__"}))
def test_signatures(engine: Any, name: str) -> None:
    compiled = inspect.signature(getattr(engine.Network, name)).parameters.values()
    told = parameters_of(METHODS[name])
    assert [p.name for p in compiled] == [each[0] for each in told]
    for p, (_, by_name, optional, default) in zip(compiled, told, strict=True):
        assert (p.kind is p.KEYWORD_ONLY) == by_name, p
        assert (p.default is not p.empty) == optional, p
        if optional and default is not ...:
            assert p.default == default and (p.default is None) == (default is None), p


@both
def test_construction(engine: Any) -> None:
    """Cython keeps no signature of what makes an object: it is made with the names of the stub, and without its defaults."""
    _, *told = parameters_of(METHODS["__init__"])
    assert [(name, default) for name, _, optional, default in told if optional] == [
        ("unit_major", False),
        ("batches", False),
    ]
    given = dict(zip((name for name, *_ in told), (3, [4, 1], ["Tanh", "Linear"], True, False), strict=True))
    net = engine.Network(**given)
    assert {name: getattr(net, name) for name in ATTRIBUTES} == given | {
        "units": (4, 1),
        "kinds": ("Tanh", "Linear"),
        "together": 1,
    }
    net = engine.Network(3, [4, 1], ["Tanh", "Linear"])
    assert (net.unit_major, net.batches) == (False, False)
    with pytest.raises(TypeError):
        engine.Network(3, [4, 1], ["Tanh", "Linear"], False, False, False)
    assert np.dtype(engine.REAL).name in ENGINES
