#' Models as R has them
#'
#' Methods of the generics of the package stats. A model of classes has what [stats::glm()] has for two of them, and a column for each
#' class for several.
#'
#' @param object A model.
#' @param newdata Rows with the outcome; by default those of training, which have to be in the session still: a model that was trained on
#'   a data frame of R keeps them as long as the object is there, a named frame stays until it is removed.
#' @param x A model.
#' @param ... Not used.
#' @return `coef()` a list with a matrix for each layer: a row for the biases, `(Intercept)`, and one for each input, a column for each
#'   unit. They belong to inputs that are standardized as the model has learned (`standardize = TRUE`). `fitted()` the predictions
#'   for the rows of training: numbers; of two classes the probability of the second; of more a matrix of probabilities; of an autoencoder a
#'   data frame of reconstructed inputs. `residuals()` what was observed minus that; of an autoencoder the mean squared reconstruction
#'   error of each row. `nobs()` the number of rows of training, `formula()` the formula of a model that was trained with one.
#' @name h2o-model-methods
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' model <- h2o.deeplearning(mpg ~ wt + hp, data = mtcars, hidden = 3, epochs = 50, seed = 1)
#' coef(model)$hidden_1
#' summary(residuals(model))
#' cor(fitted(model), mtcars$mpg)
NULL

#' @rdname h2o-model-methods
#' @export
coef.H2OModel <- function(object, ...) {
  key <- live_key(object)
  depth <- length(object@allparameters$hidden) + 1
  layers <- lapply(seq_len(depth) - 1L, function(layer) {
    weights <- as.data.frame(frame_named(request("models.weights", key, layer), temporary = TRUE))
    biases <- as.data.frame(frame_named(request("models.biases", key, layer), temporary = TRUE))[[1]]
    rbind("(Intercept)" = biases, t(as.matrix(weights)))
  })
  for (i in seq_len(depth)) {
    units <- ncol(layers[[i]])
    outputs <- if (i == depth) output_names(object, layers[[1]])
    dimnames(layers[[i]]) <- list(
      c("(Intercept)", if (i == 1) rownames(layers[[1]])[-1] else sprintf("unit_%d", seq_len(nrow(layers[[i]]) - 1))),
      if (length(outputs) == units) outputs else sprintf("unit_%d", seq_len(units))
    )
  }
  stats::setNames(layers, c(sprintf("hidden_%d", seq_len(depth - 1)), "output"))
}

output_names <- function(object, first_layer) {
  category <- object@model$model_category
  if (category == "AutoEncoder") return(rownames(first_layer)[-1])
  if (!is.null(class_levels(object))) return(class_levels(object))
  quantiles <- object@allparameters$quantile_alpha
  if (length(quantiles) > 1) sprintf("q%g", 100 * quantiles) else object@model$response_column
}

#' @rdname h2o-model-methods
#' @export
fitted.H2OModel <- function(object, ...) fitted_values(object, training_frame_of(object))

#' @rdname h2o-model-methods
#' @export
residuals.H2OModel <- function(object, newdata = NULL, ...) {
  frame <- if (is.null(newdata)) training_frame_of(object) else scoring_frame(object, newdata, "newdata")
  if (object@model$model_category == "AutoEncoder") {
    return(as.data.frame(frame_named(request("models.anomaly", live_key(object), key_of(frame), FALSE), temporary = TRUE))[[1]])
  }
  observed_values(object, frame) - fitted_values(object, frame)
}

# `frame` has the columns as the model takes them.
fitted_values <- function(object, frame) {
  found <- as.data.frame(frame_named(request("models.predict", live_key(object), key_of(frame)), temporary = TRUE))
  classes <- class_levels(object)
  if (object@model$model_category == "AutoEncoder") return(found)
  if (is.null(classes)) return(found[[1]])
  if (length(classes) == 2) return(found[[3]])
  shares <- as.matrix(found[1 + seq_along(classes)])
  dimnames(shares) <- list(NULL, classes)
  shares
}

# In the form of fitted_values(): numbers, or indicators of the classes.
observed_values <- function(object, frame) {
  response <- object@model$response_column
  if (!response %in% names(frame)) stop_h2o(sprintf("the data have no column `%s` (the response)", response))
  values <- as.data.frame(choose_columns(frame, response))[[1]]
  classes <- class_levels(object)
  if (is.null(classes)) return(if (base::is.factor(values)) as.numeric(as.character(values)) else as.numeric(values))
  indicators <- outer(as.character(values), classes, `==`) + 0
  if (length(classes) == 2) return(indicators[, 2])
  dimnames(indicators) <- list(NULL, classes)
  indicators
}

# The frame a model was trained on, with its columns as they were made.
training_frame_of <- function(object) {
  model_of(object)
  name <- object@allparameters$training_frame
  here <- identical(object@stored$session, request("bridge.token"))
  if (here && name %in% request("objects.keys", "frame")) return(frame_named(name))
  text <- "the rows of training (frame \"%s\") are no longer in the session: give them, as in residuals(model, newdata)"
  stop_h2o(sprintf(text, name))
}

#' @rdname h2o-model-methods
#' @export
nobs.H2OModel <- function(object, ...) as.integer(model_of(object)$training_metrics@metrics$nobs)

#' @rdname h2o-model-methods
#' @export
formula.H2OModel <- function(x, ...) {
  found <- x@stored$formula
  if (is.null(found)) stop_h2o("the model was not trained with a formula")
  found
}
