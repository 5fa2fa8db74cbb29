"""The web interface: pages for people, at the address of a node.

``page_routes``  the routes of all pages               ``home``        the first one

``basics``       what every page takes: the request, templates, addresses, words for numbers, notes, scripts and styles
``charts``       pictures as SVG, drawn here           ``scores``      names of metrics, curves, matrices, thresholds
``live``         what runs, as a stream of events      ``jobs``        what runs, and what has run
``importing``    from files to frames                  ``frames``      their list, columns, rows, changes, downloads
``building``     the form of all parameters            ``models``      their list, and the page of one
``comparing``    models side by side, and grids        ``predicting``  answers for a frame, a file, one row
``cluster``      the node itself, and its log          ``templates``   of the pages, in the same rooms
``static``       scripts and styles, for browsers

Pages ask the session, never the services behind it; what they change, they change by a form (POST), whose answer is another page.
Without scripts everything works but what moves.
"""
