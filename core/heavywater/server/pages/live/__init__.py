"""What runs, as a stream of server-sent events.

``live_requests``  the address of the stream   ``streams``   those that are open, and the task that looks for all of them
``growing_curve``  the points of a training    ``sampler``   how far jobs are, and since when it is known

Each event is one JSON object: ``fresh`` (what was told before does not count any more), ``running`` (how many jobs), ``jobs`` (the
states that have changed), ``curves`` (the points that have come, of the jobs that were asked for), ``gone`` (those of them that
nobody knows). Its id says what it leads to, so that who comes back with it is told the rest. An event ``beat`` says that nothing is
new, ``end`` that the node ends.
"""
