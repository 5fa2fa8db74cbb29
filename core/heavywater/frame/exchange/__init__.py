"""Python objects to frames and back.

``incoming``      tables, arrays, lists and dictionaries; ``cells`` column by column
``outgoing``      pandas, rows of Python values; ``sparse_matrices`` SciPy
``arrow_tables``  Arrow, both ways
"""
