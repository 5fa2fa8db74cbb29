"""Look at the site as a reader meets it: ``python -m tests.manual FOLDER``, which ``make test-docs`` does.

Opened from the disk, without a server, in Debian's chromium: what search finds, that nothing is asked for from elsewhere, that no script
fails, that no page is wider than a phone, and that texts can be read in the light and in the dark (WCAG, 4.5 to 1).
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

PHONE: ViewportSize = {"width": 390, "height": 800}
DESK: ViewportSize = {"width": 1400, "height": 900}
# what people look for -> a page that has to be among the first five
QUESTIONS = {
    "max_w2": "parameters/regularisation.html",
    "splitFrame": "reference/r/h2o.splitFrame.html",
    "confusion_matrix": "reference/python/",
    "as_data_frame": "reference/python/frame-out.html",
    "MOJO": "exporting.html",
    "Slurm": "clusters.html",
    "weights": "faq.html",
    "missing values": "faq.html",
    "save a model": "guide/how-do-i.html",
    "import_mojo": "reference/python/",
    "scikit-learn": "scikit-learn.html",
    "imbalanced": "guide/how-do-i.html",
    "cluster": "gallery/cluster.html",
    "REST": "scoring.html",
    "explain": "sections/explaining.html",
    "threads": "guide/how-do-i.html",
    "custom metric": "guide/how-do-i.html",
    "time limit": "guide/how-do-i.html",
    "early stopping": "parameters/stopping.html",
    "install": "guide/how-do-i.html",
    "column of text": "faq.html",
    "keras": "coming-from-other-libraries.html",
}
SAMPLE = (
    "index.html", "faq.html", "coming-from-h2o-3.html", "tabular.html", "gallery/cluster.html", "guide/how-do-i.html",
    "parameters/index.html", "parameters/regularisation.html",
    "reference/python.html", "reference/python/frame-statistics.html", "reference/python/session.html", "reference/r.html",
    "reference/r/h2o.deeplearning.html", "reference/command.html", "changelog.html", "measurements/index.html", "search.html",
)  # fmt: skip
# src and href of what a browser fetches by itself; links that a reader may follow are another matter
FETCHED = re.compile(
    r"""<(?:script|img|iframe|source|video|audio|embed|link)\b[^>]*?\b(?:src|href)=["']?((?:https?:)?//[^"'\s>]+)"""
)
IN_STYLE = re.compile(r"""(?:url\(\s*["']?|@import\s+["'])((?:https?:)?//[^"')\s]+)""")
CONTRAST = """() => {
  const channels = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((c) => { c /= 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const behind = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const colour = channels(getComputedStyle(each).backgroundColor);
      if (colour.length === 3 || colour[3] > 0.9) return colour;
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const element of document.querySelectorAll("article *, .sidebar-tree a, .toc-tree a")) {
    const text = [...element.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data.trim()).join("");
    if (!text || !element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })) continue;
    const style = getComputedStyle(element);
    const [a, b] = [light(channels(style.color)), light(behind(element))].sort((x, y) => y - x);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
    const contrast = (a + 0.05) / (b + 0.05);
    if (contrast < (large ? 3 : 4.5)) found.push(`${text.slice(0, 30)} (${element.className}): ${contrast.toFixed(1)}`);
  }
  return [...new Set(found)].slice(0, 5);
}"""


def external(folder: Path) -> Iterator[str]:
    """What pages and styles would fetch from elsewhere."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".html", ".css", ".svg"):
            text = path.read_text(encoding="utf-8")
            for pattern in (FETCHED, IN_STYLE) if path.suffix != ".html" else (FETCHED,):
                yield from (
                    f"{path.relative_to(folder)} fetches {address}" for address in pattern.findall(text)
                )


def watched(page: Page, wrong: list[str]) -> Page:
    """A tab that writes down requests to elsewhere, and errors of scripts."""

    def asked(url: str) -> None:
        if not url.startswith(("file:", "data:", "blob:")):
            wrong.append(f"{page.url} asks for {url}")

    page.on("request", lambda request: asked(request.url))
    page.on(
        "console",
        lambda message: wrong.append(f"{page.url}: {message.text}") if message.type == "error" else None,
    )
    page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
    return page


def search(browser: Browser, folder: Path, wrong: list[str]) -> None:
    """Ask the search of the site what people ask."""
    page = watched(browser.new_page(viewport=DESK), wrong)
    for question, expected in QUESTIONS.items():
        page.goto((folder / "index.html").as_uri(), wait_until="domcontentloaded")
        page.get_by_role("textbox", name="Search").first.fill(question)
        page.keyboard.press("Enter")
        page.get_by_text("Search finished").wait_for(timeout=30_000)  # results come one after the other
        first = [
            link.get_attribute("href") or "" for link in page.locator("#search-results li > a").all()[:5]
        ]
        if not any(expected in address for address in first):
            wrong.append(f"search for {question!r} finds {first}, not {expected}")
    page.close()


def looked_at(browser: Browser, folder: Path, wrong: list[str]) -> None:
    """Open pages on a phone and at a desk, in the light and in the dark."""
    for size in (PHONE, DESK):
        for scheme in ("light", "dark"):
            context = browser.new_context(viewport=size, color_scheme=scheme)
            page = watched(context.new_page(), wrong)
            for name in SAMPLE:
                page.goto((folder / name).as_uri(), wait_until="domcontentloaded")
                if (width := page.evaluate("document.documentElement.scrollWidth")) > size["width"]:
                    wrong.append(f"{name} is {width} px wide where there are {size['width']}")
                wrong += [f"{name}, {scheme}: {each}" for each in page.evaluate(CONTRAST)]
            context.close()


def narrow(browser: Browser, folder: Path, wrong: list[str]) -> None:
    """All pages on a phone, for their width alone."""
    page = browser.new_page(viewport=PHONE)
    for path in sorted(folder.rglob("*.html")):
        if "_" not in path.relative_to(folder).parts[0]:
            page.goto(path.as_uri(), wait_until="domcontentloaded")
            if (width := page.evaluate("document.documentElement.scrollWidth")) > PHONE["width"]:
                wrong.append(f"{path.relative_to(folder)} is {width} px wide on a phone")
    page.close()


def main(folder: Path) -> int:
    """Look at the site; the exit status says whether all is well."""
    wrong = list(external(folder))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for look in (search, looked_at, narrow):
            look(browser, folder, wrong)
        browser.close()
    print(*dict.fromkeys(wrong), sep="\n")
    print(
        f"{len(QUESTIONS)} searches, {4 * len(SAMPLE)} looks: {'all is well' if not wrong else f'{len(set(wrong))} things are wrong'}"
    )
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))
