#' Results of cross-validation
#'
#' @param object A model trained with `nfolds` or `fold_column`.
#' @return The models of the folds, a list; the predictions of each fold's model for its holdout rows, a list of frames
#'   (`keep_cross_validation_predictions = TRUE`); all holdout predictions in one frame; the fold numbers
#'   (`keep_cross_validation_fold_assignment = TRUE`). `NULL` where they were not kept.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' model <- h2o.deeplearning(mpg ~ ., data = mtcars, hidden = 3, epochs = 5, seed = 1, nfolds = 2,
#'   keep_cross_validation_predictions = TRUE)
#' sapply(h2o.cross_validation_models(model), h2o.rmse, valid = TRUE)
#' h2o.cross_validation_holdout_predictions(model)
h2o.cross_validation_models <- function(object) {
  keys <- model_of(object)$cross_validation_models
  if (!is.null(keys)) lapply(as.character(keys), h2o.getModel)
}

#' One model that predicts the mean of what the models of the folds predict
#'
#' It is saved and loaded as one file. Its intervals (`h2o.predict(interval = )`) are those of CV+, its contributions the mean
#' of those of its models; weights, hidden features and exports, which need one network, are refused.
#'
#' @param object A model trained with `nfolds` or `fold_column`, whose models of folds were kept.
#' @param model_id Name of the new model; by default made from that of `object`.
#' @return A model.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' model <- h2o.deeplearning(Species ~ ., data = iris, hidden = 5, epochs = 2, nfolds = 3, seed = 1)
#' h2o.predict(h2o.fold_ensemble(model), as.h2o(iris))
h2o.fold_ensemble <- function(object, model_id = NULL) {
  h2o.getModel(request("models.fold_ensemble", live_key(object), model_id))
}

#' @rdname h2o.cross_validation_models
#' @export
h2o.cross_validation_predictions <- function(object) {
  keys <- model_of(object)$cross_validation_predictions
  if (!is.null(keys)) lapply(as.character(keys), h2o.getFrame)
}

#' @rdname h2o.cross_validation_models
#' @export
h2o.cross_validation_holdout_predictions <- function(object) {
  key <- model_of(object)$cross_validation_holdout_predictions_frame_id
  if (!is.null(key)) h2o.getFrame(key)
}

#' @rdname h2o.cross_validation_models
#' @export
h2o.cross_validation_fold_assignment <- function(object) {
  key <- model_of(object)$cross_validation_fold_assignment_frame_id
  if (!is.null(key)) h2o.getFrame(key)
}
