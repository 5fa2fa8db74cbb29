"""Takes the pictures of docs/explanations.md, of the models that its scripts train: ``python -m tests.explanation.pictures``."""

from __future__ import annotations

import io
import os
import re
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "explanations.md"


def scripts() -> list[str]:
    """The scripts of the page, in their order."""
    return re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def run(folder: Path) -> dict[str, Any]:
    """What the scripts leave behind, run in a folder."""
    names: dict[str, Any] = {}
    before = Path.cwd()
    os.chdir(folder)
    try:
        for script in scripts():
            exec(compile(script, str(PAGE), "exec"), names)
    finally:
        os.chdir(before)
    return names


def main() -> None:
    """Run the scripts, and write the pictures small."""
    import matplotlib

    matplotlib.use("agg")
    with tempfile.TemporaryDirectory() as folder:
        found = run(Path(folder))
        model, test, train = found["model"], found["test"], found["train"]
        figures = {
            "summary": model.shap_summary_plot(test, background_frame=train, figsize=(8, 4.5)).figure(),
            "single": model.ice_plot(test, "dose", figsize=(8, 4.5)).figure(),
        }
        for name, figure in figures.items():
            _write(_png(figure), name)
        _write(_part_of_page(Path(folder) / "explained.html"), "page")


def _png(figure: Any) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=90)
    return buffer.getvalue()


def _part_of_page(path: Path) -> bytes:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": 1000, "height": 1100}, color_scheme="light")
        tab.goto(path.as_uri())
        tab.locator("section[id$=permutation_importance]").scroll_into_view_if_needed()
        tab.evaluate("document.querySelector('section[id$=permutation_importance]').scrollIntoView()")
        picture = tab.screenshot()
        browser.close()
    return picture


def _write(picture: bytes, name: str) -> None:
    """Write a picture with few colours, which is a third of the size."""
    from PIL import Image

    image = Image.open(io.BytesIO(picture)).convert("RGB").quantize(128)
    image.save(ROOT / "docs" / "explanations" / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
