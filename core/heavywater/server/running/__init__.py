"""A port, its certificates, its start and its end, for whatever answers there.

``running_server``    an ASGI application on a port                  ``serve_options``  how it is started
``timed_connection``  ends connections on which nothing comes        ``foreground``     signals, and what is told at the start
``log_aside``         the log in a thread of its own
"""
