#' Levels of a factor
#'
#' @param x An `H2OFrame`.
#' @param i Number or name of one column; by default all.
#' @return A character vector, `NULL` for what is no factor, for several columns a list; `h2o.nlevels()` numbers.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' fr <- as.h2o(iris)
#' h2o.levels(fr$Species)
#' h2o.nlevels(fr$Species)
h2o.levels <- function(x, i = NULL) {
  x <- as_frame(x)
  if (!is.null(i)) x <- choose_columns(x, single_column(x, i, "i"))
  found <- as.list(evaluate("levels", operand(x)))
  columns <- Map(function(levels, type) if (type == "enum") as.character(levels[!is.na(levels)]), found, attr(x, "types"))
  if (length(columns) == 1) columns[[1]] else unname(columns)
}

#' @rdname h2o.levels
#' @export
levels.H2OFrame <- function(x) h2o.levels(x)

#' @rdname h2o.levels
#' @export
h2o.nlevels <- function(x) {
  levels <- h2o.levels(x)
  if (is.list(levels)) lengths(levels) else length(levels)
}

#' Columns of a type
#'
#' @param object An `H2OFrame`.
#' @param coltype "numeric", "categorical", "string", "time", "uuid" or "bad" (all missing).
#' @param ... Not used.
#' @return Numbers of columns.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' h2o.columns_by_type(as.h2o(iris), "categorical")
h2o.columns_by_type <- function(object, coltype = "numeric", ...) {
  from_one(evaluate("columnsByType", operand(object), coltype))
}

#' Numbers to intervals
#'
#' @param x An `H2OFrame` of one column of numbers.
#' @param breaks Limits of the intervals.
#' @param labels Names of the intervals.
#' @param include.lowest Whether the outermost limit belongs to its interval.
#' @param right Whether the intervals are closed on the right.
#' @param dig.lab Digits in the names of the intervals.
#' @param ... Not used.
#' @return An `H2OFrame` of one factor.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' h2o.cut(as.h2o(mtcars)$hp, c(50, 100, 200, 400))
h2o.cut <- function(x, breaks, labels = NULL, include.lowest = FALSE, right = TRUE, dig.lab = 3, ...) {
  evaluate("cut", operand(x), as_list(breaks), as_list(as.character(labels)), include.lowest, right, dig.lab)
}

#' @rdname h2o.cut
#' @export
cut.H2OFrame <- function(x, breaks, labels = NULL, include.lowest = FALSE, right = TRUE, dig.lab = 3, ...) {
  h2o.cut(x, breaks, labels, include.lowest, right, dig.lab)
}
