# S4 classes of models, metrics, grids and the connection, with the slots that scripts for H2O use.

methods::setOldClass("H2OFrame")
methods::setClassUnion("listOrNull", c("list", "NULL"))
methods::setClass("Keyed", representation("VIRTUAL"))

#' Connection to the session
#'
#' What [h2o.init()] gives.
#'
#' @slot ip,port Address of the node; where the session runs in this process, "localhost" and `NA`.
#' @slot https,context_path Whether the node is reached with TLS, and the path behind which it is.
#' @slot name Name of the session.
#' @slot proxy,cacert,insecure,username,password,use_spnego,cookies Not used: what is secret is not kept here.
#' @slot session_id Part of the names of temporary frames.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' h2o.getConnection()
methods::setClass("H2OConnection", representation(
  ip = "character", port = "numeric", name = "character", proxy = "character", https = "logical", cacert = "character",
  insecure = "logical", username = "character", password = "character", use_spnego = "logical", cookies = "character",
  context_path = "character", session_id = "character"
))

connection <- function() {
  status <- request("cluster.status")
  at <- request("bridge.address")
  methods::new("H2OConnection",
    ip = at$host, port = if (is.null(at$port)) NA_real_ else as.numeric(at$port), name = status$cloud_name, https = at$scheme == "https",
    context_path = sub("^/", "", at$path), session_id = session_id()
  )
}

session_id <- function() {
  status <- request("cluster.status")
  paste0("_sid_", status$pid, "_", format(status$start_time, digits = 15, scientific = FALSE))
}

#' @rdname H2OConnection-class
#' @param object An `H2OConnection`.
#' @export
methods::setMethod("show", "H2OConnection", function(object) {
  place <- if (is.na(object@port)) " (this process)" else paste0("\nPort      : ", object@port)
  cat("IP Address: ", object@ip, place, "\nName      : ", object@name, "\n", sep = "")
})

#' @rdname H2OConnection-class
#' @export
h2o.getConnection <- function() {
  if (!h2o.clusterIsUp()) stop_h2o("no session runs in this process, and none at a node; call h2o.init()")
  connection()
}

#' Trained models
#'
#' @slot model_id Name of the model in the session.
#' @slot algorithm "deeplearning".
#' @slot parameters The parameters that differ from their defaults, and `x` and `y`.
#' @slot allparameters All parameters.
#' @slot params Three lists of all parameters: `default`, `actual` and `input` values.
#' @slot have_pojo,have_mojo Whether the model can be exported.
#' @slot model Everything else: `model_summary`, `scoring_history`, `training_metrics`, `validation_metrics`,
#'   `cross_validation_metrics`, `variable_importances`, `names`, `domains`, `run_time` and more.
#' @slot stored What is needed to use the object in another session: the session it was trained in, and the model.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' model <- h2o.deeplearning(Species ~ ., data = iris, hidden = 5, epochs = 2, seed = 1)
#' model
#' model@parameters$hidden
methods::setClass("H2OModel",
  representation(
    "VIRTUAL", model_id = "character", algorithm = "character", parameters = "list", allparameters = "list",
    params = "list", have_pojo = "logical", have_mojo = "logical", model = "list", stored = "list"
  ),
  prototype(model_id = NA_character_), contains = "Keyed"
)

#' @rdname H2OModel-class
#' @export
methods::setClass("H2OUnknownModel", contains = "H2OModel")
#' @rdname H2OModel-class
#' @export
methods::setClass("H2OBinomialModel", contains = "H2OModel")
#' @rdname H2OModel-class
#' @export
methods::setClass("H2OMultinomialModel", contains = "H2OModel")
#' @rdname H2OModel-class
#' @export
methods::setClass("H2ORegressionModel", contains = "H2OModel")
#' @rdname H2OModel-class
#' @export
methods::setClass("H2OAutoEncoderModel", contains = "H2OModel")

#' Metrics
#'
#' @slot algorithm "deeplearning".
#' @slot on_train,on_valid,on_xval On which data they were computed; on new data when all are `FALSE`.
#' @slot metrics The metrics by H2O's names: `MSE`, `RMSE`, `logloss`, `AUC`, `cm` and more.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' model <- h2o.deeplearning(Species ~ ., data = iris, hidden = 5, epochs = 2, seed = 1)
#' h2o.performance(model)@metrics$logloss
methods::setClass("H2OModelMetrics",
  representation(
    "VIRTUAL", algorithm = "character", on_train = "logical", on_valid = "logical", on_xval = "logical",
    metrics = "listOrNull"
  ),
  prototype(algorithm = NA_character_, on_train = FALSE, on_valid = FALSE, on_xval = FALSE, metrics = NULL),
  contains = "Keyed"
)

#' @rdname H2OModelMetrics-class
#' @export
methods::setClass("H2OUnknownMetrics", contains = "H2OModelMetrics")
#' @rdname H2OModelMetrics-class
#' @export
methods::setClass("H2OBinomialMetrics", contains = "H2OModelMetrics")
#' @rdname H2OModelMetrics-class
#' @export
methods::setClass("H2OMultinomialMetrics", contains = "H2OModelMetrics")
#' @rdname H2OModelMetrics-class
#' @export
methods::setClass("H2ORegressionMetrics", contains = "H2OModelMetrics")
#' @rdname H2OModelMetrics-class
#' @export
methods::setClass("H2OAutoEncoderMetrics", contains = "H2OModelMetrics")

#' Grids of models
#'
#' @slot grid_id Name of the grid.
#' @slot model_ids Names of the models, the best first.
#' @slot hyper_names Names of the parameters that were varied.
#' @slot failed_params,failure_details,failure_stack_traces,failed_raw_params What could not be trained, and why.
#' @slot summary_table One row for each model: its values of the varied parameters and the metric it is sorted by.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' grid <- h2o.grid("deeplearning",
#'   x = Species ~ ., data = iris, epochs = 1, seed = 1, hyper_params = list(hidden = list(3, 5))
#' )
#' grid@model_ids
#' grid@summary_table
methods::setClass("H2OGrid", representation(
  grid_id = "character", model_ids = "list", hyper_names = "list", failed_params = "list", failure_details = "list",
  failure_stack_traces = "list", failed_raw_params = "ANY", summary_table = "ANY"
), contains = "Keyed")
