#' Try combinations of parameters
#'
#' Trains a model for each combination of the values in `hyper_params`, or for some of them.
#'
#' @param algorithm "deeplearning".
#' @param grid_id Name of the grid. Of one that exists the models are kept, and only new combinations are trained.
#' @param x,y,training_frame,... Arguments of [h2o.deeplearning()]; `x` may be a formula or a recipe, with `data`.
#' @param hyper_params A named list: the values of each parameter that is varied.
#' @param is_supervised Not used.
#' @param do_hyper_params_check Whether a value that is not allowed is an error; else its models are among those that failed.
#' @param search_criteria A list: `strategy` ("Cartesian", "RandomDiscrete" or "Sequential"), `max_models`, `max_runtime_secs`, `seed`,
#'   `stopping_rounds`, `stopping_metric`, `stopping_tolerance`.
#' @param export_checkpoints_dir,recovery_dir Folder where the grid and each finished model are saved; with `recovery_dir` what is saved
#'   there already is not trained again.
#' @param parallelism How many models are trained at the same time; 0: as many as there are threads.
#' @return An object of the class [H2OGrid-class].
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' grid <- h2o.grid("deeplearning",
#'   y = "Species", training_frame = as.h2o(iris), epochs = 2, seed = 1,
#'   hyper_params = list(hidden = list(c(5, 5), 10), l1 = c(0, 1e-3))
#' )
#' grid
h2o.grid <- function(algorithm, grid_id, x, y, training_frame, ..., hyper_params = list(), is_supervised = NULL,
                     do_hyper_params_check = FALSE, search_criteria = NULL, export_checkpoints_dir = NULL,
                     recovery_dir = NULL, parallelism = 1) {
  given <- list(...)
  if (!missing(x)) given$x <- x
  if (!missing(y)) given$y <- y
  if (!missing(training_frame)) given$training_frame <- training_frame
  given$export_checkpoints_dir <- export_checkpoints_dir
  unseeded <- is.null(given$seed)
  made <- training_call(algorithm, given)
  call <- made$request
  if (unseeded) call$parameters$seed <- NULL # the seeds of the models are made from that of the search
  criteria <- if (!is.null(search_criteria)) search_criteria else list(strategy = "Cartesian")
  if (is.null(criteria$seed) || criteria$seed == -1) criteria$seed <- seed_of(-1)
  choices <- choices_of(hyper_params)
  if (do_hyper_params_check) request("bridge.check_choices", choices)
  key <- await(do.call(request, c("grids.train", call, list(
    hyper_params = choices, grid_id = if (!missing(grid_id)) grid_id, search_criteria = criteria,
    parallelism = as.integer(parallelism), recovery_dir = recovery_dir
  ))))
  grid <- h2o.getGrid(key)
  attr(grid, "frame") <- made$made$frame # rows that R gave stay as long as the grid
  remember_making(unlist(grid@model_ids), made$made)
  for (text in grid_warnings(key)) warning(text, call. = FALSE)
  grid
}

# Values of each parameter as a list; those of a parameter that is a vector are vectors.
choices_of <- function(hyper_params) {
  if (!length(hyper_params) || is.null(names(hyper_params))) {
    stop_h2o("`hyper_params` must be a list with names, such as list(hidden = list(c(10, 10), 50), l1 = c(0, 1e-4))")
  }
  lists <- request("bridge.list_parameters")
  Map(function(values, name) {
    wrap <- function(value) if (name %in% lists) as_list(whole_numbers(value)) else parameter_value(value, name)
    as_list(lapply(unique(values), wrap))
  }, hyper_params, names(hyper_params))
}

# c(32, 32) as the units that they are: the tables of grids show the values as they were given.
whole_numbers <- function(value) {
  whole <- is.numeric(value) && all(is.finite(value) & value == round(value) & abs(value) < 2^31)
  if (whole && any(value >= 1)) as.integer(value) else value
}

grid_warnings <- function(key) as.character(request("grids.describe", key)$warnings)

