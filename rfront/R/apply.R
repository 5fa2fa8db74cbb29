#' Apply a function to rows, columns or groups
#'
#' The function is translated, not run in R: it may use arithmetic, comparisons, element-wise mathematics and statistics such as
#' `mean()` and `sum()`, and values of the surrounding R code.
#'
#' @param X An `H2OFrame`; for `apply()` anything that base R takes.
#' @param MARGIN 1: rows; 2: columns.
#' @param FUN A function of one argument.
#' @param .variables Names or positions of the columns that make the groups.
#' @param ... Further arguments of base R's `apply()`.
#' @param .progress Not used.
#' @param simplify As in base R.
#' @return An `H2OFrame`.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' apply(as.h2o(iris[1:4]), 2, function(x) max(x) - min(x))
apply <- function(X, MARGIN, FUN, ..., simplify = TRUE) {
  if (!is.h2o(X)) return(base::apply(X, MARGIN, FUN, ..., simplify = simplify))
  apply_translated(X, MARGIN, substitute(FUN), FUN)
}

#' @rdname apply
#' @export
h2o.apply <- function(X, MARGIN, FUN, ...) apply_translated(X, MARGIN, substitute(FUN), FUN)

apply_translated <- function(X, MARGIN, expression, FUN) {
  if (base::is.character(FUN)) expression <- as.name(FUN)
  name <- deparse(expression, nlines = 1)
  if (name %in% c("which.max", "which.min")) { # positions: R counts them from 1
    return(counted_from_one(evaluate(name, operand(X), TRUE, if (MARGIN == 1) 1 else 0)))
  }
  applied <- if (base::is.function(FUN)) FUN else get(FUN, parent.frame(2), mode = "function")
  evaluate("apply", operand(X), MARGIN, translate_function(expression, applied))
}

#' @rdname apply
#' @export
h2o.ddply <- function(X, .variables, FUN, ..., .progress = "none") {
  evaluate("ddply", operand(X), column_indices(X, .variables, ".variables"), translate_function(substitute(FUN), FUN))
}

# Operations under their R names; those that skip missing values take a flag.
translated <- c("%/%" = "intDiv", sd = "sd", var = "var", "is.na" = "is.na", "as.factor" = "as.factor", "as.numeric" = "as.numeric")
with_na_flag <- c("mean", "median", "sd", "skewness", "kurtosis")

# An operation by its name, or a function as its parameters and its translated body.
translate_function <- function(expression, fun) {
  if (is.name(expression) && is_operation(as.character(expression))) {
    return(structure(as.character(expression), class = "h2o_key"))
  }
  if (is.primitive(fun)) stop_h2o(sprintf("%s() cannot be applied to a frame", deparse(expression)))
  parameters <- names(formals(fun))
  known <- stats::setNames(lapply(parameters, function(name) structure(name, class = "h2o_key")), parameters)
  structure(class = "h2o_lambda", list(as_list(parameters), translate(body(fun), known, environment(fun))))
}

is_operation <- function(name) request("frames.is_operation", name)

# An expression as Python evaluates it. `known` has what names stand for in there: the parameters of the function, and
# what was assigned to names; all others are values of R, looked up in `frame`.
translate <- function(expression, known, frame) {
  if (is.call(expression)) return(translate_call(expression, known, frame))
  if (is.name(expression) && as.character(expression) %in% names(known)) return(known[[as.character(expression)]])
  operand(if (is.name(expression)) eval(expression, frame) else expression)
}

translate_call <- function(expression, known, frame) {
  if (!any(all.vars(expression) %in% names(known))) return(operand(eval(expression, frame)))
  name <- sub("^h2o\\.", "", deparse(expression[[1]], nlines = 1))
  arguments <- as.list(expression)[-1]
  if (name == "{") return(translate_block(arguments, known, frame))
  if (name == "if") return(translate_choice(arguments, known, frame))
  if (name %in% c("(", "return")) return(translate(arguments[[1]], known, frame))
  if (name %in% c("[", "[[", "$")) return(translate_column(arguments, known, frame))
  helper <- helper_function(expression[[1]], known, frame)
  if (!is.null(helper)) return(translate_helper(helper, expression, known, frame))
  na.rm <- isTRUE(eval(arguments$na.rm, frame))
  arguments$na.rm <- NULL
  translate_operation(name, lapply(unname(arguments), translate, known, frame), na.rm)
}

