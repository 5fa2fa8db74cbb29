#' Save and load models
#'
#' A saved model is one file, which later versions can read. `saveRDS()` works too: the object brings its model along.
#'
#' Where the session is at a node, `h2o.saveModel()` and `h2o.loadModel()` mean the disk of the node, `h2o.download_model()` and
#' `h2o.upload_model()` that of this machine. Else both are one.
#'
#' @param object,model A model.
#' @param path The folder, by default the working folder; for `h2o.loadModel()` and `h2o.upload_model()` the file.
#' @param force Whether to replace an existing file.
#' @param export_cross_validation_predictions Whether the holdout predictions are saved with it.
#' @param filename Name of the file; by default that of the model, with `_` for `/`.
#' @return The path of the file; `h2o.loadModel()` and `h2o.upload_model()` the model.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' model <- h2o.deeplearning(Species ~ ., data = iris, hidden = 5, epochs = 2, seed = 1)
#' path <- h2o.saveModel(model, tempdir(), force = TRUE)
#' h2o.loadModel(path)@model_id
h2o.saveModel <- function(object, path = "", force = FALSE, export_cross_validation_predictions = FALSE, filename = "") {
  warn_of_preparation(object)
  file <- file_in(path, filename, object)
  request("model_files.save", model_key = live_key(object), path = file, force = force, predictions = export_cross_validation_predictions)
}

#' @rdname h2o.saveModel
#' @export
h2o.download_model <- function(model, path = "", export_cross_validation_predictions = FALSE, filename = "") {
  warn_of_preparation(model)
  key <- live_key(model, "model")
  request("bridge.download_model", key, one_path(path), one_path(filename, "filename"), export_cross_validation_predictions)
}

#' @rdname h2o.saveModel
#' @export
h2o.loadModel <- function(path) h2o.getModel(request("model_files.load", node_path(path)))

#' @rdname h2o.saveModel
#' @export
h2o.upload_model <- function(path) h2o.getModel(request("bridge.upload_model", one_path(path)))

#' Write what a model says about itself
#'
#' @param object A model.
#' @param path The folder.
#' @param force Whether to replace an existing file.
#' @param filename Name of the file; by default that of the model and ".json".
#' @return The path of the file.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' model <- h2o.deeplearning(Species ~ ., data = iris, hidden = 5, epochs = 2, seed = 1)
#' h2o.saveModelDetails(model, tempdir(), force = TRUE)
h2o.saveModelDetails <- function(object, path = "", force = FALSE, filename = "") {
  file <- file_in(path, filename, object, ".json")
  request("model_files.save_details", model_key = live_key(object), path = file, force = force)
}

#' Models as MOJO and POJO
#'
#' A MOJO is a file that H2O's own scorers read; a POJO is a Java class. MOJO files written by H2O can be imported and used like
#' other models. Functions that import and save mean the disk of the session, those that upload and download that of this machine.
#'
#' @param object,model A model.
#' @param path The folder; `h2o.download_pojo()` without it prints the class.
#' @param force Whether to replace an existing file.
#' @param filename Name of the file; by default made from that of the model.
#' @param get_genmodel_jar,genmodel_name,genmodel_path,getjar,get_jar,jar_name H2O's Java library is not part of this package: asking for
#'   it gives a warning.
#' @param mojo_file_path,mojo_local_file_path The zip file.
#' @param model_id Name for the imported model.
#' @return The path of the file; name of the file for `h2o.download_mojo()`; a model for the imports.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' model <- h2o.deeplearning(Species ~ ., data = iris, hidden = 5, epochs = 2, seed = 1)
#' path <- h2o.save_mojo(model, tempdir(), force = TRUE)
#' h2o.import_mojo(path)
h2o.save_mojo <- function(object, path = "", force = FALSE, filename = "") {
  warn_of_preparation(object)
  request("model_files.save_mojo", live_key(object), file_in(path, filename, object, ".zip"), force)
}

