#' Means, variances and correlations
#'
#' @param x,y An `H2OFrame`. Base R's `var()`, `sd()` and `cor()` take frames too.
#' @param na.rm Whether to leave out missing values.
#' @param axis 0: down the columns; 1: along the rows, with `return_frame = TRUE`.
#' @param return_frame Whether to give an `H2OFrame`.
#' @param use Which rows count: "everything", "all.obs" or "complete.obs" ("complete.obs" with `na.rm = TRUE`).
#' @param method "Pearson" or "Spearman".
#' @param finite Not used.
#' @param ... Not used.
#' @return A vector with a number for each column, a single number, or an `H2OFrame`.
#' @name h2o-moments
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' fr <- as.h2o(mtcars)
#' h2o.mean(fr$mpg)
#' sd(fr$mpg)
#' h2o.cor(fr$mpg, fr$wt)
#' range(fr$hp)
NULL

#' @rdname h2o-moments
#' @export
h2o.mean <- function(x, na.rm = FALSE, axis = 0, return_frame = FALSE, ...) {
  means <- evaluate("mean", operand(x), na.rm, if (return_frame) axis else 0)
  if (return_frame) means else unlist_numbers(evaluate("getrow", operand(means)))
}

#' @rdname h2o-moments
#' @export
mean.H2OFrame <- function(x, na.rm = FALSE, ...) h2o.mean(x, na.rm, ...)

#' @rdname h2o-moments
#' @export
h2o.sum <- function(x, na.rm = FALSE, axis = 0, return_frame = FALSE) {
  if (return_frame) evaluate("sumaxis", operand(x), na.rm, axis) else sum(x, na.rm = na.rm)
}

#' @rdname h2o-moments
#' @export
h2o.prod <- function(x, na.rm = FALSE) prod(x, na.rm = na.rm)

#' @rdname h2o-moments
#' @export
h2o.max <- function(x, na.rm = FALSE) max(x, na.rm = na.rm)

#' @rdname h2o-moments
#' @export
h2o.min <- function(x, na.rm = FALSE) min(x, na.rm = na.rm)

#' @rdname h2o-moments
#' @export
h2o.range <- function(x, na.rm = FALSE, finite = FALSE) range(x, na.rm = na.rm)

#' @rdname h2o-moments
#' @export
median.H2OFrame <- function(x, na.rm = TRUE, ...) h2o.median(x, na.rm)

#' @rdname h2o-moments
#' @export
sd <- function(x, na.rm = FALSE) if (is.h2o(x)) h2o.sd(x, na.rm) else stats::sd(x, na.rm)

#' @rdname h2o-moments
#' @export
h2o.var <- function(x, y = NULL, na.rm = FALSE, use) {
  between("var", x, y, use_of(na.rm, if (!missing(use)) use), is.null(y))
}

#' @rdname h2o-moments
#' @export
var <- function(x, y = NULL, na.rm = FALSE, use) {
  if (is.h2o(x)) return(h2o.var(x, y, na.rm, use))
  if (missing(use)) stats::var(x, y, na.rm) else stats::var(x, y, na.rm, use)
}

#' @rdname h2o-moments
#' @export
h2o.cor <- function(x, y = NULL, na.rm = FALSE, use, method = c("Pearson", "Spearman")) {
  between("cor", x, y, use_of(na.rm, if (!missing(use)) use), method[1])
}

#' @rdname h2o-moments
#' @export
cor <- function(x, ...) if (is.h2o(x)) h2o.cor(x, ...) else stats::cor(x, ...)

use_of <- function(na.rm, use) {
  if (is.null(use)) if (na.rm) "complete.obs" else "everything" else use
}

# Variances or correlations: a number for two columns, else a table.
between <- function(operation, x, y, use, option) {
  values <- evaluate(operation, operand(x), operand(if (is.null(y)) x else y), use, option)
  if (is.h2o(values)) as.data.frame(values) else values
}

unlist_numbers <- function(values) {
  vapply(as.list(values), function(value) if (is.null(value)) NA_real_ else as.numeric(value), 0)
}

#' Quantiles
#'
#' @param x An `H2OFrame`.
#' @param probs Probabilities.
#' @param combine_method How to choose between two values: "interpolate", "average" ("avg"), "low" or "high".
#' @param weights_column Name of a column of weights, or an `H2OFrame` with it.
#' @param ... Not used.
#' @return For one column a named vector, else a matrix with a column for each.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' h2o.quantile(as.h2o(mtcars)$mpg, c(0.1, 0.5, 0.9))
h2o.quantile <- function(x, probs = c(0.001, 0.01, 0.1, 0.25, 0.333, 0.5, 0.667, 0.75, 0.9, 0.99, 0.999),
                         combine_method = c("interpolate", "average", "avg", "low", "high"), weights_column = NULL, ...) {
  if (is.h2o(weights_column)) x <- h2o.cbind(x, weights_column)
  weights <- if (is.null(weights_column)) "_" else column_names(x, weights_column, "weights_column")
  method <- switch(combine_method[1], avg = "average", lo = "low", hi = "high", combine_method[1])
  found <- as.data.frame(evaluate("quantile", operand(x), as_list(probs), method, weights))
  labels <- paste0(round(100 * probs, 3), "%")
  values <- as.matrix(found[-1])
  rownames(values) <- labels
  if (ncol(values) == 1) values[, 1] else values
}

