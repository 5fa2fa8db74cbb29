#' Open the web interface, and the session to others
#'
#' The pages show frames, models and jobs, curves while a model trains, and what it answers; they import, build, compare and predict.
#' Other processes of this machine share the frames and models, too: `h2o.connect(url =, token =)` in R and Python, and H2O's own
#' clients. Nobody else is let in: this process listens on this machine alone and wants a token that is made anew each time; the
#' browser gets it by a link that lets in once. It ends with the session, or with `close()`.
#'
#' @param port If it is taken, the next one that is free; 0 takes any. Without effect where the session is open already.
#' @param open_browser Whether a browser is opened, where there is a screen to show it on; else the address is printed.
#' @return A list, invisibly: `url`, the address; `token`, what others show (`NULL` for a session at a node, to which they connect as
#'   this one did); `close`, a function that lets nobody in any more, while the session itself goes on.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' opened <- h2o.flow(open_browser = FALSE)
#' opened$url
#' opened$close()
h2o.flow <- function(port = 0, open_browser = interactive()) {
  if (!is_whole(port) || port < 0) stop_h2o("`port` must be a whole number, 0 for any that is free", type = "InvalidType")
  if (!isTRUE(open_browser) && !isFALSE(open_browser)) stop_h2o("`open_browser` must be TRUE or FALSE", type = "InvalidType")
  found <- request("bridge.flow", as.integer(port))
  at_node <- is.null(found$token)
  if (at_node) {
    message("The session is at the node ", found$url, "; others connect to it in the same way.")
  } else {
    message("The session is open to other clients of this machine at ", found$url)
  }
  link <- if (at_node) found$url else found$link
  if (!(open_browser && browsed(link))) message("In a browser", if (!at_node) ", once and within ten minutes", ": ", link)
  if (!at_node) message("In R: h2o.connect(url =, token =), with url and token of what h2o.flow() gives")
  opened <- list(url = found$url, token = found$token, close = function() invisible(request("bridge.close_flow")))
  invisible(structure(opened, class = "H2OFlow"))
}

#' @rdname h2o.flow
#' @param x What `h2o.flow()` gives.
#' @param ... Not used.
#' @export
print.H2OFlow <- function(x, ...) {
  others <- if (is.null(x$token)) "at a node" else "open to who has $token, until $close() or the end of the session"
  cat("Session at ", x$url, ", ", others, "\n", sep = "")
  invisible(x)
}

# Whether a browser was opened that somebody sees: editors on another machine set a function that opens the browser there.
browsed <- function(link) {
  own <- is.function(getOption("browser"))
  screen <- own || .Platform$OS.type == "windows" || Sys.info()[["sysname"]] == "Darwin" ||
    any(nzchar(Sys.getenv(c("DISPLAY", "WAYLAND_DISPLAY"))))
  screen && tryCatch({
    utils::browseURL(link)
    TRUE
  }, error = function(e) FALSE)
}
