# Metrics: of a model by train, valid and xval, or of what h2o.performance() gives.

#' Metrics of a model
#'
#' @param model A model, or for `h2o.make_metrics()` nothing.
#' @param newdata,data An `H2OFrame` or data frame of any kind to compute metrics on; without it those computed in training are given.
#' @param train,valid,xval Which of these: of the training (the default), validation or cross-validation data.
#' @param auc_type AUC of more than two classes: "NONE", "AUTO", "MACRO_OVR", "WEIGHTED_OVR", "MACRO_OVO" or "WEIGHTED_OVO".
#' @return An object of a class derived from `H2OModelMetrics`; `NULL` where there was no such data.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' model <- h2o.deeplearning(Species ~ ., data = iris, hidden = 5, epochs = 2, seed = 1)
#' h2o.performance(model)
#' h2o.performance(model, iris[1:60, ])
h2o.performance <- function(model, newdata = NULL, train = FALSE, valid = FALSE, xval = FALSE, data = NULL, auc_type = "NONE") {
  output <- model_of(model, "model")
  frame <- if (is.null(newdata)) data else newdata
  if (is.null(frame)) {
    chosen <- if (train) "training" else if (valid) "validation" else if (xval) "cross_validation" else "training"
    found <- output[[paste0(chosen, "_metrics")]]
    if (is.null(found)) warning(sprintf("the model has no %s metrics", gsub("_", "-", chosen)), call. = FALSE)
    return(found)
  }
  response <- output$response_column
  frame <- scoring_frame(model, frame, "newdata")
  if (!is.null(response) && !response %in% names(frame)) {
    warning(sprintf("the frame has no column `%s` (the response): there are no metrics", response), call. = FALSE)
    return(NULL)
  }
  metrics <- request("models.metrics",
    model_key = live_key(model), frame_key = frame_key(frame, "newdata"), auc_type = if (!identical(auc_type, "NONE")) auc_type
  )
  new_metrics(metrics, model@algorithm, output$model_category)
}

#' Metrics of predictions
#'
#' @param predicted An `H2OFrame`, data frame or vector: numbers, the probability of the second of two classes, or that of each class.
#' @param actuals An `H2OFrame` or data frame of one column, or a vector.
#' @param domain Names of the classes; by default the levels of `actuals`.
#' @param distribution For numbers: "gaussian", "poisson", "gamma" or "laplace".
#' @param weights Observation weights, like `actuals`.
#' @param auc_type AUC of more than two classes, see [h2o.performance()].
#' @param ... Arguments of uplift models, which do not exist here, are refused.
#' @return An object of a class derived from `H2OModelMetrics`.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' h2o.make_metrics(c(1.1, 2.2, 2.7), c(1, 2, 3))
#' h2o.make_metrics(c(0.1, 0.8, 0.6), factor(c("a", "b", "a")))
h2o.make_metrics <- function(predicted, actuals, domain = NULL, distribution = NULL, weights = NULL, ..., auc_type = "NONE") {
  refuse_given("it belongs to uplift models", ...)
  metrics <- request(
    "models.make_metrics", predicted_key = frame_key(vector_as_column(predicted), "predicted"),
    actual_key = frame_key(vector_as_column(actuals), "actuals"),
    domain = if (!is.null(domain)) as_list(domain), distribution = distribution,
    weights_key = frame_key(vector_as_column(weights), "weights"), auc_type = auc_type
  )
  new_metrics(metrics, "deeplearning", metrics$model_category)
}

# A vector as the column it is.
vector_as_column <- function(x) if (is.atomic(x) && !is.null(x) && is.null(dim(x))) data.frame(x = x) else x

# One field of the metrics that were asked for: a single value, or a vector named train, valid, xval.
metric_of <- function(object, field, train = FALSE, valid = FALSE, xval = FALSE) {
  read <- function(metrics) if (is.function(field)) field(metrics) else metrics@metrics[[field]]
  if (methods::is(object, "H2OModelMetrics")) return(read(object))
  output <- model_of(object)
  kinds <- c(train = "training", valid = "validation", xval = "cross_validation")[c(train, valid, xval)]
  if (!length(kinds)) kinds <- c(train = "training")
  values <- lapply(kinds, function(kind) {
    metrics <- output[[paste0(kind, "_metrics")]]
    if (!is.null(metrics)) return(read(metrics))
    warning(sprintf("the model has no %s metrics", gsub("_", "-", kind)), call. = FALSE)
    NULL
  })
  if (length(values) == 1) return(values[[1]])
  if (all(vapply(values, function(v) is.atomic(v) && length(v) == 1, NA))) unlist(values) else values
}

