"""What several nodes bring, as a picture: ``make bench-cluster``, ``python -m tests.benchmarks.cluster``.

Three networks learn MNIST. Speed and errors at one and two nodes are measured with real processes (`measuring`, whose workers
are `worker`); at more nodes the time of rounds is simulated from what was measured (`simulation`), and the error after so many
rows comes from as many networks in one process (`curves`), where time says nothing. `page` and `picture` show it. What was
found is kept in ``results/cluster.json``, so each part can be done anew alone:

    python -m tests.benchmarks.cluster speeds     # rows per second, costs of beginning; in turns, --turns 3
    python -m tests.benchmarks.cluster ring       # one meeting, of two processes
    python -m tests.benchmarks.cluster times      # seconds to an error, one and two nodes
    python -m tests.benchmarks.cluster curves     # error against rows; --net default --members 8
    python -m tests.benchmarks.cluster page       # the simulation, the page and the picture
"""
