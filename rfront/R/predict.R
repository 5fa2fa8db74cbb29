#' Predict
#'
#' `h2o.predict()` answers as H2O does. `predict()` of a data frame answers with one of the same kind (data.frame, tibble, data.table,
#' Arrow table), whose columns have the names of tidymodels.
#'
#' A model that was trained with a formula or a recipe takes rows as they were given for training, and computes its columns itself.
#'
#' @param object A model.
#' @param newdata The rows to predict for, with the predictors of the training: an `H2OFrame` or a data frame of any kind.
#' @param type What `predict()` gives: `"response"`, the default, all of it; `"class"` the column `.pred_class`, a factor with the
#'   levels of the response in their order; `"prob"` a column for each level, such as `.pred_setosa`; `"numeric"` the column `.pred`;
#'   `"pred_int"` the columns `.pred_lower` and `.pred_upper` of an interval that holds the value with the probability `level`;
#'   `"raw"` the columns of `h2o.predict()`. Without `type` an `H2OFrame` is answered as by `h2o.predict()`, with it by an `H2OFrame` with
#'   these names.
#' @param level Probability of the interval of `type = "pred_int"`.
#' @param interval Probability, between 0 and 1, with which an interval is to hold the value, or a set of classes the class. The
#'   model has to know its errors on rows that were held out: of `calibration_frame`, of the folds of a cross-validation, or
#'   else of `validation_frame`.
#' @param ... For `predict()` arguments of `h2o.predict()`.
#' @return `h2o.predict()` an `H2OFrame` with the column `predict`; for classes also the probability of each, and calibrated ones of a
#'   model with `calibrate_model` (`cal_` and the name); for an autoencoder the reconstructed inputs. With `interval` also `lower`
#'   and `upper`; for classes `in_` and the name of each, 1 where it is in the set.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' model <- h2o.deeplearning(Species ~ ., data = iris, hidden = 10, epochs = 5, seed = 1)
#' h2o.predict(model, as.h2o(iris))
#' head(predict(model, iris))
#' head(predict(model, iris, type = "class"))
h2o.predict <- function(object, newdata, interval = NULL, ...) {
  if (...length()) stop_h2o(sprintf("h2o.predict() has no argument %s", paste(names_of_rest(...), collapse = ", ")))
  if (missing(newdata)) stop_h2o("`newdata` is missing: give the frame to predict for")
  if (length(interval) == 1 && is.na(interval)) {
    stop_h2o("`interval` must be a number between 0 and 1, as 0.9, it is NA", type = "InvalidType")
  }
  frame_named(request("models.predict", live_key(object), scoring_key(object, newdata, "newdata"), interval), temporary = TRUE)
}

#' @rdname h2o.predict
#' @export
predict.H2OModel <- function(object, newdata, type = c("response", "class", "prob", "numeric", "raw", "pred_int"), level = 0.95, ...) {
  if (missing(newdata)) stop_h2o("`newdata` is missing: give the rows to predict for; fitted() has those of training")
  type_given <- checked_type(object, type[1])
  if (type_given != "pred_int" && !missing(level)) stop_h2o("`level` goes with `type` = \"pred_int\"")
  if (type_given == "pred_int" && is.null(level)) stop_h2o("`level` must be a probability, as 0.9")
  found <- if (type_given == "pred_int") h2o.predict(object, newdata, interval = level, ...) else h2o.predict(object, newdata, ...)
  if (missing(type) && is.h2o(newdata)) return(found)
  chosen <- predicted_columns(object, names(found), type_given)
  if (is.h2o(newdata)) {
    found <- choose_columns(found, chosen)
    names(found) <- names(chosen)
    return(found)
  }
  columns <- as.list(as.data.frame(found, drop.unused.levels = FALSE))[chosen]
  names(columns) <- names(chosen)
  if (".pred_class" %in% names(columns)) columns$.pred_class <- factor(as.character(columns$.pred_class), class_levels(object))
  in_kind_of(structure(columns, row.names = .set_row_names(nrow(found)), class = "data.frame"), newdata)
}

class_levels <- function(object) {
  if (object@model$model_category %in% c("Binomial", "Multinomial")) as.character(object@model$response_domain)
}

checked_type <- function(object, type) {
  category <- object@model$model_category
  allowed <- if (category == "AutoEncoder") c("response", "raw")
    else if (is.null(class_levels(object))) c("response", "numeric", "raw", "pred_int")
    else c("response", "class", "prob", "raw")
  if (!base::is.character(type) || !type %in% allowed) {
    what <- c(AutoEncoder = "an autoencoder", Regression = "a model of numbers")[category]
    stop_h2o(sprintf(
      "`type` = %s must be one of %s for %s", deparse(type)[1], paste0("\"", allowed, "\"", collapse = ", "),
      if (is.na(what)) "a model of classes" else what
    ))
  }
  type
}

# Which columns of h2o.predict() are given, named as they are called.
predicted_columns <- function(object, names, type) {
  all <- stats::setNames(seq_along(names), names)
  if (type == "raw" || object@model$model_category == "AutoEncoder") return(all)
  classes <- class_levels(object)
  further <- seq_along(names)[-seq_len(1 + length(classes))]
  tidy <- c(if (is.null(classes)) ".pred" else ".pred_class", if (length(classes)) paste0(".pred_", classes))
  names(all) <- c(tidy, if (length(further)) paste0(".pred_", names[further]))
  switch(type,
    response = all, class = all[1], numeric = all[c(1, further)], prob = all[1 + seq_along(classes)],
    pred_int = all[c(".pred_lower", ".pred_upper")]
  )
}

names_of_rest <- function(...) {
  names <- names(list(...))
  if (is.null(names)) "without a name" else base::ifelse(nzchar(names), paste0("`", names, "`"), "without a name")
}
