"""What a node is: one session, and the clients who share it.

``open_node``        session, options and clients together           ``clients``     who asks: temporaries, expiry
``guarded_session``  what clients ask in place of the session        ``paths``       which files they may name
``raw_files``        files that were sent or are to be imported      ``job_waiting`` waiting for jobs without a thread
``node_log``         the latest lines of the log             ``frame_text``  a frame as text, piece by piece
``forms``            forms in the bodies of requests                 ``model_request``  what a model is asked for with
``ending``           the end of a node
"""
