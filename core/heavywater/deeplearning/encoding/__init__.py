"""From columns to input units and targets, and back.

``data``        all that is learned of the columns of a training frame, and its rows as the engine takes them
``data_statistics``  what has to be known of a frame for that, merged of what is known of its parts; ``answers`` the
                part of it that relates factors to the response
``encoder``     columns to input units
``piecewise``   numbers as several units each, which rise from edge to edge; ``row_sample``  the rows that edges are taken from
``schemes``     what replaces factors before, where they do not become one unit per level
``response``    the column to predict: targets, links, predictions in its scale
``adaptation``  frames to be scored, made like the one of training
``levels``      columns read in the levels that a factor had in training
``histograms``  how inputs were distributed in training, and how far others are from that
``plain_rows``  rows as JSON has them, without a frame; ``plain_cells`` reads their cells
"""
