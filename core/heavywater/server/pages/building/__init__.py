"""The form of the Build page, ``build``, from its texts to a training.

``form_texts``    values of parameters as people write them       ``filled_form``   what stands in the form, and an address for it
``asked_form``    what it asks for: one model, or a grid          ``judging``       what is wrong with it, and what to know before
``form_fields``   its fields as the template shows them           ``form_columns``  columns to choose from, a few of thousands
``continuing``    the form of a model whose training is to go on  ``model_code``    the same in Python and in R
"""
