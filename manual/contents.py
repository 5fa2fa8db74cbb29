"""Which page of docs/ stands in which section (`contents.toml`), and the pages that say so."""

from __future__ import annotations

import fnmatch
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

TABLE = Path(__file__).with_name("contents.toml")
REST = ["*"]  # the pages of the section that takes what no other one names


@dataclass
class Section:
    """A page of its own that lists others."""

    name: str
    title: str
    text: str
    patterns: list[str]
    pages: list[str] = field(default_factory=list)

    @property
    def page(self) -> str:
        """Name of its page, without ending."""
        return f"sections/{self.name}"

    def source(self) -> str:
        """Its page."""
        return f"# {self.title}\n\n{self.text}\n\n{toctree(f'/{page}' for page in self.pages)}"


@dataclass
class Part:
    """A heading of the menu: pages, sections, and pages that are made."""

    title: str
    pages: list[str]
    sections: list[Section]
    made: list[str]

    def entries(self) -> list[str]:
        """What stands below the heading."""
        return [*self.pages, *(section.page for section in self.sections if section.pages), *self.made]


def parts(pages: Iterable[str]) -> list[Part]:
    """The menu, with each page (of docs/, by its name without ending) in its place.

    Examples
    --------
    >>> start, guide, *_ = parts(["faq", "guide/tuning-it", "unheard-of"])
    >>> start.pages, [(each.name, each.pages) for each in guide.sections if each.pages]
    (['faq'], [('tuning', ['guide/tuning-it']), ('more', ['unheard-of'])])
    """
    left = sorted(pages)
    found = [
        Part(
            part["title"], part.get("pages", []),
            [Section(each["name"], each["title"], each["text"], each["pages"]) for each in part.get("section", [])],
            part.get("made", []),
        )
        for part in tomllib.loads(TABLE.read_text(encoding="utf-8"))["part"]
    ]  # fmt: skip
    for part in found:
        part.pages = _taken(part.pages, left)
    sections = [section for part in found for section in part.sections]
    for section in sorted(sections, key=lambda section: section.patterns == REST):  # the rest comes last
        section.pages = _taken(section.patterns, left)
    return found


def _taken(patterns: list[str], left: list[str]) -> list[str]:
    """The pages that patterns name, in their order; they are taken away from those that are left."""
    found: list[str] = []
    for pattern in patterns:
        found += [page for page in left if fnmatch.fnmatchcase(page, pattern) and page not in found]
    left[:] = [page for page in left if page not in found]
    return found


def toctree(pages: Iterable[str], *options: str) -> str:
    """A table of contents in Markdown.

    Examples
    --------
    >>> print(toctree(["a"], ":hidden:"))
    ```{toctree}
    :hidden:
    a
    ```
    """
    return "\n".join(["```{toctree}", *(options or (":maxdepth: 1",)), *pages, "```"])
