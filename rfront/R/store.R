#' What the session holds
#'
#' `h2o.ls()` lists everything, `h2o.rm()` removes some of it and `h2o.removeAll()` all of it. `h2o.getFrame()` gives
#' a handle on a frame by its name, `h2o.assign()` gives a frame a name, under which it stays until it is removed;
#' `h2o.deep_copy()` does the same for a second frame of the same content.
#'
#' @param ids Names, frames or models, or a list of these.
#' @param cascade Whether also to remove what belongs to a model, such as its cross-validation models.
#' @param timeout_secs Not used.
#' @param retained_elements Names, frames or models that stay.
#' @param id Name of a frame.
#' @param data An `H2OFrame`.
#' @param key,new_key A name.
#' @return `h2o.ls()` a `data.frame` with the column `key`; `h2o.getFrame()`, `h2o.assign()` and `h2o.deep_copy()` an
#'   `H2OFrame`; `h2o.list_models()` names.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' fr <- as.h2o(iris, "flowers")
#' h2o.ls()
#' h2o.rm(fr)
h2o.ls <- function() {
  as.data.frame(evaluate("ls"))
}

#' @rdname h2o.ls
#' @export
h2o.rm <- function(ids, cascade = TRUE) {
  for (key in keys_of(ids, "ids")) request("objects.remove", key, cascade)
  invisible()
}

#' @rdname h2o.ls
#' @export
h2o.removeAll <- function(timeout_secs = 0, retained_elements = c()) {
  request("objects.remove_all", as_list(if (length(retained_elements)) keys_of(retained_elements, "retained_elements") else character()))
  invisible()
}

#' @rdname h2o.ls
#' @export
h2o.getFrame <- function(id) {
  if (!base::is.character(id) || length(id) != 1) stop_h2o("`id` must be the name of a frame", type = "InvalidType")
  frame_named(id)
}

#' @rdname h2o.ls
#' @export
h2o.assign <- function(data, key) {
  if (!is.h2o(data)) data <- as_frame(data, "data")
  if (identical(key_of(data, "data"), key)) stop_h2o(sprintf("h2o.assign: the frame has the name \"%s\" already", key))
  new_frame(request("frames.assign", key_of(data), key), temporary = FALSE)
}

#' @rdname h2o.ls
#' @export
h2o.deep_copy <- function(data, new_key) {
  h2o.assign(data, new_key)
}

#' @rdname h2o.ls
#' @export
h2o.list_models <- function() as.character(request("objects.keys", "model"))

keys_of <- function(x, argument) {
  if (base::is.character(x)) return(x)
  if (!is.list(x)) x <- list(x)
  vapply(x, function(each) if (base::is.character(each)) each else h2o.keyof(each), "")
}
