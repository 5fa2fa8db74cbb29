"""The C code of engine and columns with other compilers, C libraries and processors: ``python -m tests.engine.foreign [NAME ...]``.

``portable.c`` runs it on numbers that are the same everywhere. It is compiled in both precisions with all warnings, which are errors,
and what it prints is compared with what it prints here: whole numbers have to be the same, reals but for rounding. What cannot run
here is compiled alone.
"""

from __future__ import annotations

import math
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
CORE = ROOT / "core" / "heavywater"
PROGRAM = Path(__file__).with_name("portable.c")
PARTS = (CORE / "engine/kernels/kernels.c", CORE / "engine/kernels/dispatch.c")
FLAGS = ["-std=gnu11", "-O1", "-Wall", "-Wextra", "-Werror", "-Wno-unused-function", "-Wno-unknown-warning-option",
         "-Wno-maybe-uninitialized", "-fno-math-errno", "-fno-trapping-math", "-DHW_LEVEL=baseline", "-DHW_VECTOR=16",
         f"-I{CORE}"]  # fmt: skip
CONTRACTED = "-ffp-contract=fast"  # as the engine is built
PRECISIONS = {"float32": [], "float64": ["-DHW_DOUBLE=1"]}
CLOSE = {"float32": 2e-5, "float64": 1e-12}
MUSL = "/usr/include/x86_64-linux-musl"  # headers without anything of GNU, in place of those of Apple


@dataclass(frozen=True)
class Target:
    """Where the code is to run.

    Attributes
    ----------
    compiler : list of str
        Command and the flags that say for what it compiles.
    run : list of str or None
        What stands before the program, or that it cannot run here.
    flags : list of str
        PORTABLE_RING compiles the ring, too, which needs sockets of POSIX.
    """

    compiler: Sequence[str]
    run: Sequence[str] | None = ()
    flags: Sequence[str] = ()


HERE = Target(["gcc"], flags=["-pthread", "-DPORTABLE_RING"])
TARGETS = {
    "aarch64": Target(["aarch64-linux-gnu-gcc"], ["qemu-aarch64-static", "-L", "/usr/aarch64-linux-gnu"],
                      ["-pthread", "-DPORTABLE_RING"]),
    "musl": Target(["musl-gcc"], [], ["-static", "-pthread", "-DPORTABLE_RING"]),
    "clang": Target(["clang"], [], ["-pthread", "-DPORTABLE_RING"]),
    "windows": Target(["x86_64-w64-mingw32-gcc"], None, ["-DHW_X86=1", "-DEXACT_64_BITS"]),
    "macos": Target(["clang", "--target=arm64-apple-macos11", "-nostdinc"], None, ["-DPORTABLE_RING", "-isystem", MUSL]),
}  # fmt: skip


def main(names: Sequence[str]) -> int:
    """Compile, run and compare; return how many targets do not do what they have to."""
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        for name in names or TARGETS:
            missing = [each for each in words_needed(TARGETS[name]) if shutil.which(each) is None]
            if missing:
                print(f"{name}: NOT TRIED, for want of {', '.join(missing)}")
                wrong += 1
                continue
            for precision in PRECISIONS:
                try:
                    print(f"{name}, {precision}: {tried(name, precision, Path(folder))}", flush=True)
                except (subprocess.CalledProcessError, AssertionError) as error:
                    print(f"{name}, {precision}: {error}\n{getattr(error, 'stderr', '')[:2000]}")
                    wrong += 1
    return wrong


def words_needed(target: Target) -> list[str]:
    """Programs that a target takes."""
    return [target.compiler[0], *(target.run or [])[:1]]


def tried(name: str, precision: str, folder: Path) -> str:
    """What came of a target, in words."""
    target = TARGETS[name]
    if target.run is None:
        compile_only(target, precision, folder)
        return "compiled without a warning; it cannot run here"
    expected = results_here(precision, folder / "here")
    found = results(target, precision, folder / name)
    return f"{len(found)} results, reals within {compared(expected, found, CLOSE[precision]):.1e}"


def compile_only(target: Target, precision: str, folder: Path) -> None:
    """Objects of all files, for another system."""
    headers: list[str] = []
    if "-nostdinc" in target.compiler:
        headers = ["-isystem", f"{_run([target.compiler[0], '-print-resource-dir']).strip()}/include"]
    for source in (*PARTS, PROGRAM):
        words = [*target.compiler, *headers, *FLAGS, CONTRACTED, *PRECISIONS[precision], *target.flags]
        _run([*words, "-S", "-o", str(folder / "code.s"), str(source)])


@cache
def results_here(precision: str, program: Path) -> list[tuple[str, list[str]]]:
    """The same for this machine."""
    return results(HERE, precision, program)


def results(target: Target, precision: str, program: Path) -> list[tuple[str, list[str]]]:
    """Names and values of what a target prints."""
    words = [*target.compiler, *FLAGS, CONTRACTED, *PRECISIONS[precision], *target.flags]
    _run([*words, "-o", str(program), *map(str, (*PARTS, PROGRAM)), "-lm"])
    lines = _run([*(target.run or []), str(program)]).splitlines()
    found = []
    for line in lines:
        names = [word for word in line.split() if not _is_value(word)]
        found.append((" ".join(names), line.split()[len(names) :]))
    return found


def compared(
    expected: list[tuple[str, list[str]]], found: list[tuple[str, list[str]]], close: float
) -> float:
    """How far reals are apart, relative to the largest of a result.

    Raises
    ------
    AssertionError
        Whole numbers differ, or reals by more than `close`.
    """
    most = 0.0
    assert len(expected) == len(found) > 10
    for (name, wanted), (other, got) in zip(expected, found, strict=True):
        assert (name, len(wanted)) == (other, len(got)), f"{name} has become {other}"
        if name.startswith("whole"):
            assert wanted == got, f"{name}: {got} in place of {wanted}"
            continue
        a, b = ([float(each) for each in values] for values in (wanted, got))
        apart = max(abs(x - y) for x, y in zip(a, b, strict=True)) / max(1e-30, *map(abs, a), 0.0)
        assert all(map(math.isfinite, b)) and apart <= close, f"{name}: {apart:.1e} apart"
        most = max(most, apart)
    return most


def _is_value(word: str) -> bool:
    return word[0] in "-0123456789abcdef" and all(c in "0123456789abcdef-.+" for c in word)


def _run(words: Sequence[str]) -> str:
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=600)
    if done.returncode != 0:
        raise subprocess.CalledProcessError(done.returncode, shlex.join(words), done.stdout, done.stderr)
    return done.stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
