# What the plots with ggplot2 have in common.

need_ggplot2 <- function(what) {
  if (!requireNamespace("ggplot2", quietly = TRUE)) stop_h2o(sprintf("%s needs the package ggplot2: install it", what), type = "NoPackage")
}

# aes() of columns by their names, which may hold anything: mapping(x = "epochs").
mapping <- function(...) do.call(ggplot2::aes, lapply(list(...), as.name))

plot_colours <- c("#1F77B4", "#D95F02", "#7570B3", "#1B9E77", "#E7298A", "#66A61E", "#A6761D", "#666666")
plain_theme <- function() ggplot2::theme_bw() + ggplot2::theme(panel.grid.minor = ggplot2::element_blank(), legend.position = "bottom")

# Discrete colours: the eight that are told apart well, else those of ggplot2.
coloured <- function(n, name = NULL) {
  if (n > length(plot_colours)) return(ggplot2::labs(colour = name, fill = name))
  list(
    ggplot2::scale_colour_manual(values = plot_colours, name = name), ggplot2::scale_fill_manual(values = plot_colours, name = name)
  )
}

slanted_names <- function(values) if (base::is.factor(values) && max(nchar(levels(values)), 0) > 6) slanted()

slanted <- function() ggplot2::theme(axis.text.x = ggplot2::element_text(angle = 45, hjust = 1))

# Names of models, without what those of a grid have in common; in the middle of others
# something is left out where they are long.
short_ids <- function(ids) {
  parts <- strsplit(ids, "_", fixed = TRUE)
  if (length(ids) > 1 && length(unique(lengths(parts))) == 1 && lengths(parts)[1] > 3) {
    parts <- do.call(rbind, parts)
    same <- base::apply(parts, 2, function(each) length(unique(each)) == 1)
    first <- if (all(same)) 1 else max(1, which.min(same) - 1)
    ids <- base::apply(parts[, seq(first, ncol(parts)), drop = FALSE], 1, paste, collapse = "_")
  }
  long <- nchar(ids) > 32
  shorter <- ids
  shorter[long] <- paste0(substr(ids[long], 1, 14), "...", substr(ids[long], nchar(ids[long]) - 13, nchar(ids[long])))
  if (anyDuplicated(shorter)) ids else shorter
}

one_model <- function(object, argument) {
  if (base::is.character(object) && length(object) == 1) object <- h2o.getModel(object)
  model_of(object, argument)
  object
}

# The models that an argument stands for: a model, a grid, their names, a list of these, or a table with the column model_id.
models_given <- function(object, argument = "object") {
  keys <- model_keys(object, argument)
  if (!length(keys)) stop_h2o(sprintf("`%s` has no models", argument))
  objects <- objects_in(object)
  lapply(unique(keys), function(key) if (is.null(objects[[key]])) h2o.getModel(key) else objects[[key]])
}

objects_in <- function(object) {
  if (methods::is(object, "H2OModel")) return(stats::setNames(list(object), object@model_id))
  if (is.list(object) && !is.data.frame(object)) do.call(c, lapply(unname(object), objects_in))
}

model_keys <- function(object, argument) {
  if (methods::is(object, "H2OModel")) return(object@model_id)
  if (methods::is(object, "H2OGrid")) return(as.character(unlist(object@model_ids)))
  if (is.h2o(object)) object <- as.data.frame(object)
  if (is.data.frame(object) && "model_id" %in% names(object)) return(as.character(object$model_id))
  if (base::is.character(object)) return(unlist(lapply(object, named_models, argument)))
  if (is.list(object) && !is.data.frame(object)) return(unlist(lapply(object, model_keys, argument)))
  stop_h2o(
    sprintf("`%s` must be a model, a grid, a list of these, or a leaderboard; it is of the class %s", argument, class(object)[1]),
    type = "InvalidType"
  )
}

named_models <- function(name, argument) {
  if (name %in% request("objects.keys", "model")) return(name)
  if (name %in% request("objects.keys", "grid")) return(as.character(unlist(h2o.getGrid(name)@model_ids)))
  stop_h2o(sprintf("`%s` = \"%s\" is the name of no model and of no grid; h2o.list_models() lists the models", argument, name))
}

# The classes to be shown: those that are asked for; of several classes all, of two and of numbers "".
targets_of <- function(model, target) {
  classes <- class_levels(model)
  if (model@model$model_category == "AutoEncoder") stop_h2o("an autoencoder predicts no response")
  if (length(classes) < 3) {
    if (!is.null(target)) stop_h2o("`target` is for models of more than two classes")
    return("")
  }
  if (is.null(target)) return(classes)
  wrong <- setdiff(target, classes)
  if (length(wrong)) stop_h2o(sprintf("`target` = \"%s\" is no class of the model: %s", wrong[1], shortened(classes)))
  as.character(target)
}

# What is on the axis of the response.
response_label <- function(model) {
  classes <- class_levels(model)
  if (length(classes) == 2) return(sprintf("probability of %s", classes[2]))
  if (length(classes)) "probability" else model@model$response_column
}

checked_row <- function(row_index, frame) {
  if (!is_whole(row_index) || row_index < 1 || row_index > nrow(frame)) {
    stop_h2o(sprintf("`row_index` = %s must be a number of a row, from 1 to %d", deparse(row_index)[1], nrow(frame)))
  }
  as.integer(row_index)
}
