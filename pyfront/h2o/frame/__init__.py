"""H2OFrame, a handle on a frame of the session.

``h2oframe``    the class: a key, and what is assigned to columns and rows
``facts``       names, types, size     ``pieces``    some rows or columns, functions of them
``selection``   its columns, rows and cells, of which it is made
``display``     how it shows itself    ``exchange``  objects of other packages, and pickling
``accepting``   other data in the place of a frame    ``answering``  and answers in its kind    ``holders``  of temporary frames
``groups``      group_by               ``selectors`` what is in the brackets of ``frame[...]``
``tracing``     Python functions for ``apply``, as expressions
``dask_frames`` data frames of Dask, whose rows stay where they are    ``settings``  the file ``.h2oconfig``
``operations``  methods that only name an operation of the registry
"""

from typing import TYPE_CHECKING

from ..elsewhere.stand_ins import names_of
from .h2oframe import H2OFrame

__all__ = ["H2OFrame"]

if not TYPE_CHECKING:  # a type checker is to find names that are not here
    __getattr__ = names_of(__name__)