# The operation that a function of R is, with the arguments that it takes there.
translate_operation <- function(name, values, na.rm) {
  if (name %in% c("sum", "min", "max") && na.rm) name <- paste0(name, "NA")
  if (name %in% with_na_flag) values <- c(values, na.rm)
  if (name == "var" && length(values) == 1) values <- c(values, values, "everything", TRUE)
  if (name %in% c("-", "+") && length(values) == 1) values <- c(0, values)
  if (name == "!") name <- "!!"
  if (name %in% names(translated)) name <- translated[[name]]
  if (!is_operation(name)) {
    stop_h2o(sprintf("%s() is no operation on frames; a function for frames can only use such", name), type = "NotFound")
  }
  structure(c(list(name), values), class = "h2o_tuple")
}

# A function of the user's own that is called inside: a closure that no package brings.
helper_function <- function(called, known, frame) {
  fun <- if (is.name(called)) {
    get0(as.character(called), frame, mode = "function")
  } else if (is.call(called)) {
    tryCatch(eval(called, frame), error = function(e) NULL)
  }
  if (is.null(fun) || is.primitive(fun) || isNamespace(environment(fun))) NULL else fun
}

# What the helper gives for these arguments: its body with the arguments in the place of its parameters.
translate_helper <- function(helper, expression, known, frame) {
  depth <- bridge$helpers
  if (length(depth) > 50) stop_h2o(sprintf("%s() calls itself; a function for frames cannot", deparse(expression[[1]], nlines = 1)))
  bridge$helpers <- c(depth, 1)
  on.exit(bridge$helpers <- depth)
  given <- as.list(match.call(helper, expression))[-1]
  inside <- environment(helper)
  values <- list()
  for (parameter in names(formals(helper))) {
    default <- formals(helper)[[parameter]]
    if (!is.null(given[[parameter]])) {
      values[[parameter]] <- translate(given[[parameter]], known, frame)
    } else if (!identical(default, quote(expr = ))) {
      values[[parameter]] <- translate(default, values, inside)
    }
  }
  translate(body(helper), values, inside)
}

# The value of a block is that of its last expression. A name that is assigned to stands for its expression from then on.
translate_block <- function(expressions, known, frame) {
  value <- NULL
  for (each in expressions) {
    if (is.call(each) && deparse(each[[1]], nlines = 1) %in% c("<-", "=")) {
      if (!is.name(each[[2]])) {
        stop_h2o(sprintf("%s: a function for frames can assign to names only, not to parts of frames", deparse(each, nlines = 1)))
      }
      value <- translate(each[[3]], known, frame)
      known[[as.character(each[[2]])]] <- value
    } else {
      value <- translate(each, known, frame)
    }
    if (is.call(each) && identical(each[[1]], quote(return))) break
  }
  value
}

# if (a) b else c, for each row or group.
translate_choice <- function(arguments, known, frame) {
  if (length(arguments) != 3) stop_h2o("if without else has no value for the rows in which the condition does not hold; add an else")
  structure(c(list("ifelse"), lapply(arguments, translate, known, frame)), class = "h2o_tuple")
}

# x[i], x[["a"]], x$a inside of a function: an element of the row, or a column of the group; x[i, ] some rows.
translate_column <- function(arguments, known, frame) {
  if (length(arguments) == 3 && identical(arguments[[3]], quote(expr = ))) {
    return(structure(list("rows", translate(arguments[[1]], known, frame), positions(eval(arguments[[2]], frame))), class = "h2o_tuple"))
  }
  index <- arguments[[length(arguments)]]
  index <- if (is.name(index) && length(arguments) == 2 && !exists(as.character(index), frame)) as.character(index) else eval(index, frame)
  if (base::is.numeric(index)) index <- as.integer(index) - 1L
  structure(list("cols", translate(arguments[[1]], known, frame), index), class = "h2o_tuple")
}

#' Evaluate an expression of the frame language
#'
#' @param expr A text such as `"(+ 1 2)"`, see the RAPIDS language of H2O.
#' @return A number, text, list of these, or an `H2OFrame`.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' fr <- as.h2o(mtcars, "cars")
#' h2o.rapids("(sum (cols cars [0]))")
h2o.rapids <- function(expr) frames_in(request("frames.rapids", expr))