#' @rdname h2o.quantile
#' @export
quantile.H2OFrame <- function(x, probs = c(0.001, 0.01, 0.1, 0.25, 0.333, 0.5, 0.667, 0.75, 0.9, 0.99, 0.999),
                              combine_method = c("interpolate", "average", "avg", "low", "high"),
                              weights_column = NULL, ...) {
  h2o.quantile(x, probs, combine_method, weights_column)
}

#' Histogram
#'
#' @param x An `H2OFrame` of one column of numbers.
#' @param breaks How many intervals, their limits, or a rule: "Sturges", "Rice", "Sqrt", "Doane", "FD" or "Scott".
#' @param plot Whether to draw it.
#' @return An object of the class `histogram`, see [graphics::hist()].
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' h2o.hist(as.h2o(mtcars)$mpg)
h2o.hist <- function(x, breaks = "Sturges", plot = TRUE) {
  rule <- if (base::is.character(breaks)) tolower(breaks) else if (length(breaks) > 1) as_list(breaks) else breaks
  found <- as.data.frame(evaluate("hist", operand(x), rule))
  found <- found[!is.na(found$counts), ] # with given limits the first row only has the lowest one
  counts <- found$counts
  limits <- c(2 * found$mids[1] - found$breaks[1], found$breaks)
  widths <- diff(limits)
  result <- structure(class = "histogram", list(
    breaks = limits, counts = counts, density = counts / (sum(counts) * widths), mids = found$mids,
    xname = names(x), equidist = diff(range(widths)) < 1e-7 * mean(widths)
  ))
  if (!plot) return(result)
  plot(result)
  invisible(result)
}

#' Center and scale
#'
#' @param x An `H2OFrame` of numbers.
#' @param center,scale Whether to subtract the means and divide by the standard deviations, or numbers to use instead.
#' @param inplace Whether the frame itself is changed.
#' @return An `H2OFrame`.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' h2o.scale(as.h2o(mtcars)[1:3])
h2o.scale <- function(x, center = TRUE, scale = TRUE, inplace = FALSE) {
  given <- function(value) if (is.logical(value)) value else as_list(value)
  scaled <- evaluate("scale", operand(x), given(center), given(scale))
  if (!inplace) return(scaled)
  replace_frame(x, scaled)
  invisible(x)
}

#' @rdname h2o.scale
#' @export
scale.H2OFrame <- function(x, center = TRUE, scale = TRUE) h2o.scale(x, center, scale)

#' Count values
#'
#' @param x An `H2OFrame` of one or two columns.
#' @param y A second column, an `H2OFrame`.
#' @param dense Whether combinations that do not occur are left out.
#' @return An `H2OFrame` with the values and their counts.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' h2o.table(as.h2o(iris)$Species)
h2o.table <- function(x, y = NULL, dense = TRUE) {
  if (!is.null(y)) x <- h2o.cbind(x, y)
  evaluate("table", operand(x), dense)
}

#' Rows that hold something else than 0
#'
#' @param x An `H2OFrame` of one column.
#' @return An `H2OFrame` with the numbers of the rows.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' h2o.which(as.h2o(mtcars)$mpg > 30)
h2o.which <- function(x) evaluate("which", operand(x)) + 1

#' Facts about every column
#'
#' @param frame An `H2OFrame`.
#' @return A `data.frame` with one row for each column: type, numbers of missing values, zeros and infinities, smallest
#'   and largest value, mean, standard deviation, number of levels.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' h2o.describe(as.h2o(iris))
h2o.describe <- function(frame) {
  frame <- as_frame(frame, "frame")
  facts <- request("frames.moments", key_of(frame, "frame"))
  number <- function(field) vapply(facts, function(each) if (is.null(each[[field]])) NA_real_ else as.numeric(each[[field]]), 0)
  data.frame(
    Label = vapply(facts, `[[`, "", "label"), Type = vapply(facts, `[[`, "", "type"), Missing = number("missing"),
    Zeros = number("zeros"), PosInf = number("positive_inf"), NegInf = number("negative_inf"), Min = number("min"),
    Max = number("max"), Mean = number("mean"), Sigma = number("sigma"), Cardinality = number("cardinality")
  )
}
