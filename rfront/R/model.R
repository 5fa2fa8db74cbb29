# Objects of trained models, made from the description that the session gives.

#' Get a model by its name
#'
#' @param model_id Name of the model.
#' @return An object of a class derived from `H2OModel`.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' model <- h2o.deeplearning(Species ~ ., data = iris, hidden = 5, epochs = 2, seed = 1)
#' h2o.getModel(model@model_id)
h2o.getModel <- function(model_id) {
  new_model(request("models.describe", model_id))
}

model_classes <- c("Binomial", "Multinomial", "Regression", "AutoEncoder")

new_model <- function(description) {
  category <- description$model_category
  actual <- lapply(description$parameters, `[[`, "actual")
  default <- lapply(description$parameters, `[[`, "default")
  model <- description[setdiff(names(description), c("parameters", "model_id", "algo"))]
  for (kind in c("training", "validation", "cross_validation")) {
    field <- paste0(kind, "_metrics")
    model[field] <- list(new_metrics(model[[field]], description$algo, category, kind))
  }
  actual$model_id <- description$model_id
  changed <- actual[!mapply(identical, actual, default[names(actual)])]
  x <- predictors_of(description)
  response <- list(y = description$response_column)
  methods::new(
    paste0("H2O", if (category %in% model_classes) category else "Unknown", "Model"),
    model_id = description$model_id, algorithm = description$algo,
    parameters = c(Filter(Negate(is.null), changed[names(changed) != "response_column"]), list(x = x), response),
    allparameters = c(actual, list(x = x), response),
    params = list(default = default, actual = actual, input = lapply(description$parameters, `[[`, "input")),
    have_pojo = isTRUE(description$have_pojo), have_mojo = isTRUE(description$have_mojo), model = model,
    stored = c(
      list(session = request("bridge.token"), origin = bridge$origin, bytes = request("model_files.to_bytes", description$model_id)),
      making_of(description$model_id)
    )
  )
}

predictors_of <- function(description) {
  setdiff(description$names, c(description$response_column, unlist(lapply(
    description$parameters[c("weights_column", "offset_column", "fold_column")], `[[`, "actual"
  ))))
}

new_metrics <- function(metrics, algorithm, category, kind = "test") {
  if (is.null(metrics)) return(NULL)
  methods::new(
    paste0("H2O", if (category %in% model_classes) category else "Unknown", "Metrics"),
    algorithm = algorithm, on_train = kind == "training", on_valid = kind == "validation",
    on_xval = kind == "cross_validation", metrics = labelled(metrics)
  )
}

# The rows of a confusion matrix are named by the classes.
labelled <- function(metrics) {
  if (is.data.frame(metrics$cm$table) && !is.null(metrics$domain)) {
    rownames(metrics$cm$table) <- c(metrics$domain, "Totals")[seq_len(nrow(metrics$cm$table))]
  }
  metrics
}

# Name of a model in the session. An object that was saved and read (in another session, or in this one before
# h2o.removeAll()) brings its model along at its first use; it is known by its environment, which is a copy.
live_key <- function(model, argument = "object") {
  if (!methods::is(model, "H2OModel")) {
    stop_h2o(sprintf("`%s` must be a model, it is of the class %s", argument, class(model)[1]), type = "InvalidType")
  }
  here <- identical(model@stored$session, request("bridge.token"))
  if (here && (identical(model@stored$origin, bridge$origin) || model@model_id %in% request("objects.keys", "model"))) {
    return(model@model_id)
  }
  place <- paste0(model@stored$session, "/", model@model_id, "/", request("bridge.token"))
  if (!isTRUE(bridge$restored[[place]] %in% request("objects.keys", "model"))) {
    bridge$restored[[place]] <- request("model_files.from_bytes", model@stored$bytes)
  }
  bridge$restored[[place]]
}

#' Reconstruction errors of an autoencoder
#'
#' @param object An autoencoder.
#' @param data An `H2OFrame` or a data frame of any kind.
#' @param per_feature Whether to give the squared error of every input instead of their mean.
#' @return An `H2OFrame`.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' model <- h2o.deeplearning(~ ., data = mtcars, hidden = 2, epochs = 20, seed = 1)
#' h2o.anomaly(model, mtcars)
#' names(h2o.anomaly(model, mtcars, per_feature = TRUE))
h2o.anomaly <- function(object, data, per_feature = FALSE) {
  frame_named(request("models.anomaly", live_key(object), scoring_key(object, data, "data"), per_feature), temporary = TRUE)
}

