"""A node: a session behind HTTP, for our own front ends and for H2O's genuine clients.

``node``      what a node is: its session, options, clients, uploads     ``clients``  who asks: temporaries, expiry
``app``       the ASGI application: guard, doors                         ``guard``    who may ask: hosts, origins, tokens, sizes
              by ``hosts``, ``tokens``, ``arriving`` (bodies), and ``denials``, what they answer
``guarded_session``  what doors ask, with ``paths``: which files may be named
``node_server``  a node that runs                                        ``opening``  one over a session that runs already
``rpc``       the door of our own clients: ``/rpc/1``                    ``v3``       the door of H2O's: ``/3``, ``/4``, ``/99``
``serve_options``, ``node_options``  how it is started, and how far clients may go    ``foreground``  ``h2o serve``, with ``node_command``
``log_aside``  the log, which waits for nobody
``rpc_json``, ``rpc_document``  the same in JSON for others, and the document of it
``running_server``  a port, certificates, start and end of any of these  ``timed_connection``  its connections
``scoring``   a service that scores with models from files, and has no session

Nothing of it is imported before a node is started.
"""
