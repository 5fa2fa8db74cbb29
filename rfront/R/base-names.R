# Names of base R that H2O's package exports, too: scripts that call h2o::round() and the like find them.

#' Logical operators between two conditions
#'
#' With a frame cell by cell, with anything else as in base R: what stands on the right is only looked at when it matters.
#'
#' @param x,y An `H2OFrame`, or anything that base R takes.
#' @return An `H2OFrame`, or a logical value.
#' @name h2o-logical
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' TRUE && FALSE
#' as.h2o(c(1, 0)) && TRUE
NULL

#' @rdname h2o-logical
#' @export
`&&` <- function(x, y) {
  if (is.h2o(x)) return(evaluate("&&", operand(x), operand(y)))
  settled <- base::`&&`(is_condition(x), isFALSE(as.logical(x)))
  if (settled) return(FALSE)
  if (is.h2o(y)) evaluate("&&", operand(x), operand(y)) else base::`&&`(x, y)
}

#' @rdname h2o-logical
#' @export
`||` <- function(x, y) {
  if (is.h2o(x)) return(evaluate("||", operand(x), operand(y)))
  settled <- base::`&&`(is_condition(x), isTRUE(as.logical(x)))
  if (settled) return(TRUE)
  if (is.h2o(y)) evaluate("||", operand(x), operand(y)) else base::`||`(x, y)
}

is_condition <- function(x) base::`&&`(base::`||`(is.logical(x), base::is.numeric(x)), length(x) == 1)

#' Functions of base R
#'
#' Base R's own functions, which take frames through their methods. They are here under the names that H2O's package gives
#' them, such as `h2o::round()`.
#'
#' @param x An `H2OFrame` or anything that base R takes.
#' @param ... Further arguments, as in base R.
#' @param digits,base,do.NULL,prefix,value As in base R.
#' @return As in base R, for frames an `H2OFrame`.
#' @name h2o-base
#' @aliases log log10 log1p log2 round signif trunc as.numeric is.numeric colnames colnames<-
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' fr <- as.h2o(data.frame(x = c(1, 10, 100)))
#' log10(fr$x)
#' round(fr$x / 3, 1)
NULL

#' @rawNamespace export(log, log10, log1p, log2, round, signif, trunc, as.numeric, is.numeric, colnames, "colnames<-")
log <- base::log
log10 <- base::log10
log1p <- base::log1p
log2 <- base::log2
round <- base::round
signif <- base::signif
trunc <- base::trunc
as.numeric <- base::as.numeric
is.numeric <- base::is.numeric
colnames <- base::colnames
`colnames<-` <- base::`colnames<-`

#' Parts of points in time
#'
#' Generic functions; see [h2o.year()] for what they give.
#'
#' @param x An `H2OFrame` of times.
#' @return An `H2OFrame`.
#' @name h2o-time-parts
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' year(as.h2o(as.Date("2020-02-29")))
NULL

#' @rdname h2o-time-parts
#' @export
year <- function(x) UseMethod("year")

#' @rdname h2o-time-parts
#' @export
month <- function(x) UseMethod("month")

#' @rdname h2o-time-parts
#' @export
week <- function(x) UseMethod("week")

#' @rdname h2o-time-parts
#' @export
day <- function(x) UseMethod("day")

#' @rdname h2o-time-parts
#' @export
dayOfWeek <- function(x) UseMethod("dayOfWeek")

#' @rdname h2o-time-parts
#' @export
hour <- function(x) UseMethod("hour")

#' @export
year.H2OFrame <- function(x) h2o.year(x)

#' @export
month.H2OFrame <- function(x) h2o.month(x)

#' @export
week.H2OFrame <- function(x) h2o.week(x)

#' @export
day.H2OFrame <- function(x) h2o.day(x)

#' @export
dayOfWeek.H2OFrame <- function(x) h2o.dayOfWeek(x)

#' @export
hour.H2OFrame <- function(x) h2o.hour(x)

#' Other names of functions
#'
#' @param x,... As in the function in question: [h2o.match()], [h2o.table()], [h2o.skewness()], [h2o.kurtosis()], [h2o.which_max()],
#'   [h2o.which_min()], [h2o.get_seed()].
#' @param object A model.
#' @return What that function gives.
#' @name h2o-other-names
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' fr <- as.h2o(mtcars)
#' skewness.H2OFrame(fr$mpg)
#' which.max.H2OFrame(fr$mpg)
NULL

#' @rdname h2o-other-names
#' @export match.H2OFrame
match.H2OFrame <- function(x, ...) h2o.match(x, ...)

#' @rdname h2o-other-names
#' @export table.H2OFrame
table.H2OFrame <- function(x, ...) h2o.table(x, ...)

#' @rdname h2o-other-names
#' @export skewness.H2OFrame
skewness.H2OFrame <- function(x, ...) h2o.skewness(x, ...)

#' @rdname h2o-other-names
#' @export kurtosis.H2OFrame
kurtosis.H2OFrame <- function(x, ...) h2o.kurtosis(x, ...)

#' @rdname h2o-other-names
#' @export which.max.H2OFrame
which.max.H2OFrame <- function(x, ...) h2o.which_max(x, ...)

#' @rdname h2o-other-names
#' @export which.min.H2OFrame
which.min.H2OFrame <- function(x, ...) h2o.which_min(x, ...)

#' @rdname h2o-other-names
#' @export get_seed.H2OModel
get_seed.H2OModel <- function(object) h2o.get_seed(object)

#' Whether another package is used
#'
#' H2O asks this about data.table when data cross to R and back. Here they cross as they lie in memory, and no other package is used.
#'
#' @param package Name of a package.
#' @param version,use Not used: the answer does not depend on them.
#' @return `FALSE`.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' use.package("data.table")
use.package <- function(package, version = NULL, use = NULL) {
  if (!base::is.character(package) || length(package) != 1) stop_h2o("`package` must be the name of a package")
  FALSE
}
