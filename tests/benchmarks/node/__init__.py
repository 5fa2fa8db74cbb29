"""How fast a node and a scoring service answer, and what a client that looks on costs: ``make bench-node``."""
