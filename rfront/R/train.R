# From the arguments of h2o.deeplearning() to a trained model.

# `arguments` is the environment of the calling function, `given` the names of the arguments that were given.
train <- function(algo, arguments, given) {
  call <- training_call(algo, mget(given, envir = arguments))
  key <- await(do.call(request, c("training.train", call$request)))
  remember_making(key, call$made)
  model <- h2o.getModel(key)
  model@stored$frame <- call$made$frame # rows that R gave stay as long as the model, for fitted() and residuals()
  for (text in model@model$warnings) warning(text, call. = FALSE)
  if (isTRUE(arguments$verbose)) print(h2o.scoreHistory(model))
  model
}

# The arguments of a training request, of a model or a grid, and how the columns were made; see data_of_model().
training_call <- function(algo, given) {
  if (!is.null(given$formula)) {
    if (!is.null(given$x)) stop_h2o("give either `x` and `y`, or `formula`")
    given$x <- given$formula
  }
  made <- data_of_model(given$x, given)
  given <- made$given
  if (is.null(given$training_frame)) stop_h2o("`training_frame` is missing: give the frame to train on")
  frame <- frame_of(given$training_frame, "training_frame")
  own <- c("x", "y", "training_frame", "validation_frame", "verbose", "formula", "data")
  parameters <- given[setdiff(names(given), own)]
  if (is.null(parameters$checkpoint)) parameters$seed <- seed_of(parameters$seed)
  list(
    request = list(
      algo = algo, parameters = Filter(Negate(is.null), Map(parameter_value, parameters, names(parameters))),
      x = predictor_names(given$x, given$y, frame), y = column_name(given$y, frame, "y"),
      training_frame_key = frame_key(frame), validation_frame_key = frame_key(given$validation_frame, "validation_frame")
    ),
    made = list(
      prepare = made$prepare, formula = made$formula, frame = if (!is.h2o(given$training_frame)) frame, session = request("bridge.token")
    )
  )
}

# What Python takes for a parameter: names of frames and models, NULL for an untouched choice of several values.
parameter_value <- function(value, name) {
  if (is.h2o(value)) return(key_of(value))
  if (is_tabular(value)) return(frame_key(value, name))
  if (methods::is(value, "H2OModel")) return(live_key(value))
  if (base::is.function(value)) stop_h2o(sprintf("%s: R functions cannot be called during training", name), type = "InvalidType")
  if (is.list(value)) return(as_list(lapply(unname(value), parameter_value, name)))
  choices <- formals(h2o.deeplearning)[[name]]
  if (length(value) > 1 && is.call(choices) && identical(value, eval(choices))) return(if (base::is.numeric(value)) as_list(value))
  if (length(value) > 1) as_list(value) else value
}

predictor_names <- function(x, y, frame) {
  if (is.null(x)) return(NULL)
  if (is.h2o(x) || is.data.frame(x)) x <- names(x)
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

# How the columns of a model were made of the data, for objects of it that h2o.getModel() makes.
remember_making <- function(keys, made) {
  kept <- if (is.null(made$prepare) && is.null(made$formula)) NULL else made[c("prepare", "formula", "session")]
  for (key in keys) bridge$made[[key]] <- kept
}

making_of <- function(key) {
  made <- bridge$made[[key]]
  if (identical(made$session, request("bridge.token"))) made[c("prepare", "formula")]
}
