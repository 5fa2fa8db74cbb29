#' Measure the links to nodes
#'
#' How long messages take between this process and each node, and back.
#'
#' @return A `data.frame` with a row for each node and size of a message: `bytes`, the median time there and back in
#'   `microseconds`, and the rate of both ways in `MB_per_s` (10^6 bytes); `NA` where a node is lost. Without rows, and with a
#'   message, where there are no nodes.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' h2o.networkTest()
h2o.networkTest <- function() {
  table <- request("cluster.link_times")
  if (!length(table$rows)) message("there are no nodes beside this process, and so no links to measure")
  columns <- lapply(seq_along(table$columns), function(i) {
    cells <- lapply(table$rows, function(row) if (is.null(row[[i]])) NA else row[[i]])
    if (length(cells)) unlist(cells) else if (i < 3) character() else numeric()
  })
  as.data.frame(stats::setNames(columns, unlist(table$columns)))
}
