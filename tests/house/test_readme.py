"""The README says what is so."""

from __future__ import annotations

import os
import re
import subprocess
import sys

from .tree import ROOT


def test_examples_run(tmp_path):
    """One after the other; what they write goes into a folder of its own."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    first, *further = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert len(first.splitlines()) <= 20 and len(further) >= 6
    script, there = tmp_path / "example.py", tmp_path / "written"
    there.mkdir()
    parts = [f"import os, sys; sys.path[:0] = {sys.path!r}", first, f"os.chdir({str(there)!r})", *further]
    script.write_text("\n".join([*parts, "print(stopped)"]), encoding="utf-8")
    environment = {**os.environ, "MPLBACKEND": "agg"}
    done = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, cwd=ROOT, check=False, env=environment
    )
    assert done.returncode == 0, done.stderr
    assert "Confusion Matrix" in done.stdout and "Iris-virginica" in done.stdout
    assert "BiasTerm" in done.stdout and "lower" in done.stdout and "good enough" in done.stdout
    assert (there / "explained.html").is_file()
    endings = {path.suffix for path in (there / "exported").iterdir()}
    assert endings == {".zip", ".java", ".onnx", ".c", ".h"}


def test_links_lead_somewhere():
    for page in (
        "README.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "CODE_OF_CONDUCT.md",
        "rfront/README.md",
        "docs/coming-from-h2o-3.md",
        "docs/callbacks.md",
        "docs/clusters.md",
        "docs/data-frames.md",
        "docs/explanations.md",
        "docs/exporting.md",
        "docs/faq.md",
        "docs/how-it-works.md",
        "docs/nodes.md",
        "docs/scikit-learn.md",
        "docs/scoring.md",
        "docs/tabular.md",
        "docs/uncertainty.md",
        "docs/versions.md",
        "docs/web-interface.md",
    ):
        text = (ROOT / page).read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#:]+)\)", text):
            assert ((ROOT / page).parent / target).exists(), f"{page}: {target}"


def test_environment_variables_are_those_that_are_read():
    read = set()
    for folder in ("core", "pyfront", "rfront/R", "vignettes"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in (".py", ".R", ".pxi"):
                read |= set(re.findall(r"[\"'](HEAVYWATER_[A-Z]+)[\"']", path.read_text(encoding="utf-8")))
    read |= set(re.findall(r"HEAVYWATER_BUILD", (ROOT / "setup.py").read_text(encoding="utf-8")))
    table = set(
        re.findall(
            r"^\| `(HEAVYWATER_[A-Z]+)` \|", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE
        )
    )
    assert table == read


def test_make_targets_that_documents_name_exist():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for page in (
        "README.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "rfront/README.md",
        "docs/clusters.md",
        "docs/versions.md",
        "docs/web-interface.md",
    ):
        named = set(
            re.findall(r"(?:`|^    )make ([a-z-]+)", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE)
        )
        assert named <= targets, page


def test_extras_that_the_readme_names_exist():
    import tomllib

    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "optional-dependencies"
    ]
    named = re.findall(r"pip install \.\[([a-z]+)\]", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert named and set(named) <= set(extras)
    manual = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md"))
    named = re.findall(r"heavywater\[([a-z]+)\]", manual)
    assert len(named) > 5 and set(named) <= set(extras)


def test_the_number_of_layers_is_that_of_the_engine():
    from heavywater.errors import InvalidArgument

    (most,) = re.findall(r"up to (\d+) hidden layers", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert refused([1] * int(most)) is None
    assert isinstance(refused([1] * (int(most) + 1)), InvalidArgument)


def refused(hidden: list[int]) -> Exception | None:
    import h2o

    h2o.init(verbose=False)
    frame = h2o.H2OFrame({"a": [1, 2, 3, 4], "y": [1.0, 2.0, 1.0, 3.0]})
    try:
        h2o.H2ODeepLearningEstimator(hidden=hidden, epochs=1).train(y="y", training_frame=frame)
    except Exception as error:  # noqa: BLE001 - the caller looks at it
        return error
    return None
