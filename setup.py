"""Build of the compiled engine; everything declarative is in pyproject.toml.

Environment
-----------
HEAVYWATER_BUILD : debug | sanitize
    debug: -O1 -g with the compiler's own checks; sanitize: AddressSanitizer and UBSan as well.
"""

from __future__ import annotations

import os
import re
import sys
import sysconfig
import tempfile
import tomllib
from pathlib import Path

from Cython.Build import cythonize
from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext
from setuptools.modified import newer_group

ENGINE = Path("core/heavywater/engine")
COLUMNS = Path("core/heavywater/frame/columns")
MODE = os.environ.get("HEAVYWATER_BUILD", "")
X86 = sysconfig.get_platform().rpartition("-")[2] in {
    "x86_64",
    "amd64",
}  # what it is built for, not what builds it

# instruction set -> (bytes per vector, compiler flags); the processor picks one at import, so wheels stay portable
LEVELS = {"baseline": (16, [])}
if X86:
    LEVELS["avx2"] = (32, ["-mavx2", "-mfma"])
    LEVELS["avx512"] = (
        64,
        ["-mavx512f", "-mavx512dq", "-mavx512bw", "-mavx512vl", "-mprefer-vector-width=512"],
    )
# no -ffast-math: the lanes are explicit, so nothing needs re-association, and the exponential must not get it
KERNEL_FLAGS = ["-fno-math-errno", "-fno-trapping-math", "-ffp-contract=fast"]
SANITIZERS = ["-fsanitize=address,undefined", "-fno-sanitize-recover=undefined"]
# Against memory errors that nobody knows of yet. Only functions with arrays on the stack get a guard, not the kernels.
HARDENING = ["-fstack-protector-strong", "-U_FORTIFY_SOURCE", "-D_FORTIFY_SOURCE=2"]
LINK_HARDENING = ["-Wl,-z,relro,-z,now,-z,noexecstack"] if sys.platform == "linux" else []
RUN_PATHS = ("-Wl,-rpath", "-Wl,-R", "-R")
MODES = {
    "": ["-O3", "-g0", *HARDENING],
    "debug": ["-O1", "-g", *HARDENING],
    "sanitize": ["-O1", "-g", "-fno-omit-frame-pointer", *SANITIZERS],
}
if MODE not in MODES:
    raise SystemExit(f"HEAVYWATER_BUILD={MODE!r}: allowed are {' and '.join(filter(None, MODES))}")
if sys.platform == "win32":
    raise SystemExit(
        "heavywater is not built for Windows: what its processes say to each other needs POSIX sockets (engine/kernels/ring.h). "
        "Install it in the Windows Subsystem for Linux (WSL 2)."
    )
if sysconfig.get_config_var("Py_GIL_DISABLED"):
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    raise SystemExit(
        f"heavywater is not built for Python {version}t, without the GIL: that it works there was not tried. Use Python "
        f"{version}; training runs on all cores there, too, since the engine works without holding the GIL."
    )
OPENMP_PROBE = "#include <omp.h>\nint main(void) { return omp_get_max_threads() < 1; }\n"


