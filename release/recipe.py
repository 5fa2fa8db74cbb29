"""Looks at the recipe of the conda package: ``python -m release.recipe``, part of ``make lint-packages``.

The recipe is read by rattler-build itself, as conda-forge reads it, and rendered for each system and version of Python that it is
for. Nothing is built: packages of conda are not asked for.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import rattler_build

ROOT = Path(__file__).parents[1]
RECIPE = ROOT / "release" / "conda" / "recipe.yaml"
SYSTEMS = ("linux-64", "linux-aarch64")
COMPILERS = {  # of conda-forge, which gives them to every recipe
    "c_compiler": ["gcc"],
    "c_compiler_version": ["14"],
    "c_stdlib": ["sysroot"],
    "c_stdlib_version": ["2.28"],
}


def main(recipe: Path = RECIPE) -> int:
    """Print what is wrong with a recipe; return the exit status."""
    found = list(faults(recipe))
    for fault in found:
        print(f"{recipe}: {fault}", file=sys.stderr)
    return int(bool(found))


def faults(path: Path) -> Iterator[str]:
    """What rattler-build does not read, and what conda-forge asks of every recipe."""
    try:
        recipe = rattler_build.Stage0Recipe.from_file(path)
        rendered = {system: _rendered(recipe, system) for system in SYSTEMS}
    except rattler_build.RattlerBuildError as error:
        yield str(error)
        return
    for system, outputs in rendered.items():
        if len(outputs) != len(_versions()):
            yield f"{len(outputs)} packages for {system}, not one for each of {', '.join(_versions())}"
        for output in outputs:
            yield from _missing(output.recipe.to_dict(), system)


def _rendered(recipe: Any, system: str) -> list[Any]:
    variants = COMPILERS | {"python": [f"{version}.* *_cp*" for version in _versions()]}
    platform = rattler_build.PlatformConfig(target_platform=system)
    found: list[Any] = recipe.render(
        rattler_build.VariantConfig(variants), rattler_build.RenderConfig(platform=platform)
    )
    return found


def _missing(output: dict[str, Any], system: str) -> Iterator[str]:
    about, extra = output.get("about", {}), output.get("extra", {})
    for field in ("license", "license_file", "summary", "description"):
        if not about.get(field):
            yield f"about has no {field}"
    if not extra.get("recipe-maintainers"):
        yield "extra has no recipe-maintainers"
    if not output.get("tests"):
        yield "there are no tests"
    compilers = [
        each
        for each in output["requirements"]["build"]
        if each.endswith(f"{COMPILERS['c_compiler_version'][0]}.*")
    ]
    if not all(system in each for each in compilers) or not compilers:
        yield f"no compiler for {system} among {output['requirements']['build']}"
    for name in about.get("license_file", ()):
        if not (ROOT / name).is_file():
            yield f"there is no {name}"


def _versions() -> list[str]:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    mark = "Programming Language :: Python :: "
    listed: list[str] = tomllib.loads(text)["project"]["classifiers"]
    return [each.removeprefix(mark) for each in listed if each.startswith(mark)]


if __name__ == "__main__":
    sys.exit(main())
