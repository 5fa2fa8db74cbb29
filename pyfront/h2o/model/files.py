"""A model as a file: of our own format, MOJO, Java, JSON."""

from __future__ import annotations

from typing import Any

from heavywater.errors import warn


class ModelFiles:
    """Mixin of the methods that write files. The functions of the same names in `h2o` do the work."""

    def download_model(self: Any, path: str = "", filename: str | None = None) -> str:
        """Save the model on disk, see `h2o.save_model`; a file that is there is replaced.

        Parameters
        ----------
        path : str
            Folder; by default the working folder.
        filename : str, optional
            Name of the file; by default that of the model.

        Returns
        -------
        str
            The path of the file.
        """
        from ..functions.files import download_model

        return download_model(self, path, filename=filename)

    def save_model_details(
        self: Any, path: str = "", force: bool = False, filename: str | None = None
    ) -> str:
        """Write parameters, metrics and tables of the model as JSON, in H2O's layout.

        Parameters
        ----------
        path : str
            Folder; by default the working folder.
        force : bool
            Replace a file that is there.
        filename : str, optional
            Name of the file; by default that of the model, with .json.

        Returns
        -------
        str
            The path of the file.
        """
        from ..functions.files import save_model_details

        return save_model_details(self, path, force, filename)

    def download_mojo(
        self: Any, path: str = ".", get_genmodel_jar: bool = False, genmodel_name: str = ""
    ) -> str:
        """Write the model as MOJO, see `h2o.download_mojo`; a file that is there is replaced.

        Parameters
        ----------
        path : str
            Folder that exists or ends with a slash, or the name of the file.
        get_genmodel_jar, genmodel_name : bool, str
            H2O's scorer in Java, which is not part of this package: they have no effect.

        Returns
        -------
        str
            The path of the file.
        """
        from ..functions.exports import download_mojo

        return download_mojo(self, path, get_genmodel_jar, genmodel_name)

    def save_mojo(self: Any, path: str = "", force: bool = False, filename: str | None = None) -> str:
        """Write the model as MOJO, see `h2o.save_mojo`.

        Parameters
        ----------
        path : str
            Folder; by default the working folder.
        force : bool
            Replace a file that is there.
        filename : str, optional
            Name of the file; by default that of the model, with .zip.

        Returns
        -------
        str
            The path of the file.
        """
        from ..functions.exports import save_mojo

        return save_mojo(self, path, force, filename)

    def download_pojo(
        self: Any, path: str = "", get_genmodel_jar: bool = False, genmodel_name: str = ""
    ) -> str | None:
        """Write the model as Java class, see `h2o.download_pojo`.

        Parameters
        ----------
        path : str
            Folder for the file; "" prints the class.
        get_genmodel_jar, genmodel_name : bool, str
            The class needs no jar: they have no effect.

        Returns
        -------
        str or None
            The path of the file; None when printed.
        """
        from ..functions.exports import download_pojo

        if get_genmodel_jar:
            warn("get_genmodel_jar has no effect: the Java class needs no jar")
        return download_pojo(self, path, get_genmodel_jar, genmodel_name)
