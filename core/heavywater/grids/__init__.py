"""Grid search: many models over a space of hyper-parameters (booklet, "Grid Search for Model Comparison").

``space``     which combinations are tried, in which order
``grid``      the models of a search and their ranking
``search``    the job that trains them
``segments``  models for parts of the rows
"""
