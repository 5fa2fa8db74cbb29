# Waiting for imports and trainings, with a progress bar and Ctrl-C.

progress <- new.env(parent = emptyenv())
progress$shown <- TRUE

#' Progress bars
#'
#' `h2o.no_progress()` switches the progress bars of import and training off, `h2o.show_progress()` on again. With
#' an expression they do so only while it is evaluated.
#'
#' @param expr An expression to evaluate.
#' @return The value of the expression, invisibly.
#' @export
#' @examples
#' h2o.no_progress()
h2o.no_progress <- function(expr) {
  with_progress(FALSE, missing(expr), expr)
}

#' @rdname h2o.no_progress
#' @export
h2o.show_progress <- function(expr) {
  with_progress(TRUE, missing(expr), expr)
}

with_progress <- function(shown, permanent, expr) {
  before <- progress$shown
  progress$shown <- shown
  if (permanent) return(invisible())
  on.exit(progress$shown <- before)
  invisible(force(expr))
}

# Wait for a job and return its result. The first Ctrl-C asks it to stop, and what it has so far is the result;
# a second one gives up waiting.
await <- function(job, quiet = FALSE) {
  bar <- progress_bar(quiet)
  on.exit(bar$close())
  cancelled <- 0
  repeat {
    state <- tryCatch({
      now <- request("bridge.wait", job$job, 0.1)
      Sys.sleep(0.001) # R looks for a pending Ctrl-C
      now
    }, interrupt = function(e) list(interrupted = TRUE))
    if (isTRUE(state$interrupted)) {
      now <- proc.time()[["elapsed"]]
      # One keystroke can arrive twice, through R and through Python.
      if (cancelled > 0 && now - cancelled > 0.5) stop_interrupted()
      if (cancelled == 0) request("jobs.cancel", job$job)
      cancelled <- now
    }
    if (!is.null(state$fraction)) bar$show(state$fraction)
    if (isTRUE(state$finished)) break
  }
  request("jobs.result", job$job)
}

# A text bar; it appears only when the work takes longer than half a second.
progress_bar <- function(quiet = FALSE) {
  if (quiet || !progress$shown) {
    return(list(show = function(fraction) NULL, close = function() NULL))
  }
  begin <- proc.time()[["elapsed"]]
  bar <- NULL
  list(
    show = function(fraction) {
      if (is.null(bar) && proc.time()[["elapsed"]] - begin > 0.5 && fraction < 1) {
        bar <<- utils::txtProgressBar(style = 3)
      }
      if (!is.null(bar)) utils::setTxtProgressBar(bar, fraction)
    },
    close = function() if (!is.null(bar)) close(bar)
  )
}