class BuildEngine(build_ext):
    """Compiles the kernels once per instruction set and links them into each precision of the engine."""

    def finalize_options(self) -> None:
        super().finalize_options()
        self.parallel = self.parallel or True  # both precisions at once
        self.force = self.force or bool(MODE)  # whether sources are newer says nothing about other flags

    def build_extensions(self) -> None:
        self.forget_run_paths()
        self.openmp = self.openmp_flags()
        super().build_extensions()

    def build_extension(self, ext: Extension) -> None:
        sources = [*ext.sources, *ext.depends]
        if not self.force and not newer_group(sources, self.get_ext_fullpath(ext.name), "newer"):
            return  # setuptools itself would see this only after the kernels, most of the work, are compiled
        network = "_net" in ext.name
        ext.extra_objects = self.kernels(ext) if network else []
        # Cython initialises the private variables of a parallel block in a way that compilers take for a mistake
        ext.extra_compile_args = [*MODES[MODE], *(self.openmp if network else []),
                                  f"-ffp-contract={'fast' if network else 'off'}", "-Wno-uninitialized"]  # fmt: skip
        ext.extra_link_args = [
            *(self.openmp if network else []),
            *LINK_HARDENING,
            *(SANITIZERS if MODE == "sanitize" else []),
        ]
        super().build_extension(ext)

    def kernels(self, ext: Extension) -> list[str]:
        """Objects of the kernels in the precision of an extension."""
        precision = [f"-D{name}={value}" for name, value in ext.define_macros]
        objects = [self.compile(ENGINE / "kernels/dispatch.c", ext, [*MODES[MODE], *precision], "")]
        for level, (width, target) in LEVELS.items():
            macros = [f"-DHW_LEVEL={level}", f"-DHW_VECTOR={width}", *precision]
            flags = [*MODES[MODE], *KERNEL_FLAGS, *target, *macros]
            objects.append(self.compile(ENGINE / "kernels/kernels.c", ext, flags, level))
        return objects

    def compile(self, source: Path, ext: Extension, flags: list[str], level: str) -> str:
        folder = Path(self.build_temp) / ext.name / level
        macros = [("HW_X86", "1")] if X86 else []
        include = [str(ENGINE)]
        (done,) = self.compiler.compile([str(source)], str(folder), macros, include, extra_postargs=flags)
        return done

    def forget_run_paths(self) -> None:
        """Leave out the folders in which the interpreter that builds looks for its libraries.

        Whoever may write there elsewhere could put his own in. What LDFLAGS asks for stays.
        """
        asked = os.environ.get("LDFLAGS", "").split()
        unasked = {
            flag
            for variable in ("LDSHARED", "LDFLAGS")
            for flag in (sysconfig.get_config_var(variable) or "").split()
            if flag.startswith(RUN_PATHS) and flag not in asked
        }
        command = [flag for flag in self.compiler.linker_so if flag not in unasked]
        self.compiler.set_executable("linker_so", command)

    def openmp_flags(self) -> list[str]:
        """Flags that compile and link an OpenMP program, or a clear refusal."""
        for flags in (["-fopenmp"], ["-Xpreprocessor", "-fopenmp", "-lomp"]):
            with tempfile.TemporaryDirectory() as folder:
                probe = Path(folder) / "probe.c"
                probe.write_text(OPENMP_PROBE)
                try:
                    objects = self.compiler.compile([str(probe)], folder, extra_postargs=flags)
                    self.compiler.link_executable(objects, str(Path(folder) / "probe"), extra_postargs=flags)
                    return flags
                except Exception:  # noqa: BLE001 - compilers raise each their own error; the next flags are tried
                    continue
        raise SystemExit(
            "heavywater needs a C compiler with OpenMP: GCC (Debian: apt-get install gcc libc6-dev python3-dev) or "
            "Clang with libomp. Set CC to name the compiler."
        )


def engine(name: str, macros: list[tuple[str, str]]) -> Extension:
    kernels = [p for p in ENGINE.glob("kernels/*") if p.name != "ring.h"]
    depends = [str(p) for p in [*ENGINE.glob("*.pxi"), *kernels]]
    return Extension(
        f"heavywater.engine.{name}", [str(ENGINE / f"{name}.pyx")], define_macros=macros,
        include_dirs=[str(ENGINE)], depends=depends,
    )  # fmt: skip


def plain(name: str, folder: Path, header: str) -> Extension:
    """No kernels and no fused multiplication: the results have the same bits on all processors."""
    source = folder / f"{name.rpartition('.')[2]}.pyx"
    return Extension(name, [str(source)], include_dirs=[str(folder)], depends=[str(folder / header)])


def readme() -> str:
    """The README for pages outside of the repository, as PyPI's: what it links and shows there is named by its whole address."""
    with open("pyproject.toml", "rb") as file:
        project = tomllib.load(file)["project"]
    version = project["version"]
    place = f"{project['urls']['Source']}/{{}}/{'main' if 'dev' in version else f'v{version}'}/"
    text = Path("README.md").read_text(encoding="utf-8")
    pictures = r"""(!\[[^]]*\]\(|\b(?:src|srcset)=")(?!https?:)"""
    text = re.sub(pictures, lambda found: found[0] + place.format("raw"), text)
    return re.sub(r"(?<!!)(\[[^][]*\]\()(?!https?:|#)", lambda found: found[0] + place.format("blob"), text)


ring = plain("heavywater.engine._ring", ENGINE, "kernels/ring.h")
exact_sums = plain("heavywater.frame.columns._exact_sums", COLUMNS, "exact_sums.h")
row_major = plain("heavywater.frame.columns._row_major", COLUMNS, "row_major.h")
counting = plain("heavywater.frame.columns._counting", COLUMNS, "counting.h")

setup(
    ext_modules=cythonize(
        [engine("_net32", []), engine("_net64", [("HW_DOUBLE", "1")]), ring, exact_sums, row_major, counting],
        compiler_directives={"language_level": 3},
        build_dir="build/cython",
    ),
    cmdclass={"build_ext": BuildEngine},
    long_description=readme(),
    long_description_content_type="text/markdown",
)
