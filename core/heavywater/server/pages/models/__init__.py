"""Models: their list, and the page of one.

``model_list``       found, sorted, compared, loaded      ``model_page``       how it was trained, how good it is
``model_settings``   parameters, facts of the training    ``model_downloads``  its files, ``java_colours`` Java to read
``model_insides``    importances, layers, dead units      ``weight_pictures``  weights as pictures
``model_dependence`` partial dependence                   ``permuted_columns`` importances by shuffling
``predicted_rows``   predicted beside actual values
"""
