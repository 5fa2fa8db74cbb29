"""Every page of the manual stands in the menu, links lead somewhere, and the programs that are shown are run by a test."""

from __future__ import annotations

import doctest
import importlib
import posixpath
import re
from pathlib import Path

import pytest
from heavywater.deeplearning.parameters.table import table

from manual import contents, parameters, r_pages, reference, tree

from ..house.tree import ROOT, files, named

DOCS = ROOT / "docs"
PAGES = sorted(path.relative_to(DOCS).with_suffix("").as_posix() for path in DOCS.rglob("*.md"))
FENCE = re.compile(r"^ *```.*?^ *```$", re.DOTALL | re.MULTILINE)
MADE_BY_R = ("reference/r/",)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sources of the site, without what R makes."""
    folder = tmp_path_factory.mktemp("site") / "sources"
    tree.assemble(ROOT, folder, with_r=False)
    return folder


def test_every_page_stands_in_the_menu_once() -> None:
    menu = contents.parts(PAGES)
    listed = [page for part in menu for page in part.pages]
    listed += [page for part in menu for section in part.sections for page in section.pages]
    assert sorted(listed) == PAGES
    (rest,) = [section for part in menu for section in part.sections if section.patterns == contents.REST]
    assert rest.pages == [], "name these in manual/contents.toml"


def test_what_no_section_names_is_not_lost() -> None:
    menu = contents.parts(["unheard-of", "faq"])
    assert [each.pages for part in menu for each in part.sections if each.name == "more"] == [["unheard-of"]]


def test_pages_that_are_made_are_in_the_menu(site: Path) -> None:
    trees = "\n".join(
        re.findall(r"```\{toctree\}\n(.*?)```", "\n".join(map(_text, site.rglob("*.md"))), re.DOTALL)
    )
    named_there = {posixpath.basename(line.split("<")[-1].strip(" >")) for line in trees.splitlines()}
    for path in (*site.rglob("*.md"), *site.rglob("*.rst")):
        if path.name != "index.md" or path.parent != site:
            assert path.stem in named_there, path.relative_to(site)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def anchors(text: str) -> set[str]:
    """What headings are called in addresses, and labels."""
    headings = re.findall(r"^#+ (.*)$", FENCE.sub("", text), re.MULTILINE)
    labels = re.findall(r"^\(([\w-]+)\)=$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-") for heading in headings} | set(
        labels
    )


def test_links_between_pages_lead_somewhere(site: Path) -> None:
    wrong, labels = [], {f"parameter-{name}" for name in table()}
    for path in site.rglob("*.md"):
        for target, anchor in re.findall(r"\]\(([^)#:\s]*)(?:#([^)\s]+))?\)", FENCE.sub("", _text(path))):
            there = path.parent / target if target else path
            here = f"{path.relative_to(site)}: {target}#{anchor}"
            if not there.is_file():
                wrong += [here] * (not target.startswith(MADE_BY_R))
            elif anchor and there.suffix == ".md":
                wrong += [here] * (anchor not in anchors(_text(there)) | labels)
    assert wrong == []


def test_links_are_turned_to_the_site() -> None:
    text = "[a](../README.md#x) [b](faq.md) `c`\n```text\n[d](../README.md)\n```\n![e](pages/home.png) [f](../tests) [g](../setup.py)"
    found, files_needed = tree.rewritten(text, "docs/some.md", ROOT)
    assert found == (
        "[a](project/readme.md#x) [b](faq.md) `c`\n```text\n[d](../README.md)\n```\n![e](pages/home.png) f [g](files/setup.py)"
    )
    assert files_needed == {"files/setup.py": "setup.py"}


def test_every_parameter_has_its_place() -> None:
    pages = parameters.pages()
    text = "\n".join(pages.values())
    for name, entry in table().items():
        assert f"(parameter-{name})=\n## {name}\n" in pages[f"parameters/{parameters.page(entry.group)}.md"]
        assert f"[`{name}`](#parameter-{name})" in pages["parameters/index.md"]
    assert set(re.findall(r"#parameter-(\w+)", text)) == set(table())
    assert parameters.related("momentum_stable") == [
        "adaptive_rate",
        "momentum_ramp",
        "momentum_start",
        "optimizer",
    ]


def test_everything_that_packages_offer_is_told() -> None:
    told = {id(reference.object_of(name)) for name in reference.told()}
    missing = [name for name, thing in reference.offered() if callable(thing) and id(thing) not in told]
    assert [name for name in missing if name not in reference.NOT_TOLD] == []
    assert [name for name in reference.NOT_TOLD if name not in missing] == [], "these are told, or gone"


def test_every_help_page_of_r_has_a_group() -> None:
    texts = {path.stem: _text(path) for path in (ROOT / "rfront" / "man").glob("*.Rd")}
    grouped = r_pages.grouped(texts)
    assert sorted(name for names in grouped.values() for name in names) == sorted(texts)
    with pytest.raises(ValueError, match=r"new\.Rd comes from R/unheard\.R"):
        r_pages.grouped({"new": "% Please edit documentation in R/unheard.R"})


def test_without_r_that_is_said() -> None:
    assert "left out" in r_pages.pages(None)["reference/r.md"]


PROGRAMS = [page for page in PAGES if re.search(r"^ *```python", _text(DOCS / f"{page}.md"), re.MULTILINE)]
TESTS = {
    named(path): _text(path)
    for path in files(ROOT / "tests")
    if path.suffix == ".py" and path.name != "test_readme.py"
}


@pytest.mark.parametrize("page", PROGRAMS)
def test_programs_of_pages_are_run_by_a_test(page: str) -> None:
    """By one that reads the page or its folder, and knows what a program is."""
    folder, name = posixpath.split(f"{page}.md")
    wanted = (f'"{name}"', f"docs/{page}.md", *((f'"{folder}"', f"docs/{folder}") if folder else ()))
    readers = [test for test, text in TESTS.items() if any(each in text for each in wanted)]
    ways = (
        "subprocess",
        "exec(",
        "run_path(",
        "from . import pages",
        "from .pictures import",
        "node_process",
    )
    assert any(
        re.search("python|runpy", TESTS[test]) and any(way in TESTS[test] for way in ways) for test in readers
    ), readers


@pytest.mark.parametrize("name", ["contents", "parameters", "r_pages", "reference", "tree"])
def test_examples_run(name: str) -> None:
    assert doctest.testmod(importlib.import_module(f"manual.{name}")).failed == 0
