"""The names of H2O's Python client that are in another place here, and those that are not here, with what to use instead."""

from __future__ import annotations

_KINDS = [
    "anomaly_detection",
    "autoencoder",
    "binomial",
    "clustering",
    "coxph",
    "dim_reduction",
    "multinomial",
    "ordinal",
    "uplift",
    "word_embedding",
]
_METRICS = [
    "anomaly_detection",
    "binomial",
    "clustering",
    "coxph",
    "dim_reduction",
    "generic",
    "multinomial",
    "ordinal",
    "regression",
    "uplift",
]

#: module of H2O's client: the module that holds its names here
MOVED = {
    "h2o.model.models": "h2o.model.kinds",
    "h2o.model.models.regression": "h2o.model.regression",
    **{f"h2o.model.{kind}": "h2o.model.kinds" for kind in _KINDS},
    **{f"h2o.model.models.{kind}": "h2o.model.kinds" for kind in _KINDS},
    **{f"h2o.model.metrics.{kind}": "h2o.model.metrics" for kind in _METRICS},
    "h2o.backend.server": "h2o.backend",
    "h2o.base": "h2o.frame",
    "h2o.frame_exchange": "h2o.frame.exchange",  # pickled frames of before name it
    "h2o.explanation._explain": "h2o.explanation",
    "h2o.group_by": "h2o.frame.groups",
    "h2o.h2o": "h2o",
    "h2o.information_retrieval.tf_idf": "h2o.information_retrieval",
    "h2o.persist.persist": "h2o.persist",
    "h2o.scoring": "h2o.explanation.leaderboards",
    "h2o.sklearn.automl": "h2o.sklearn",
    "h2o.sklearn.estimators": "h2o.sklearn",
    "h2o.sklearn.transforms": "h2o.sklearn",
    "h2o.transforms.transform_base": "h2o.transforms.preprocessing",
}

#: single names that are in another module
MOVED_NAMES = {
    "h2o.utils.shared_utils.mojo_predict_csv": "h2o.functions.mojo_scoring",
    "h2o.utils.shared_utils.mojo_predict_pandas": "h2o.functions.mojo_scoring",
}

_ALGORITHM = "heavywater has Deep Learning and frames, not the other algorithms of H2O"
_CLIENT = "it belongs to the inside of H2O's client, which heavywater does not have"
_SERVER = "it belongs to H2O's server and to how its client talks to it; sessions and nodes of heavywater do without it"
_SQL = "read the table with pandas.read_sql or polars.read_database, and give the result to h2o.H2OFrame"
_TELEMETRY = "nothing is ever sent from here, so there is nothing to switch on or off"
_LAZY = "expressions are evaluated at once, so there is nothing to optimise"
_SKLEARN = (
    "h2o.sklearn has H2ODeepLearningClassifier, H2ODeepLearningRegressor and H2OAutoEncoder, which take any data frame and array; "
    "scikit-learn's own transformers go before them, and the session begins by itself"
)
_FOLDS = "use nfolds, or a fold_column from H2OFrame.kfold_column and stratified_kfold_column"
_DISTRIBUTION = (
    "distributions of the user's own are for H2O's trees; metrics of one's own: h2o.upload_custom_metric"
)

