"""The sources of the site: pages of docs/ and documents of the project, with links that fit there."""

from __future__ import annotations

import filecmp
import os
import posixpath
import re
import shutil
from pathlib import Path, PurePosixPath

from . import contents, parameters, r_pages, reference

# documents beside docs/ that are pages of the site, and where
DOCUMENTS = {
    "README.md": "project/readme.md",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "project/contributing.md",
    "SECURITY.md": "project/security.md",
    "CODE_OF_CONDUCT.md": "project/code-of-conduct.md",
    "rfront/README.md": "reference/r-package.md",
}
RESULTS = "tests/benchmarks/results"
VIGNETTES = "build/vignettes"
# folders that documents point to, and the page that is meant
FOLDERS = {"docs": "index.md", "vignettes": "vignettes.md", RESULTS: "measurements/index.md"}
LINK = re.compile(r"\[([^\]\[]*)\]\(([^)\s#:]+)(#[^)\s]*)?\)")
FENCED = re.compile(r"^(```|~~~).*?^\1`*$", re.DOTALL | re.MULTILINE)


def assemble(root: Path, there: Path, *, with_r: bool = True) -> None:
    """Write the sources of the site into a folder; files that stay the same keep their time."""
    new = there.with_name(f"{there.name}-new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    for path in sorted((root / "docs").rglob("*")):
        if path.is_file():
            _put(new, path.relative_to(root / "docs").as_posix(), path, root)
    for document, page in documents(root).items():
        _put(new, page, root / document, root)
    for name, text in pages_made(root, with_r=with_r).items():
        target = new / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    for path in sorted((root / VIGNETTES).glob("*_files/*.png")) + sorted(
        (root / VIGNETTES).glob("figure/*.png")
    ):
        target = new / "vignettes" / path.relative_to(root / VIGNETTES)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    _replace(new, there)


def documents(root: Path) -> dict[str, str]:
    """All documents beside docs/, and their places in the site."""
    results = {
        f"{RESULTS}/{path.name}": f"measurements/{path.name}"
        for path in sorted((root / RESULTS).glob("*.md"))
    }
    return DOCUMENTS | results


def pages_made(root: Path, *, with_r: bool = True) -> dict[str, str]:
    """The pages that are made, by their places: home, sections, parameters, references."""
    docs = root / "docs"
    written = [path.relative_to(docs).with_suffix("").as_posix() for path in docs.rglob("*.md")]
    menu = contents.parts(written)
    made = {
        f"{section.page}.md": section.source() for part in menu for section in part.sections if section.pages
    }
    home = (root / "manual" / "pages" / "index.myst").read_text(encoding="utf-8")
    trees = [
        contents.toctree(part.entries(), ":hidden:", f":caption: {part.title}")
        for part in menu
        if part.entries()
    ]
    made["index.md"] = "\n\n".join([home.rstrip(), *trees, ""])
    results = [PurePosixPath(name).stem for name in documents(root) if name.startswith(RESULTS)]
    made["measurements/index.md"] = f"{MEASUREMENTS}\n\n{contents.toctree(sorted(results))}\n"
    made |= _vignettes(root)
    return made | parameters.pages() | reference.pages() | r_pages.pages(root if with_r else None)


def _vignettes(root: Path) -> dict[str, str]:
    """The page about vignettes, and those that `make vignettes` has run and left in build."""
    built = {path.stem: path.read_text(encoding="utf-8") for path in sorted((root / VIGNETTES).glob("*.md"))}
    made = {f"vignettes/{name}.md": _titled(text, name) for name, text in built.items()}
    text = (root / "manual" / "pages" / "vignettes.myst").read_text(encoding="utf-8")
    if built:
        text = f"{text}\n{contents.toctree(f'vignettes/{name}' for name in built)}\n"
    else:
        text = (
            f"{text}\nThis copy of the manual was made without them: `make vignettes docs` includes them.\n"
        )
    return {"vignettes.md": text, **made}


def _titled(text: str, name: str) -> str:
    """A page that begins with a heading."""
    return (
        text
        if re.search(r"^# ", text, re.MULTILINE)
        else f"# {name.replace('-', ' ').capitalize()}\n\n{text}"
    )


MEASUREMENTS = """\
# Measurements

What the targets of `make` that begin with `bench` have written: speed and errors beside H2O, PyTorch and others, each with the machine
and the versions that were measured. The figures in this manual come from here."""


def rewritten(text: str, document: str, root: Path) -> tuple[str, dict[str, str]]:
    """A document with links that fit the site, and the files that it points to.

    Parameters
    ----------
    text : str
        The document.
    document : str
        Where it lies, from the root of the tree.
    root : Path
        The root of the tree.

    Returns
    -------
    tuple
        The text, and a dict of files that have to be there: place in the site -> place in the tree.
    """
    here = posixpath.dirname(place(document, root))
    files: dict[str, str] = {}

    def linked(match: re.Match[str]) -> str:
        shown, target, anchor = match[1], match[2], match[3] or ""
        source = posixpath.normpath(posixpath.join(posixpath.dirname(document), target))
        if (root / source).is_dir() and source not in FOLDERS:
            return shown  # a folder of the sources is no page
        there = place(source, root)
        if there.startswith("files/"):
            files[there] = source
        return f"[{shown}]({posixpath.relpath(there, here or '.')}{anchor})"

    parts, end = [], 0
    for fence in FENCED.finditer(text):
        parts += [LINK.sub(linked, text[end : fence.start()]), fence[0]]
        end = fence.end()
    return "".join([*parts, LINK.sub(linked, text[end:])]), files


def place(source: str, root: Path) -> str:
    """Where in the site a file or folder of the tree is.

    Examples
    --------
    >>> place("docs/faq.md", Path()), place("docs", Path()), place("setup.py", Path())
    ('faq.md', 'index.md', 'files/setup.py')
    """
    if source in FOLDERS:
        return FOLDERS[source]
    if source.startswith("docs/"):
        return source.removeprefix("docs/")
    return documents(root).get(source, f"files/{source}")


def _put(new: Path, name: str, path: Path, root: Path) -> None:
    """A file of the tree at its place; of a page the links, and the files that it points to, too."""
    target = new / name
    target.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix != ".md":
        shutil.copyfile(path, target)
        return
    text, files = rewritten(
        _titled(path.read_text(encoding="utf-8"), path.stem), path.relative_to(root).as_posix(), root
    )
    target.write_text(text, encoding="utf-8")
    for there, source in files.items():
        (new / there).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / source, new / there)


def _replace(new: Path, there: Path) -> None:
    """Make a folder the same as a new one, with as few changes as possible, and remove the new one."""
    there.mkdir(parents=True, exist_ok=True)
    names = {path.relative_to(new) for path in new.rglob("*") if path.is_file()}
    for path in there.rglob("*"):
        if path.is_file() and path.relative_to(there) not in names:
            path.unlink()
    for name in names:
        target = there / name
        if not target.is_file() or not filecmp.cmp(new / name, target, shallow=False):
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(new / name, target)
    shutil.rmtree(new)
