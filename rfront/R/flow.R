#' Open the session to others
#'
#' Other processes of this machine then share its frames and models: `h2o.connect(url =, token =)` in R and Python, and H2O's own
#' clients. The page at the address says so; there is no web interface yet. Nobody else is let in: this process listens on this machine
#' alone and wants a token that is made anew each time. It ends with the session, or with `close()`.
#'
#' @param port If it is taken, the next one that is free; 0 takes any. Without effect where the session is open already.
#' @return A list, invisibly: `url`, the address; `token`, what others show (`NULL` for a session at a node, to which they connect as
#'   this one did); `close`, a function that lets nobody in any more, while the session itself goes on.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' opened <- h2o.flow()
#' opened$url
#' opened$close()
h2o.flow <- function(port = 0) {
  if (!is_whole(port) || port < 0) stop_h2o("`port` must be a whole number, 0 for any that is free", type = "InvalidType")
  found <- request("bridge.flow", as.integer(port))
  if (is.null(found$token)) {
    message("The session is at the node ", found$url, "; others connect to it in the same way.")
  } else {
    message("The session is open to other clients of this machine at ", found$url)
    message("In a browser, once and within ten minutes: ", found$link)
    message("In R: h2o.connect(url =, token =), with url and token of what h2o.flow() gives")
  }
  invisible(list(url = found$url, token = found$token, close = function() invisible(request("bridge.close_flow"))))
}
