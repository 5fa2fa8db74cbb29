"""A service that scores rows with models from files: ``h2o serve --model FILE``.

``served_models``    the models, and what is counted of each   ``scoring_app``      the requests it answers
``row_bodies``       what comes: rows as JSON, CSV, Arrow      ``row_answers``      predictions that go: the same
``input_watch``      missing cells, unseen levels, drift       ``service_metrics``  numbers for monitoring, ``prometheus_text`` as text
``api_document``     OpenAPI, and a page for people            ``scoring_command``  the service in the foreground

Rows of JSON and CSV are scored without pandas and pyarrow, which a service that is asked for nothing else never loads.
"""