#' Get a grid by its name
#'
#' @param grid_id Name of the grid.
#' @param sort_by A metric to sort the models by, such as "logloss", "mse" or "auc"; by default the one that fits.
#' @param decreasing Whether the largest value comes first; by default the best model does.
#' @param verbose Whether to print the grid.
#' @return An object of the class [H2OGrid-class].
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' h2o.grid("deeplearning", "small_grid",
#'   x = Species ~ ., data = iris, epochs = 1, seed = 1, hyper_params = list(hidden = list(3, 5))
#' )
#' h2o.getGrid("small_grid", sort_by = "logloss")
h2o.getGrid <- function(grid_id, sort_by, decreasing, verbose = FALSE) {
  found <- request(
    "grids.describe", key = grid_id, sort_by = if (!missing(sort_by)) sort_by, decreasing = if (!missing(decreasing)) decreasing
  )
  grid <- methods::new("H2OGrid",
    grid_id = found$grid_id, model_ids = as.list(found$model_ids), hyper_names = as.list(found$hyper_names),
    failed_params = as.list(found$failed_params), failure_details = as.list(found$failure_details),
    failure_stack_traces = as.list(found$failure_stack_traces), failed_raw_params = failed_values(found),
    summary_table = found$summary_table
  )
  if (verbose) print(grid)
  grid
}

failed_values <- function(found) {
  rows <- lapply(found$failed_params, function(values) vapply(values, function(value) paste(value, collapse = ", "), ""))
  if (length(rows)) do.call(rbind, rows) else matrix(character(), 0, length(found$hyper_names))
}

#' @rdname H2OGrid-class
#' @param object A grid.
#' @export
methods::setMethod("show", "H2OGrid", function(object) {
  cat("H2O Grid Details\n================\n\nGrid ID: ", object@grid_id, " \nUsed hyper parameters: \n", sep = "")
  for (name in object@hyper_names) cat("  - ", name, "\n")
  cat("Number of models:", length(object@model_ids), "\nNumber of failed models:", length(object@failed_params), "\n\n")
  print(object@summary_table)
  if (length(object@failure_details)) {
    cat("Failed models\n-------------\n")
    for (i in seq_along(object@failure_details)) {
      values <- object@failed_params[[i]]
      told <- paste(names(values), vapply(values, deparse, ""), sep = " = ", collapse = ", ")
      cat(told, ": ", object@failure_details[[i]], "\n", sep = "")
    }
  }
})

#' @rdname H2OGrid-class
#' @param ... Not used.
#' @param show_stack_traces Whether to print where models failed.
#' @export
summary.H2OGrid <- function(object, show_stack_traces = FALSE, ...) {
  methods::show(object)
  if (show_stack_traces) for (text in object@failure_stack_traces) cat(text, "\n")
  invisible(object)
}

#' Save, load and continue grids
#'
#' @param grid_directory The folder.
#' @param grid_id Name of the grid.
#' @param save_params_references,load_params_references Whether the training and validation frames go along.
#' @param export_cross_validation_predictions Whether the holdout predictions go along.
#' @param grid_path The file of a grid; its models lie beside it.
#' @param recovery_dir Folder where finished models are saved.
#' @param ... Not used.
#' @return `h2o.saveGrid()` the path; the others the grid.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' grid <- h2o.grid("deeplearning", "kept_grid",
#'   x = Species ~ ., data = iris, epochs = 1, seed = 1, hyper_params = list(hidden = list(3, 5))
#' )
#' path <- h2o.saveGrid(tempfile(), "kept_grid")
#' h2o.loadGrid(path)
h2o.saveGrid <- function(grid_directory, grid_id, save_params_references = FALSE, export_cross_validation_predictions = FALSE) {
  request("grids.save",
    key = grid_id, directory = node_path(grid_directory, "grid_directory"), frames = save_params_references,
    predictions = export_cross_validation_predictions
  )
}

#' @rdname h2o.saveGrid
#' @export
h2o.loadGrid <- function(grid_path, load_params_references = FALSE) {
  h2o.getGrid(request("grids.load", path = node_path(grid_path, "grid_path"), frames = load_params_references))
}

#' @rdname h2o.saveGrid
#' @export
h2o.resumeGrid <- function(grid_id, recovery_dir = NULL, ...) {
  h2o.getGrid(await(request("grids.resume", key = grid_id, recovery_dir = recovery_dir)))
}