#' Single metrics
#'
#' Of a model: those computed in training; of what [h2o.performance()] gives: those.
#'
#' @param object A model or an object with metrics.
#' @param train,valid,xval Which metrics of a model: of the training (the default), validation or cross-validation data. Several
#'   give a vector with the names train, valid and xval.
#' @param thresholds Where to look; by default at all thresholds.
#' @param metric Name of a metric that depends on a threshold.
#' @param transform Not used.
#' @param threshold A probability.
#' @param ... Not used.
#' @return A number; for metrics that depend on a threshold a `data.frame` with thresholds and values.
#' @name h2o.mse
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' cars <- transform(mtcars, am = factor(am))
#' model <- h2o.deeplearning(am ~ ., data = cars, hidden = 5, epochs = 20, seed = 1)
#' h2o.mse(model)
#' h2o.auc(model)
#' head(h2o.F1(h2o.performance(model)), 3)
NULL

#' @rdname h2o.mse
#' @export
h2o.mse <- function(object, train = FALSE, valid = FALSE, xval = FALSE) metric_of(object, "MSE", train, valid, xval)
#' @rdname h2o.mse
#' @export
h2o.rmse <- function(object, train = FALSE, valid = FALSE, xval = FALSE) metric_of(object, "RMSE", train, valid, xval)
#' @rdname h2o.mse
#' @export
h2o.mae <- function(object, train = FALSE, valid = FALSE, xval = FALSE) metric_of(object, "mae", train, valid, xval)
#' @rdname h2o.mse
#' @export
h2o.rmsle <- function(object, train = FALSE, valid = FALSE, xval = FALSE) metric_of(object, "rmsle", train, valid, xval)
#' @rdname h2o.mse
#' @export
h2o.r2 <- function(object, train = FALSE, valid = FALSE, xval = FALSE) metric_of(object, "r2", train, valid, xval)
#' @rdname h2o.mse
#' @export
h2o.mean_residual_deviance <- function(object, train = FALSE, valid = FALSE, xval = FALSE) {
  metric_of(object, "mean_residual_deviance", train, valid, xval)
}
#' @rdname h2o.mse
#' @export
h2o.logloss <- function(object, train = FALSE, valid = FALSE, xval = FALSE) metric_of(object, "logloss", train, valid, xval)
#' @rdname h2o.mse
#' @export
h2o.mean_per_class_error <- function(object, train = FALSE, valid = FALSE, xval = FALSE) {
  metric_of(object, "mean_per_class_error", train, valid, xval)
}
#' @rdname h2o.mse
#' @export
h2o.auc <- function(object, train = FALSE, valid = FALSE, xval = FALSE) metric_of(object, "AUC", train, valid, xval)
#' @rdname h2o.mse
#' @export
h2o.aucpr <- function(object, train = FALSE, valid = FALSE, xval = FALSE) metric_of(object, "pr_auc", train, valid, xval)
#' @rdname h2o.mse
#' @export
h2o.pr_auc <- h2o.aucpr
#' @rdname h2o.mse
#' @export
h2o.giniCoef <- function(object, train = FALSE, valid = FALSE, xval = FALSE) metric_of(object, "Gini", train, valid, xval)
#' @rdname h2o.mse
#' @export
h2o.gini <- h2o.giniCoef
#' @rdname h2o.mse
#' @export
h2o.aic <- function(object, train = FALSE, valid = FALSE, xval = FALSE) metric_of(object, "AIC", train, valid, xval)
#' @rdname h2o.mse
#' @export
h2o.loglikelihood <- function(object, train = FALSE, valid = FALSE, xval = FALSE) {
  metric_of(object, "loglikelihood", train, valid, xval)
}
#' @rdname h2o.mse
#' @export
h2o.hit_ratio_table <- function(object, train = FALSE, valid = FALSE, xval = FALSE) {
  metric_of(object, "hit_ratio_table", train, valid, xval)
}
#' @rdname h2o.mse
#' @export
h2o.gainsLift <- function(object, valid = FALSE, xval = FALSE, ...) metric_of(object, "gains_lift_table", FALSE, valid, xval)
#' @rdname h2o.mse
#' @export
h2o.gains_lift <- h2o.gainsLift
#' @rdname h2o.mse
#' @export
h2o.kolmogorov_smirnov <- function(object) {
  table <- metric_of(object, "gains_lift_table")
  max(table$kolmogorov_smirnov)
}
#' @rdname h2o.mse
#' @export
h2o.multinomial_auc_table <- function(object, train = FALSE, valid = FALSE, xval = FALSE) {
  metric_of(object, "multinomial_auc_table", train, valid, xval)
}
#' @rdname h2o.mse
#' @export
h2o.multinomial_aucpr_table <- function(object, train = FALSE, valid = FALSE, xval = FALSE) {
  metric_of(object, "multinomial_aucpr_table", train, valid, xval)
}

