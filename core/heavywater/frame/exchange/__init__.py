"""Python objects to frames and back.

``incoming``      tables, arrays, lists and dictionaries; ``cells`` column by column
``outgoing``      pandas, rows of Python values; ``sparse_matrices`` SciPy
``arrow_tables``  Arrow, both ways; ``arrow_frames`` with all that a frame is
``origins``, ``pandas_types``  columns as the types that they were
``dask_parts``    data frames of Dask, partition by partition
"""
