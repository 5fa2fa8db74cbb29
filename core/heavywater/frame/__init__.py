"""Frames, from the bottom up; a part imports only the ones above it in this list.

``columns``     typed immutable columns, how they are stored, what follows from them alone
``frame``       names on columns of equal length
``summary``     counts, moments and levels of columns
``profiles``    what a table of columns shows of each, wherever the rows are
``descriptions`` frames as H2O's server describes them
``sharded_frame`` a frame whose rows lie in other processes
``importing``   files to frames
``exchange``    Python objects to frames and back, by way of Arrow
``primitives``  the registry: one entry per operation, under H2O's Rapids name and argument order; knows neither files
                nor other libraries' tables
``language``    expressions of primitives: their text, and their evaluation
"""
