"""The nodes that train one network together, for the session that leads them; see `deeplearning.training.Peers`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from ..arrays import Array
from ..deeplearning.training.averaging_rule import AveragingRule
from ..deeplearning.training.ring_member import Report
from ..deeplearning.training.ring_peers import Reports
from ..deeplearning.training.shares import Run
from .arrays_message import arrays_of, with_arrays
from .crew_ring import CrewRing
from .nodes import Node


class CrewPeers(CrewRing):
    """What the nodes of a `CrewRing` are asked while they train."""

    def begin(self, settings: Mapping[str, Any]) -> None:
        """See `Peers`."""
        self._tell(self.ring, lambda node: node.session.members.begin(self._run, settings))

    def train(self, run: Run, rule: AveragingRule, timeout: float, *, exchange: bool) -> Reports:
        """See `Peers`."""
        pieces, said = run.plain(), asdict(rule)
        return self._reports(
            lambda node: node.session.members.train(self._run, pieces, said, timeout, exchange)
        )

    def exchange(self, rule: AveragingRule, timeout: float) -> Reports:
        """See `Peers`."""
        said = asdict(rule)
        return self._reports(lambda node: node.session.members.exchange(self._run, said, timeout))

    def weights(self, member: int) -> Array | None:
        """See `Peers`."""
        found = self._of(member, lambda node: node.session.members.weights(self._run))
        return None if found is None else arrays_of(found)

    def put(self, members: Sequence[int], weights: Array, rounds: int) -> None:
        """See `Peers`."""
        values = with_arrays(weights)
        self._tell(members, lambda node: node.session.members.put(self._run, values, rounds))

    def optimiser(self, member: int) -> list[dict[str, Array]] | None:
        """See `Peers`."""
        found = self._of(member, lambda node: node.session.members.optimiser(self._run))
        return None if found is None else arrays_of(found)

    def news(self) -> list[str]:
        """See `Peers`."""
        found, self._remarks = self._crew.news() + self._remarks, []
        return found

    def close(self) -> None:
        """Give all nodes back."""
        self._tell(list(self._nodes), lambda node: node.session.members.end(self._run))
        for member in list(self._nodes):
            self._leave(member)
        self._pool.shutdown(wait=False)

    def _reports(self, work: Callable[[Node], Mapping[str, Any]]) -> Reports:
        """What all say of their work."""

        def asked(member: int, node: Node) -> Report:
            report = Report(**work(node))
            node.note(report.samples, report.seconds, report.ring_seconds)
            return report

        reports = self._all(asked, lambda report: report is None or bool(report.failure or report.exploded))
        said = {member: None if report is None else report.failure for member, report in reports.items()}
        self._note(said)
        return reports
