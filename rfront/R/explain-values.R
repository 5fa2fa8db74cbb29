#' What columns contribute to predictions, and how much they matter
#'
#' `h2o.predict_contributions()` tells for each row what each input adds to the prediction, compared with the rows of a background; with
#' `BiasTerm`, the mean prediction of the background, they add up to the prediction: a number (with distributions that have a logarithmic
#' link its logarithm), the probability of the second of two classes, or that of each class, in columns `class:input`.
#' `h2o.permutation_importance()` tells how much worse the predictions are when a column is shuffled.
#'
#' @param object A model.
#' @param newdata An `H2OFrame` or a data frame of any kind; for importances with the response.
#' @param output_format "original": a column for each level of a factor; "compact": one for each column.
#' @param top_n,bottom_n Of each row, so many of the largest and smallest contributions with their names; negative: all.
#' @param compare_abs Whether absolute values decide about these.
#' @param background_frame Rows to compare with; by default 100 rows of the training frame.
#' @param output_space Whether, of models with a logarithmic link, the contributions are those to the prediction itself.
#' @param output_per_reference Whether there is a row for each row of the background, instead of the mean.
#' @param method "deep_shap", which is quick; "integrated_gradients", the mean gradient on the way from a background row, which takes
#'   about 20 times as long; or "exact", Shapley values over all subsets of columns, for at most 12 columns and `output_format = "compact"`.
#' @param metric What is compared: "AUTO", "AUC", "MAE", "MSE", "RMSE", "logloss", "mean_per_class_error", "PR_AUC", or
#'   another number among the metrics of the model.
#' @param n_samples So many rows are drawn of larger data; -1 for all.
#' @param n_repeats How often each column is shuffled.
#' @param features Names or positions of the columns; by default all predictors.
#' @param seed Seed; -1 draws one from R's generator.
#' @param ... Not used.
#' @return `h2o.predict_contributions()` an `H2OFrame`; `h2o.permutation_importance()` a `data.frame`, the most important column first: of
#'   one run the change of the metric (below 0 where shuffling makes it better) and its shares; of several that of each run, their mean
#'   and its standard error.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' model <- h2o.deeplearning(mpg ~ ., data = mtcars, hidden = 5, epochs = 50, seed = 1)
#' h2o.predict_contributions(model, mtcars, output_format = "compact")
#' h2o.permutation_importance(model, mtcars, n_repeats = 2, seed = 1)
h2o.predict_contributions <- function(object, newdata, output_format = c("original", "compact"), top_n = 0, bottom_n = 0,
                                      compare_abs = FALSE, background_frame = NULL, output_space = FALSE,
                                      output_per_reference = FALSE, method = c("deep_shap", "integrated_gradients", "exact"), ...) {
  if (...length()) stop_h2o(sprintf("h2o.predict_contributions() has no argument %s", paste(names_of_rest(...), collapse = ", ")))
  picked <- function(n) if (n != 0) as.integer(n)
  options <- list(
    output_format = tolower(match.arg(output_format)), top_n = picked(top_n), bottom_n = picked(bottom_n), compare_abs = compare_abs,
    output_space = output_space, output_per_reference = output_per_reference, method = match.arg(method)
  )
  key <- request("models.contributions",
    model_key = live_key(object), frame_key = scoring_key(object, newdata, "newdata"), options = options,
    background_key = if (!is.null(background_frame)) scoring_key(object, background_frame, "background_frame")
  )
  frame_named(key, temporary = TRUE)
}

#' @rdname h2o.predict_contributions
#' @export
predict_contributions.H2OModel <- h2o.predict_contributions

#' @rdname h2o.predict_contributions
#' @export
h2o.permutation_importance <- function(object, newdata, metric = c("AUTO", "AUC", "MAE", "MSE", "RMSE", "logloss",
                                         "mean_per_class_error", "PR_AUC"),
                                       n_samples = 10000, n_repeats = 1, features = NULL, seed = -1) {
  model <- one_model(object, "object")
  frame <- scoring_frame(model, newdata, "newdata")
  options <- list(
    metric = metric[1], n_samples = as.integer(n_samples), n_repeats = as.integer(n_repeats),
    features = as_list(column_names(frame, features, "features")), seed = as.numeric(seed_of(seed))
  )
  key <- request("models.permutation_importance",
    model_key = live_key(model), frame_key = key_of(frame), options = options
  )
  as.data.frame(frame_named(key, temporary = TRUE))
}
