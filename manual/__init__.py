"""The manual as a site: ``make docs``, or ``python -m manual`` in the source tree, writes it into build/docs.

``tree``        the sources of the site: pages of docs/ and documents of the project, with links that fit there
``contents``    which page stands in which section; the pages of sections and the tables of contents are made of it
``parameters``  the page of each group of parameters, from the table of parameters
``reference``   the pages of the Python packages: which name is told on which of them
``r_pages``     the help pages of the R package, by R itself
``conf``        what Sphinx is told

Sphinx with MyST, since the pages are Markdown that has to read well beside the sources, too; its search needs no server and its
references fail the build where they lead nowhere. The theme is Furo: no font, script or picture from elsewhere.
"""
