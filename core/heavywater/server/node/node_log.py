"""What a node remembers of its log, for those who ask it."""

from __future__ import annotations

import io
import logging
import os
import threading
import zipfile
from collections import deque
from datetime import UTC, datetime

_LINES = 20_000
_FORMAT = "%(asctime)s.%(msecs)03d %(process)d %(threadName)s %(levelname)s %(name)s: %(message)s"
# H2O's names of files -> the least level in them
LEVELS = {
    "trace": logging.DEBUG, "debug": logging.DEBUG, "info": logging.INFO, "httpd": logging.INFO,
    "warn": logging.WARNING, "error": logging.ERROR, "fatal": logging.CRITICAL,
}  # fmt: skip


class NodeLog(logging.Handler):
    """The last lines of the log of this process, as far as the logger ``h2o`` and those below it are concerned."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter(_FORMAT, "%m-%d %H:%M:%S"))
        self._lines: deque[tuple[int, str]] = deque(maxlen=_LINES)
        self._guard = threading.Lock()
        logging.getLogger("h2o").addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Remember a line."""
        line = self.format(record)
        with self._guard:
            self._lines.append((record.levelno, line))

    def note(self, logger: logging.Logger, message: str) -> None:
        """Log a remark, and remember it even where remarks are not logged."""
        if logger.isEnabledFor(logging.INFO):
            logger.info("%s", message)
        else:
            self.emit(logger.makeRecord(logger.name, logging.INFO, "", 0, message, (), None))

    def text(self, level: str = "info", part: str = "") -> str:
        """The lines from a level on, in which a text occurs."""
        return "".join(f"{line}\n" for _, line in self.lines(level, part))

    def lines(self, level: str = "info", part: str = "") -> list[tuple[int, str]]:
        """The same with the level of each as a number, the newest last; capitals do not matter."""
        least, wanted = LEVELS[level], part.casefold()
        with self._guard:
            known = list(self._lines)
        return [each for each in known if each[0] >= least and (not wanted or wanted in each[1].casefold())]

    def archive(self) -> tuple[str, bytes]:
        """Name and bytes of a zip archive of the files of all levels."""
        stem = f"h2ologs_{datetime.now(UTC):%Y%m%d_%H%M%S}"
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
            for number, level in enumerate(("trace", "debug", "info", "warn", "error", "fatal"), 1):
                content = self.text(level).encode("utf-8", "replace")
                out.writestr(f"{stem}/node0_{os.getpid()}/h2o-{number}-{level}.log", content)
        return f"{stem}.zip", packed.getvalue()

    def close(self) -> None:
        """Remember nothing more."""
        logging.getLogger("h2o").removeHandler(self)
        super().close()
