"""The help pages of the R package as pages of the site: R makes HTML of them, which gets the look of the site here."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from .contents import toctree

FOLDER = "reference/r"
RD = Path(__file__).with_name("rd.R")
# groups, and the files of rfront/R whose help they have
GROUPS = {
    "Session": ("zzz", "init", "network-test", "flow", "job", "request"),
    "Data": ("import", "convert", "making", "store", "files"),
    "Frames": ("frame", "frame-extract", "tables", "levels", "data-frame-habits", "apply", "base-names", "more-names"),
    "Operations": ("operators", "statistics", "operations-statistics", "operations-mathematics", "operations-factors", "operations-texts",
                   "operations-times", "operations-missing", "operations-sampling", "operations-shape", "operations-types",
                   "operations-further"),
    "Training": ("deeplearning", "cross-validation", "grid", "segments", "parsnip"),
    "Models": ("model", "model-methods", "predict", "metrics", "metrics-thresholds", "confusion", "summary", "tidy", "export"),
    "Explanations and plots": ("explain", "explain-contributions", "explain-dependence", "explain-model", "explain-models", "explain-page",
                               "explain-values", "partial-plot", "plot", "autoplot"),
    "Classes and printing": ("classes", "print", "print-models"),
    "Names of H2O that are not here": ("not-here",),
}  # fmt: skip
HEAD = """\
# R

`library(h2o)` in R has what H2O's package of this name has for Deep Learning, and what R's own packages for models expect.
[The R package](r-package.md) tells how it is installed and what is R's way in it; here are its help pages,
which `?h2o.deeplearning` shows, too.
"""
PREFORMATTED = re.compile(r"<pre><code class='language-R'>(.*?)</code></pre>", re.DOTALL)


def available() -> bool:
    """Whether there is R, which turns help pages into HTML."""
    return shutil.which("Rscript") is not None


def pages(root: Path | None) -> dict[str, str]:
    """The pages by their places, with the list of all in groups.

    Parameters
    ----------
    root : Path or None
        The root of the tree; without it there is one page, which says that the help pages are not here.
    """
    if root is None:
        return {
            "reference/r.md": f"{HEAD}\nThey were left out of this copy of the manual.\n\n{toctree(['r-package'], ':hidden:')}\n"
        }
    manual = root / "rfront" / "man"
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["Rscript", "--vanilla", str(RD), str(manual), folder], check=True)
        made = {
            path.stem: markdown(path.read_text(encoding="utf-8"), path.stem)
            for path in sorted(Path(folder).glob("*.html"))
        }
    listing, names = [HEAD], []
    for title, members in grouped(
        {path.stem: path.read_text(encoding="utf-8") for path in manual.glob("*.Rd")}
    ).items():
        lines = [f"- [{name}](r/{name}.md): {_title(made[name])}" for name in members]
        listing.append("\n".join([f"## {title}", "", *lines]))
        names += [f"{name} <r/{name}>" for name in members]
    source = "\n\n".join([*listing, toctree(["The R package <r-package>", *names], ":hidden:"), ""])
    return {"reference/r.md": source, **{f"{FOLDER}/{name}.md": text for name, text in made.items()}}


def grouped(texts: dict[str, str]) -> dict[str, list[str]]:
    """Names of help pages in their groups.

    Raises
    ------
    ValueError
        A file of the R package has help pages and stands in no group.
    """
    found: dict[str, list[str]] = {title: [] for title in GROUPS}
    for name, text in sorted(texts.items(), key=lambda item: item[0].lower()):
        source = re.search(r"^% Please edit documentation in R/([\w.-]+)\.R", text, re.MULTILINE)
        stem = source[1] if source else "zzz"
        title = next((title for title, files in GROUPS.items() if stem in files), None)
        if title is None:
            raise ValueError(
                f"the help page {name}.Rd comes from R/{stem}.R, which stands in no group of {__name__}"
            )
        found[title].append(name)
    return {title: names for title, names in found.items() if names}


def _title(page: str) -> str:
    return page.split("\n\n", 2)[1].strip("*")


def markdown(text: str, name: str) -> str:
    r"""A help page as R writes it in HTML, as a page of the site.

    Examples
    --------
    >>> code = "<pre><code class='language-R'>a &lt;- f()\n</code></pre>"
    >>> print(markdown(f"<html><h2>Rows</h2>\n\n<h3>Usage</h3>\n{code}</div>", "h2o.rows"))
    # h2o.rows
    <BLANKLINE>
    **Rows**
    <BLANKLINE>
    ## Usage
    <BLANKLINE>
    ```r
    a <- f()
    ```
    <BLANKLINE>
    """
    title, _, body = text.partition("<h2>")[2].partition("</h2>")
    body = body.rpartition("</div>")[0]
    title = html.unescape(_without_tags(title))
    parts = [f"# {name}", f"**{title}**"]
    body = re.sub(rf"<h3>Description</h3>\s*<p>{re.escape(title)}\s*</p>", "", body)  # where it says no more
    for i, section in enumerate(re.split(r"<h3>(.*?)</h3>", body)):
        if i % 2:
            parts.append(f"## {html.unescape(_without_tags(section))}")
        else:
            parts += _pieces(section)
    return "\n\n".join(parts) + "\n"


def _pieces(section: str) -> list[str]:
    """HTML as it is, and code by which the site colours it."""
    pieces = []
    for i, piece in enumerate(PREFORMATTED.split(section)):
        if i % 2:
            pieces.append(f"```r\n{html.unescape(piece).strip()}\n```")
        elif piece.strip():
            plain = re.sub(r"""<a href="(?:\.\.|https?:)[^"]*">(.*?)</a>""", r"\1", piece, flags=re.DOTALL)
            lines = [line for line in plain.splitlines() if line.strip()]
            pieces.append("\n".join(["```{raw} html", *lines, "```"]))
    return pieces


def _without_tags(text: str) -> str:
    return re.sub(r"<[^>]+>", "", text).strip()