#: (what to use instead, {module of H2O's client: names that a script may import from it})
ABSENT: tuple[tuple[str, dict[str, str]], ...] = (
    (
        _ALGORITHM,
        {
            "h2o.automl": "H2OAutoML get_automl get_leaderboard",
            "h2o.automl._base": "H2OAutoMLBaseMixin",
            "h2o.automl._estimator": "H2OAutoML",
            "h2o.automl._output": "H2OAutoMLOutput",
            "h2o.automl.autoh2o": "H2OAutoML get_automl get_leaderboard",
            "h2o.debug": "equal_gbm_model_tree_structure",
            "h2o.demos": "gbm glm",
            "h2o.estimators.adaboost": "H2OAdaBoostEstimator",
            "h2o.estimators.aggregator": "H2OAggregatorEstimator",
            "h2o.estimators.anovaglm": "H2OANOVAGLMEstimator",
            "h2o.estimators.coxph": "H2OCoxProportionalHazardsEstimator",
            "h2o.estimators.decision_tree": "H2ODecisionTreeEstimator",
            "h2o.estimators.extended_isolation_forest": "H2OExtendedIsolationForestEstimator",
            "h2o.estimators.gam": "H2OGeneralizedAdditiveEstimator",
            "h2o.estimators.gbm": "H2OGradientBoostingEstimator",
            "h2o.estimators.glm": "H2OGeneralizedLinearEstimator",
            "h2o.estimators.glrm": "H2OGeneralizedLowRankEstimator",
            "h2o.estimators.hglm": "H2OHGLMEstimator",
            "h2o.estimators.infogram": "H2OInfogram",
            "h2o.estimators.isolation_forest": "H2OIsolationForestEstimator",
            "h2o.estimators.isotonicregression": "H2OIsotonicRegressionEstimator",
            "h2o.estimators.kmeans": "H2OKMeansEstimator",
            "h2o.estimators.model_selection": "H2OModelSelectionEstimator",
            "h2o.estimators.naive_bayes": "H2ONaiveBayesEstimator",
            "h2o.estimators.pca": "H2OPrincipalComponentAnalysisEstimator",
            "h2o.estimators.psvm": "H2OSupportVectorMachineEstimator",
            "h2o.estimators.random_forest": "H2ORandomForestEstimator",
            "h2o.estimators.rulefit": "H2ORuleFitEstimator",
            "h2o.estimators.sdt": "H2OSdtEstimator",
            "h2o.estimators.single_decision_tree": "H2OSingleDecisionTreeEstimator",
            "h2o.estimators.stackedensemble": "H2OStackedEnsembleEstimator",
            "h2o.estimators.svd": "H2OSingularValueDecompositionEstimator",
            "h2o.estimators.targetencoder": "H2OTargetEncoderEstimator",
            "h2o.estimators.uplift_random_forest": "H2OUpliftRandomForestEstimator",
            "h2o.estimators.word2vec": "H2OWord2vecEstimator",
            "h2o.estimators.xgboost": "H2OXGBoostEstimator",
            "h2o.grid": "H2OBinomialGridSearch H2OClusteringGridSearch H2ODimReductionGridSearch "
            "H2OMultinomialGridSearch H2ORegressionGridSearch H2OAutoEncoderGridSearch",
            "h2o.grid.metrics": "H2OBinomialGridSearch H2OClusteringGridSearch H2ODimReductionGridSearch "
            "H2OMultinomialGridSearch H2ORegressionGridSearch H2OAutoEncoderGridSearch "
            "H2OOrdinalGridSearch H2OOBinomialUpliftGridSearch",
            "h2o.model.kinds": "H2OCoxPHMojoModel",
            "h2o.model.metrics": "H2OAnomalyDetectionModelMetrics H2OBinomialUpliftModelMetrics H2OClusteringModelMetrics "
            "H2ODefaultModelMetrics H2ODimReductionModelMetrics H2OOrdinalModelMetrics H2ORegressionCoxPHModelMetrics",
            "h2o.pipeline": "H2OMojoPipeline",
            "h2o.pipeline.mojo_pipeline": "H2OMojoPipeline",
            "h2o.transforms": "H2OPCA H2OSVD",
            "h2o.transforms.decomposition": "H2OPCA H2OSVD",
            "h2o.tree": "H2OTree H2ONode H2OLeafNode H2OSplitNode",
            "h2o.tree.tree": "H2OTree H2ONode H2OLeafNode H2OSplitNode",
        },
    ),
    (
        _SERVER,
        {
            "h2o": "api download_all_logs h2oconn",
            "h2o.backend": "H2OConnectionConf H2OLocalServer",
            "h2o.backend.connection": "H2OConnectionConf apply_session_hooks register_session_hook end_session",
            "h2o.auth": "SpnegoAuth",
            "h2o.enterprise": "ENTERPRISE_EMAIL block show_cluster_banner",
            "h2o.schemas": "H2OErrorV3 H2OMetadataV3 H2OModelBuilderErrorV3 H2OSchema define_classes_from_schema",
            "h2o.schemas.error": "H2OErrorV3 H2OModelBuilderErrorV3",
            "h2o.schemas.metadata": "H2OMetadataV3",
            "h2o.schemas.schema": "H2OSchema define_classes_from_schema",
        },
    ),
    (_SQL, {"h2o": "import_sql_table import_sql_select import_hive_table"}),
    (
        _TELEMETRY,
        {
            "h2o": "set_telemetry telemetry_enabled",
            "h2o.telemetry": "TELEMETRY_URL bucketize_artifact_size bucketize_cluster_memory_gb bucketize_cluster_nodes bucketize_cols "
            "bucketize_data_size bucketize_duration_ms bucketize_frame_memory_gb bucketize_leaderboard_size "
            "bucketize_max_models bucketize_max_runtime_secs bucketize_mojo_size bucketize_rows derive_cluster_shape "
            "derive_file_format derive_frame_dims derive_frame_shape derive_source_scheme send_algo_score send_algo_train "
            "send_automl_run send_cluster_connect_telemetry send_frame_parsed send_import send_init_telemetry "
            "send_model_download send_model_load send_model_save send_mojo_download send_upload set_enabled set_telemetry "
            "telemetry_enabled",
        },
    ),
    (
        _LAZY,
        {
            "h2o": "enable_expr_optimizations is_expr_optimizations_enabled",
            "h2o.expr_optimizer": "ExprOptimization FoldExprOptimization SkipExprOptimization get_optimization optimize",
        },
    ),
    (
        _DISTRIBUTION,
        {
            "h2o": "upload_custom_distribution",
            "h2o.utils.distributions": "CustomDistributionBernoulli CustomDistributionGaussian CustomDistributionGeneric "
            "CustomDistributionMultinomial",
        },
    ),
    (
        "give H2OGridSearch the same recovery_dir and call train() again: what is saved there is not trained again",
        {"h2o": "resume"},
    ),
    ("download_pojo and save_model_details show what a model consists of", {"h2o": "print_mojo"}),
    (
        "the size of each frame is in h2o.frames()",
        {"h2o": "estimate_cluster_mem"},
    ),
    ("use h2o.import_file", {"h2o": "import_frame parse"}),
    ("client and core are one package of one version", {"h2o": "version_check"}),
    (
        _SKLEARN,
        {
            "h2o.sklearn": "H2ODeepLearningEstimator "
            "H2OScaler H2OColSelect H2OColOp H2OBinaryOp h2o_connection",
        },
    ),
    (
        _ALGORITHM,
        {
            "h2o.sklearn": "H2OAdaBoostClassifier H2OAdaBoostEstimator H2OAdaBoostRegressor H2OAggregatorEstimator "
            "H2OAutoMLClassifier H2OAutoMLEstimator H2OAutoMLRegressor H2OCoxProportionalHazardsEstimator "
            "H2OCoxProportionalHazardsRegressor H2ODecisionTreeClassifier H2ODecisionTreeEstimator H2ODecisionTreeRegressor "
            "H2OExtendedIsolationForestEstimator H2OGeneralizedAdditiveClassifier H2OGeneralizedAdditiveEstimator "
            "H2OGeneralizedAdditiveRegressor H2OGeneralizedLinearClassifier H2OGeneralizedLinearEstimator "
            "H2OGeneralizedLinearRegressor H2OGeneralizedLowRankEstimator H2OGenericEstimator H2OGradientBoostingClassifier "
            "H2OGradientBoostingEstimator H2OGradientBoostingRegressor H2OIsolationForestEstimator H2OKMeansEstimator "
            "H2ONaiveBayesClassifier H2ONaiveBayesEstimator H2OPCA H2OPrincipalComponentAnalysisEstimator "
            "H2ORandomForestClassifier H2ORandomForestEstimator H2ORandomForestRegressor H2ORuleFitClassifier "
            "H2ORuleFitEstimator H2ORuleFitRegressor H2OSVD H2OSingularValueDecompositionEstimator "
            "H2OStackedEnsembleClassifier H2OStackedEnsembleEstimator H2OStackedEnsembleRegressor "
            "H2OSupportVectorMachineClassifier H2OSupportVectorMachineEstimator H2OTargetEncoderEstimator "
            "H2OUpliftRandomForestClassifier H2OUpliftRandomForestEstimator H2OUpliftRandomForestRegressor "
            "H2OWord2vecEstimator H2OXGBoostClassifier H2OXGBoostEstimator H2OXGBoostRegressor",
        },
    ),
    (
        _FOLDS,
        {"h2o.cross_validation": "H2OKFold H2OPartitionIterator H2OStratifiedKFold"},
    ),
    (
        "use the methods and operators of H2OFrame, or h2o.rapids for an expression as text",
        {
            "h2o.expr": "ASTId ExprNode H2OCache",
            "h2o.astfun": "BINARY_OPS BYTECODE_INSTRS is_attr is_binary is_binary_op is_build_list is_build_map is_builder "
            "is_bytecode_instruction is_call is_callable is_comp is_copy_free is_dictionary_merge is_func is_func_ex "
            "is_func_kw is_func_var is_func_var_kw is_list_extend is_list_to_tuple is_load_deref is_load_fast "
            "is_load_global is_load_outer_scope is_method is_method_call is_return is_unary lambda_to_expr "
            "should_be_skipped",
        },
    ),
    (
        "start() of an estimator returns at once, and join() waits",
        {"h2o.model.model_future": "H2OModelFuture", "h2o.model.model_builder": "build_model"},
    ),
    (
        "import matplotlib itself",
        {
            "h2o.plot": "RAISE_ON_FIGURE_ACCESS get_matplotlib_cm get_matplotlib_pyplot get_mplot3d_axes get_polycollection",
            "h2o.plot._matplotlib": "get_matplotlib_cm get_matplotlib_pyplot get_mplot3d_axes get_polycollection",
            "h2o.plot._plot_result": "RAISE_ON_FIGURE_ACCESS decorate_plot_result is_decorated_plot_result",
        },
    ),
    (
        _CLIENT,
        {
            "h2o.display": "ReplHook",
            "h2o.explanation": "register_explain_methods",
            "h2o.estimators": "create_estimator",
            "h2o.estimators.estimator_base": "EstimatorAttributeError",
            "h2o.frame": "Keyed generatePandaEnumCols",
            "h2o.model": "register_submodule",
            "h2o.model.metrics": "make_metrics",
            "h2o.model.extensions": "Contributions Fairness FeatureInteraction HStatistic RowToTreeAssignment ScoringHistory "
            "ScoringHistoryDL ScoringHistoryGLM ScoringHistoryTrees StandardCoef SupervisedTrees Trees VariableImportance "
            "has_extension",
            "h2o.model.extensions.contributions": "Contributions",
            "h2o.model.extensions.fairness": "Fairness",
            "h2o.model.extensions.feature_interaction": "FeatureInteraction",
            "h2o.model.extensions.h_statistic": "HStatistic",
            "h2o.model.extensions.row_to_tree_assignment": "RowToTreeAssignment",
            "h2o.model.extensions.scoring_history": "ScoringHistory ScoringHistoryDL ScoringHistoryGLM ScoringHistoryTrees",
            "h2o.model.extensions.std_coef": "StandardCoef",
            "h2o.model.extensions.supervised_trees": "SupervisedTrees",
            "h2o.model.extensions.trees": "Trees",
            "h2o.model.extensions.varimp": "VariableImportance",
            "h2o.sklearn": "H2OConnectionMonitorMixin H2OEstimatorPredictProbabilitiesSupport H2OEstimatorScoreSupport "
            "H2OEstimatorTransformSupport make_classifier make_estimator make_regressor make_transformer params_as_h2o_frames",
            "h2o.sklearn.wrapper": "BaseEstimatorMixin BaseSklearnEstimator "
            "H2OConnectionMonitorMixin H2OEstimatorPredictProbabilitiesSupport "
            "H2OEstimatorScoreSupport H2OEstimatorTransformSupport H2OtoSklearnEstimator H2OtoSklearnTransformer "
            "params_as_h2o_frames wrap_estimator",
            "h2o.utils.compatibility": "PList StandardError apply bytes2 bytes_iterator cmp coerce csv_dict_writer execfile file "
            "get_builtin long raw_input reduce reload repr2 set_builtin str2 str_type unicode xrange",
            "h2o.utils.csv": "readers",
            "h2o.utils.csv.dialects": "unix_dialect",
            "h2o.utils.csv.readers": "DictReader Reader UnicodeBytesReader UnicodeReader UnicodeTextReader reader",
            "h2o.utils.debugging": "err get_tb",
            "h2o.utils.metaclass": "CallableString H2OMeta MetaFeature alias backwards_compatibility decoration_info "
            "deprecated_fn deprecated_params deprecated_params_order deprecated_property extend_and_replace fullname h2o_meta",
            "h2o.utils.mixin": "Mixin assign load_ext mixin rebind register_class register_module register_submodule",
            "h2o.utils.progressbar": "PBWBar PBWPercentage PBWString ProgressBar ProgressBarFlexibleWidget ProgressBarWidget "
            "RenderResult",
            "h2o.utils.shared_utils": "InMemoryZipArch List as_resource can_install_polars check_frame_id check_id clamp "
            "gen_header gen_model_file_name get_human_readable_bytes get_human_readable_time h2o_predictor_class is_fr is_list "
            "is_list_of_lists is_module_enabled is_num_list is_str_list locate normalize_slice py_tmp_key quote "
            "slice_is_normalized stringify_dict stringify_dict_as_map stringify_list stringify_object url_encode",
            "h2o.utils.threading": "local_context local_context_safe local_env",
        },
    ),
)

