#' Operators and functions of base R on frames
#'
#' Arithmetic, comparison, logical operators and element-wise mathematics work on whole frames; `sum()`, `min()` and their
#' kin give one number over all cells. A vector of several values is taken for a column. Times are compared with `Date`,
#' `POSIXct` and `POSIXlt` on either side, and with milliseconds since 1970.
#'
#' @param e1,e2 An `H2OFrame`, number, text, date, time or vector.
#' @param x,test An `H2OFrame` or anything that base R takes.
#' @param ... Frames and numbers; for the mathematical functions `digits` or `base`.
#' @param na.rm Whether to leave out missing values.
#' @param table Values: a vector or, for `%in%`, a frame of one column.
#' @param yes,no What to take where the test holds and where it does not: numbers, texts or frames.
#' @return An `H2OFrame`; for `sum()` and the like a number.
#' @name H2OFrame-operators
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' fr <- as.h2o(data.frame(x = c(1, 2, NA), y = 3:1))
#' fr$x + 2 * fr$y
#' fr[fr$y > 1, ]
#' is.na(fr$x)
#' ifelse(fr$y > 1, fr$y, 0)
NULL

#' @rdname H2OFrame-operators
#' @export
Ops.H2OFrame <- function(e1, e2) {
  if (missing(e2)) {
    return(switch(.Generic, "!" = evaluate("!!", operand(e1)), "-" = evaluate("-", 0, operand(e1)), e1))
  }
  if (!is.h2o(e1) && !is.h2o(e2)) return(comparison_of_base(.Generic, e1, e2))
  operation <- switch(.Generic, "%/%" = "intDiv", .Generic)
  evaluate(operation, operand(e1), operand(e2))
}

# Where one operand is a frame and the other a date or time, R has two methods. From 4.3 on it asks chooseOpsMethod() which
# to take; before, it takes neither unless both are the same function. So there ours is registered for comparisons of
# dates and times, too, and leaves those without a frame to base R.
share_comparisons <- function() {
  for (operator in c("==", "!=", "<", "<=", ">", ">=")) {
    for (class in c("Date", "POSIXt")) registerS3method(operator, class, Ops.H2OFrame, envir = baseenv())
  }
}

comparison_of_base <- function(operator, e1, e2) {
  sides <- list(e1, e2)
  kinds <- unlist(lapply(sides, function(e) if (inherits(e, "Date")) "Ops.Date" else if (inherits(e, "POSIXt")) "Ops.POSIXt"))
  if (length(unique(kinds)) == 2 && isNamespaceLoaded("lubridate")) {
    sides <- days_as_times(sides)
  } else if (length(unique(kinds)) == 2) {
    warning(sprintf('Incompatible methods ("%s", "%s") for "%s"', kinds[1], kinds[2], operator), call. = FALSE)
  } else if (kinds[1] == "Ops.Date") {
    sides <- lapply(sides, function(e) if (base::is.character(e)) as.Date(e) else e)
  } else {
    sides <- lapply(sides, function(e) if (base::is.character(e) || inherits(e, "POSIXlt")) as.POSIXct(e) else e)
    do.call("check_tzones", sides, envir = baseenv())
  }
  do.call(operator, lapply(sides, unclass))
}

# As lubridate compares dates with times: a day begins at midnight of the other's time zone.
days_as_times <- function(sides) {
  zone <- unlist(lapply(sides, function(e) if (inherits(e, "POSIXt")) as.character(attr(e, "tzone"))))
  zone <- if (length(zone)) zone[1] else ""
  lapply(sides, function(e) {
    times <- if (inherits(e, "Date")) as.POSIXct(format(e), tz = zone, optional = TRUE) else as.POSIXct(e)
    structure(times, tzone = zone)
  })
}

#' @rawNamespace if (getRversion() >= "4.3.0") S3method(base::chooseOpsMethod, H2OFrame)
chooseOpsMethod.H2OFrame <- function(x, y, mx, my, cl, reverse) TRUE

#' @rdname H2OFrame-operators
#' @export
Math.H2OFrame <- function(x, ...) {
  further <- list(...)
  if (.Generic %in% c("round", "signif")) {
    digits <- if (length(further)) floor(further[[1]] + 0.5) else if (.Generic == "round") 0 else 6
    return(evaluate(.Generic, operand(x), if (.Generic == "signif") max(digits, 1) else digits))
  }
  if (.Generic %in% c("cumsum", "cumprod", "cummax", "cummin")) return(evaluate(.Generic, operand(x), 0))
  result <- evaluate(.Generic, operand(x))
  if (.Generic == "log" && length(further)) result / log(further[[1]]) else result
}

#' @rdname H2OFrame-operators
#' @export
Summary.H2OFrame <- function(..., na.rm = FALSE) {
  if (.Generic == "range") return(c(min(..., na.rm = na.rm), max(..., na.rm = na.rm)))
  if (.Generic %in% c("any", "all")) {
    values <- lapply(list(...), function(x) if (is.h2o(x)) as.logical(evaluate(.Generic, operand(x))) else x)
  } else {
    operation <- if (na.rm) switch(.Generic, prod = "prod.na", paste0(.Generic, "NA")) else .Generic
    values <- lapply(list(...), function(x) if (is.h2o(x)) evaluate(operation, operand(x)) else x)
  }
  do.call(.Generic, c(values, na.rm = na.rm))
}

