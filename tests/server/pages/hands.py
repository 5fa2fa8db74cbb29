"""How a user of a browser does things: by a mouse, or by the keyboard alone; and what there is to see then."""

from __future__ import annotations

from typing import Any

_MOST_STEPS = 400  # of the key Tab, until a control is reached


def expect(what: Any) -> Any:
    """What can be said of a page or a part of it, and is waited for; from the package that brings the browser."""
    from playwright.sync_api import expect as wait_for

    return wait_for(what)


class Mouse:
    """Clicks, and types into fields.

    Parameters
    ----------
    page : Page
        A tab of a browser.
    """

    def __init__(self, page: Any) -> None:
        self.page = page

    def press(self, control: Any) -> None:
        """Press a button, follow a link, open what is folded, tick a box."""
        control.click()

    def fill(self, field: Any, text: str) -> None:
        """Write a text into a field, in the place of what was there."""
        field.fill(text)

    def choose(self, field: Any, option: str) -> None:
        """Choose from a list."""
        field.select_option(option)

    def send(self, field: Any, path: str) -> None:
        """Choose a file."""
        field.set_input_files(path)


class Keyboard(Mouse):
    """The same without a mouse: a control is reached by Tab, which shows where the focus is, and used by keys."""

    def __init__(self, page: Any) -> None:
        super().__init__(page)
        self._file = ""
        page.on(
            "filechooser", lambda chosen: chosen.set_files(self._file)
        )  # listened to before it is first needed

    def press(self, control: Any) -> None:
        self._reach(control)
        box = control.evaluate("e => e instanceof HTMLInputElement && ['checkbox', 'radio'].includes(e.type)")
        self.page.keyboard.press("Space" if box else "Enter")

    def fill(self, field: Any, text: str) -> None:
        self._reach(field)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(text)

    def choose(self, field: Any, option: str) -> None:
        self._reach(field)
        self.page.keyboard.type(option)

    def send(self, field: Any, path: str) -> None:
        self._file = path
        self._reach(field)
        self.page.keyboard.press("Enter")
        for _ in range(100):
            if field.evaluate("e => e.files.length"):
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"no file could be chosen: {field}")

    def _reach(self, control: Any) -> None:
        control.wait_for()
        # found once: to look for it at every step would take longer than the steps
        element, steps = control.element_handle(), control.evaluate(_STOPS)
        for _ in range(_MOST_STEPS):
            key = element.evaluate(_WAY)
            if key == "gone":  # the page has put another one in its place
                element = control.element_handle()
            elif not key:
                assert element.evaluate(_SEEN), f"the focus cannot be seen: {control}"
                return
            else:
                for _ in range(max(1, steps)):
                    self.page.keyboard.press(key)
                steps = 1  # where the count was not right, step by step
        raise AssertionError(f"Tab never comes to {control}")


# The key that leads from where the focus is to a control; none where it is there.
_WAY = """e => {
  const here = document.activeElement;
  if (!e.isConnected) return "gone";
  if (e === here) return "";
  return here !== document.body && e.compareDocumentPosition(here) & Node.DOCUMENT_POSITION_FOLLOWING ? "Shift+Tab" : "Tab";
}"""
# How many steps it takes at least, by what can have the focus on the way: of the buttons of a group one.
_STOPS = """e => {
  const here = document.activeElement, after = Node.DOCUMENT_POSITION_FOLLOWING, groups = new Set();
  const back = here !== document.body && e.compareDocumentPosition(here) & after;
  const [first, last] = back ? [e, here] : [here, e];
  const between = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")].filter(each => {
    if (each === e || each === here || each.tabIndex < 0 || each.disabled) return false;
    if (!each.checkVisibility({visibilityProperty: true})) return false;
    if (!(each.compareDocumentPosition(last) & after)) return false;
    if (first !== document.body && !(first.compareDocumentPosition(each) & after)) return false;
    if (each.type !== "radio") return true;
    const group = `${each.form?.id} ${each.name}`, known = groups.has(group);
    groups.add(group);
    return !known;
  });
  return between.length;
}"""
# Whether the control that has the focus shows it: by an outline, and within the window.
_SEEN = """e => {
  const style = getComputedStyle(e), box = e.getBoundingClientRect();
  return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1 && box.bottom > 0 && box.top < innerHeight;
}"""
