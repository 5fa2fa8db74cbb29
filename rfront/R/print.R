#' Print a frame, or take its first or last rows
#'
#' @param x An `H2OFrame`.
#' @param n How many rows; of `head()` and `tail()` negative numbers leave out.
#' @param m How many columns to show.
#' @param ... Not used.
#' @return `head()` and `tail()` an `H2OFrame`, `print()` the frame, invisibly.
#' @name print.H2OFrame
NULL

#' @rdname print.H2OFrame
#' @export
print.H2OFrame <- function(x, n = 6L, m = 200L, ...) {
  print(as.data.frame(utils::head(choose_columns(x, seq_len(min(ncol(x), m))), n)))
  size <- if (ncol(x) == 1) "[%d row%s x %d column] " else "[%d row%s x %d columns] "
  cat("\n", sprintf(size, nrow(x), if (nrow(x) == 1) "" else "s", ncol(x)), "\n", sep = "")
  invisible(x)
}

#' @rdname print.H2OFrame
#' @export
head.H2OFrame <- function(x, n = 6L, ...) {
  n <- if (n < 0) max(nrow(x) + n, 0) else min(n, nrow(x))
  choose_rows(x, seq_len(n))
}

#' @rdname print.H2OFrame
#' @export
tail.H2OFrame <- function(x, n = 6L, ...) {
  n <- if (n < 0) max(nrow(x) + n, 0) else min(n, nrow(x))
  choose_rows(x, seq_len(n) + (nrow(x) - n))
}
