"""Columns, and what rests on nothing but columns.

``column``         a typed, immutable column; ``makers`` what makes one of arrays, texts, codes or other columns
``origin``         what a column was in the data frame that it came from
``storage``        layouts of its cells beside plain arrays: Arrow texts and sparse numbers
``arrow_buffers``  Arrow arrays to numpy arrays and back, by their buffers
``sparse``         SciPy's sparse matrices to columns
``moment``         a point in time as an argument
``numerals``       texts that are numbers; ``missing_words`` texts that mean missing
``times``          texts that are dates and times of day; ``zones`` the time zone in which they are read
``_counting``      counting, adding up, sorting, joining and picking rows by small whole numbers; compiled
``keys``           numbers for rows by equal keys, on which grouping, joining and sorting rest; ``orders`` moves many cells into
                   the order of these
``conversions``    columns of one type to another
``figures``        quantiles, extremes and histograms of a column's numbers
``column_statistics``  what is learned of a column at one look, and merges: ``number_statistics`` and ``level_statistics``,
                   on ``exact_numbers`` and ``_exact_sums``, which is compiled
``_row_major``     columns side by side as rows, dense or compressed; compiled
``parallel``       work on many columns at the same time
"""
