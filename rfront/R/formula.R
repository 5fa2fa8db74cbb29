# Formulas: y ~ a + b, y ~ ., log(y) ~ poly(a, 2) + b:c + offset(d), ~ a + b for an autoencoder. Factors stay factors: the network has a
# unit for each of their levels.

#' @exportS3Method
data_of_model.formula <- function(x, given) {
  data <- data_given(given, "formula")
  if (is.null(data)) stop_h2o("`data` is missing: give the data frame that the formula speaks of")
  given[c("x", "y", "data", "formula")] <- NULL
  roles <- roles_given(given)
  names <- if (is.h2o(data)) base::names(data) else colnames(data)
  parsed <- parsed_formula(x, setdiff(names, roles), names)
  given$y <- parsed$y
  if (length(x) == 2 && is.null(given$autoencoder)) given$autoencoder <- TRUE
  if (is.null(parsed$terms)) { # nothing to compute
    given$x <- parsed$x
    given$training_frame <- data
    return(list(given = given, formula = x))
  }
  if (is.h2o(data)) {
    text <- "formula: `%s` has to be computed; in an H2OFrame a formula can only name columns: give a data frame"
    stop_h2o(sprintf(text, parsed$computed))
  }
  if (!is.null(parsed$offset) && !is.null(given$offset_column)) stop_h2o("the formula has an offset() already: leave out `offset_column`")
  rows <- plain_data_frame(data, "data")
  prepare <- learn_formula(parsed, rows, roles)
  made <- prepare_rows(prepare, rows)
  given$x <- setdiff(base::names(made), c(prepare$y, prepare$offset, roles))
  given$y <- prepare$y
  given$offset_column <- if (is.null(prepare$offset)) given$offset_column else prepare$offset
  given$training_frame <- made
  list(given = prepare_others(given, prepare), prepare = prepare, formula = x)
}

# What a formula says: `x` and `y` where it only names columns, else its terms. `free` are the columns that a dot stands for.
parsed_formula <- function(formula, free, names) {
  right <- formula[[length(formula)]]
  left <- if (length(formula) == 3) formula[[2]]
  refuse_unknown(formula, names)
  plain_left <- is.null(left) || (is.name(left) && as.character(left) %in% names)
  y <- if (!is.null(left) && plain_left) as.character(left)
  if (identical(right, quote(.)) && plain_left) return(list(x = setdiff(free, y), y = y)) # also with very many columns
  terms <- checked_terms(formula, free)
  used <- rowSums(attr(terms, "factors")) > 0 # those that were taken out are still among the variables
  variables <- as.list(attr(terms, "variables"))[-1][used]
  plain <- vapply(variables, function(each) is.name(each) && as.character(each) %in% names, NA)
  if (plain_left && all(plain) && all(attr(terms, "order") == 1) && is.null(attr(terms, "offset"))) {
    return(list(x = vapply(variables, as.character, ""), y = y))
  }
  computed <- c(
    if (!plain_left) deparse(left), vapply(variables[!plain], function(each) deparse(each)[1], ""),
    attr(terms, "term.labels")[attr(terms, "order") > 1], "offset()"
  )
  list(terms = terms, y = y, offset = attr(terms, "offset"), computed = computed[1])
}

refuse_unknown <- function(formula, names) {
  unknown <- Filter(function(name) !name %in% names && !is_value(name, environment(formula)), setdiff(all.vars(formula), "."))
  if (length(unknown)) stop_h2o(sprintf("formula: the data have no column `%s`; they have %s", unknown[1], shortened(names)))
}

checked_terms <- function(formula, free) {
  prototype <- stats::setNames(rep(list(numeric()), length(free)), free)
  terms <- stats::terms(formula, data = structure(prototype, row.names = integer(), class = "data.frame"))
  if (attr(terms, "intercept") == 0) {
    stop_h2o("formula: a network always has biases, so there is no intercept to remove: leave out - 1 or + 0")
  }
  if (!length(attr(terms, "term.labels"))) stop_h2o("formula: there is no predictor on the right-hand side")
  terms
}

# A constant of the formula's surroundings, such as pi.
is_value <- function(name, where) {
  exists(name, envir = where, mode = "numeric") || exists(name, envir = where, mode = "character")
}

shortened <- function(names) {
  shown <- paste0("`", utils::head(names, 5), "`", collapse = ", ")
  if (length(names) > 5) sprintf("%s and %d more", shown, length(names) - 5) else shown
}

# Everything that later rows need: terms with the parameters of poly(), scale() and the like, and the levels of interactions.
learn_formula <- function(parsed, data, roles) {
  frame <- evaluated(parsed$terms, data)
  terms <- attr(frame, "terms")
  response <- if (attr(terms, "response")) names(frame)[attr(terms, "response")]
  if (!is.null(response) && !is.null(dim(frame[[response]]))) {
    stop_h2o(sprintf("formula: `%s` is several columns; there is one response", response))
  }
  refuse_dependent_rows(terms, data, frame)
  prepare <- structure(
    list(
      terms = terms, y = response, offset = if (!is.null(parsed$offset)) "(offset)", roles = roles,
      needed = intersect(all.vars(if (is.null(response)) terms else stats::delete.response(terms)), names(data)), levels = list()
    ),
    class = "h2o_formula"
  )
  for (term in which(attr(terms, "order") > 1)) {
    used <- which(attr(terms, "factors")[, term] > 0)
    grouping <- Filter(is_grouping, as.list(frame[used]))
    if (length(grouping) && length(grouping) < length(used)) {
      prepare$levels[[attr(terms, "term.labels")[term]]] <- sort(unique(stats::na.omit(combined(grouping))), method = "radix")
    }
  }
  prepare
}

