"""What a session is asked to do with whole frames: files, descriptions, expressions as text."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from .errors import InvalidArgument
from .files import path_for
from .frame.frame import Frame
from .frame.language.rapids import parse
from .jobs import Job

if TYPE_CHECKING:
    from .session import LocalSession


class FrameRequests:
    """Mixed into `LocalSession`, which owns the store."""

    def rapids(self: LocalSession, text: str) -> Any:
        """Value of an expression given as text; see `evaluate`.

        Raises
        ------
        InvalidExpression
            The text is malformed; the message shows where.
        """
        return self.evaluate(parse(text))

    def export_frame(
        self: LocalSession,
        key: str,
        path: str | os.PathLike[str],
        force: bool = False,
        times: str = "datetime",
        **layout: Any,
    ) -> Job:
        """Write a frame as delimited text or Parquet.

        Parameters
        ----------
        key : str
        path : str or path
            A file; a folder for several files and for Parquet.
        force : bool
            Replace a file that is there, or a folder that holds nothing but an earlier export.
        times : str
            ``datetime`` or ``milliseconds``; see `heavywater.frame.exchange.outgoing.with_times`.
        **layout
            See `heavywater.export.frame_export.Layout`.

        Returns
        -------
        Job
        """
        from .export.frame_export import Layout, check_free, export_frame
        from .frame.exchange.outgoing import with_times

        frame, wanted = with_times(self.frame(key), times), Layout(**layout)
        wanted.check()
        check_free(os.fspath(path), wanted, force)

        def work(job: Job) -> None:
            def progress(fraction: float) -> None:
                job.stop_if_cancelled()
                job.update(fraction)

            export_frame(frame, os.fspath(path), wanted, force, progress)

        return Job("Export File", work)

    def frame_text(self: LocalSession, key: str, header: bool = True, times: str = "datetime") -> str:
        """A frame as comma-separated text; for `times` see `heavywater.frame.exchange.outgoing.with_times`."""
        import io

        from .export.frame_export import Layout, write_text
        from .frame.exchange.outgoing import with_times

        frame, out = with_times(self.frame(key), times), io.BytesIO()
        write_text(frame, 0, frame.nrow, out, Layout(header=header), lambda fraction: None)
        return out.getvalue().decode()

    def save_frame(self: LocalSession, key: str, folder: str | os.PathLike[str], force: bool = True) -> Job:
        """Save a frame into a folder, to be loaded again by `load_frame`.

        Returns
        -------
        Job
            Its result is the path of the file.
        """
        from .export.frame_file import ENDING, save_frame

        frame = self.frame(key)
        path_for(folder, key, ENDING)  # warns where the file gets another name
        return Job("Save frame data", lambda job: save_frame(frame, folder, key, force))

    def load_frame(self: LocalSession, key: str, folder: str | os.PathLike[str], force: bool = True) -> Job:
        """Load a frame that was saved under a key.

        Parameters
        ----------
        key : str
        folder : str or path
        force : bool
            Replace a frame of this key; anything else of this key is never replaced.

        Returns
        -------
        Job
            Its result is the key.
        """
        from .export.frame_file import load_frame

        self.check_kind(key, Frame)
        if not force and key in self.keys():
            raise InvalidArgument(f"load_frame: {key!r} exists already; use force=True to replace it")
        return Job("Load frame data", lambda job: self.put_frame(load_frame(folder, key), key))

    def frame_bytes(self: LocalSession, key: str) -> bytes:
        """A frame as bytes that `restore_frame` makes a frame of, in this session or another one."""
        from .export.frame_file import frame_bytes

        return frame_bytes(self.frame(key))

    def restore_frame(self: LocalSession, content: bytes) -> str:
        """Key of a new temporary frame, made of what `frame_bytes` gave.

        Raises
        ------
        ParseError
            The bytes are damaged or no frame.
        """
        from .export.frame_file import frame_of_bytes

        return self.put_frame(frame_of_bytes(content))

    def describe_frame(self: LocalSession, key: str) -> dict[str, Any]:
        """Key, size and columns of a frame, as H2O's server describes it."""
        from .frame.summary import facts_of_columns

        frame = self.frame(key)
        return {
            "frame_id": {"name": key},
            "rows": frame.nrow,
            "num_columns": frame.ncol,
            "column_count": frame.ncol,
            "total_column_count": frame.ncol,
            "byte_size": frame.nbytes,
            "is_text": False,
            "columns": facts_of_columns(frame),
        }

    def describe_frames(self: LocalSession) -> list[dict[str, Any]]:
        """Key and size of every frame."""
        sizes = []
        for key in self.keys(Frame):
            frame = self.frame(key)
            sizes.append(
                {
                    "frame_id": {"name": key},
                    "rows": frame.nrow,
                    "columns": frame.ncol,
                    "byte_size": frame.nbytes,
                }
            )
        return sizes
