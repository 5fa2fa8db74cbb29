"""Pictures as SVG, drawn here: they need no script, print well and take their colours from the page.

``lines``, ``scatter``        in ``line_chart``, ``scatter_chart``     curves, and points, between two axes
``histogram``, ``spark``      in ``histogram_chart``                   counts of bins; small, for a cell of a table
``bars``                      in ``bar_chart``                         named values, one below the other
``parallel``, ``axis_of``     in ``parallel_chart``, ``parallel_axes``  lines across an axis for each column
``heat_class``                in ``heat``                              the colour of a cell by its share
``grey``, ``diverging``       in ``picture``                           a matrix as a PNG

Below them: ``axis_scale`` (ranges and ticks), ``thinning`` (no more points than a screen shows), ``drawing`` (elements, axes).
Widths are those of the page, heights fixed, so nothing moves when it loads; texts keep their size on any screen.
"""
