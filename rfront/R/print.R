#' Print a frame, or take its first or last rows
#'
#' @param x An `H2OFrame`.
#' @param n,m How many rows and columns; negative numbers leave out.
#' @param ... Not used.
#' @return `head()` and `tail()` a `data.frame`, whose factors have all levels; `print()` the frame, invisibly.
#' @name print.H2OFrame
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' fr <- as.h2o(iris)
#' print(fr, n = 3)
#' tail(fr, 2)
NULL

#' @rdname print.H2OFrame
#' @export
print.H2OFrame <- function(x, n = 6L, m = 200L, ...) {
  print(h2o.head(x, n, m))
  size <- if (ncol(x) == 1) "[%d row%s x %d column] " else "[%d row%s x %d columns] "
  cat("\n", sprintf(size, nrow(x), if (nrow(x) == 1) "" else "s", ncol(x)), "\n", sep = "")
  invisible(x)
}

#' @rdname print.H2OFrame
#' @export
h2o.head <- function(x, n = 6L, m = 200L, ...) first_or_last(x, n, m, last = FALSE)

#' @rdname print.H2OFrame
#' @export
h2o.tail <- function(x, n = 6L, m = 200L, ...) first_or_last(x, n, m, last = TRUE)

#' @rdname print.H2OFrame
#' @export
head.H2OFrame <- function(x, n = 6L, m = 200L, ...) h2o.head(x, n, m)

#' @rdname print.H2OFrame
#' @export
tail.H2OFrame <- function(x, n = 6L, m = 200L, ...) h2o.tail(x, n, m)

first_or_last <- function(x, n, m, last) {
  x <- as_frame(x)
  rows <- shown_of(nrow(x), n, "n", last)
  part <- choose_columns(choose_rows(x, rows), shown_of(ncol(x), m, "m", last))
  as.data.frame(part, drop.unused.levels = FALSE)
}

# The first or last n of so many, all but -n with a negative number.
shown_of <- function(size, n, argument, last) {
  if (!is.numeric(n) || length(n) != 1 || is.na(n)) stop_h2o(sprintf("`%s` must be a whole number, not %s", argument, deparse(n)[1]))
  n <- if (n < 0) max(size + ceiling(n), 0) else min(floor(n), size)
  seq_len(n) + if (last) size - n else 0
}

#' @rdname print.H2OFrame
#' @export
h2o.print <- function(x, n = 6L) print(x, n)
