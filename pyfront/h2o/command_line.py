"""The command ``h2o`` under the name that scripts know; it lies in `h2o_command`, which is there before `h2o` is imported."""

from h2o_command.main import main

__all__ = ["main"]
