"""What Sphinx is told about the site."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "core"), str(ROOT / "pyfront")]

import re  # noqa: E402
from typing import Any  # noqa: E402

import heavywater  # noqa: E402

project = "heavywater"
author = "the authors of heavywater"
version = release = heavywater.__version__
language = "en"
html_title = f"heavywater {release}"

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "numpydoc",
    "sphinx_copybutton",
]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
exclude_patterns = ["files/**", "deploy/**"]

myst_enable_extensions = ["colon_fence", "fieldlist", "attrs_inline"]
myst_heading_anchors = 4
myst_links_external_new_tab = False

# Docstrings: types stand in the sections of numpydoc, `name` is code.
default_role = "code"
autodoc_typehints = "none"
autodoc_member_order = "bysource"
autodoc_inherit_docstrings = True
autoclass_content = "class"
numpydoc_show_class_members = False
numpydoc_use_plots = False
python_display_short_literal_types = True
add_module_names = False
toc_object_entries_show_parents = "hide"

html_theme = "furo"
html_static_path = ["static"]
html_search_scorer = str(ROOT / "manual" / "scorer.js")
html_css_files = ["manual.css"]
html_copy_source = False
html_show_sphinx = False
html_show_search_summary = False  # it would fetch the pages found, which a browser does not do from a disk
html_show_copyright = False
html_theme_options = {
    "navigation_with_keys": True,
    "light_css_variables": {"color-brand-primary": "#0b6e69", "color-brand-content": "#0b6e69"},
    "dark_css_variables": {"color-brand-primary": "#4fd1c5", "color-brand-content": "#4fd1c5"},
}
pygments_style = "a11y-light"  # all of its colours can be read, which most styles fail (WCAG)
pygments_dark_style = "github-dark"
# What is raised has other names inside; types in docstrings are words, which need not be classes.
nitpick_ignore_regex = [("py:class", r"heavywater\..*")]
copybutton_prompt_text = r">>> |\.\.\. "
copybutton_prompt_is_regexp = True


def _without_references(app: Any, what: str, name: str, thing: Any, options: Any, lines: list[str]) -> None:
    """Take a word that ends with "_" for what it is, not for a reference."""
    lines[:] = [
        re.sub(r"(?<![\w`.])([a-z]+_)(?![\w`*])", r"``\1``", line) if ">>>" not in line else line
        for line in lines
    ]


def setup(app: Any) -> None:
    """Have docstrings changed where they mean something else than reStructuredText does."""
    app.connect("autodoc-process-docstring", _without_references)
