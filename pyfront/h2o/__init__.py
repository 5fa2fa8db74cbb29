"""H2O's Python interface over heavywater: frames and deep learning in this process, without a JVM.

``frame``       H2OFrame                       ``functions``  what is called as ``h2o.name()``
``estimators``  what is trained                ``model``      what models answer, and their metrics
``grid``        grid search                    ``plot``       figures
``backend``     the session that runs, and the progress bar of its jobs
``callbacks``   what is called while a model is trained; ``trackers``, those of other programs
``display``     how objects show themselves    ``exceptions`` H2O's names of errors
``explanation`` what several models answer, beside each other; ``report`` the page that shows it
``sklearn``     estimators of scikit-learn
``transforms``  steps for scikit-learn's pipelines, put together by ``assembly``
``elsewhere``   names that scripts import and that are in another place, or not here
``job``, ``persist``, ``two_dim_table``, ``information_retrieval``, ``utils``  modules of H2O's that scripts import
``demos``       ``h2o.demo()``, and the data of it
``command_line``  the command ``h2o``, which lies in `h2o_command`
"""

from importlib import metadata as _metadata
from typing import TYPE_CHECKING


def _refuse_genuine() -> None:
    """Two packages cannot both be ``h2o``: whichever files came last would win, module by module."""
    try:
        record = _metadata.distribution("h2o").read_text("RECORD") or ""
    except _metadata.PackageNotFoundError:
        return
    if any(line.startswith("h2o/__init__.py,") for line in record.splitlines()):
        raise ImportError(
            "the distribution 'h2o' (H2O-3's own client) is installed beside heavywater, and both provide "
            "the package h2o: uninstall one of them (pip uninstall h2o, then reinstall heavywater)"
        )


_refuse_genuine()

from heavywater import __version__  # noqa: E402
from heavywater.errors import WITHIN as _WITHIN  # noqa: E402

from .backend.cluster import H2OCluster  # noqa: E402
from .backend.connection import H2OConnection  # noqa: E402
from .backend.progress import no_progress, show_progress  # noqa: E402
from .callbacks.callback import Callback  # noqa: E402
from .demos import demo  # noqa: E402
from .elsewhere.stand_ins import names_of as _names_of  # noqa: E402
from .elsewhere.stand_ins import register as _register  # noqa: E402
from .estimators import (  # noqa: E402
    H2OAutoEncoderEstimator,
    H2ODeepLearningEstimator,
    H2OGenericEstimator,
    get_model,
)
from .explanation import (  # noqa: E402
    explain,
    explain_row,
    make_leaderboard,
    model_correlation_heatmap,
    pareto_front,
    pd_multi_plot,
    varimp_heatmap,
)
from .frame.h2oframe import H2OFrame  # noqa: E402
from .functions.connection import (  # noqa: E402
    cluster,
    cluster_info,
    cluster_status,
    connect,
    connection,
    init,
    log_and_echo,
    network_test,
    shutdown,
)
from .functions.exports import download_mojo, download_pojo, save_c, save_mojo, save_onnx  # noqa: E402
from .functions.files import download_model, load_model, save_model, upload_model  # noqa: E402
from .functions.flow import H2OFlow, flow  # noqa: E402
from .functions.frames import (  # noqa: E402
    as_list,
    assign,
    create_frame,
    deep_copy,
    download_csv,
    export_file,
    frame,
    frames,
    get_timezone,
    interaction,
    list_timezones,
    load_frame,
    rapids,
    set_timezone,
    shallow_copy,
)
from .functions.grids import get_grid, load_grid, save_grid  # noqa: E402
from .functions.importing import (  # noqa: E402
    import_file,
    lazy_import,
    load_dataset,
    parse_raw,
    parse_setup,
    upload_file,
)
from .functions.jobs import get_job, jobs  # noqa: E402
from .functions.keys import get_frame, ls, remove, remove_all  # noqa: E402
from .functions.models import import_mojo, make_metrics, models, predict, upload_custom_metric, upload_mojo  # noqa: E402
from .functions.mojo_scoring import mojo_predict_csv, mojo_predict_pandas  # noqa: E402
from .grid.grid_search import H2OGridSearch  # noqa: E402

_register()
_WITHIN.add(__name__)
if not TYPE_CHECKING:  # a type checker is to find names that are not here
    __getattr__ = _names_of(__name__)

__all__ = [
    "Callback",
    "H2OAutoEncoderEstimator",
    "H2OCluster",
    "H2OConnection",
    "H2ODeepLearningEstimator",
    "H2OFlow",
    "H2OFrame",
    "H2OGenericEstimator",
    "H2OGridSearch",
    "__version__",
    "as_list",
    "assign",
    "cluster",
    "cluster_info",
    "cluster_status",
    "connect",
    "connection",
    "create_frame",
    "deep_copy",
    "demo",
    "download_csv",
    "download_model",
    "download_mojo",
    "download_pojo",
    "explain",
    "explain_row",
    "export_file",
    "flow",
    "frame",
    "frames",
    "get_frame",
    "get_grid",
    "get_job",
    "get_model",
    "get_timezone",
    "import_file",
    "import_mojo",
    "init",
    "interaction",
    "jobs",
    "lazy_import",
    "list_timezones",
    "load_dataset",
    "load_frame",
    "load_grid",
    "load_model",
    "log_and_echo",
    "ls",
    "make_leaderboard",
    "make_metrics",
    "model_correlation_heatmap",
    "models",
    "mojo_predict_csv",
    "mojo_predict_pandas",
    "network_test",
    "no_progress",
    "pareto_front",
    "parse_raw",
    "parse_setup",
    "pd_multi_plot",
    "predict",
    "rapids",
    "remove",
    "remove_all",
    "save_c",
    "save_grid",
    "save_model",
    "save_mojo",
    "save_onnx",
    "set_timezone",
    "shallow_copy",
    "show_progress",
    "shutdown",
    "upload_custom_metric",
    "upload_file",
    "upload_model",
    "upload_mojo",
    "varimp_heatmap",
]
