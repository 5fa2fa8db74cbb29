"""A session whose parts are made by one function."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, cast

from .member_protocol import Members
from .model_protocol import Grids, ModelFiles, Models, Training
from .protocol import Cluster, Files, Frames, Jobs, Objects, Session


class SessionInParts(Session):
    """A session that stands for another one, part by part."""

    @abstractmethod
    def _part(self, name: str) -> Any:
        """What answers for the part of this name."""

    @property
    def objects(self) -> Objects:
        """See `heavywater.session.protocol`."""
        return cast(Objects, self._part("objects"))

    @property
    def frames(self) -> Frames:
        """See `heavywater.session.protocol`."""
        return cast(Frames, self._part("frames"))

    @property
    def files(self) -> Files:
        """See `heavywater.session.protocol`."""
        return cast(Files, self._part("files"))

    @property
    def training(self) -> Training:
        """See `heavywater.session.protocol`."""
        return cast(Training, self._part("training"))

    @property
    def models(self) -> Models:
        """See `heavywater.session.protocol`."""
        return cast(Models, self._part("models"))

    @property
    def model_files(self) -> ModelFiles:
        """See `heavywater.session.protocol`."""
        return cast(ModelFiles, self._part("model_files"))

    @property
    def grids(self) -> Grids:
        """See `heavywater.session.protocol`."""
        return cast(Grids, self._part("grids"))

    @property
    def jobs(self) -> Jobs:
        """See `heavywater.session.protocol`."""
        return cast(Jobs, self._part("jobs"))

    @property
    def cluster(self) -> Cluster:
        """See `heavywater.session.protocol`."""
        return cast(Cluster, self._part("cluster"))

    @property
    def members(self) -> Members:
        """See `heavywater.session.protocol`."""
        return cast(Members, self._part("members"))
