"""One page about models: texts, tables and drawings in sections, in a notebook, as an HTML file, in a terminal.

``explanation``  `H2OExplanation`, which the functions that explain return
``sections``     what a page consists of            ``wanted``    which sections are asked for, and with which options
``of_models``    the sections about models and a frame  ``of_row``  those about one row
``of_groups``    those about groups of rows         ``titles``    what sections are called
``page``         sections as HTML                   ``svg``       figures as parts of a page
"""
