"""All numbers of a scoring service for monitoring, under the names that stand in its documentation."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping

from ... import __version__
from .prometheus_text import Labels, family, histogram_family
from .served_models import ServedModel

_PAGE = os.sysconf("SC_PAGE_SIZE")


def metrics_text(models: Mapping[str, ServedModel], astray: Mapping[int, int], start_time: float) -> str:
    """The numbers of a service.

    Parameters
    ----------
    models : mapping of str to ServedModel
    astray : mapping of int to int
        Answers to requests for models that are not there, by status.
    start_time : float
        When the service began, in seconds since 1970.
    """
    every = list(models.values())
    parts = [
        family(
            "heavywater_score_requests_total",
            "counter",
            "Answers by model and HTTP status; model is empty where there is none of the name.",
            [*_answers(every), *(({"model": "", "status": str(s)}, n) for s, n in sorted(astray.items()))],
        ),
        histogram_family(
            "heavywater_score_duration_seconds",
            "Time from the body of a request to its answer.",
            [({"model": each.name}, each.seconds) for each in every],
        ),
        family(
            "heavywater_score_rows_total",
            "counter",
            "Rows that were scored.",
            [({"model": each.name}, each.rows) for each in every],
        ),
        family(
            "heavywater_score_missing_cells_total",
            "counter",
            "Missing cells by input; where a column is not there, all of its cells.",
            _by_input(every, {each.name: each.watch.missing() for each in every}),
        ),
        family(
            "heavywater_score_unseen_levels_total",
            "counter",
            "Cells with a level that training did not know, by factor.",
            _by_input(every, {each.name: each.watch.unseen() for each in every}),
        ),
        family(
            "heavywater_score_input_psi",
            "gauge",
            "Population stability index of an input: the last rows against those of training.",
            _by_input(every, {each.name: each.watch.stability_indices() for each in every}),
        ),
        family(
            "heavywater_score_window_rows",
            "gauge",
            "Rows that the population stability index is worked out of.",
            [({"model": each.name}, each.watch.watched_rows) for each in every],
        ),
        family("heavywater_build_info", "gauge", "Version of the service.", [({"version": __version__}, 1)]),
        *_of_process(start_time),
    ]
    return "".join(parts)


def _answers(models: Iterable[ServedModel]) -> Iterable[tuple[Labels, float]]:
    for each in models:
        for status, count in sorted(each.statuses.items()):
            yield {"model": each.name, "status": str(status)}, count


def _by_input(
    models: Iterable[ServedModel], values: Mapping[str, Mapping[str, float]]
) -> Iterable[tuple[Labels, float]]:
    for each in models:
        for name, value in values[each.name].items():
            yield {"model": each.name, "input": name}, value


def _of_process(start_time: float) -> Iterable[str]:
    """What Prometheus asks of every process, under the usual names."""
    yield family("process_start_time_seconds", "gauge", "Since 1970.", [({}, start_time)])
    yield family("process_cpu_seconds_total", "counter", "Of all threads.", [({}, time.process_time())])
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            resident = int(file.read().split()[1]) * _PAGE
        files = len(os.listdir("/proc/self/fd"))
    except (OSError, ValueError, IndexError):  # no Linux
        return
    yield family("process_resident_memory_bytes", "gauge", "Memory in use.", [({}, resident)])
    yield family("process_open_fds", "gauge", "Open files and connections.", [({}, files)])
