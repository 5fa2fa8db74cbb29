# What scripts do with a data.frame, where the default methods of base R would take a frame for an empty environment.

#' Order, sort, compare and rearrange frames as in base R
#'
#' `order()`, `sort()`, `rev()`, `rep()`, `duplicated()`, `anyDuplicated()`, `anyNA()`, `diff()`, `all.equal()`, `format()`,
#' `levels<-`, `subset()`, `with()`, `within()`, `transform()` and `hist()` take frames.
#' `order()`, `duplicated()`, `all.equal()` and `format()` bring the columns in question to R; all others work in the
#' session. For large frames [h2o.arrange()] is faster than `x[order(x$column), ]`.
#'
#' @param x,data,_data,target An `H2OFrame`; for `sort()`, `rep()` and `levels<-` of one column.
#' @param current What to compare with: an `H2OFrame` or a `data.frame`.
#' @param subset A condition on the columns.
#' @param select Columns, by name without quotes or position.
#' @param expr An expression in which the names of the columns are frames of one column; in `within()` its assignments become columns.
#' @param value New levels.
#' @param lag,differences As in [base::diff()].
#' @param incomparables,drop,recursive Not used.
#' @param ... Further arguments as in base R; for `transform()` new columns, for `rep()` `times` and the like.
#' @return An `H2OFrame`; for `duplicated()` a logical vector, for `anyDuplicated()` the number of a row or 0, for `anyNA()` a
#'   logical value, for `all.equal()` `TRUE` or texts that tell the differences, for `with()` the value of the expression.
#' @name H2OFrame-habits
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' cars <- as.h2o(mtcars)
#' cars[order(cars$mpg), 1:3]
#' subset(cars, mpg > 25, select = c(mpg, hp))
#' transform(cars, ratio = hp / wt)[1:2, ]
NULL

one_column <- function(x, called) {
  if (ncol(x) != 1) stop_h2o(sprintf("%s takes a frame of one column, not of %d; choose one with `$` or `[[`", called, ncol(x)))
  x
}

#' @rdname H2OFrame-habits
#' @export
xtfrm.H2OFrame <- function(x) {
  xtfrm(as.data.frame(one_column(x, "order()"), drop.unused.levels = FALSE)[[1]])
}

#' @rdname H2OFrame-habits
#' @export
rev.H2OFrame <- function(x) {
  if (ncol(x) == 1) x[rev(seq_len(nrow(x))), , drop = FALSE] else x[, rev(seq_len(ncol(x)))]
}

#' @rdname H2OFrame-habits
#' @export
rep.H2OFrame <- function(x, ...) one_column(x, "rep()")[rep(seq_len(nrow(x)), ...), , drop = FALSE]

#' @rdname H2OFrame-habits
#' @export
duplicated.H2OFrame <- function(x, incomparables = FALSE, ...) duplicated(as.data.frame(x), ...)

#' @rdname H2OFrame-habits
#' @export
anyDuplicated.H2OFrame <- function(x, incomparables = FALSE, ...) anyDuplicated(as.data.frame(x), ...)

#' @rdname H2OFrame-habits
#' @export
anyNA.H2OFrame <- function(x, recursive = FALSE) any(is.na(x))

#' @rdname H2OFrame-habits
#' @export
diff.H2OFrame <- function(x, lag = 1L, differences = 1L, ...) {
  for (i in seq_len(differences)) {
    n <- nrow(x)
    if (n <= lag) return(x[integer(), ])
    x <- x[(1 + lag):n, , drop = FALSE] - x[1:(n - lag), , drop = FALSE]
  }
  x
}

#' @rdname H2OFrame-habits
#' @method all.equal H2OFrame
#' @export
all.equal.H2OFrame <- function(target, current, ...) {
  if (!is.h2o(current) && !is.data.frame(current)) {
    return(sprintf("target is an H2OFrame, current is of the class %s", class(current)[1]))
  }
  all.equal(as.data.frame(target), as.data.frame(current), ...)
}

#' @rdname H2OFrame-habits
#' @export
format.H2OFrame <- function(x, ...) format(as.data.frame(x), ...)

#' @rdname H2OFrame-habits
#' @export
`levels<-.H2OFrame` <- function(x, value) h2o.setLevels(one_column(x, "levels<-"), value)

#' @rdname H2OFrame-habits
#' @export
subset.H2OFrame <- function(x, subset, select, drop = FALSE, ...) {
  numbers <- structure(as.list(seq_along(names(x))), names = names(x))
  chosen <- if (!missing(select)) eval(substitute(select), numbers, parent.frame())
  if (!missing(subset)) x <- choose_rows(x, eval(substitute(subset), columns_of(x), parent.frame()))
  if (is.null(chosen)) x else choose_columns(x, chosen)
}

#' @rdname H2OFrame-habits
#' @export
with.H2OFrame <- function(data, expr, ...) eval(substitute(expr), columns_of(data), parent.frame())

#' @rdname H2OFrame-habits
#' @export
within.H2OFrame <- function(data, expr, ...) {
  before <- columns_of(data)
  place <- list2env(before, parent = parent.frame())
  eval(substitute(expr), place)
  for (name in rev(ls(place, all.names = TRUE, sorted = FALSE))) {
    value <- get(name, place)
    if (!identical(value, before[[name]])) data[[name]] <- value
  }
  data[, setdiff(names(data), setdiff(names(before), ls(place, all.names = TRUE)))]
}

#' @rdname H2OFrame-habits
#' @export
transform.H2OFrame <- function(`_data`, ...) {
  values <- eval(substitute(list(...)), columns_of(`_data`), parent.frame())
  for (name in names(values)) `_data`[[name]] <- values[[name]]
  `_data`
}

#' @rdname H2OFrame-habits
#' @importFrom graphics hist
#' @export
hist.H2OFrame <- function(x, ...) h2o.hist(one_column(x, "hist()"), ...)

# The columns by their names, each a frame; their data are shared.
columns_of <- function(x) structure(lapply(seq_len(ncol(x)), function(i) choose_columns(x, i)), names = names(x))

#' Count values, of frames or of vectors
#'
#' With a frame among its arguments as [h2o.table()], else [base::table()].
#'
#' @param ... One or two `H2OFrame`s of one column (or one of two columns), or what base R takes.
#' @return An `H2OFrame` with the values and their counts, or a `table`.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' table(as.h2o(iris)$Species)
table <- function(...) {
  if (any(vapply(list(...), is.h2o, NA))) h2o.table(...) else base::table(...)
}
