"""Where the genuine client sees other values than with the real H2O, with the reason; patterns of whole names.

A kind of answer that is another one is never among them. Names of columns may differ where H2O has lost them (C1).
"""

CALLS = {
    # H2O is at fault, or leaves it open; see docs/coming-from-h2o-3.md
    r"n\.cor\(method='Spearman'\)": "equal values share the mean of their ranks",
    r"v\.hist\(.*": "every class has its own count, and mids_true lies in the class",
    r"L\.merge\(R,all_x=True\)": "rows are in the order of the key",
    r"L\.sort\(\['k','v'\],ascending=\[False,True\]\)": "enums are sorted downwards, too",
    r"fr\.(top|bottom)N\(.*": "equal numbers stay in the order of rows",
    r"h2o\.rapids\('\{ x \. \(\+ x 1\) \}'\)": "a function is told as it was written",
    r"fr\.get_frame_data\(\)": "whole numbers are written without .0",
    # other random numbers, each a function of frame and seed, too
    r"fr\.(split_frame|runif)\(.*": "random",
    r"e\.stratified_(split|kfold_column)\(.*": "random",
    r"v\.kfold_column\(.*": "random",
    r"x=f\.insert_missing_values\(.*": "random",
    r"h2o\.create_frame\(.*": "random",
    # what else there is
    r"h2o\.cluster\(\)\.list_timezones\(\)": "names of zones without their aliases",
}

FURTHER = {
    r"\(tmp= RTMP_sid_aaaa_10 \(quantile .* 'petal_len'\)\)": "weights that are no whole numbers count as they are",
    r"\(assign flow_2 .*h2o.runif.*": "random",
    r"\(setproperty .*": "a property is that of the session, not of nodes",
}

# Sizes of frames among these are random as well, or a matter of what else is there.
SIZES = (
    r"fr\.split_frame\(.*",
    r"h2o\.ls\(\)",
    r"h2o\.cluster\(\)\.list_timezones\(\)",
    r"\(assign flow_2 .*",
)

SCENARIOS = {
    r"data\.as_lists": "whole numbers are written without .0",
    r"data\.import_in_steps": "H2O takes a header that was guessed for a row of data",
    r"data\.import_with_types": "texts for missing cells count in columns of numbers, too",
    r"training\.parameters_of_a_model": "the actual loss is the one that was used, not Automatic",
    r"training\.parameters_that_are_refused": "a checkpoint that there is not is an error of the request, not of the server",
    r"models\.contributions_are_refused": "refused at once, not by a job that fails",
    r"models\.normalization": "told of every model",
    r"metrics\.of_an_autoencoder": "the error is told",
}
