"""A node: a session behind HTTP, for our own front ends and for H2O's genuine clients.

``app``          the guard, and behind it the doors            ``node_server``   a node on a port of this process
``node_command`` ``h2o serve``                                 ``opening``       a running session opened to others

``gate``         who may ask                                   ``node``          session, clients, files: what the doors lead to
``rpc``          the door of our own clients, ``/rpc/1``       ``v3``            that of H2O's: ``/3``, ``/4``, ``/99``
``pages``        the web interface
``scoring``      a service that scores with models from files, and has no session
``running``      a port, certificates, start and end of any of these

Nothing of it is imported before a node is started.
"""
