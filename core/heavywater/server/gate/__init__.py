"""Who may ask: what every request passes before anything looks at it.

``guard``    the ASGI application around all others       ``node_options``  how far clients may go
``hosts``    names, origins and sites of requests         ``tokens``        what is shown, and links for browsers
``arriving`` how much may come                            ``denials``       what is said to who may not
"""
