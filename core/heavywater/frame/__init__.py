"""Columns, frames, import of files, and the registry of operations on frames.

``columns``      typed immutable columns; ``frame`` puts names on them
``primitives``   the registry: one entry per operation, under H2O's Rapids name and argument order
``expressions``  evaluates nested expressions of primitives
``sources``      which files paths, folders and addresses mean; ``filesystems`` and ``web`` reach the remote ones
``unpack``       decompression, archives and formats: texts and tables within a source
``parse``        runs an import; ``guess`` holds the rules for separator, header and types, ``options`` what a user says
``blocks``       texts into blocks of whole records; ``delimited``, ``svmlight``, ``arff`` and ``excel`` read them
``tables``       Parquet, ORC and Arrow files; ``batches`` reads them
``encodings``    texts that are not UTF-8; ``once`` keeps what a pipe gives
``pieces``       what a block gives; ``collect`` and ``intake`` make columns of it
``settling``     types that the first lines leave open or later lines contradict; ``typed_pieces`` tells what contradicts,
                 ``rereading`` reads such columns again, ``losses`` says so, ``record_lines`` where
``storage``      layouts of columns beside plain arrays: Arrow texts and sparse numbers
``interchange``  Python objects in, ``cells`` column by column; ``outgoing`` to pandas and rows; ``arrow_tables`` and
                 ``sparse`` for Arrow and SciPy, both ways; ``retyping`` applies the types and missing texts that a user names
``summary``      counts, moments and levels of columns; ``figures`` works them out
"""

from .columns import Column
from .frame import Frame

__all__ = ["Column", "Frame"]
