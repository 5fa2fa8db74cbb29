"""The running session, opened to other clients and to the browser."""

from __future__ import annotations

import html
import os
import sys
import webbrowser
from typing import Any

from ..backend import running
from ..backend.connection import connection
from ..display.rendering import in_ipy

__all__ = ["H2OFlow", "flow"]


class H2OFlow:
    """Where the session can be reached from other processes, and browsers, of this machine.

    In a cell of a notebook it shows itself as a link with what the session holds. It is no frame with the pages in it: a page of
    another site could put such a frame below its own buttons, so the node forbids frames, and its cookie would not be sent
    within one.

    Attributes
    ----------
    url : str
        Its address.
    token : str or None
        What other clients have to show; None for a session at a node, to which they connect as this one did.

    Examples
    --------
    >>> opened = h2o.flow(open_browser=False)
    The session is open to other clients of this machine at http://127.0.0.1:...
    >>> opened.url.startswith("http://127.0.0.1:")
    True
    >>> opened.close()
    """

    def __init__(self, url: str, node: Any = None) -> None:
        self.url, self._node = url, node
        self.token: str | None = None if node is None else node.node.options.token

    def link(self) -> str:
        """An address for a browser: it lets in once, within ten minutes, without the token.

        Returns
        -------
        str
            Valid once.

        Examples
        --------
        >>> opened = h2o.flow(open_browser=False)
        The session is open to other clients of this machine at http://127.0.0.1:...
        >>> opened.link().startswith("http://127.0.0.1:")
        True
        >>> opened.close()
        """
        return self.url if self._node is None else str(self._node.new_link())

    def close(self) -> None:
        """Let nobody in any more; the session itself goes on.

        Examples
        --------
        >>> opened = h2o.flow(open_browser=False)
        The session is open to other clients of this machine at http://127.0.0.1:...
        >>> opened.close()
        """
        running.close_to_others()

    def __repr__(self) -> str:
        return f"<H2OFlow at {self.url}>"

    def _repr_html_(self) -> str:
        where = html.escape(self.url)
        if self._node is not None and running.opened is not self._node:
            return f"<p>The session was open at <code>{where}</code>, and is no more.</p>"
        once = "" if self._node is None else " The link lets in once, within ten minutes."
        return (
            f'<p><a href="{html.escape(self.link())}" target="_blank" rel="noopener">Open the web interface</a> at '
            f"<code>{where}</code>: {_contents()}.{once} It is an address of the machine that runs this cell.</p>"
        )


def _contents() -> str:
    """What the session holds and does, in a few words."""
    session = connection().session
    running_jobs = sum(each["status"] == "RUNNING" for each in session.jobs.known())
    counts = (
        (len(session.objects.keys("frame")), "frame"),
        (len(session.objects.keys("model")), "model"),
        (running_jobs, "running job"),
    )
    return ", ".join(f"{count} {what}{'' if count == 1 else 's'}" for count, what in counts)


def flow(port: int = 0, open_browser: bool | None = None) -> H2OFlow:
    """Open the web interface of the running session in a browser, and the session to other clients.

    The pages show frames, models and jobs, curves while a model trains, and what it answers; they import, build, compare and
    predict. Other processes of this machine share the frames and models, too: ``h2o.connect(url=, token=)`` in Python and R, and
    H2O's own clients. Nobody else is let in: the node listens on this machine alone and wants a token that is made anew each
    time; the browser gets it by a link that lets in once. It ends with the session, or with ``close()``.

    Parameters
    ----------
    port : int
        If it is taken, the next one that is free; 0 takes any. Without effect where the session is open already.
    open_browser : bool, optional
        False only prints the address. By default a browser is opened where this process has a screen to show it on, but not
        from a notebook, where the value of a cell shows itself, with a link.

    Returns
    -------
    H2OFlow
        The address and the token. Of a session at a node, the address of that node.

    Examples
    --------
    >>> h2o.init(verbose=False)
    >>> opened = h2o.flow(open_browser=False)
    The session is open to other clients of this machine at http://127.0.0.1:...
    >>> len(opened.token)
    64
    >>> opened.close()
    """
    found = _at_node() if connection().at_node else _of_this_process(port)
    wanted = _has_screen() and not in_ipy() if open_browser is None else open_browser
    if not (wanted and webbrowser.open(found.link(), new=1)):
        once = ", once and within ten minutes" if found.token else ""
        print(f"In a browser{once}: {found.link()}")
    if found.token:
        print("In Python: h2o.connect(url=..., token=...), with url and token of what h2o.flow() gives")
    return found


def _at_node() -> H2OFlow:
    found = H2OFlow(connection().base_url)
    print(f"The session is at the node {found.url}; others connect to it in the same way.")
    return found


def _of_this_process(port: int) -> H2OFlow:
    if running.opened is None:
        from heavywater.server.opening import opened  # start-up: only for who opens the session

        running.opened = opened(connection().session, port)
    found = H2OFlow(running.opened.url, running.opened)
    print(f"The session is open to other clients of this machine at {found.url}")
    return found


def _has_screen() -> bool:
    """Whether a browser that this process opens would be seen: by who sits before it, or by way of ``BROWSER``."""
    if os.environ.get("BROWSER"):  # editors that work on another machine open the browser of this one so
        return True
    if sys.platform in ("darwin", "win32"):
        return "SSH_CONNECTION" not in os.environ
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
