"""The README says what is so."""

from __future__ import annotations

import re
import shutil
import sys

import pytest

from . import pages
from .tree import ROOT

README = ROOT / "README.md"
PAGES = [
    *(
        ROOT / name
        for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CODE_OF_CONDUCT.md", "rfront/README.md")
    ),
    *sorted((ROOT / "docs").rglob("*.md")),
]
ALONE = """
import sys

def watch(event, arguments):
    "No name is looked up, and nothing is connected to but this process itself."
    if event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        asked = arguments[0] if event != "socket.sendto" else arguments[1]
    elif event == "socket.connect":
        asked = arguments[1]
    else:
        return
    host = asked[0] if isinstance(asked, tuple) else asked
    if host not in ("127.0.0.1", "localhost", "::1", None):
        raise SystemExit(f"{event} {asked!r}")

sys.addaudithook(watch)
"""


def test_it_is_short():
    text = README.read_text(encoding="utf-8")
    assert len(text.split()) < 1500
    lines = {
        name: [len(each.splitlines()) for each in pages.blocks(README, name)]
        for name in ("python", "r", "sh")
    }
    assert lines == {"python": [12], "r": [12], "sh": [4]}


def test_python_runs_and_asks_nobody(tmp_path):
    printed = pages.python([README], tmp_path, prelude=ALONE)
    assert "Confusion Matrix" in printed and "Iris-virginica" in printed and "http://127.0.0.1:" in printed
    assert {path.suffix for path in tmp_path.iterdir()} == {".html", ".zip", ".onnx", ".c", ".h"}


@pytest.mark.parametrize(
    "asks", ["socket.getaddrinfo('heavywater.example', 80)", "socket.socket().connect(('192.0.2.1', 80))"]
)
def test_asking_somebody_would_be_seen(asks, tmp_path):
    with pytest.raises(AssertionError, match=r"socket\."):
        pages.run(
            [sys.executable, "-c", f"{ALONE}\nimport socket\nsocket.setdefaulttimeout(1)\n{asks}"], tmp_path
        )


def test_shell_runs(tmp_path):
    iris = ROOT / "tests" / "data" / "iris_wheader.csv"
    for name in ("iris.csv", "test.csv", "new.csv"):
        shutil.copy(iris, tmp_path / name)
    (text,) = pages.blocks(README, "sh")
    assert "logloss" in pages.shell(text, tmp_path)
    assert len((tmp_path / "predictions.csv").read_text().splitlines()) == 151
    assert (tmp_path / "iris.onnx").is_file()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page):
    text = pages.FENCE.sub("", page.read_text(encoding="utf-8"))
    targets = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r"(?:src|srcset)=\"([^\"]+)\"", text)
    for target in targets:
        name, _, anchor = target.partition("#")
        if ":" in name:
            continue
        there = page.parent / name if name else page
        assert there.exists(), target
        if anchor and there.suffix == ".md":
            assert anchor in anchors(there), target


def anchors(page):
    """What headings of a page are called in addresses, as GitHub does it."""
    headings = re.findall(r"^#+ (.*)$", pages.FENCE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_environment_variables_are_those_that_are_read():
    read = set()
    for folder in ("core", "pyfront", "rfront/R", "vignettes"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in (".py", ".R", ".pxi"):
                read |= set(re.findall(r"[\"'](HEAVYWATER_[A-Z]+)[\"']", path.read_text(encoding="utf-8")))
    read |= set(re.findall(r"HEAVYWATER_BUILD", (ROOT / "setup.py").read_text(encoding="utf-8")))
    table = set(
        re.findall(
            r"^\| `(HEAVYWATER_[A-Z]+)` \|",
            (ROOT / "docs/guide/environment.md").read_text(encoding="utf-8"),
            re.MULTILINE,
        )
    )
    assert table == read


def test_make_targets_that_documents_name_exist():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for page in PAGES:
        named = set(re.findall(r"(?:`|^    )make ([a-z-]+)", page.read_text(encoding="utf-8"), re.MULTILINE))
        assert named <= targets, page


def test_extras_that_documents_name_exist():
    import tomllib

    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "optional-dependencies"
    ]
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    lists = re.findall(r"(?:heavywater|\.)\[([a-z,]+)\]", text)
    named = {name for each in lists for name in each.split(",")}
    assert len(named) > 5 and named <= set(extras)


def test_the_number_of_layers_is_that_of_the_engine():
    from heavywater.errors import InvalidArgument

    (most,) = re.findall(
        r"up to (\d+) hidden layers", (ROOT / "docs/guide/what-is-there.md").read_text(encoding="utf-8")
    )
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