#: class here: (what to use instead, members that H2O's class has)
MEMBERS: dict[str, tuple[tuple[str, str], ...]] = {
    "H2OFrame": (
        ("give frame.as_data_frame() to xgboost.DMatrix", "convert_H2OFrame_2_DMatrix"),
        ("write with export_file; the session knows no Hive", "save_to_hive"),
        ("polars.from_arrow(frame) takes the frame as it is", "convert_with_polars"),
    ),
    "ModelBase": (
        (
            _ALGORITHM,
            "average_objective calibrate coef_names coef_with_p_values feature_frequencies feature_interaction "
            "get_variable_inflation_factors h negative_log_likelihood ntrees_actual "
            "predict_leaf_node_assignment rotation row_to_tree_assignment staged_predict_proba std_coef_plot update_tree_weights "
            "betweenss centers centers_std centroid_stats num_iterations size tot_withinss totss withinss coefficients_table "
            "concordance formula archetypes final_step objective proj_archetypes reconstruct screeplot find_synonyms "
            "to_frame transform coef coef_norm pprint_coef",
        ),
    ),
    "H2OGridSearch": (
        (_ALGORITHM, "coef coef_norm pprint_coef"),
        (_CLIENT, "build_model"),
    ),
    "H2OCluster": (
        (
            _SERVER,
            "REFRESH_INTERVAL list_jobs define_from_schema instantiate_from_json make list_api_extensions list_core_extensions",
        ),
    ),
    "H2OConnection": ((_SERVER, "local_server open request save_to_detect url_pattern"),),
    "MetricsBase": ((_ALGORITHM, "hglm_metric"), (_CLIENT, "make")),
    "ConfusionMatrix": ((_CLIENT, "ROUND read_cms"),),
}