#' @rdname H2OFrame-operators
#' @export
`%in%` <- function(x, table) {
  if (is.h2o(x)) h2o.match(x, table, nomatch = 0) > 0 else base::`%in%`(x, if (is.h2o(table)) as.vector(table) else table)
}

#' @rdname H2OFrame-operators
#' @param y An `H2OFrame` or matrix.
#' @export
`%*%` <- function(x, y) {
  if (is.h2o(x) || is.h2o(y)) evaluate("x", operand(matrix_frame(x)), operand(matrix_frame(y))) else base::`%*%`(x, y)
}

matrix_frame <- function(x) if (is.h2o(x)) x else as.h2o(as.matrix(x), NULL)

#' @rdname H2OFrame-operators
#' @export
ifelse <- function(test, yes, no) {
  if (is.h2o(test) || is.h2o(yes) || is.h2o(no)) h2o.ifelse(test, yes, no) else base::ifelse(test, yes, no)
}

#' @rdname H2OFrame-operators
#' @export
h2o.ifelse <- function(test, yes, no) {
  if (!is.h2o(test) && length(test) == 1 && !is.na(test)) { # one answer, as in base R
    chosen <- if (test) yes else no
    return(if (is.h2o(chosen)) chosen[1, 1] else chosen[1])
  }
  evaluate("ifelse", operand(test), operand(yes), operand(no))
}

#' @rdname H2OFrame-operators
#' @export
t.H2OFrame <- function(x) evaluate("t", operand(x))

#' @rdname H2OFrame-operators
#' @export
is.na.H2OFrame <- function(x) evaluate("is.na", operand(x))

#' @rdname H2OFrame-operators
#' @param object An `H2OFrame`.
#' @export
na.omit.H2OFrame <- function(object, ...) evaluate("na.omit", operand(object))

#' @rdname H2OFrame-operators
#' @param incomparables Not used.
#' @export
unique.H2OFrame <- function(x, incomparables = FALSE, ...) evaluate("unique", operand(x), FALSE)

#' Position of values in a vector
#'
#' @param x An `H2OFrame` of one column.
#' @param table Values to look for.
#' @param nomatch What to give for a value that is not among them.
#' @param start_index Number of the first value.
#' @param incomparables Not used.
#' @return An `H2OFrame` of numbers.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' h2o.match(as.h2o(iris)$Species, c("virginica", "setosa"))
h2o.match <- function(x, table, nomatch = NA, start_index = 1, incomparables = NULL) {
  if (is.h2o(table)) table <- as.vector(table)
  if (base::is.factor(table)) table <- as.character(table)
  if (inherits(table, "Date") || inherits(table, "POSIXt")) table <- lapply(as.list(table), operand)
  evaluate("match", operand(x), as_list(table), if (is.na(nomatch)) NaN else nomatch, start_index)
}

#' Types of columns, for frames and for everything else
#'
#' Base R's functions of these names, made to take frames too.
#'
#' @param x An `H2OFrame` or anything that base R takes.
#' @param ... Passed on to base R.
#' @return An `H2OFrame`, or a logical value; what base R gives for everything else.
#' @name h2o-base-types
#' @aliases as.factor
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' fr <- as.h2o(data.frame(x = c(2, 10, 2)))
#' levels(as.factor(fr$x))
#' is.factor(fr$x)
#' as.character(fr$x)
NULL

#' @rdname h2o-base-types
#' @export
as.factor <- function(x) if (is.h2o(x)) h2o.asfactor(x) else base::as.factor(x)

#' @rdname h2o-base-types
#' @export
is.factor <- function(x) if (is.h2o(x)) h2o.isfactor(x) else base::is.factor(x)

#' @rdname h2o-base-types
#' @export
is.character <- function(x) if (is.h2o(x)) h2o.ischaracter(x) else base::is.character(x)

#' @rdname h2o-base-types
#' @rawNamespace S3method(base::is.numeric, H2OFrame)
is.numeric.H2OFrame <- function(x) h2o.isnumeric(x)

#' @rdname h2o-base-types
#' @export
as.double.H2OFrame <- function(x, ...) h2o.asnumeric(x)

#' @rdname h2o-base-types
#' @export
as.character.H2OFrame <- function(x, ...) h2o.ascharacter(x)

#' @rdname h2o-base-types
#' @export
as.logical.H2OFrame <- function(x, ...) as.logical(as.vector(x))

#' @rdname h2o-base-types
#' @param format How dates are written, see [base::strptime()].
#' @export
as.Date.H2OFrame <- function(x, format, ...) evaluate("as.Date", operand(x), format)

# A level given as text or number.
as_text <- function(x) as.character(x)

# The seed of an operation: -1 draws one from R's generator, so that set.seed() decides.
seed_of <- function(seed) {
  if (is.null(seed) || (is.numeric(seed) && seed == -1)) floor(stats::runif(1) * 2^31) else seed
}
