# Temporary frames live as long as an R object refers to them. R collects garbage when its own memory runs short, and to
# it a frame is a few hundred bytes: it does not know of the columns, which are in Python's memory. So it is asked to
# collect after so many new frames, or so many new cells: of a loop that makes frames, never more stay than twice these,
# or than some times what is in use. What is young goes at a fiftieth of the time of all; where too much stays, all is looked at.

most_frames <- 100
most_cells <- 1e7

# The state; `of` has for each key the number of its R objects and its cells, `abandoned` the keys of collected objects.
temporaries <- new.env(parent = emptyenv())

forget_temporaries <- function() {
  temporaries$of <- new.env(parent = emptyenv())
  temporaries$abandoned <- character()
  temporaries$live <- temporaries$new <- temporaries$kept <- c(frames = 0, cells = 0) # kept: when all was looked at last
}

forget_temporaries()

# No key of a temporary frame is long; R has no variables with very long names.
is_temporary <- function(key) nchar(key, "bytes") < 1000 && !is.null(temporaries$of[[key]])

# Let a frame stay until this object of it is collected. Finalizers only note the key: they run in the middle of anything.
hold <- function(frame, key, cells) {
  known <- temporaries$of[[key]]
  objects <- if (is.null(known)) 0 else known[["objects"]]
  temporaries$of[[key]] <- c(objects = objects + 1, cells = cells)
  session <- temporaries$of # after its end, keys come again
  reg.finalizer(frame, function(e) if (identical(session, temporaries$of)) temporaries$abandoned <- c(temporaries$abandoned, key))
  if (objects) return(invisible())
  added <- c(1, cells)
  temporaries$live <- temporaries$live + added
  temporaries$new <- temporaries$new + added
  if (any(temporaries$new > much_beside(temporaries$live))) collect_frames()
}

# More frames, or more cells, than these are too many new ones beside some.
much_beside <- function(frames) pmax(c(most_frames, most_cells), frames / 2)

# Collect young objects, and all where that leaves too many frames.
collect_frames <- function() {
  temporaries$new <- c(frames = 0, cells = 0)
  gc(full = FALSE)
  drop_abandoned()
  if (any(temporaries$live - temporaries$kept > much_beside(temporaries$kept))) {
    gc()
    drop_abandoned()
    temporaries$kept <- temporaries$live
  }
}

# Remove the frames whose last R object is gone.
drop_abandoned <- function() {
  if (!length(temporaries$abandoned)) return(invisible())
  keys <- temporaries$abandoned
  temporaries$abandoned <- character()
  gone <- Filter(let_go, keys)
  if (length(gone)) bridge$request("bridge.let_go", list(as_list(gone)))
}

# Whether the object that is gone was the last one of its frame.
let_go <- function(key) {
  known <- temporaries$of[[key]]
  if (known[["objects"]] > 1) {
    temporaries$of[[key]] <- known - c(1, 0)
    return(FALSE)
  }
  rm(list = key, envir = temporaries$of)
  temporaries$live <- temporaries$live - c(1, known[["cells"]])
  TRUE
}
