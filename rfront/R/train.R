# From the arguments of h2o.deeplearning() to a trained model.

# `arguments` is the environment of the calling function, `given` the names of the arguments that were given.
train <- function(algo, arguments, given) {
  call <- training_call(algo, mget(given, envir = arguments))
  key <- await(do.call(request, c("training.train", call)))
  model <- h2o.getModel(key)
  for (text in model@model$warnings) warning(text, call. = FALSE)
  if (isTRUE(arguments$verbose)) print(h2o.scoreHistory(model))
  model
}

# The arguments of a training request, of a model or a grid.
training_call <- function(algo, given) {
  frame <- given$training_frame
  if (is.null(frame)) stop_h2o("`training_frame` is missing: give the frame to train on")
  if (base::is.character(frame)) frame <- h2o.getFrame(frame)
  key_of(frame, "training_frame")
  parameters <- given[setdiff(names(given), c("x", "y", "training_frame", "validation_frame", "verbose"))]
  if (is.null(parameters$checkpoint)) parameters$seed <- seed_of(parameters$seed)
  list(
    algo = algo, parameters = Filter(Negate(is.null), Map(parameter_value, parameters, names(parameters))),
    x = predictor_names(given$x, given$y, frame), y = column_name(given$y, frame, "y"),
    training_frame_key = key_of(frame), validation_frame_key = frame_key(given$validation_frame, "validation_frame")
  )
}

# What Python takes for a parameter: names of frames and models, NULL for an untouched choice of several values.
parameter_value <- function(value, name) {
  if (is.h2o(value)) return(key_of(value))
  if (methods::is(value, "H2OModel")) return(live_key(value))
  if (base::is.function(value)) stop_h2o(sprintf("%s: R functions cannot be called during training", name), type = "InvalidType")
  if (is.list(value)) return(as_list(lapply(unname(value), parameter_value, name)))
  choices <- formals(h2o.deeplearning)[[name]]
  if (length(value) > 1 && is.call(choices) && identical(value, eval(choices))) return(if (base::is.numeric(value)) as_list(value))
  if (length(value) > 1) as_list(value) else value
}

predictor_names <- function(x, y, frame) {
  if (is.null(x)) return(NULL)
  if (is.h2o(x)) x <- names(x)
  as_list(vapply(x, column_name, "", frame, "x", USE.NAMES = FALSE))
}

# Whether a name exists is checked, and well worded, where training begins.
column_name <- function(column, frame, argument) {
  if (is.null(column) || base::is.character(column)) return(column)
  if (!base::is.numeric(column) || length(column) != 1 || !column %in% seq_len(ncol(frame))) {
    stop_h2o(sprintf("`%s` = %s must be the name or the position of a column; the frame has %d", argument, deparse(column), ncol(frame)))
  }
  names(frame)[column]
}

frame_key <- function(frame, argument) {
  if (is.null(frame) || base::is.character(frame)) frame else key_of(frame, argument)
}
