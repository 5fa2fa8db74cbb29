"""Processes on several machines: how they find each other and talk. What they say to each other is not known here.

- ``framing``: bytes with a header and a limit; ``secret``: who may take part, and how both sides prove it.
- ``link``: an open connection as the leader sees it: requests, answers, pings.
- ``listening``: where nodes join; ``serving``: a node, from joining to the end of its leader; ``neighbours``: nodes to each other.
- ``tls``: the same encrypted, with certificates.
- ``launching``: nodes as processes of this machine, and what starts them on others: ``launching_dask``, ``launching_ray``.
"""