#' Values of a hidden layer
#'
#' @param object A model.
#' @param data An `H2OFrame` or a data frame of any kind.
#' @param layer Number of the hidden layer, from 1, or its name.
#' @return An `H2OFrame` with a column for each unit.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' model <- h2o.deeplearning(Species ~ ., data = iris, hidden = 5, epochs = 2, seed = 1)
#' h2o.deepfeatures(model, iris, 1)
h2o.deepfeatures <- function(object, data, layer) {
  number <- if (base::is.character(layer)) layer else number_among(layer, length(object@allparameters$hidden), "layer") - 1L
  frame_named(request("models.deep_features", live_key(object), scoring_key(object, data, "data"), number), temporary = TRUE)
}

#' Weights and biases
#'
#' The model must have been trained with `export_weights_and_biases = TRUE`.
#'
#' @param object A model.
#' @param matrix_id,vector_id Number of the layer: 1 leads into the first hidden layer.
#' @return An `H2OFrame` with one row for each unit of the layer.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' model <- h2o.deeplearning(Species ~ ., data = iris, hidden = 5, export_weights_and_biases = TRUE)
#' h2o.weights(model, 1)
#' h2o.biases(model, 2)
h2o.weights <- function(object, matrix_id = 1) layer_frame("weights", object, matrix_id, "matrix_id")

#' @rdname h2o.weights
#' @export
h2o.biases <- function(object, vector_id = 1) layer_frame("biases", object, vector_id, "vector_id")

layer_frame <- function(what, object, number, argument) {
  key <- live_key(object)
  if (!isTRUE(object@allparameters$export_weights_and_biases)) {
    stop_h2o("weights and biases are available when export_weights_and_biases = TRUE at training")
  }
  number <- number_among(number, length(object@allparameters$hidden) + 1, argument)
  frame_named(request(paste0("models.", what), key, number - 1L), temporary = TRUE)
}

#' Parts of a model
#'
#' Importances are those of Gedeon's method: how large the weights are that lead away from an input. They know nothing but the weights
#' of the first two layers, and columns that do not matter can have as much as others. What the model makes of a column is in
#' `h2o.permutation_importance()`.
#'
#' @param object A model.
#' @param by_column Whether there is one importance for each column, instead of one for each level of a factor.
#' @return `h2o.scoreHistory()` the metrics during training; `h2o.varimp()` the importance of the inputs, largest first (`NULL` if the
#'   model has none); both are `data.frame`s of the class `H2OTable`. `getParms()` the parameters, `h2o.get_seed()` the seed.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' model <- h2o.deeplearning(Species ~ ., data = iris, hidden = 5, epochs = 2, seed = 1)
#' h2o.scoreHistory(model)
#' h2o.varimp(model)
#' h2o.get_seed(model)
h2o.scoreHistory <- function(object) model_of(object)$scoring_history

#' @rdname h2o.scoreHistory
#' @export
h2o.varimp <- function(object, by_column = FALSE) {
  model <- model_of(object)
  table <- if (by_column) model$column_importances else model$variable_importances
  if (is.null(model$variable_importances)) {
    warning("this model has no variable importances: train it with variable_importances = TRUE", call. = FALSE)
  } else if (is.null(table)) {
    warning("the input units of this model cannot be told by columns: it has importances of units alone", call. = FALSE)
  }
  table
}

#' @rdname h2o.scoreHistory
#' @export
h2o.get_seed <- function(object) {
  model_of(object)
  object@allparameters$seed
}

#' @rdname h2o.scoreHistory
#' @export
getParms <- function(object) object@parameters

model_of <- function(object, argument = "object") {
  if (!methods::is(object, "H2OModel")) {
    stop_h2o(sprintf("`%s` must be a model, it is of the class %s", argument, class(object)[1]), type = "InvalidType")
  }
  object@model
}
