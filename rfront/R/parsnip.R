# The engine "h2o" of parsnip's multilayer perceptron, mlp(). Registered when parsnip is loaded, before or after.

#' Fit a network to predictors and an outcome
#'
#' What the engine "h2o" of parsnip's `mlp()` calls: `mlp(hidden_units = 20) |> set_engine("h2o") |> set_mode("classification")`. Further
#' arguments of [h2o.deeplearning()] go to `set_engine()`. All arguments of `mlp()` can be tuned; factors need no dummy variables, and
#' case weights are taken. The engine has a second name, `"heavywater"`: versions of the package tune before 2.0 want the package agua for
#' any engine called `"h2o"`; by the second name they tune it (all arguments but `activation`, which parsnip 1.0 knows of its own engines
#' only).
#'
#' @param x A data frame of predictors.
#' @param y The outcome: a factor or numbers.
#' @param weights Weights of the rows.
#' @param activation "relu", "tanh", "elu" or "maxout", or a name that [h2o.deeplearning()] knows. Where a
#'   `preset` is given, as in `set_engine("h2o", preset = "tabular")`, it is left to that unless it is given, too.
#' @param dropout Share of the hidden units that are left out at random in each step.
#' @param rate The learning rate, parsnip's `learn_rate`. With it `adaptive_rate` is `FALSE` unless it is given, too.
#' @param ... Arguments of [h2o.deeplearning()].
#' @return A model, see [H2OModel-class].
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' h2o_mlp(iris[1:4], iris$Species, hidden = 10, epochs = 5, seed = 1)
h2o_mlp <- function(x, y, weights = NULL, activation = "relu", dropout = 0, rate = NULL, ...) {
  data <- plain_data_frame(x, "x")
  taken <- intersect(c(".outcome", ".weights"), names(data))
  if (length(taken)) stop_h2o(sprintf("h2o_mlp: the column name %s is taken", taken[1]))
  further <- list(...)
  left <- missing(activation) && dropout == 0 && !is.null(further$preset)
  known <- c(relu = "Rectifier", tanh = "Tanh", elu = "ExpRectifier", maxout = "Maxout")
  if (activation %in% names(known)) activation <- known[[activation]]
  if (dropout > 0) {
    activation <- paste0(activation, "WithDropout")
    further$hidden_dropout_ratios <- rep(dropout, length(if (is.null(further$hidden)) c(200, 200) else further$hidden))
  }
  if (!is.null(rate)) {
    further$rate <- rate
    if (is.null(further$adaptive_rate) && is.null(further$preset)) further$adaptive_rate <- FALSE
  }
  predictors <- names(data)
  data$.outcome <- if (is.data.frame(y)) y[[1]] else y
  if (!is.null(weights)) {
    data$.weights <- as.numeric(weights)
    further$weights_column <- ".weights"
  }
  if (!left) further$activation <- activation
  do.call(h2o.deeplearning, c(list(x = predictors, y = ".outcome", training_frame = data), further))
}

# parsnip's name of an argument, ours, and the function of dials that knows its range.
mlp_arguments <- list(
  c("hidden_units", "hidden", "hidden_units"), c("penalty", "l2", "penalty"), c("dropout", "dropout", "dropout"),
  c("epochs", "epochs", "epochs"), c("activation", "activation", "activation"), c("learn_rate", "rate", "learn_rate")
)

# What parsnip makes its own columns of: vectors, and for probabilities the columns named by the levels.
predicted_values <- function(found, object) found[[1]]
predicted_shares <- function(found, object) stats::setNames(found[paste0(".pred_", object$lvl)], object$lvl)

register_engine <- function(parsnip = asNamespace("parsnip")) {
  for (engine in c("h2o", "heavywater")) register_engine_as(engine, parsnip)
}

register_engine_as <- function(engine, parsnip) {
  modes <- c("classification", "regression")
  for (mode in modes) parsnip$set_model_engine("mlp", mode, engine)
  for (mode in modes) parsnip$set_dependency("mlp", engine, "h2o", mode)
  for (argument in mlp_arguments) {
    parsnip$set_model_arg("mlp", engine,
      parsnip = argument[1], original = argument[2], func = list(pkg = "dials", fun = argument[3]), has_submodel = FALSE
    )
  }
  for (mode in modes) {
    parsnip$set_fit("mlp", mode, engine, value = list(
      interface = "data.frame", protect = c("x", "y", "weights"), func = c(pkg = "h2o", fun = "h2o_mlp"), defaults = list()
    ))
    parsnip$set_encoding("mlp", mode, engine, options = list(
      predictor_indicators = "none", compute_intercept = FALSE, remove_intercept = FALSE, allow_sparse_x = FALSE
    ))
  }
  prediction <- function(mode, type, post = NULL) {
    parsnip$set_pred("mlp", mode, engine, type, value = list(
      pre = NULL, post = post, func = c(fun = "predict"),
      args = list(object = quote(object$fit), newdata = quote(new_data), type = type)
    ))
  }
  prediction("regression", "numeric", predicted_values)
  prediction("regression", "raw")
  prediction("classification", "class", predicted_values)
  prediction("classification", "prob", predicted_shares)
  prediction("classification", "raw")
}
