# Asking Python: one function, and its errors, warnings and interrupts as R has them.

# Send a request (see heavywater.bridge.r_requests) and return its value.
request <- function(.name, ...) {
  bridge_ready()
  collect_python_garbage()
  drop_abandoned()
  answer_of(bridge$request(.name, list(...)))
}

answer_of <- function(reply) {
  for (text in reply$warnings) warning(text, call. = FALSE)
  if (identical(reply$error$type, "KeyboardInterrupt")) stop_interrupted()
  if (!is.null(reply$error)) stop_h2o(reply$error$message, reply$error$type, reply$error$traceback)
  reply$value
}

# Go on as after Ctrl-C in R code.
stop_interrupted <- function() {
  interrupt <- structure(class = c("interrupt", "condition"), list(message = "interrupted", call = NULL))
  signalCondition(interrupt)
  invokeRestart("abort")
}

#' Errors of h2o
#'
#' Everything that goes wrong is signalled as a condition of the class `h2o_error`. Beside `message` and `call` it
#' has the fields `type`, the kind of error, and `traceback`, what Python knows about the place. The traceback is
#' shown only after `options(h2o.traceback = TRUE)`.
#'
#' @name h2o_error
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' tryCatch(h2o.getFrame("nothing"), h2o_error = function(e) e$type)
NULL

stop_h2o <- function(message, type = "InvalidArgument", traceback = NULL, call = NULL) {
  if (isTRUE(getOption("h2o.traceback")) && !is.null(traceback)) message <- paste0(message, "\n", traceback)
  kind <- tolower(gsub("(?<=[a-z])(?=[A-Z])", "_", type, perl = TRUE))
  classes <- c(paste0("h2o_", kind), "h2o_error", "error", "condition")
  stop(structure(class = unique(classes), list(message = message, call = call, type = type, traceback = traceback)))
}

# A list argument: it stays a list in Python, also with one element or none.
as_list <- function(x) structure(if (is.list(x)) x else as.vector(x), class = "h2o_list")

# Whether Python and heavywater can be reached, for examples and tests.
python_found <- function() {
  tryCatch({
    bridge_ready()
    TRUE
  }, h2o_error = function(e) FALSE)
}
