"""The bridge to R: what the R package ``h2o`` asks for, whoever is the host, R or Python.

``rbridge``     the door: R's ``.Call()`` in, value, warnings and error out; values from R and to R
``r_requests``  what R may ask        ``r_words``  messages in R's words
``r_memory``    R's C interface       ``r_host``   R in a Python process (the only module that imports rpy2)
"""