# What a row becomes must not depend on the others, as with cut(x, 3) or rank(x): of other rows it would be something else. Of poly(),
# scale() and their like the terms know what was learned.
refuse_dependent_rows <- function(terms, data, frame) {
  right <- stats::delete.response(terms)
  plain <- function(column) if (base::is.factor(column)) as.character(column) else unclass(column)
  for (first in seq_len(min(2, nrow(data)))) {
    rows <- utils::head(seq(first, nrow(data), by = 2), 100)
    part <- tryCatch(suppressWarnings(evaluated(right, plain_rows(data, rows))), error = function(e) NULL)
    for (name in names(part)) {
      whole <- frame[[name]]
      whole <- if (is.null(dim(whole))) whole[rows] else whole[rows, , drop = FALSE]
      if (isTRUE(all.equal(plain(part[[name]]), plain(whole), check.attributes = FALSE))) next
      stop_h2o(sprintf(paste(
        "formula: what `%s` gives for a row depends on the other rows, so of new rows it would be something else:",
        "compute the column before"
      ), name))
    }
  }
}

plain_rows <- function(data, rows) {
  structure(as.list(data[rows, , drop = FALSE]), row.names = .set_row_names(length(rows)), class = "data.frame")
}

evaluated <- function(terms, data) {
  tryCatch(
    stats::model.frame(terms, data, na.action = stats::na.pass),
    error = function(e) stop_h2o(paste("formula:", conditionMessage(e)))
  )
}

#' @exportS3Method
prepare_rows.h2o_formula <- function(prepare, data) {
  missing <- setdiff(prepare$needed, names(data))
  if (length(missing)) stop_h2o(sprintf("the data have no column `%s`, which the formula of the model needs", missing[1]))
  terms <- prepare$terms
  kept <- intersect(prepare$roles, names(data))
  known <- !attr(terms, "response") || all(setdiff(all.vars(terms[[2]]), constants(terms)) %in% names(data))
  if (!known) terms <- stats::delete.response(terms)
  frame <- evaluated(terms, data)
  columns <- list()
  if (attr(terms, "response")) columns[[prepare$y]] <- frame[[attr(terms, "response")]]
  factors <- attr(terms, "factors")
  for (term in seq_len(ncol(factors))) {
    columns <- c(columns, term_columns(frame[factors[, term] > 0], colnames(factors)[term], prepare$levels))
  }
  if (!is.null(prepare$offset)) columns[[prepare$offset]] <- Reduce(`+`, as.list(frame[attr(terms, "offset")]))
  columns <- c(columns, as.list(data)[kept])
  structure(columns, row.names = .set_row_names(nrow(data)), class = "data.frame")
}

constants <- function(terms) Filter(function(name) is_value(name, environment(terms)), all.vars(terms))

# The columns of a term: a variable as it is, a matrix column by column, an interaction as products within combinations of levels.
term_columns <- function(variables, label, levels) {
  if (length(variables) == 1) return(plain_columns(variables[[1]], names(variables)))
  grouping <- vapply(variables, is_grouping, NA)
  groups <- if (any(grouping)) combined(as.list(variables[grouping]))
  if (all(grouping)) return(stats::setNames(list(groups), paste(names(variables), collapse = ":")))
  products <- Reduce(function(left, right) {
    pairs <- expand.grid(seq_along(left), seq_along(right))
    made <- Map(function(i, j) left[[i]] * right[[j]], pairs[[1]], pairs[[2]])
    stats::setNames(made, paste(names(left)[pairs[[1]]], names(right)[pairs[[2]]], sep = ":"))
  }, Map(function(column, name) plain_columns(column, name), variables[!grouping], names(variables)[!grouping]))
  if (is.null(groups)) return(products)
  of <- paste(names(variables)[grouping], collapse = ":")
  unlist(lapply(levels[[label]], function(level) {
    made <- lapply(products, function(product) product * (groups == level))
    stats::setNames(made, sprintf("%s[%s]:%s", of, level, names(products)))
  }), recursive = FALSE)
}

is_grouping <- function(column) base::is.factor(column) || base::is.character(column) || is.logical(column)

combined <- function(columns) {
  missing <- Reduce(`|`, lapply(columns, is.na))
  texts <- do.call(paste, c(lapply(unname(columns), as.character), sep = ":"))
  texts[missing] <- NA
  texts
}

plain_columns <- function(column, name) {
  if (is.null(dim(column))) return(stats::setNames(list(column), name))
  labels <- colnames(column)
  if (is.null(labels)) labels <- seq_len(ncol(column))
  stats::setNames(lapply(seq_len(ncol(column)), function(i) as.vector(column[, i])), paste0(name, ".", labels))
}
