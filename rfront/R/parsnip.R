# The engine "h2o" of parsnip's multilayer perceptron, mlp(). Registered when parsnip is loaded, before or after.

#' Fit a network to predictors and an outcome
#'
#' What the engine "h2o" of parsnip's `mlp()` calls: `mlp(hidden_units = 20) |> set_engine("h2o") |> set_mode("classification")`. Further
#' arguments of [h2o.deeplearning()] go to `set_engine()`.
#'
#' @param x A `data.frame` of predictors.
#' @param y The outcome: a factor or numbers.
#' @param activation "relu", "tanh", "elu" or "maxout", or a name that [h2o.deeplearning()] knows.
#' @param dropout Share of the hidden units that are left out at random in each step.
#' @param ... Arguments of [h2o.deeplearning()].
#' @return A model, see [H2OModel-class].
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' h2o_mlp(iris[1:4], iris$Species, hidden = 10, epochs = 5, seed = 1)
h2o_mlp <- function(x, y, activation = "relu", dropout = 0, ...) {
  if (".outcome" %in% names(x)) stop_h2o("h2o_mlp: the column name .outcome is taken by the outcome")
  data <- data.frame(x, .outcome = y, check.names = FALSE)
  known <- c(relu = "Rectifier", tanh = "Tanh", elu = "ExpRectifier", maxout = "Maxout")
  if (activation %in% names(known)) activation <- known[[activation]]
  further <- list(...)
  if (dropout > 0) {
    activation <- paste0(activation, "WithDropout")
    further$hidden_dropout_ratios <- rep(dropout, length(if (is.null(further$hidden)) c(200, 200) else further$hidden))
  }
  frame <- as.h2o(data, NULL)
  do.call(h2o.deeplearning, c(list(x = names(x), y = ".outcome", training_frame = frame, activation = activation), further))
}

# parsnip's name of an argument, ours, and the function of dials that knows its range.
mlp_arguments <- list(
  c("hidden_units", "hidden", "hidden_units"), c("penalty", "l2", "penalty"), c("dropout", "dropout", "dropout"),
  c("epochs", "epochs", "epochs"), c("activation", "activation", "activation"), c("learn_rate", "rate", "learn_rate")
)

predicted_classes <- function(found, object) factor(as.character(as.data.frame(found)$predict), levels = object$lvl)
predicted_numbers <- function(found, object) as.data.frame(found)$predict
predicted_shares <- function(found, object) stats::setNames(as.data.frame(found)[-1], object$lvl)

register_engine <- function(parsnip = asNamespace("parsnip")) {
  for (mode in c("classification", "regression")) parsnip$set_model_engine("mlp", mode, "h2o")
  parsnip$set_dependency("mlp", "h2o", "h2o")
  for (argument in mlp_arguments) {
    parsnip$set_model_arg("mlp", "h2o",
      parsnip = argument[1], original = argument[2], func = list(pkg = "dials", fun = argument[3]), has_submodel = FALSE
    )
  }
  for (mode in c("classification", "regression")) {
    parsnip$set_fit("mlp", "h2o", mode, value = list(
      interface = "data.frame", protect = c("x", "y"), func = c(pkg = "h2o", fun = "h2o_mlp"), defaults = list()
    ))
    parsnip$set_encoding("mlp", "h2o", mode, options = list(
      predictor_indicators = "none", compute_intercept = FALSE, remove_intercept = FALSE, allow_sparse_x = FALSE
    ))
  }
  prediction <- function(mode, type, post) {
    parsnip$set_pred("mlp", "h2o", mode, type, value = list(
      pre = NULL, post = post, func = c(fun = "predict"), args = list(object = quote(object$fit), newdata = quote(new_data))
    ))
  }
  prediction("regression", "numeric", predicted_numbers)
  prediction("classification", "class", predicted_classes)
  prediction("classification", "prob", predicted_shares)
}
