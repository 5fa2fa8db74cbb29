"""What the compiled modules have against memory errors, read from the files that were built."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys

import pytest

from .tree import CORE

BUILT = sorted(CORE.rglob("_*.so"), key=lambda path: path.name)

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("readelf") is None, reason="reads ELF files with readelf"
)


def told(path, *options: str) -> str:
    """What readelf says; without the locale's words."""
    done = subprocess.run(
        ["readelf", "--wide", *options, str(path)],
        capture_output=True,
        text=True,
        check=True,
        env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
    )
    return done.stdout


def test_all_compiled_modules_were_built():
    assert [path.name.split(".")[0] for path in BUILT] == [
        "_counting",
        "_exact_sums",
        "_net32",
        "_net64",
        "_ring",
        "_row_major",
    ]


@pytest.mark.parametrize("path", BUILT, ids=lambda path: path.name.split(".")[0])
def test_addresses_of_functions_are_settled_at_load_and_then_read_only(path):
    assert "GNU_RELRO" in told(path, "--segments")
    dynamic = told(path, "--dynamic")
    assert "BIND_NOW" in dynamic or re.search(r"FLAGS_1.*\bNOW\b", dynamic)


@pytest.mark.parametrize("path", BUILT, ids=lambda path: path.name.split(".")[0])
def test_no_memory_is_both_writable_and_code(path):
    flags = re.findall(
        r"^\s*(LOAD|GNU_STACK)(?:\s+0x[0-9a-f]+){5}\s+([RWE ]{3})", told(path, "--segments"), re.MULTILINE
    )
    assert {name for name, _ in flags} == {"LOAD", "GNU_STACK"}
    assert not [name for name, flag in flags if "W" in flag and "E" in flag]
    assert [flag.strip() for name, flag in flags if name == "GNU_STACK"] == ["RW"]


@pytest.mark.parametrize("path", BUILT, ids=lambda path: path.name.split(".")[0])
def test_stack_is_guarded_and_calls_of_the_c_library_are_checked(path):
    symbols = told(path, "--dyn-syms")
    assert "__stack_chk_fail" in symbols
    assert re.search(r"__\w+_chk\b", symbols.replace("__stack_chk_fail", ""))


@pytest.mark.parametrize("path", BUILT, ids=lambda path: path.name.split(".")[0])
def test_libraries_are_not_looked_for_where_the_build_machine_had_them(path):
    dynamic = told(path, "--dynamic")
    assert "(NEEDED)" in dynamic
    assert not re.search(r"\((RPATH|RUNPATH)\)", dynamic)