# ---- two classes: metrics by threshold

#' @rdname h2o.mse
#' @export
h2o.metric <- function(object, thresholds, metric, transform = NULL) {
  table <- threshold_table(object)
  if (missing(metric)) return(if (missing(thresholds)) table else table[rows_at(table, thresholds), ])
  opposite <- is_text(metric) && base::tolower(metric) %in% names(opposites)
  column <- if (opposite) opposites[[base::tolower(metric)]] else metric_column(table, metric, names(opposites))
  rows <- if (missing(thresholds)) seq_len(nrow(table)) else rows_at(table, thresholds)
  values <- if (opposite) 1 - table[[column]][rows] else table[[column]][rows]
  if (!missing(thresholds)) return(as.list(values))
  found <- data.frame(threshold = table$threshold[rows], values)
  names(found)[2] <- metric
  found
}

# Other names of columns of the table of thresholds, and of what they leave to 1.
aliases <- c(fallout = "fpr", missrate = "fnr", recall = "tpr", sensitivity = "tpr", specificity = "tnr", mcc = "absolute_mcc")
opposites <- c(
  error = "accuracy", maxperclasserror = "min_per_class_accuracy", max_per_class_error = "min_per_class_accuracy",
  mean_per_class_error = "mean_per_class_accuracy"
)

# The column of the table of thresholds that has a metric; upper and lower case do not matter.
metric_column <- function(table, metric, others = character()) {
  known <- c(setdiff(names(table), c("threshold", "idx")), names(aliases), others)
  known <- known[!duplicated(known)]
  if (!is_text(metric)) stop_h2o(sprintf("`metric` must be one of %s", paste(known, collapse = ", ")), type = "InvalidType")
  name <- base::tolower(metric)
  if (name %in% names(aliases)) return(aliases[[name]])
  if (name %in% known) return(name)
  far <- drop(utils::adist(name, known))
  near <- known[far <= max(1, nchar(name) / 4)]
  hint <- if (length(near)) sprintf(". Did you mean %s?", paste0("\"", near, "\"", collapse = " or ")) else ""
  stop_h2o(sprintf("`metric` = \"%s\" must be one of %s%s", metric, paste(known, collapse = ", "), hint))
}

is_text <- function(x) base::is.character(x) && length(x) == 1 && !base::is.na(x)

threshold_table <- function(object) {
  metrics <- if (methods::is(object, "H2OModel")) h2o.performance(object) else object
  if (!methods::is(metrics, "H2OBinomialMetrics")) {
    what <- "metrics by threshold are for two classes only, not for an object of the class %s"
    stop_h2o(sprintf(what, class(object)[1]), type = "InvalidType")
  }
  metrics@metrics$thresholds_and_metric_scores
}

rows_at <- function(table, thresholds) {
  vapply(thresholds, function(threshold) h2o.find_row_by_threshold(table, threshold)$row, 0L)
}

#' @rdname h2o.mse
#' @export
h2o.find_row_by_threshold <- function(object, threshold) {
  table <- if (is.data.frame(object)) object else threshold_table(object)
  if (!base::is.numeric(threshold) || threshold < 0 || threshold > 1) stop_h2o("`threshold` must be a number from 0 to 1")
  distances <- abs(table$threshold - threshold)
  row <- which.min(distances)
  if (distances[row] > 1e-8) {
    taken <- format(table$threshold[row], digits = 10)
    warning(sprintf("no threshold %s in the table: %s is taken", format(threshold), taken), call. = FALSE)
  }
  found <- table[row, ]
  if (is.data.frame(object)) list(row = row) else found
}

#' @rdname h2o.mse
#' @export
h2o.find_threshold_by_max_metric <- function(object, metric) {
  table <- threshold_table(object)
  column <- metric_column(table, metric)
  best <- which.max(table[[column]])
  if (length(best)) table$threshold[best] else NA_real_ # rows of one class have no best threshold
}