#' Models as ONNX graph and as C source
#'
#' An ONNX graph has one input for each column, named as the column: texts for factors, and numbers (milliseconds since 1970 for times).
#' C source needs nothing but the C library. In both is all that is done with cells: levels, missing and unseen ones, standardisation,
#' offsets, the threshold. Writing ONNX needs the Python package onnx.
#'
#' Where the session is at a node, `h2o.save_onnx()` and `h2o.save_c()` write on the disk of the node, `h2o.download_onnx()` and
#' `h2o.download_c()` on that of this machine, where they replace files.
#'
#' @param object,model A model.
#' @param path The folder, by default the working folder.
#' @param force Whether to replace existing files.
#' @param filename Name of the file; by default made from that of the model. For C with the ending .c or .h; by default both
#'   are written.
#' @param name What names in C begin with; by default that of the model, as far as C allows it.
#' @return The path of the file; of the C source where both are written.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' model <- h2o.deeplearning(1:4, 5, as.h2o(iris), hidden = 3, epochs = 1)
#' basename(h2o.save_c(model, tempdir(), force = TRUE, filename = "iris.c", name = "iris"))
h2o.save_onnx <- function(object, path = "", force = FALSE, filename = "") {
  request("model_files.save_onnx", live_key(object), file_in(path, filename, object, ".onnx"), force)
}

#' @rdname h2o.save_onnx
#' @export
h2o.save_c <- function(object, path = "", force = FALSE, filename = "", name = NULL) {
  key <- live_key(object)
  if (!nzchar(filename)) request("model_files.save_c", key, file_in(path, "", object, ".h"), force, name)
  request("model_files.save_c", key, file_in(path, filename, object, ".c"), force, name)
}

#' @rdname h2o.save_onnx
#' @export
h2o.download_onnx <- function(model, path = "", filename = "") {
  request("bridge.download_onnx", live_key(model, "model"), one_path(path), one_path(filename, "filename"))
}

#' @rdname h2o.save_onnx
#' @export
h2o.download_c <- function(model, path = "", filename = "", name = NULL) {
  request("bridge.download_c", live_key(model, "model"), one_path(path), one_path(filename, "filename"), name)
}

#' @rdname h2o.save_mojo
#' @export
h2o.saveMojo <- function(object, path = "", force = FALSE) h2o.save_mojo(object, path, force)

#' @rdname h2o.save_mojo
#' @export
h2o.download_mojo <- function(model, path = "", get_genmodel_jar = FALSE, genmodel_name = "", genmodel_path = "", filename = "") {
  warn_of_preparation(model)
  if (get_genmodel_jar) warn_without_jar()
  basename(request("bridge.download_mojo", live_key(model, "model"), one_path(path), one_path(filename, "filename")))
}

#' @rdname h2o.save_mojo
#' @export
h2o.import_mojo <- function(mojo_file_path, model_id = NULL) {
  h2o.getModel(request("model_files.import_mojo", node_path(mojo_file_path, "mojo_file_path"), model_id))
}

#' @rdname h2o.save_mojo
#' @export
h2o.upload_mojo <- function(mojo_local_file_path, model_id = NULL) {
  h2o.getModel(request("bridge.upload_mojo", one_path(mojo_local_file_path, "mojo_local_file_path"), model_id))
}

#' @rdname h2o.save_mojo
#' @export
h2o.download_pojo <- function(model, path = NULL, getjar = NULL, get_jar = TRUE, jar_name = "") {
  warn_of_preparation(model)
  if (isTRUE(getjar) || nzchar(jar_name)) warn_without_jar()
  if (is.null(path)) {
    cat(request("model_files.pojo", live_key(model, "model")))
    return(invisible())
  }
  basename(request("bridge.download_pojo", live_key(model, "model"), one_path(path)))
}

warn_without_jar <- function() {
  warning("the Java library h2o-genmodel.jar is part of H2O, not of this package; take it from there", call. = FALSE)
}

# The name of one file or folder of this machine, with `~` as the home folder.
one_path <- function(path, argument = "path") path.expand(node_path(path, argument))

# The name of one file or folder where the session is, who knows its own home folder.
node_path <- function(path, argument = "path") {
  if (!base::is.character(path) || length(path) != 1 || is.na(path)) {
    stop_h2o(sprintf("`%s` must be one text, the name of a file or folder", argument), type = "InvalidType")
  }
  path
}

# The file for the session to write: of this name in the folder, or one named like the model.
file_in <- function(folder, filename, model, ending = "") {
  folder <- node_path(folder)
  if (!nzchar(node_path(filename, "filename"))) return(request("bridge.path_for", folder, model@model_id, ending))
  file.path(if (nzchar(folder)) folder else ".", filename)
}
