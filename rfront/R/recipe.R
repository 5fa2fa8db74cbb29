# Recipes of the package recipes: prepared on the data, baked for all that is scored; roles say what a column is.

#' @exportS3Method
data_of_model.recipe <- function(x, given) {
  if (!requireNamespace("recipes", quietly = TRUE)) stop_h2o("a recipe needs the package recipes: install it")
  data <- data_given(given, "recipe")
  rows <- if (!is.null(data)) rows_in_r(data, "data")
  given[c("x", "y", "data", "formula")] <- NULL
  learned <- learned_recipe(x, rows)
  roles <- learned$roles
  of_role <- function(role) roles$variable[roles$role %in% role]
  if (length(of_role("outcome")) > 1) {
    stop_h2o(sprintf("the recipe has %d outcomes (%s); there is one response", length(of_role("outcome")), shortened(of_role("outcome"))))
  }
  if (!length(of_role("predictor"))) stop_h2o("the recipe has no column with the role \"predictor\"")
  if (length(of_role("case_weights")) && !is.null(given$weights_column)) {
    stop_h2o("the recipe has case weights already: leave out `weights_column`")
  }
  if (length(of_role("case_weights"))) given$weights_column <- of_role("case_weights")
  absent <- setdiff(roles_given(given), names(learned$rows))
  if (length(absent)) stop_h2o(sprintf("the recipe has no column `%s`", absent[1]))
  given$x <- setdiff(of_role("predictor"), roles_given(given))
  given$y <- if (length(of_role("outcome"))) of_role("outcome")
  if (is.null(given$y) && is.null(given$autoencoder)) given$autoencoder <- TRUE
  given$training_frame <- learned$rows[c(given$x, given$y, setdiff(roles_given(given), given$x))]
  list(given = prepare_others(given, learned$prepare), prepare = learned$prepare)
}

# The prepared recipe, the rows it makes for training, and the roles of their columns. One that was prepared before stays as it is.
learned_recipe <- function(recipe, rows) {
  before <- recipes::fully_trained(recipe)
  if (!before) recipe <- if (is.null(rows)) recipes::prep(recipe) else recipes::prep(recipe, training = rows)
  made <- recipes::bake(recipe, new_data = if (before) rows)
  roles <- summary(recipe)
  recipe$template <- recipe$template[0, ]
  list(prepare = structure(list(recipe = recipe), class = "h2o_recipe"), rows = plain_data_frame(made, "data"), roles = roles)
}

#' @exportS3Method
prepare_rows.h2o_recipe <- function(prepare, data) {
  if (!requireNamespace("recipes", quietly = TRUE)) stop_h2o("the model was trained with a recipe and needs the package recipes")
  plain_data_frame(recipes::bake(prepare$recipe, new_data = data), "newdata")
}
