# The class H2OFrame: an environment with the frame's key, size and types as attributes, as in H2O. The data are
# in the session; every operation gives a new object.

#' Frames
#'
#' An `H2OFrame` is a handle on a frame of the session, whose columns are numbers, factors, texts or times. It is
#' used like a `data.frame`: see [H2OFrame-extract] for `[`, `$` and the like, [H2OFrame-operators] for arithmetic, and the
#' functions `h2o.*` for everything else. A frame that is the result of a computation vanishes when R no longer uses
#' it; one with a name of its own, from [h2o.importFile()], [as.h2o()] or [h2o.assign()], stays until it is removed.
#'
#' @name H2OFrame-class
#' @aliases H2OFrame
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' fr <- as.h2o(iris)
#' fr
#' names(fr)
NULL

# `info` is the description that Python gives. A temporary frame is removed with its last R object.
new_frame <- function(info, temporary = TRUE) {
  frame <- new.env(parent = emptyenv())
  attributes(frame) <- list(
    class = "H2OFrame", op = "", id = info$frame, nrow = info$nrow, ncol = length(info$names),
    types = as.character(info$types), columns = as.character(info$names)
  )
  if (temporary || is_temporary(info$frame)) hold(frame, info$frame, as.numeric(info$nrow) * length(info$names))
  frame
}

frame_named <- function(key, temporary = FALSE) new_frame(request("frames.facts", key), temporary)

key_of <- function(frame, argument = "x") {
  if (!is.h2o(frame)) {
    stop_h2o(sprintf("`%s` must be an H2OFrame, it is of the class %s; as.h2o() makes one", argument, class(frame)[1]),
      type = "InvalidType"
    )
  }
  attr(frame, "id")
}

# An argument of an operation as Python takes it: frames by reference, one point in time by its milliseconds, vectors of
# several values as frames.
operand <- function(x) {
  if (is.h2o(x)) return(structure(attr(x, "id"), class = "h2o_key", frame = x)) # which stays as long as the request
  if (inherits(x, c("Date", "POSIXt")) && length(x) == 1) {
    parts <- column_parts(x, "")
    return(structure(as.numeric(parts$values) * parts$scale, class = "h2o_moment"))
  }
  if (inherits(x, c("factor", "data.frame", "Date", "POSIXt")) || (is.atomic(x) && length(x) > 1)) {
    return(operand(as.h2o(x, NULL)))
  }
  x
}

# Evaluate an operation of the registry; a frame in the answer becomes an H2OFrame.
evaluate <- function(operation, ...) {
  value <- request("frames.evaluate", structure(list(operation, ...), class = "h2o_tuple"))
  frames_in(value)
}

frames_in <- function(value) {
  if (!is.list(value) || is.data.frame(value)) return(value)
  if (!is.null(value$frame)) return(new_frame(value))
  lapply(value, frames_in)
}

#' Is it a frame of h2o?
#'
#' @param x Any object.
#' @return `TRUE` or `FALSE`.
#' @export
#' @examples
#' is.h2o(iris)
is.h2o <- function(x) inherits(x, "H2OFrame")

#' Name of a frame or model in the session
#'
#' @param x An `H2OFrame`; for `h2o.keyof()` also a model or grid.
#' @return A text.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' h2o.getId(as.h2o(iris, "flowers"))
h2o.getId <- function(x) key_of(x)

#' @rdname h2o.getId
#' @param object An `H2OFrame`, a model or a grid.
#' @export
h2o.keyof <- function(object) {
  if (is.h2o(object)) return(key_of(object))
  if (methods::is(object, "H2OModel")) return(object@model_id)
  if (methods::is(object, "H2OGrid")) return(object@grid_id)
  stop_h2o("`object` must be an H2OFrame, a model or a grid", type = "InvalidType")
}

#' Size and names of a frame
#'
#' @param x An `H2OFrame`.
#' @param value New names, one for each column, or a frame that has them; for `dimnames<-` a list whose second element has them.
#' @return Numbers of rows and columns, or names. The assignments give a frame with other names.
#' @name H2OFrame-size
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' fr <- as.h2o(iris)
#' dim(fr)
#' names(fr)[5] <- "species"
#' colnames(fr)
NULL

#' @rdname H2OFrame-size
#' @export
dim.H2OFrame <- function(x) as.integer(c(attr(x, "nrow"), attr(x, "ncol")))

#' @rdname H2OFrame-size
#' @export
length.H2OFrame <- function(x) attr(x, "ncol")

#' @rdname H2OFrame-size
#' @export
names.H2OFrame <- function(x) attr(x, "columns")

#' @rdname H2OFrame-size
#' @export
dimnames.H2OFrame <- function(x) list(NULL, attr(x, "columns"))

#' @rdname H2OFrame-size
#' @export
`names<-.H2OFrame` <- function(x, value) {
  if (is.h2o(value) || is.data.frame(value)) value <- names(value)
  if (length(value) != ncol(x)) {
    stop_h2o(sprintf("`value` has %d names for %d columns", length(value), ncol(x)))
  }
  evaluate("colnames=", operand(x), positions(seq_len(ncol(x))), as_list(as.character(value)))
}

#' @rdname H2OFrame-size
#' @export
`dimnames<-.H2OFrame` <- function(x, value) {
  names(x) <- value[[2]]
  x
}

#' @rdname H2OFrame-size
#' @export
h2o.dim <- function(x) dim(x)

#' @rdname H2OFrame-size
#' @export
h2o.nrow <- function(x) nrow(x)

#' @rdname H2OFrame-size
#' @export
h2o.ncol <- function(x) ncol(x)

#' @rdname H2OFrame-size
#' @export
h2o.names <- function(x) names(x)

#' @rdname H2OFrame-size
#' @export
h2o.colnames <- function(x) colnames(x)

#' @rdname H2OFrame-size
#' @export
h2o.dimnames <- function(x) dimnames(x)

#' @rdname H2OFrame-size
#' @export
h2o.length <- function(x) length(x)

#' @rdname H2OFrame-size
#' @usage \method{nrow}{H2OFrame}(x)
#' @export nrow.H2OFrame
nrow.H2OFrame <- function(x) nrow(x)

#' @rdname H2OFrame-size
#' @usage \method{ncol}{H2OFrame}(x)
#' @export ncol.H2OFrame
ncol.H2OFrame <- function(x) ncol(x)

#' Types of the columns
#'
#' @param x An `H2OFrame`.
#' @return A list with a text for each column: "real", "int", "enum", "string", "time" or "uuid".
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' h2o.getTypes(as.h2o(iris))
h2o.getTypes <- function(x) {
  x <- as_frame(x)
  as.list(attr(x, "types"))
}

#' Time zone of the session
#'
#' In which the dates and times of texts are meant.
#'
#' @param tz Name of a time zone such as "America/New_York".
#' @return A text; `h2o.listTimezones()` all names, a `data.frame`.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' h2o.getTimezone()
#' head(h2o.listTimezones(), 3)
h2o.getTimezone <- function() evaluate("getTimeZone")

#' @rdname h2o.getTimezone
#' @export
h2o.setTimezone <- function(tz) evaluate("setTimeZone", tz)

#' @rdname h2o.getTimezone
#' @export
h2o.listTimezones <- function() as.data.frame(evaluate("listTimeZones"))
